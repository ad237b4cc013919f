"""What is on the desk today: the anchor, new numbers, holds, drafts, approvals, plans."""

from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from config.demo.world import cents
from parks import services as space
from parks.models import Unit
from tenants import services as letting
from tenants.models import Lease
from tenants.services import LineTerms


class Desk:
    def __init__(self, world):
        self.world = world

    def run(self, anchor):
        """``anchor``: the park and the units of the one large tenant, None without it."""
        if anchor:
            self.move_anchor_in(*anchor)
        self.renumber()
        for code, tenants in self.world.tenants.items():
            self.desk(code, tenants)

    def move_anchor_in(self, park, units):
        signed_on, start = date(2024, 7, 8), date(2024, 11, 30)
        if signed_on > self.world.on:
            return
        by = self.world.by(park.code)
        tenant = letting.create_tenant(
            home_park=park,
            by=by,
            **self.world.names.firm() | {"name": "湖南湘曜电子有限公司"},
        )
        lines = [LineTerms(unit=unit, rent=Decimal(16)) for unit in units]
        lease = letting.draft_lease(
            tenant=tenant, lines=lines, start=start, end=start + relativedelta(years=10), by=by,
            deposit=Decimal(2_000_000),
        )  # fmt: skip
        lease = letting.sign_lease(lease=lease, signed_on=signed_on, signed_by=by)
        if start <= self.world.on:
            letting.hand_over_lease(lease=lease, on=start, by=by)

    def renumber(self):
        units = Unit.objects.filter(kind="office", begun_by=None, ended_by=None, seats=0)
        units = units.exclude(closures__reason="public_service").order_by("pk")
        for unit in units[7 : 7 + 12 * 31 : 31]:
            day = date(2022, 1, 1)
            if unit.numbered_from < day <= self.world.on:
                by = self.world.users["admin"]
                number = f"{unit.floor.ordinal}-{unit.number[-2:]}室"
                space.renumber_unit(unit=unit, number=number, on=day, by=by, reason="统一编号")

    def desk(self, code, tenants):
        by, on = self.world.by(code), self.world.on
        free = Unit.objects.filter(floor__building__park__code=code).existing_on(on)
        free = free.filter(exists_to=None).exclude(closures__end=None, closures__isnull=False)
        # Free for three weeks already, so that a hold may have begun before today.
        free = free.exclude(lease_lines__binding=True, lease_lines__end__gt=on - timedelta(days=21))
        free = free.exclude(closures__end__gt=on - timedelta(days=21))
        free = list(free.exclude(kind="desk").order_by("pk"))
        if len(free) < 7 or len(tenants) < 7:
            return
        self.world.rng.shuffle(free)
        for unit, tenant in zip(free[:3], tenants[:3], strict=True):
            start = on - timedelta(days=self.world.rng.randrange(0, 6))
            end = on + timedelta(days=self.world.rng.randrange(3, 25))
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
                    unit=unit, into=parts, effective_on=self.world.on + timedelta(days=45), on=self.world.on,
                    by=by, reason="计划改造",
                )  # fmt: skip
                return

    def correct_a_mistake(self, code, by):
        """One lease signed by mistake and voided, so that the pages have one to show."""
        lease = (
            Lease.objects.filter(park__code=code, start__gt=self.world.on, signed_on__isnull=False)
            .order_by("pk")
            .first()
        )
        if lease and not lease.next.exists():
            letting.void_lease(lease=lease, on=self.world.on, by=by, reason="合同信息录入错误")
