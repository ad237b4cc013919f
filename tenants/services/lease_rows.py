"""Leases in hand: read afresh and locked, saved with their version, their lines cut."""

from tenants.models import Lease


def locked(lease) -> Lease:
    """The lease read afresh and locked until the transaction ends."""
    rows = Lease.objects.select_for_update(of=("self",)).select_related("tenant", "park")
    return rows.get(pk=lease.pk)


def locked_all(leases) -> list[Lease]:
    """The leases as ``locked`` gives them, in the order given; locked in the order of keys."""
    rows = Lease.objects.select_for_update(of=("self",)).select_related("tenant", "park")
    found = {row.pk: row for row in rows.filter(pk__in=[x.pk for x in leases]).order_by("pk")}
    return [found[lease.pk] for lease in leases]


def save(lease, *names):
    """Save the named columns and count the version that ``If-Match`` compares."""
    lease.version += 1
    lease.save(update_fields=[*names, "version"])


def save_all(leases, *names):
    """As ``save``, for many in one update."""
    for lease in leases:
        lease.version += 1
    Lease.objects.bulk_update(leases, [*names, "version"], batch_size=200)


def end_lines(lease, on):
    """Cut the binding lines at day ``on``; those that would begin later bind no more."""
    lease.lines.filter(start__gte=on).update(binding=False)
    lease.lines.filter(binding=True, end__gt=on).update(end=on)
