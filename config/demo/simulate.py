"""The district from 2019-01-01 to a day, through the services, the same rows for the same seed."""

import random
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from config.demo import leases
from config.demo.accounts import make_accounts
from config.demo.firms import Firms
from config.demo.moves import plan_some_moves
from config.demo.names import OPERATORS, Names
from config.demo.plan import PARKS, Site, rooms
from parks import services as space
from parks.models import Unit, UnitClosure
from tenants import services as letting
from tenants.models import Lease, RentUnit
from tenants.services import LineTerms

FIRST_DAY = date(2019, 1, 1)
KINDS = {"workshop": "workshop", "office": "office", "desk": "desk", "common": "other"}
RENTS = {"workshop": (14, 24), "office": (26, 42), "desk": (280, 520)}
TERMS = {"workshop": (3, 5), "office": (2, 4), "desk": (1, 3)}
#: Months a space stands empty between tenants; the two hard years are longer.
GAPS = {"workshop": (3, 14), "office": (4, 15), "desk": (3, 12)}
HARD_YEARS = {2020: 2.2, 2022: 1.8}
RENEWS, ENDS_EARLY = 0.5, 0.14


def cents(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


class District:
    """Simulates ``plans`` up to day ``on``; ``step`` is called once per finished piece of work."""

    def __init__(self, *, seed, on, plans=PARKS, step=lambda: None):
        self.seed, self.rng = seed, random.Random(seed)
        self.names = Names(self.rng)
        self.on, self.plans, self.step = on, plans, step
        self.users = make_accounts()
        self.slots = []
        self.tenants = {}
        self.changes = 0
        self.startup = None

    def run(self):
        for plan, operator_name in zip(self.plans, OPERATORS, strict=False):
            self.build(plan, operator_name)
        while self.slots:
            self.live(*self.slots.pop(0))
            self.step()
        self.today()
        Firms(seed=self.seed, on=self.on, by=self.users["admin"]).run()
        leases.move_out(parks=self.tenants, user_of=self.by, on=self.on, seed=self.seed)
        plan_some_moves(seed=self.seed, on=self.on, by=self.by)

    # --- space -----------------------------------------------------------------------------
    def build(self, plan, operator_name):
        site, by = Site(plan), self.by(plan.code)
        park = space.create_park(
            code=plan.code, name=plan.name, name_verified=plan.verified, operator=operator_name,
            street_code=plan.street, boundary=site.boundary(), geometry_source="indicative",
            land_area_mu=cents((site.size[0] + 50) * (site.size[1] + 50) / 666.67), by=by,
            address="示意位置" if plan.verified else "名称与位置待核",
        )  # fmt: skip
        if plan.code == "JR":
            park.staff.add(self.users["operator"])
        if plan.code == "LD":
            park.staff.add(self.users["operator2"])
        self.tenants[plan.code] = []
        for index, building in enumerate(plan.buildings):
            self.raise_building(park, site, index, building, by)
            self.step()

    def by(self, code):
        return self.users[{"JR": "operator", "LD": "operator2"}.get(code, "admin")]

    def raise_building(self, park, site, index, plan, by):
        code = f"{index + 1}"
        built = plan.built if plan.fate != "future" else self.on + relativedelta(months=7)
        whole = (0, 0, plan.width, plan.depth)
        outline = site.rectangles(index, [whole])[0]
        building = space.create_building(
            park=park, code=code, name=f"{code}栋", completed_on=built, footprint=outline,
            use="workshop" if plan.use == "factory" else "office",
            fire_class=self.rng.choice("CD") if plan.use == "factory" else "",
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
                sold_on = built + timedelta(days=self.rng.randrange(60, 700))
                space.close_unit(unit=unit, reason="sold", start=sold_on, by=by, note="独立产权")
        if plan.use == "office" and ordinal == 1 and built == FIRST_DAY:
            for unit in units[2:6]:
                space.close_unit(unit=unit, reason="own_use", start=built, by=by, note="园区办公")

    # --- letting ---------------------------------------------------------------------------
    def slice(self, units, plans, plan, park, where):
        """Cut a storey into groups of neighbours that are let together."""
        if plan.fate in ("sold", "future"):
            return
        if plan.fate == "anchor":
            self.anchors = getattr(self, "anchors", []) + units
            self.anchor_park = park
            return
        closed = set(UnitClosure.objects.filter(unit__in=units).values_list("unit_id", flat=True))
        free = [
            (unit, room) for unit, room in zip(units, plans, strict=True) if unit.pk not in closed
        ]
        while free:
            use, row = free[0][1].use, free[0][1].rect[1]
            most = {"workshop": 2, "office": 3, "desk": 12}[use]
            same = [i for i, (_, room) in enumerate(free) if (room.use, room.rect[1]) == (use, row)]
            take = min(self.rng.randint(1, most), len(same))
            group = [free[i] for i in same[:take]]
            free = [pair for i, pair in enumerate(free) if i not in set(same[:take])]
            start = units[0].exists_from + timedelta(days=self.rng.randrange(10, 700))
            self.slots.append((park, use, [u for u, _ in group], start, where))

    def live(self, park, use, units, day, where):
        """One group of units from ``day`` on: let, renew, leave, stand empty, again."""
        by = self.by(park.code)
        while True:
            ahead = day > self.on
            if day > self.on + timedelta(days=150) or (ahead and self.rng.random() < 0.6):
                return
            if changed := self.reshape(park, use, units, day, where, by):
                self.slots[:0] = changed
                return
            lease = self.sign(park, use, units, day, by)
            end = self.end_early(lease, by) or lease.end
            while end == lease.end and end <= self.on + timedelta(days=90):
                if self.rng.random() > RENEWS:
                    break
                lease = self.renew(lease, use, by)
                end = self.end_early(lease, by) or lease.end
            if end > self.on + timedelta(days=100):
                return
            low, high = GAPS[use]
            factor = HARD_YEARS.get(end.year, 1.0)
            day = end + timedelta(days=int(self.rng.uniform(low, high) * 30 * factor))
            self.repair(units, end, day, by)

    def sign(self, park, use, units, day, by):
        tenant = self.find_tenant(park, use, day, by)
        years = self.rng.randint(*TERMS[use])
        end = day + relativedelta(years=years)
        open_start = day > self.on - timedelta(days=40) and self.rng.random() < 0.3
        terms = {
            "start_by": day + timedelta(days=60) if open_start else None,
            "rent_free": [(day, day + relativedelta(months=2))] if years >= 3 else [],
        }
        lease = letting.draft_lease(
            tenant=tenant, lines=self.lines(use, units, day, years), start=day, end=end, by=by,
            deposit=Decimal(self.rng.randrange(2, 40) * 1000), **terms,
        )  # fmt: skip
        signed_on = max(min(day - timedelta(days=self.rng.randrange(5, 60)), self.on), FIRST_DAY)
        signed_on = min(signed_on, day)
        lease = letting.sign_lease(lease=lease, signed_on=signed_on, signed_by=by)
        if not open_start and day <= self.on:
            lease = letting.hand_over_lease(lease=lease, on=day, by=by)
        if self.startup is None and park.code == "JR" and use == "office" and lease.end > self.on:
            self.startup = tenant
            tenant.users.add(self.users["startup"])
        return lease

    def lines(self, use, units, day, years):
        rent = Decimal(self.rng.randint(*RENTS[use]))
        steps = ()
        if years >= 3:
            steps = (
                (day + relativedelta(years=2), (rent * Decimal("1.06")).quantize(Decimal("0.01"))),
            )
        unit = RentUnit.MONTH if use == "desk" else RentUnit.M2_MONTH
        return [LineTerms(unit=u, rent=rent, rent_unit=unit, steps=steps) for u in units]

    def find_tenant(self, park, use, day, by):
        known = self.tenants[park.code]
        if known and self.rng.random() < 0.5:
            return self.rng.choice(known)
        team = use == "desk" and self.rng.random() < 0.45
        founded = day - timedelta(days=self.rng.randrange(60, 2600))
        fields = self.names.team() if team else self.names.firm() | {"founded_on": founded}
        tenant = letting.create_tenant(home_park=park, by=by, **fields)
        known.append(tenant)
        return tenant

    def end_early(self, lease, by):
        if self.rng.random() > ENDS_EARLY:
            return None
        days = (lease.end - lease.start).days
        on = lease.start + timedelta(days=int(days * self.rng.uniform(0.35, 0.9)))
        if on > self.on + timedelta(days=30):
            return None
        reasons = ["扩大场地", "业务调整", "资金困难", "迁往自有厂房"]
        letting.terminate_lease(lease=lease, on=on, by=by, reason=self.rng.choice(reasons))
        return on

    def renew(self, lease, use, by):
        years = self.rng.randint(*TERMS[use])
        new = letting.renew_lease(lease=lease, end=lease.end + relativedelta(years=years), by=by)
        signed_on = min(lease.end - timedelta(days=self.rng.randrange(5, 80)), self.on)
        return letting.sign_lease(lease=new, signed_on=max(signed_on, FIRST_DAY), signed_by=by)

    def repair(self, units, end, day, by):
        if (day - end).days > 90 and self.rng.random() < 0.2:
            for unit in units:
                space.close_unit(
                    unit=unit, reason="out_of_use", start=end, end=end + timedelta(days=45), by=by,
                    note="维修",
                )  # fmt: skip

    # --- splits, merges, numbers -------------------------------------------------------------
    def reshape(self, park, use, units, day, where, by):
        """Now and then the group is cut or joined before it is let again; returns new slots."""
        unit = units[0]
        if use == "desk" or day <= unit.numbered_from or unit.pk not in where:
            return None
        if self.rng.random() > 0.05:
            return None
        later = day + timedelta(days=3)
        if len(units) == 1 and unit.gross_area_m2 >= 60:
            site, index, room = where[unit.pk]
            x0, y0, x1, y1 = room.rect
            middle = (x0 + x1) / 2
            outlines = site.rectangles(index, [(x0, y0, middle, y1), (middle, y0, x1, y1)])
            half = cents(unit.gross_area_m2 / 2)
            parts = [
                {"number": f"{unit.number}{letter}", "gross_area_m2": area, "outline": outline,
                 "net_area_m2": cents(float(area) * 0.74), "billable_area_m2": area}
                for letter, area, outline in zip(
                    "AB", (half, unit.gross_area_m2 - half), outlines, strict=True
                )
            ]  # fmt: skip
            change = space.split_unit(
                unit=unit,
                into=parts,
                effective_on=day,
                on=min(day, self.on),
                by=by,
                reason="按需拆分",
            )
            return [(park, use, [u], later, {}) for u in change.results.order_by("pk")]
        if len(units) > 1:
            number = f"{units[0].number}-{units[-1].number[-2:]}"
            change = space.merge_units(
                units=units, number=number, effective_on=day, on=min(day, self.on), by=by,
                reason="拼户出租",
            )  # fmt: skip
            return [(park, use, list(change.results.all()), later, {})]
        return None

    # --- the day itself ----------------------------------------------------------------------
    def today(self):
        """What is on the desk on ``on``: the anchor, holds, drafts, approvals, plans, numbers."""
        if getattr(self, "anchors", None):
            self.move_anchor_in()
        self.renumber()
        for park_code, tenants in self.tenants.items():
            self.desk(park_code, tenants)
        self.step()

    def move_anchor_in(self):
        signed_on, start = date(2024, 7, 8), date(2024, 11, 30)
        if signed_on > self.on:
            return
        by = self.by(self.anchor_park.code)
        tenant = letting.create_tenant(
            home_park=self.anchor_park,
            by=by,
            **self.names.firm() | {"name": "湖南湘曜电子有限公司"},
        )
        lines = [LineTerms(unit=unit, rent=Decimal(16)) for unit in self.anchors]
        lease = letting.draft_lease(
            tenant=tenant, lines=lines, start=start, end=start + relativedelta(years=10), by=by,
            deposit=Decimal(2_000_000),
        )  # fmt: skip
        lease = letting.sign_lease(lease=lease, signed_on=signed_on, signed_by=by)
        if start <= self.on:
            letting.hand_over_lease(lease=lease, on=start, by=by)

    def renumber(self):
        units = Unit.objects.filter(kind="office", begun_by=None, ended_by=None, seats=0)
        units = units.exclude(closures__reason="public_service").order_by("pk")
        for unit in units[7 : 7 + 12 * 31 : 31]:
            day = date(2022, 1, 1)
            if unit.numbered_from < day <= self.on:
                by = self.users["admin"]
                number = f"{unit.floor.ordinal}-{unit.number[-2:]}室"
                space.renumber_unit(unit=unit, number=number, on=day, by=by, reason="统一编号")

    def desk(self, code, tenants):
        by, on = self.by(code), self.on
        free = Unit.objects.filter(floor__building__park__code=code).existing_on(on)
        free = free.filter(exists_to=None).exclude(closures__end=None, closures__isnull=False)
        # Free for three weeks already, so that a hold may have begun before today.
        free = free.exclude(lease_lines__binding=True, lease_lines__end__gt=on - timedelta(days=21))
        free = free.exclude(closures__end__gt=on - timedelta(days=21))
        free = list(free.exclude(kind="desk").order_by("pk"))
        if len(free) < 7 or len(tenants) < 7:
            return
        self.rng.shuffle(free)
        for unit, tenant in zip(free[:3], tenants[:3], strict=True):
            start = on - timedelta(days=self.rng.randrange(0, 6))
            end = on + timedelta(days=self.rng.randrange(3, 25))
            letting.hold_unit(
                unit=unit, start=start, end=end, tenant=tenant, by=by, note="意向洽谈"
            )
        hold = letting.hold_unit(
            unit=free[3], start=on - timedelta(days=20), end=on + timedelta(days=10),
            applicant="意向客户（示例）", by=by,
        )  # fmt: skip
        letting.release_hold(hold=hold, on=on - timedelta(days=2), by=by, reason="放弃意向")
        start = on + timedelta(days=20)
        drafts = [
            letting.draft_lease(
                tenant=tenant, lines=[LineTerms(unit=unit, rent=Decimal(30))], start=start,
                end=start + relativedelta(years=2), by=by,
            )
            for unit, tenant in zip(free[3:6], tenants[3:6], strict=True)
        ]  # fmt: skip
        letting.submit_lease(lease=drafts[1], on=on, by=by)
        letting.submit_lease(lease=drafts[2], on=on - timedelta(days=4), by=by)
        letting.reject_lease(
            lease=drafts[2], on=on - timedelta(days=1), by=by, reason="租金低于底价"
        )
        self.plan_ahead(free[6:], by)
        self.correct_a_mistake(code, by)

    def plan_ahead(self, free, by):
        for unit in free:
            if unit.gross_area_m2 >= 40 and unit.outline is not None:
                half = cents(unit.gross_area_m2 / 2)
                parts = [
                    {"number": f"{unit.number}A", "gross_area_m2": half},
                    {"number": f"{unit.number}B", "gross_area_m2": unit.gross_area_m2 - half},
                ]
                space.split_unit(
                    unit=unit, into=parts, effective_on=self.on + timedelta(days=45), on=self.on,
                    by=by, reason="计划改造",
                )  # fmt: skip
                return

    def correct_a_mistake(self, code, by):
        """One lease signed by mistake and voided, so that the pages have one to show."""
        lease = (
            Lease.objects.filter(park__code=code, start__gt=self.on, signed_on__isnull=False)
            .order_by("pk")
            .first()
        )
        if lease and not lease.next.exists():
            letting.void_lease(lease=lease, on=self.on, by=by, reason="合同信息录入错误")
