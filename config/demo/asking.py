"""What is asked for the vacant units of the demonstration, one rent a building and kind of space."""

import random
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from config.demo.years import RENTS
from parks.models import Unit
from tenants import services as letting
from tenants.models import LeaseLine, RentUnit

#: Share of the buildings whose rent is told on request, and days since the others ask.
ON_REQUEST, SINCE = 0.15, 180


def ask_rents(*, seed, on, by):
    """``by``: function from the code of a park to its user."""
    rng, start = random.Random(f"asking {seed}"), on - timedelta(days=SINCE)
    let = set(LeaseLine.objects.binding().filter(end__gt=on).values_list("unit", flat=True))
    units = Unit.objects.existing_on(on).filter(kind__in=RENTS, exists_from__lte=start)
    units = units.select_related("floor__building__park").order_by("floor__building", "kind", "pk")
    vacant = (unit for unit in units if unit.pk not in let)
    for (building, kind), group in groupby(vacant, lambda unit: (unit.floor.building, unit.kind)):
        rent = Decimal(rng.randrange(*RENTS[kind]))
        if rng.random() < ON_REQUEST:
            continue
        letting.set_asking_rents(
            units=list(group), rent=rent, start=start, by=by(building.park.code),
            rent_unit=RentUnit.MONTH if kind == "desk" else RentUnit.M2_MONTH,
        )  # fmt: skip
