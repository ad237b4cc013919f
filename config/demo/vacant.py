"""The vacant units of a carrier of the demonstration, given out one after the other."""

from decimal import Decimal

from incubation.selectors.waiting import units_of
from parks.models import UnitClosure
from parks.periods import FAR_FUTURE
from tenants.models import Hold, LeaseLine


class Vacant:
    """``free``: ``(since, unit)`` of those that nothing takes from ``since`` on, drafts neither."""

    def __init__(self, carrier, on):
        self.units = list(units_of(carrier, on).order_by("pk"))
        taken = {unit.pk: carrier.opened_on for unit in self.units}
        for rows in (LeaseLine.objects.all(), Hold.objects.binding(), UnitClosure.objects.all()):
            for unit, end in rows.filter(unit__in=self.units).values_list("unit", "end"):
                taken[unit] = max(taken[unit], end or FAR_FUTURE)
        since = {unit.pk: max(taken[unit.pk], unit.exists_from) for unit in self.units}
        self.free = [
            (since[unit.pk], unit) for unit in self.units
            if since[unit.pk] <= on and unit.exists_to is None
        ]  # fmt: skip
        self.largest = max((unit.gross_area_m2 for _since, unit in self.free), default=Decimal(0))

    def take(self, day) -> list:
        """The unit free for the shortest time by ``day``, none where all are taken."""
        able = [one for one in self.free if one[0] <= day]
        if not able:
            return []
        chosen = max(able, key=lambda one: (one[0], -one[1].pk))
        self.free.remove(chosen)
        return [chosen[1]]

    def left(self) -> list:
        """A unit that is still vacant."""
        return [unit for _since, unit in self.free[:1]] or self.larger()

    def larger(self) -> list:
        """The smallest unit larger than all that were vacant: somebody has it."""
        able = [unit for unit in self.units if unit.gross_area_m2 > self.largest]
        return sorted(able, key=lambda unit: (unit.gross_area_m2, unit.pk))[:1]
