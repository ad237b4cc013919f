"""All rule sets over many firms at once, beside a loop that asks for one firm after another."""

import random
import statistics
import time
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from incubation.metrics import Carriers
from incubation.models import Carrier, CarrierSpace, CarrierYear, Residency
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.selectors.assessment import assess_all, judge
from parks.models import Building, Floor, Park, Unit
from tenants.models import (
    Funding,
    IntellectualProperty,
    Lease,
    LeaseLine,
    Qualification,
    Tenant,
    YearFigure,
)

FIRMS = (10_000, 100_000)
#: Firms asked for one by one; the loop over all of them is reckoned from these.
SAMPLE = 200
CARRIERS = 500
YEARS = range(2021, 2026)


def run(median, on) -> list[dict]:
    """Figures for each of ``FIRMS`` and for the carriers; what is built is taken back."""
    found = []
    bodies = read_files(shipped(), METRICS)
    of_firms = [body for body in bodies if body.subject == "firm"]
    for count in FIRMS:
        with transaction.atomic():
            build(count, on)
            found += firms(median, on, count, of_firms)
            if count == FIRMS[0]:
                found += carriers(median, on, [b for b in bodies if b.subject == "carrier"])
            transaction.set_rollback(True)
    return found


def build(count, on):
    """Firms over seven years of entry, about as much known of each as of a real one."""
    dice = random.Random(1)
    park = Park.objects.create(code="RULES", name="规则基准园区")
    floor = Floor.objects.create(
        building=Building.objects.create(park=park, code="1", name="1栋"), ordinal=1, name="1F"
    )
    of = max(count // CARRIERS, 1)
    carriers = Carrier.objects.bulk_create(
        Carrier(park=park, name=f"载体{n}", stage="incubator", opened_on=date(2016, 1, 1))
        for n in range(CARRIERS)
    )
    CarrierYear.objects.bulk_create(
        CarrierYear(carrier=one, year=year, staff=20, professional_staff=17, fund=Decimal(6_000_000),
                    fund_cases=4, statistics_complete=True)
        for one in carriers for year in YEARS
    )  # fmt: skip
    tenants = Tenant.objects.bulk_create(
        (Tenant(name=f"长沙规则{n:06}科技有限公司", founded_on=date(2018, 1, 1) + timedelta(days=n % 2500))
         for n in range(count)), batch_size=5000,
    )  # fmt: skip
    stays = []
    for n, tenant in enumerate(tenants):
        entered = tenant.founded_on + timedelta(days=dice.randint(30, 700))
        stays.append(
            Residency(tenant=tenant, carrier=carriers[n // of % CARRIERS], agreement_number=f"{n}",
                      entered_on=entered, due_on=entered + relativedelta(months=48),
                      registered_on=entered)
        )  # fmt: skip
    many(Residency, stays)
    many(YearFigure, (
        YearFigure(tenant=tenant, year=year, revenue=Decimal(dice.randint(0, 9_000_000)),
                   rd_spending=Decimal(dice.randint(0, 900_000)), ip_held=dice.randint(0, 4),
                   confirmed_on=date(year + 1, 3, 1))
        for tenant in tenants for year in YEARS if year >= tenant.founded_on.year
    ))  # fmt: skip
    many(Qualification, (
        Qualification(tenant=tenant, kind=kind, number="1", start=start,
                      end=start + relativedelta(years=years))
        for tenant in tenants for kind, years, share in (("science_sme", 1, 0.6), ("high_tech", 3, 0.3))
        if dice.random() < share for start in (date(dice.randint(2021, 2026), 5, 1),)
    ))  # fmt: skip
    many(Funding, (
        Funding(tenant=tenant, kind="venture", on=date(2024, 1, 1), number="1",
                amount=Decimal(dice.randint(100_000, 9_000_000)))
        for tenant in tenants if dice.random() < 0.3
    ))  # fmt: skip
    many(IntellectualProperty, (
        IntellectualProperty(tenant=tenant, kind="invention", title="一种装置", number=f"ZL{n}",
                             granted_on=date(2023, 1, 1))
        for n, tenant in enumerate(tenants) if dice.random() < 0.5
    ))  # fmt: skip
    if count > FIRMS[0]:
        return
    units = Unit.objects.bulk_create(
        (Unit(floor=floor, number=f"{n}", exists_from=date(2015, 1, 1),
              numbered_from=date(2015, 1, 1), gross_area_m2=Decimal(300)) for n in range(count)),
        batch_size=5000,
    )  # fmt: skip
    many(CarrierSpace, (
        CarrierSpace(carrier=stay.carrier, unit=unit, start=date(2018, 1, 1))
        for stay, unit in zip(stays, units, strict=True)
    ))  # fmt: skip
    days = {"start": date(2018, 1, 1), "end": on + timedelta(days=500)}
    leases = many(Lease, (
        Lease(park=park, tenant=stay.tenant, number=f"R-{n}", signed_on=days["start"],
              handed_over_on=days["start"], **days) for n, stay in enumerate(stays)
    ))  # fmt: skip
    many(LeaseLine, (
        LeaseLine(lease=lease, unit=unit, area_m2=Decimal(280), rent=30, binding=True, **days)
        for lease, unit in zip(leases, units, strict=True)
    ))  # fmt: skip


def many(model, rows):
    return model.objects.bulk_create(rows, batch_size=5000)


def firms(median, on, count, bodies):
    subjects = Residency.objects.filter(carrier__park__code="RULES")
    with CaptureQueriesContext(connection) as seen:
        assess_all(subjects, on=on, bodies=bodies)
    asked = len(seen)
    seconds, verdicts = median(lambda: assess_all(subjects, on=on, bodies=bodies), runs=3)
    keys = random.Random(2).sample(list(subjects.values_list("pk", flat=True)), SAMPLE)
    taken = []
    for key in keys:
        start = time.perf_counter()
        one = assess_all(subjects.filter(pk=key), on=on, bodies=bodies)
        taken.append(time.perf_counter() - start)
        for alone, together in zip(one, verdicts, strict=True):
            assert alone.overall[0] == together.overall[together.position(key)], key
    single = statistics.median(taken)
    return [{
        "key": f"rules-{count}",
        "name": f"{len(bodies)} rule sets over {count:,} firms", "seconds": seconds,
        "value": f"{seconds:.2f} s",
        "note": f"{asked} queries; a loop, {single * 1000:.1f} ms a firm: {single * count:,.0f} s, "
                f"{single * count / seconds:,.0f}× slower",
    }]  # fmt: skip


def carriers(median, on, bodies):
    subjects = Carrier.objects.filter(park__code="RULES")
    seconds, _verdicts = median(lambda: assess_all(subjects, on=on, bodies=bodies), runs=3)
    one = subjects.filter(pk=subjects.first().pk)
    single, _verdicts = median(lambda: assess_all(one, on=on, bodies=bodies))
    days = [on - relativedelta(months=n) for n in range(24)]
    months, _verdicts = median(lambda: course(one, days, bodies[0]), runs=3)
    return [{
        "key": "rules-carriers", "name": f"{len(bodies)} rule sets over {CARRIERS} carriers",
        "seconds": seconds, "value": f"{seconds:.2f} s",
        "note": f"one carrier {single * 1000:.0f} ms, its 24 months {months * 1000:.0f} ms",
    }]  # fmt: skip


def course(carriers, days, body):
    gathered = Carriers(carriers, days)
    return [judge(gathered.on(day), body) for day in days]
