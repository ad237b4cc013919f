"""The run of time: a space is let, renewed, left, stands empty, is cut or joined, and let again."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from config.demo.ground import Slot
from config.demo.world import FIRST_DAY, cents
from parks import services as space
from tenants import services as letting
from tenants.models import RentUnit
from tenants.services import LineTerms

RENTS = {"workshop": (14, 24), "office": (26, 42), "desk": (280, 520)}
TERMS = {"workshop": (3, 5), "office": (2, 4), "desk": (1, 3)}
#: Months a space stands empty between tenants; the two hard years are longer.
GAPS = {"workshop": (3, 14), "office": (4, 15), "desk": (3, 12)}
HARD_YEARS = {2020: 2.2, 2022: 1.8}
RENEWS, ENDS_EARLY = 0.5, 0.14


class Years:
    """Lives every slot up to today and a little beyond."""

    def __init__(self, world, step):
        self.world, self.step = world, step

    def run(self, slots):
        slots = list(slots)
        while slots:
            slots[:0] = self.live(*slots.pop(0))
            self.step()

    def live(self, park, use, units, day, where):
        """One group of units from ``day`` on: let, renew, leave, stand empty, again.

        Returns the slots it was cut or joined into meanwhile; they are lived next.
        """
        by = self.world.by(park.code)
        while True:
            ahead = day > self.world.on
            if day > self.world.on + timedelta(days=150) or (
                ahead and self.world.rng.random() < 0.6
            ):
                return []
            if changed := self.reshape(park, use, units, day, where, by):
                return changed
            lease = self.sign(park, use, units, day, by)
            end = self.end_early(lease, by) or lease.end
            while end == lease.end and end <= self.world.on + timedelta(days=90):
                if self.world.rng.random() > RENEWS:
                    break
                lease = self.renew(lease, use, by)
                end = self.end_early(lease, by) or lease.end
            if end > self.world.on + timedelta(days=100):
                return []
            low, high = GAPS[use]
            factor = HARD_YEARS.get(end.year, 1.0)
            day = end + timedelta(days=int(self.world.rng.uniform(low, high) * 30 * factor))
            self.repair(units, end, day, by)

    def sign(self, park, use, units, day, by):
        tenant = self.find_tenant(park, use, day, by)
        years = self.world.rng.randint(*TERMS[use])
        end = day + relativedelta(years=years)
        open_start = day > self.world.on - timedelta(days=40) and self.world.rng.random() < 0.3
        terms = {
            "start_by": day + timedelta(days=60) if open_start else None,
            "rent_free": [(day, day + relativedelta(months=2))] if years >= 3 else [],
        }
        lease = letting.draft_lease(
            tenant=tenant, lines=self.lines(use, units, day, years), start=day, end=end, by=by,
            deposit=Decimal(self.world.rng.randrange(2, 40) * 1000), **terms,
        )  # fmt: skip
        signed_on = max(
            min(day - timedelta(days=self.world.rng.randrange(5, 60)), self.world.on), FIRST_DAY
        )
        signed_on = min(signed_on, day)
        lease = letting.sign_lease(lease=lease, signed_on=signed_on, signed_by=by)
        if not open_start and day <= self.world.on:
            lease = letting.hand_over_lease(lease=lease, on=day, by=by)
        return lease

    def lines(self, use, units, day, years):
        rent = Decimal(self.world.rng.randint(*RENTS[use]))
        steps = ()
        if years >= 3:
            steps = (
                (day + relativedelta(years=2), (rent * Decimal("1.06")).quantize(Decimal("0.01"))),
            )
        unit = RentUnit.MONTH if use == "desk" else RentUnit.M2_MONTH
        return [LineTerms(unit=u, rent=rent, rent_unit=unit, steps=steps) for u in units]

    def find_tenant(self, park, use, day, by):
        known = self.world.tenants[park.code]
        if known and self.world.rng.random() < 0.5:
            return self.world.rng.choice(known)
        team = use == "desk" and self.world.rng.random() < 0.45
        days = self.world.rng.randrange(60, 2600)
        if use != "workshop":  # most that begin small are young
            days = 60 + int((days - 60) ** 3 / 2540**2)
        founded = day - timedelta(days=days)
        fields = (
            self.world.names.team() if team else self.world.names.firm() | {"founded_on": founded}
        )
        tenant = letting.create_tenant(home_park=park, by=by, **fields)
        known.append(tenant)
        return tenant

    def end_early(self, lease, by):
        if self.world.rng.random() > ENDS_EARLY:
            return None
        days = (lease.end - lease.start).days
        on = lease.start + timedelta(days=int(days * self.world.rng.uniform(0.35, 0.9)))
        if on > self.world.on + timedelta(days=30):
            return None
        reasons = ["扩大场地", "业务调整", "资金困难", "迁往自有厂房"]
        letting.terminate_lease(lease=lease, on=on, by=by, reason=self.world.rng.choice(reasons))
        return on

    def renew(self, lease, use, by):
        years = self.world.rng.randint(*TERMS[use])
        new = letting.renew_lease(lease=lease, end=lease.end + relativedelta(years=years), by=by)
        signed_on = min(lease.end - timedelta(days=self.world.rng.randrange(5, 80)), self.world.on)
        return letting.sign_lease(lease=new, signed_on=max(signed_on, FIRST_DAY), signed_by=by)

    def repair(self, units, end, day, by):
        if (day - end).days > 90 and self.world.rng.random() < 0.2:
            for unit in units:
                space.close_unit(
                    unit=unit, reason="out_of_use", start=end, end=end + timedelta(days=45), by=by,
                    note="维修",
                )  # fmt: skip

    def reshape(self, park, use, units, day, where, by):
        """Now and then the group is cut or joined before it is let again; returns new slots."""
        unit = units[0]
        if use == "desk" or day <= unit.numbered_from or unit.pk not in where:
            return []
        if self.world.rng.random() > 0.05:
            return []
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
                on=min(day, self.world.on),
                by=by,
                reason="按需拆分",
            )
            return [Slot(park, use, [u], later, {}) for u in change.results.order_by("pk")]
        if len(units) > 1:
            number = f"{units[0].number}-{units[-1].number[-2:]}"
            change = space.merge_units(
                units=units, number=number, effective_on=day, on=min(day, self.world.on), by=by,
                reason="拼户出租",
            )  # fmt: skip
            return [Slot(park, use, list(change.results.all()), later, {})]
        return []
