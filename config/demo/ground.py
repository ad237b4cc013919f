"""What stands on the ground: parks, buildings, floors, units, and what of them is ever let."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from config.demo.plan import Site, rooms
from config.demo.world import FIRST_DAY, cents
from parks import services as space
from parks.models import Park, Unit, UnitClosure

KINDS = {"workshop": "workshop", "office": "office", "desk": "desk", "common": "other"}


class Slot(NamedTuple):
    """Neighbouring units let together from ``start`` on.

    ``where``: key of a unit → (site, index of the building, room of the plan), to cut it by.
    """

    park: Park
    use: str
    units: list
    start: date
    where: dict


class Ground:
    """``slots``: all that can be let. ``anchor``: the park and units of the one large tenant."""

    def __init__(self, world, step):
        self.world, self.step = world, step
        self.slots, self.anchor = [], None

    def build(self, plan, operator_name):
        site, by = Site(plan), self.world.by(plan.code)
        park = space.create_park(
            code=plan.code, name=plan.name, name_verified=plan.verified, operator=operator_name,
            street_code=plan.street, boundary=site.boundary(), geometry_source="indicative",
            land_area_mu=cents((site.size[0] + 50) * (site.size[1] + 50) / 666.67), by=by,
            address="示意位置" if plan.verified else "名称与位置待核",
        )  # fmt: skip
        if plan.code == "JR":
            park.staff.add(self.world.users["operator"])
        if plan.code == "LD":
            park.staff.add(self.world.users["operator2"])
        self.world.tenants[plan.code] = []
        for index, building in enumerate(plan.buildings):
            self.raise_building(park, site, index, building, by)
            self.step()

    def raise_building(self, park, site, index, plan, by):
        code = f"{index + 1}"
        built = plan.built if plan.fate != "future" else self.world.on + relativedelta(months=7)
        whole = (0, 0, plan.width, plan.depth)
        outline = site.rectangles(index, [whole])[0]
        building = space.create_building(
            park=park, code=code, name=f"{code}栋", completed_on=built, footprint=outline,
            use="workshop" if plan.use == "factory" else "office",
            fire_class=self.world.rng.choice("CD") if plan.use == "factory" else "",
            geometry_source="indicative", by=by,
        )  # fmt: skip
        for ordinal in range(1, plan.floors + 1):
            floor = space.create_floor(
                building=building, ordinal=ordinal, name=f"{ordinal}F", outline=outline,
                geometry_source="indicative", by=by,
            )  # fmt: skip
            plans = rooms(plan, ordinal, f"{code}栋")
            outlines = site.rectangles(index, [room.rect for room in plans])
            units = [
                self.unit(floor, room, shape, built, ordinal)
                for room, shape in zip(plans, outlines, strict=True)
            ]
            units = space.create_units(units, by=by)
            where = {unit.pk: (site, index, room) for unit, room in zip(units, plans, strict=True)}
            self.first_days(units, plans, plan, ordinal, built, by)
            self.slice(units, plans, plan, park, where)

    def unit(self, floor, room, outline, built, ordinal):
        area = cents(room.area)
        workshop = room.use == "workshop"
        return Unit(
            floor=floor, number=room.number, kind=KINDS[room.use], gross_area_m2=area,
            net_area_m2=cents(float(area) * 0.74), shared_area_m2=area - cents(float(area) * 0.74),
            billable_area_m2=area, seats=1 if room.use == "desk" else 0,
            clear_height_m=Decimal("7.2" if ordinal == 1 else "4.5") if workshop else Decimal("3.3"),
            floor_load_kn_m2=Decimal("20" if ordinal == 1 else "8") if workshop else Decimal("3"),
            power_kva=cents(room.area * 0.08) if workshop else None,
            column_grid="8.4×8.4 m" if workshop else "", goods_lift=workshop and ordinal > 1,
            drainage=workshop and ordinal == 1, exists_from=built, numbered_from=built,
            outline=outline, geometry_source="indicative", listed=room.use != "common",
        )  # fmt: skip

    def first_days(self, units, plans, plan, ordinal, built, by):
        """What is never let: corridors, what was sold, the park's own floor."""
        for unit, room in zip(units, plans, strict=True):
            if room.use == "common":
                space.close_unit(unit=unit, reason="public_service", start=built, by=by)
            elif plan.fate == "sold":
                sold_on = built + timedelta(days=self.world.rng.randrange(60, 700))
                space.close_unit(unit=unit, reason="sold", start=sold_on, by=by, note="独立产权")
        if plan.use == "office" and ordinal == 1 and built == FIRST_DAY:
            for unit in units[2:6]:
                space.close_unit(unit=unit, reason="own_use", start=built, by=by, note="园区办公")

    def slice(self, units, plans, plan, park, where):
        """Cut a storey into groups of neighbours that are let together."""
        if plan.fate in ("sold", "future"):
            return
        if plan.fate == "anchor":
            self.anchor = park, (self.anchor[1] if self.anchor else []) + units
            return
        closed = set(UnitClosure.objects.filter(unit__in=units).values_list("unit_id", flat=True))
        free = [
            (unit, room) for unit, room in zip(units, plans, strict=True) if unit.pk not in closed
        ]
        while free:
            use, row = free[0][1].use, free[0][1].rect[1]
            most = {"workshop": 2, "office": 3, "desk": 12}[use]
            same = [i for i, (_, room) in enumerate(free) if (room.use, room.rect[1]) == (use, row)]
            take = min(self.world.rng.randint(1, most), len(same))
            group = [free[i] for i in same[:take]]
            free = [pair for i, pair in enumerate(free) if i not in set(same[:take])]
            start = units[0].exists_from + timedelta(days=self.world.rng.randrange(10, 700))
            self.slots.append(Slot(park, use, [u for u, _ in group], start, where))
