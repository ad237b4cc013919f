"""The best allocation of 1,000 units to 200 applications, beside first come, first served.

The second is what an operator does without it: for each application, who waits longest first, the
page with the units that fit, and the best one left by the same weights.
"""

import random
import time
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from shapely import box

from incubation.matching.allocating import allocate, first_come
from incubation.matching.parts import WEIGHTS
from incubation.models import Application, ApplicationStep, Carrier, CarrierSpace
from incubation.selectors.placing import choices_for
from incubation.services.allocating import ask, left_over, propose_allocation, score
from parks.models import Building, Floor, Park, Unit
from tenants.models import AskingRent, Lease, LeaseLine, Tenant

APPLICATIONS, UNITS, BUILDINGS = 200, 1000, 20
#: Pages opened one by one; all of them are reckoned from these.
SAMPLE = 10


def run(median, on) -> list[dict]:
    with transaction.atomic():
        park = build(on)
        figures = measure(median, on, park)
        transaction.set_rollback(True)
    return figures


def build(on):
    """One carrier, so that every unit is open to everybody; four of five units are let, and the
    others of a floor adjoin in two rows."""
    dice = random.Random(5)
    park = Park.objects.create(code="BENCHM", name="匹配基准园区")
    carrier = Carrier.objects.create(
        park=park, name="基准孵化器", stage="incubator", opened_on=date(2016, 1, 1)
    )
    floors = [
        Floor.objects.create(
            building=Building.objects.create(
                park=park, code=f"{n:02}", name=f"{n}栋", fire_class=dice.choice("CDE")
            ),
            ordinal=1, name="1F",
        )
        for n in range(BUILDINGS)
    ]  # fmt: skip
    units = Unit.objects.bulk_create(
        Unit(floor=floors[n % BUILDINGS], number=f"{n:04}", kind=dice.choice(["office", "lab"]),
             gross_area_m2=Decimal(dice.randint(40, 400)), clear_height_m=dice.choice([3, 4, 6]),
             floor_load_kn_m2=dice.choice([3, 5, 10]), power_kva=dice.choice([20, 50, 100]),
             goods_lift=dice.random() < 0.5, exists_from=date(2015, 1, 1),
             numbered_from=date(2015, 1, 1), outline=outline(*divmod(n, BUILDINGS)))
        for n in range(UNITS)
    )  # fmt: skip
    CarrierSpace.objects.bulk_create(
        CarrierSpace(carrier=carrier, unit=unit, start=date(2018, 1, 1)) for unit in units
    )
    AskingRent.objects.bulk_create(
        AskingRent(unit=unit, rent=dice.randint(15, 45), rent_unit="m2_month", start=on)
        for unit in units
    )
    tenants = Tenant.objects.bulk_create(
        Tenant(name=f"长沙匹配{n:04}科技有限公司", chain=dice.choice(["", *Tenant.Chain.values]),
               founded_on=on - timedelta(days=dice.randint(60, 2000)))
        for n in range(UNITS)
    )  # fmt: skip
    days = {"start": date(2024, 1, 1), "end": on + timedelta(days=700)}
    let = list(zip(units, tenants, strict=True))[: UNITS * 4 // 5]
    leases = Lease.objects.bulk_create(
        Lease(park=park, tenant=tenant, number=f"M-{n}", signed_on=days["start"], **days)
        for n, (_unit, tenant) in enumerate(let)
    )
    LeaseLine.objects.bulk_create(
        LeaseLine(lease=lease, unit=unit, area_m2=unit.gross_area_m2, rent=30, binding=True, **days)
        for lease, (unit, _tenant) in zip(leases, let, strict=True)
    )
    rows = Application.objects.bulk_create(
        Application(
            number=f"BM-{n:04}", tenant=tenants[n], carrier=carrier, saved_at=timezone.now(),
            unit_kind=dice.choice(["", "office", "lab"]), area_min_m2=dice.randint(50, 500),
            power_kva=dice.choice([None, None, 50]), floor_load_kn_m2=dice.choice([None, 5]),
            goods_lift=dice.random() < 0.2, fire_class=dice.choice(["", "", "D"]),
            rent_most=dice.randint(15, 40), move_in_on=on, months=12,
        )
        for n in range(APPLICATIONS)
    )  # fmt: skip
    ApplicationStep.objects.bulk_create(
        ApplicationStep(
            application=row, sequence=1, act="approve", source="in_review", target="approved",
            on=on - timedelta(days=n % 60 + 1), at=timezone.now(), opinion="可行",
        )
        for n, row in enumerate(rows)
    )  # fmt: skip
    return park


def outline(place, building):
    """Ten metres square, about: two rows of units back to back, a floor for each building."""
    column, row = divmod(place, 2)
    west, south = 112.8 + column * 1e-4, 28.2 + building * 1e-2 + row * 1e-4
    return box(west, south, west + 1e-4, south + 1e-4)


def measure(median, on, park):
    by = {"by": None, "at": timezone.now(), "on": on}
    with CaptureQueriesContext(connection) as queries:
        propose_allocation(park=park, **by)
    taken = []
    for n in range(3):
        with transaction.atomic():
            start = time.perf_counter()
            made = propose_allocation(park=park, weights={"wish": n}, **by)
            taken.append(time.perf_counter() - start)
    whole = sorted(taken)[1]
    asked = ask(park, on)
    solving, best = median(lambda: allocate(asked.fits, asked.parts, WEIGHTS, asked.sets))
    looping, by_hand = median(lambda: first_come(asked.fits, asked.parts, WEIGHTS, asked.sets))
    assert made.rows.count() == APPLICATIONS
    pages, _found = median(
        lambda: [choices_for(row, on) for row in asked.applications[:SAMPLE]], runs=3
    )

    def told(found):
        together = int((found.units >= len(asked.units)).sum())
        return (f"{found.placed} placed, {together} of them in adjoining units, total {score(found.value, WEIGHTS):.2f}, "
                f"{left_over(asked, found) / 100:,.0f} ㎡ left over")  # fmt: skip

    return [
        {
            "key": "allocation",
            "name": f"allocation of {UNITS:,} units to {APPLICATIONS} applications",
            "seconds": whole, "value": f"{whole * 1000:.0f} ms",
            "note": f"{len(queries)} queries, with what each weight does; {told(best)}; "
                    f"the solver alone {solving * 1000:.0f} ms, {asked.fits.mean():.1%} of the pairs fit, "
                    f"{len(asked.sets)} sets of adjoining units",
        },
        {
            "key": "allocation-first-come", "name": "the same first come, first served",
            "seconds": pages * APPLICATIONS / SAMPLE,
            "value": f"{pages * APPLICATIONS / SAMPLE:.1f} s",
            "note": f"{APPLICATIONS} pages of {pages * 1000 / SAMPLE:.0f} ms and no time to think; "
                    f"{told(by_hand)}; the choice alone {looping * 1000:.0f} ms",
        },
    ]  # fmt: skip
