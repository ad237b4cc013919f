"""Units that can be let from a day on for a term, and the smallest adjoining sets of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Least

from parks.connected import smallest_set
from parks.models import UnitClosure
from parks.neighbours import neighbours
from parks.periods import FAR_FUTURE, Period, overlap_q
from tenants.models import Hold, LeaseLine

#: A term when nobody says one, months.
MONTHS = 12


def free_units(units, *, by, months=MONTHS):
    """The ``units`` that nothing binds, holds or closes on any day of the term from ``by`` on.

    The term is ``months`` long; the unit exists on all of it. Adds ``free_from`` (the day from
    which it is free without a break, never after ``by``) and ``free_until`` (first day taken
    again, ``date.max`` for never).
    """
    term = Period(by, by + relativedelta(months=months))
    taken = [LeaseLine.objects.binding(), Hold.objects.binding(), UnitClosure.objects.all()]
    units = units.filter(
        Q(exists_to__isnull=True) | Q(exists_to__gte=term.end), exists_from__lte=by
    )
    befores, afters = [], []
    for rows in taken:
        own = rows.filter(unit=OuterRef("pk")).order_by()
        units = units.filter(~Exists(own.filter(overlap_q(term))))
        last = own.filter(end__lte=by).order_by("-end").values("end")[:1]
        following = own.filter(start__gte=term.end).order_by("start").values("start")[:1]
        befores.append(Coalesce(Subquery(last), "exists_from"))
        afters.append(Coalesce(Subquery(following), Value(FAR_FUTURE)))
    return units.annotate(
        free_from=Greatest("exists_from", *befores),
        free_until=Least(Coalesce("exists_to", Value(FAR_FUTURE)), *afters),
    )


@dataclass(frozen=True, slots=True)
class Contiguous:
    """The smallest adjoining set of one building. ``exact``: proven to be; ``free_from`` and
    ``free_until`` hold for all units together (``free_until`` None: for good). Areas in m²."""

    building: object
    units: tuple
    area_m2: Decimal
    surplus_m2: Decimal
    exact: bool
    free_from: date
    free_until: date | None


def contiguous(units, *, area_m2: Decimal, by, months=MONTHS, limit=10) -> list[Contiguous]:
    """Per building the fewest adjoining ``units`` of at least ``area_m2`` free by the day.

    Fewest units first, then least surplus; at most ``limit`` buildings. Areas are gross. One query,
    however many buildings; units without an outline adjoin none.
    """
    rows = free_units(units, by=by, months=months).with_place().with_number_on(by)
    rows = rows.defer(
        "floor__outline", "floor__building__footprint", "floor__building__park__boundary"
    )
    houses = defaultdict(list)
    for unit in rows.order_by("floor__building__park__code", "floor__building__code", "pk"):
        houses[unit.floor.building_id].append(unit)
    wanted = cents(area_m2)
    answers = []
    for free in houses.values():
        if sum(cents(unit.gross_area_m2) for unit in free) < wanted:
            continue
        if answer := _smallest(free, wanted):
            answers.append(answer)
    answers.sort(key=lambda one: (len(one.units), one.surplus_m2, one.building.pk))
    return answers[:limit]


def cents(area) -> int:
    """Hundredths of a m²: the search counts in whole numbers."""
    return int((area * 100).to_integral_value())


def _smallest(free, wanted):
    near = neighbours(free, [unit.floor.ordinal for unit in free])
    weights = {i: cents(unit.gross_area_m2) for i, unit in enumerate(free)}
    found = smallest_set(weights, near, wanted)
    if found is None:
        return None
    chosen = tuple(free[i] for i in found.nodes)
    until = min(unit.free_until for unit in chosen)
    return Contiguous(
        building=chosen[0].floor.building,
        units=chosen,
        area_m2=Decimal(found.weight) / 100,
        surplus_m2=Decimal(found.weight - wanted) / 100,
        exact=found.exact,
        free_from=max(unit.free_from for unit in chosen),
        free_until=None if until == FAR_FUTURE else until,
    )
