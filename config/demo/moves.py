"""A plan of moves in every second park: one tenant leaves, its neighbour moves up."""

import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from parks.errors import RuleViolation
from parks.models import Park
from tenants import services as letting
from tenants.models import Lease, LeaseLine
from tenants.services import Step


def plan_some_moves(*, seed, on, by):
    """``by``: function from the code of a park to its user. Through the services, like all else."""
    rng = random.Random(f"moves {seed}")
    for park in Park.objects.order_by("code")[::2]:
        day = on + relativedelta(months=2, day=1)
        pairs = candidates(park, on, day)
        rng.shuffle(pairs)
        for leaver, mover in pairs[:10]:
            taken = tuple(line.unit for line in units_of(leaver))
            try:
                letting.plan_moves(
                    park=park, effective_on=day, on=on, by=by(park.code), reason="退租后换大间",
                    steps=[Step(before=leaver), Step(before=mover, units=taken)],
                )  # fmt: skip
            except RuleViolation:
                continue  # a later lease or hold stands there: another pair
            break


def candidates(park, on, day):
    """Pairs of leases of one unit each on one floor, the first unit the larger."""
    leases = Lease.objects.filter(park=park).active_on(on)
    leases = leases.filter(ends_on__gt=day + timedelta(days=90), next__isnull=True)
    # Keys rather than a subquery: within the seeding transaction PostgreSQL has no statistics yet
    # and would join thousands of leases row by row.
    keys = list(leases.values_list("pk", flat=True))
    lines = LeaseLine.objects.binding().filter(lease__in=keys, unit__kind="office")
    by_floor = {}
    for line in lines.select_related("lease", "unit").order_by("pk"):
        by_floor.setdefault(line.unit.floor_id, []).append(line)
    return [
        (one.lease, other.lease)
        for there in by_floor.values()
        for one, other in zip(there, there[1:], strict=False)
        if one.lease_id != other.lease_id and one.area_m2 >= other.area_m2
    ]


def units_of(lease):
    return lease.lines.binding().select_related("unit__floor__building__park")
