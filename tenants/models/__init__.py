from tenants.models.lease import Hold, Lease, LeaseLine, RentFree, RentStep, RentUnit
from tenants.models.tenant import Tenant

__all__ = ["Hold", "Lease", "LeaseLine", "RentFree", "RentStep", "RentUnit", "Tenant"]
