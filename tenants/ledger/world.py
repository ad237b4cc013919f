"""What the database holds of the parks a book speaks of, read once, and what the book adds.

Everything is a model instance; what the book adds is unsaved and hangs on other instances, so a
check and the act after it speak of the same objects. Unsaved rows have no key: ``id()`` names them.
"""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from parks.models import Building, Floor, Park, Unit, UnitClosure, UnitFormerNumber
from parks.periods import Period
from tenants.models import AskingRent, Hold, Lease, LeaseLine, Tenant


def same(text) -> str:
    """Names compared: full and half width, spaces and case do not matter."""
    return "".join(unicodedata.normalize("NFKC", str(text or "")).split()).casefold()


@dataclass(slots=True)
class Taken:
    """Days on which something needs a unit. ``where`` is "" for the database, else the row."""

    period: Period
    kind: str
    what: object
    where: str = ""


class World:
    def __init__(self, by):
        parks = Park.objects.defer("boundary")
        self.mine = list(parks if by is None else parks.visible_to(by))
        self.by = by
        self.parks = {same(key): park for park in self.mine for key in (park.name, park.code)}
        self.buildings, self.floors = {}, {}
        self.numbers = defaultdict(lambda: defaultdict(list))
        self.former = defaultdict(list)
        self.taken, self.closures = defaultdict(list), defaultdict(list)
        self.leases, self.lines, self.asked = {}, defaultdict(list), defaultdict(list)
        self._units = {}

    def load(self, parks):
        """Read the space and the leases of ``parks``: nine queries."""
        keys = {park.pk: park for park in parks}
        buildings = {}
        rows = Building.objects.filter(park__in=keys).defer("footprint")
        for building in rows.order_by("pk"):
            building.park = keys[building.park_id]
            buildings[building.pk] = building
        for building in buildings.values():
            self.buildings.setdefault((building.park_id, same(building.name)), building)
        for building in buildings.values():
            self.buildings[building.park_id, same(building.code)] = building
        floors = {}
        for floor in Floor.objects.filter(building__park__in=keys).defer("outline"):
            floor.building = buildings[floor.building_id]
            floors[floor.pk] = floor
            self.add_floor(floor)
        for unit in Unit.objects.filter(floor__building__park__in=keys).defer("outline"):
            unit.floor = floors[unit.floor_id]
            self._units[unit.pk] = unit
            self.add_unit(unit)
        place = "unit__floor__building__park__in"
        for old in UnitFormerNumber.objects.filter(**{place: keys}).order_by("start"):
            self.add_former(self._units[old.unit_id], old)
        for closure in UnitClosure.objects.filter(**{place: keys}).order_by("start"):
            self.close(self._units[closure.unit_id], closure)
        for asked in AskingRent.objects.filter(**{place: keys}).order_by("start"):
            self.asked[id(self._units[asked.unit_id])].append(asked)
        for hold in Hold.objects.binding().filter(**{place: keys}).select_related("tenant"):
            self.take(self._units[hold.unit_id], Period(hold.start, hold.end), "hold", hold)
        for lease in Lease.objects.filter(park__in=keys).select_related("tenant", "previous"):
            lease.park = keys[lease.park_id]
            self.leases[lease.park_id, lease.number] = lease
        by_key = {lease.pk: lease for lease in self.leases.values()}
        lines = LeaseLine.objects.filter(lease__park__in=keys)
        for line in lines.prefetch_related("steps").order_by("pk"):
            line.lease, line.unit = by_key[line.lease_id], self._units[line.unit_id]
            self.lines[line.lease_id].append(line)
            if line.binding:
                self.take(line.unit, Period(line.start, line.end), "lease", line.lease)

    def load_tenants(self, codes):
        """Read the tenants the user may see, and whoever bears one of ``codes``."""
        rows = Tenant.objects.standing()
        if self.by is not None:
            visible = list(rows.visible_to(self.by).prefetch_related("former_names"))
        else:
            visible = list(rows.prefetch_related("former_names"))
        self.visible = {tenant.pk for tenant in visible}
        self.codes, self.names = {}, defaultdict(list)
        for tenant in visible:
            self.add_tenant(tenant)
        for chunk in chunks(sorted(codes - set(self.codes)), 5000):
            for tenant in rows.filter(uscc__in=chunk).prefetch_related("former_names"):
                self.codes[tenant.uscc] = tenant

    def add_tenant(self, tenant):
        if tenant.uscc:
            self.codes.setdefault(tenant.uscc, tenant)
        self.names[same(tenant.name)].append(tenant)

    def add_floor(self, floor):
        self.floors.setdefault((id(floor.building), same(floor.name)), floor)
        self.floors.setdefault((id(floor.building), floor.ordinal), floor)

    def add_unit(self, unit):
        self.numbers[id(unit.floor)][same(unit.number)].append(unit)

    def add_former(self, unit, former):
        self.former[id(unit)].append(former)
        self.numbers[id(unit.floor)][same(former.number)].append(unit)

    def close(self, unit, closure):
        self.closures[id(unit)].append(closure)
        self.take(unit, Period(closure.start, closure.end), "closure", closure)

    def take(self, unit, period, kind, what, where=""):
        self.taken[id(unit)].append(Taken(period, kind, what, where))

    def unit(self, floor, number, day):
        """The unit of ``floor`` called ``number`` that exists on ``day``, else any so called.

        Its present number tells first, then the number it bore on the day.
        """
        found = list({id(u): u for u in self.numbers[id(floor)][same(number)]}.values())
        if len(found) < 2 or day is None:
            return found[0] if found else None
        there = [u for u in found if day in Period(u.exists_from, u.exists_to)] or found
        present = [u for u in there if same(u.number) == same(number)] or there
        bearing = [u for u in present if day >= u.numbered_from] or present
        return bearing[0]


def chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]
