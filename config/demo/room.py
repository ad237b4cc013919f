"""Which units a carrier of the demonstration uses, so that its space tells its story."""

from collections import defaultdict
from decimal import Decimal

import numpy as np

from config.demo.carriers import DENSITY, JUST_BELOW, READY
from incubation.services import SpaceTerms
from parks.models import Unit, UnitClosure

#: 50 firms in 16,700 m² are 2.994 per 1,000 m², which prints as 3.0 (domain notes §7).
DENSE_M2, DENSE_TOLERANCE_M2 = 16_700, 2
#: (used + public service) ÷ area, in which the story's carrier lies.
SHARES = {JUST_BELOW: (0.7425, 0.7499), READY: (0.79, 0.83)}


class Room:
    """The units of some buildings with their lineage, and what of it a carrier takes.

    Units that follow one another by splits and merges stay together, so that its area is the same
    before and after.
    """

    def __init__(self, plan, on):
        self.plan, self.on = plan, on
        units = Unit.objects.filter(
            floor__building__park__code=plan.park, floor__building__code__in=plan.buildings
        )
        self.units = list(units.defer("outline").order_by("pk"))
        reasons = defaultdict(set)
        for closure in UnitClosure.objects.filter(unit__in=self.units).active_on(on):
            reasons[closure.unit_id].add(closure.reason)
        self.reasons = reasons
        self.kin = self._kin()

    def _kin(self):
        """Per unit the first of those it is one with by splits and merges."""
        parent = {unit.pk: unit.pk for unit in self.units}

        def root(key):
            while parent[key] != key:
                key = parent[key]
            return key

        meeting = {}
        for unit in self.units:
            for change in filter(None, (unit.begun_by_id, unit.ended_by_id)):
                first = meeting.setdefault(change, unit.pk)
                a, b = root(first), root(unit.pk)
                parent[max(a, b)] = min(a, b)
        return {unit.pk: root(unit.pk) for unit in self.units}

    def purpose(self, unit):
        if "public_service" in self.reasons[unit.pk]:
            return "public_service"
        return "management" if "own_use" in self.reasons[unit.pk] else "tenants"

    def area(self, units):
        return sum((unit.gross_area_m2 for unit in units if self.there(unit)), Decimal(0))

    def there(self, unit, on=None):
        on = on or self.on
        return unit.exists_from <= on and (unit.exists_to is None or on < unit.exists_to)

    def terms(self, carrier, used) -> list[SpaceTerms]:
        """``used``: m² let on the day to firms the carrier incubates, by unit."""
        left_out = self._left_out(used)
        opened = carrier.opened_on
        return [
            SpaceTerms(carrier, unit, self.purpose(unit), max(opened, unit.exists_from),
                       unit.exists_to)
            for unit in self.units
            if self.kin[unit.pk] not in left_out
            and (unit.exists_to is None or unit.exists_to > opened)
        ]  # fmt: skip

    def _left_out(self, used) -> set:
        """Roots of the units the carrier does not take."""
        if not self.plan.story or not used:
            return set()
        if self.plan.stage == "makerspace":  # its desks and what all share, no rooms
            rooms = (u for u in self.units if u.kind == "office" and self.purpose(u) == "tenants")
            return {self.kin[unit.pk] for unit in rooms}
        needed = {self.kin[key] for key in used}
        spare = defaultdict(Decimal)
        # To meet an area exactly what all share may be spared too, where rooms alone do not do.
        spared = ("tenants", "public_service") if self.plan.story == DENSITY else ("tenants",)
        for purpose in spared:
            for unit in self.units:
                root = self.kin[unit.pk]
                if root not in needed and self.purpose(unit) == purpose and self.there(unit):
                    spare[root] += unit.gross_area_m2
        roots, total = list(spare), self.area(self.units)
        if self.plan.story == DENSITY:
            middle, tolerance = total - DENSE_M2, Decimal(DENSE_TOLERANCE_M2)
            low, high = middle - tolerance, middle + tolerance
        else:
            service = self.area(u for u in self.units if self.purpose(u) == "public_service")
            counted = sum(used.values(), Decimal(0)) + service
            least, most = SHARES[self.plan.story]
            low, high = total - counted / Decimal(least), total - counted / Decimal(most)
        chosen = subset([spare[root] for root in roots], low, high)
        return {roots[i] for i in chosen}


def subset(areas, low, high) -> list[int]:
    """Indices of ``areas`` (m², to 0.01) that together lie within ``[low, high]``; [] if none do."""
    cents = [int(area * 100) for area in areas]
    least, most = max(int(low * 100), 0), int(high * 100)
    if most <= 0:
        return []
    by = np.full(most + 1, -1, dtype=np.int32)  # the item that first reached a sum
    reached = np.zeros(most + 1, dtype=bool)
    reached[0] = True
    for i, size in enumerate(cents):
        if 0 < size <= most:
            new = reached[:-size] & ~reached[size:]
            by[size:][new] = i
            reached[size:] |= new
    sums = np.flatnonzero(reached[least:]) + least
    if not len(sums):
        return []
    rest, chosen = int(sums[len(sums) // 2]), []
    while rest > 0:
        chosen.append(int(by[rest]))
        rest -= cents[chosen[-1]]
    return chosen
