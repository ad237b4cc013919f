"""A lease with all its terms."""


def with_terms(leases):
    """Leases with everything the schedule and the sheet read, in a handful of queries."""
    return (
        leases.select_related("park", "tenant")
        .defer("park__boundary")
        .prefetch_related("lines__unit__floor__building", "lines__steps", "rent_free")
    )
