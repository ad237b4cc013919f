"""The statistics of the chain over all years, beside asking tenant by tenant."""

from incubation.chain.picture import ChainPicture, ChainScope
from incubation.models import Residency

#: Tenants the loop is timed with; its figure is scaled up to all.
SAMPLE = 300


def everything(on):
    """All numbers of the page for the whole district over ten years."""
    picture = ChainPicture(ChainScope(Residency.objects.all(), on, on.replace(year=on.year - 10)))
    return (
        picture.now, picture.flows, picture.movements, picture.destinations, picture.cohorts,
        picture.stays, picture.survival,
    )  # fmt: skip


def one_by_one(tenants, on):
    """The same first step as a loop: where each tenant stands, from its own residencies."""
    found = {}
    for tenant in tenants:
        rows = Residency.objects.filter(tenant=tenant, entered_on__lte=on).order_by("entered_on")
        last = list(rows.select_related("carrier"))[-1]
        inside = last.left_on is None or last.left_on > on
        found[tenant] = last.carrier.stage if inside else last.outcome
    return found


def run(median, on) -> list[dict]:
    rows = Residency.objects.filter(entered_on__lte=on)
    tenants = rows.order_by("tenant").values_list("tenant", flat=True).distinct()
    count, sample = tenants.count(), list(tenants[:SAMPLE])
    if not sample:
        return []
    ours, _found = median(lambda: everything(on), runs=3)
    loop, _states = median(lambda: one_by_one(sample, on), runs=3)
    loop *= count / len(sample)
    return [
        {
            "key": "chain",
            "name": f"chain of ten years, {rows.count():,} residencies",
            "seconds": ours,
            "value": f"{ours * 1000:.0f} ms",
            "note": f"asking {count:,} tenants one by one {loop:.1f} s: {loop / ours:.0f}× slower",
        }
    ]
