"""Adjoining vacant units of one floor, kind and carrier, told as one: they could be merged."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, FilteredRelation

from parks.connected import components, smallest_set
from parks.neighbours import neighbours_alike
from tenants.selectors.free import cents
from tenants.selectors.state import active_q_of

#: Sets looked at before the search of all floors together is content with what it has, and of one.
WORK, WORK_OF_FLOOR = 20_000, 1_500


@dataclass(frozen=True, slots=True)
class Joined:
    """``units`` that adjoin, in the order of their numbers."""

    units: tuple

    @property
    def first(self):
        return self.units[0]

    @property
    def others(self) -> list[int]:
        return [unit.pk for unit in self.units[1:]]

    @property
    def area_m2(self) -> Decimal:
        return sum(unit.gross_area_m2 for unit in self.units)

    @property
    def seats(self) -> int:
        return sum(unit.seats for unit in self.units)

    @property
    def power_kva(self) -> Decimal:
        return sum((unit.power_kva or 0 for unit in self.units), start=Decimal(0))

    @property
    def asked_month(self) -> Decimal | None:
        """Yuan a month for all of them; None when one is told on request."""
        asked = [unit.asked_month for unit in self.units]
        return None if None in asked else sum(asked)


def with_home(units, on):
    """Adds ``home`` and ``home_use``: the carrier that has the unit on ``on``, and what for."""
    space = FilteredRelation("carrier_spaces", condition=active_q_of("carrier_spaces", on))
    return units.alias(space=space).annotate(home=F("space__carrier"), home_use=F("space__purpose"))


def group_of(unit) -> tuple:
    """What units that become one have in common: a merge keeps floor, carrier and purpose."""
    return unit.floor_id, unit.kind, unit.home, unit.home_use


def neighbours_of(units) -> dict[int, set[int]]:
    """By position in ``units`` the positions of those of its floor, kind and home that adjoin
    it; units of ``with_home``."""
    return neighbours_alike(list(units), group_of)


def joined(units, *, area=None, seats=None) -> list[Joined]:
    """Per floor, kind and carrier the fewest adjoining ``units`` that give ``area`` m² or ``seats`` desks
    together; without either, the largest sets that adjoin. Only sets of two units or more.

    ``units`` with outline, home and asking rent, in the order of their numbers. No query.
    """
    units = list(units)
    near = neighbours_of(units)
    places = defaultdict(list)
    for i, unit in enumerate(units):
        if near[i]:
            places[group_of(unit)].append(i)
    found = []
    if not area and not seats:
        for there in places.values():
            found += (part for part in components(there, near) if len(part) > 1)
        sets = [Joined(tuple(units[i] for i in sorted(nodes))) for nodes in found]
        return sorted(sets, key=lambda one: (-one.area_m2, one.first.pk))
    wanted = seats or cents(area)
    left = WORK
    for there in places.values():
        weights = {i: units[i].seats if seats else cents(units[i].gross_area_m2) for i in there}
        # What is large enough alone stands in the list.
        weights = {i: weight for i, weight in weights.items() if 0 < weight < wanted}
        if sum(weights.values()) < wanted:
            continue
        answer = smallest_set(weights, near, wanted, work=min(WORK_OF_FLOOR, left))
        if answer:
            left = max(0, left - answer.work)
            found.append(answer.nodes)
    sets = [Joined(tuple(units[i] for i in sorted(nodes))) for nodes in found]
    return sorted(sets, key=lambda one: (len(one.units), one.area_m2, one.first.pk))
