"""Pages of space, tenants and leases. Views turn an address into objects, call a service, answer."""
