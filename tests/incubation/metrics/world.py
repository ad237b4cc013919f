"""Worlds of carriers and firms for these tests, in bulk, and rule sets of one criterion."""

import random
from datetime import date, timedelta
from itertools import count

from dateutil.relativedelta import relativedelta

from incubation.models import (
    Carrier,
    CarrierSpace,
    CarrierYear,
    Mentor,
    Residency,
    ResidencyExtension,
    ServiceEvent,
)
from incubation.rules import METRICS, RuleSetBody
from incubation.rules.files import read_files, shipped
from tenants.models import (
    CorporateEvent,
    Funding,
    IntellectualProperty,
    Lease,
    LeaseLine,
    Qualification,
    Tenant,
    YearFigure,
)
from tests.factories import make_floor, make_unit

ON = date(2026, 6, 30)
_serial = count(1)


def bodies(subject=None):
    found = read_files(shipped(), METRICS)
    return [body for body in found if subject in (None, body.subject)]


def rule(code):
    return next(body for body in bodies() if body.code == code)


def single(metric, operator=">=", threshold="1"):
    """A rule set of one criterion."""
    words = {"zh": metric, "en": metric}
    return RuleSetBody.from_mapping(
        {"code": "single", "version": 1, "name": words, "subject": METRICS[metric].subject,
         "purpose": "recognition", "stage": "incubator", "kind": "", "level": "national",
         "document": "—", "effective_from": "2019-01-01",
         "criteria": [{"code": "only", "metric": metric, "operator": operator,
                       "threshold": threshold, "unit": METRICS[metric].unit, "text": words}]},
        metrics=METRICS,
    )  # fmt: skip


def firm(**fields):
    fields = {"name": f"企业{next(_serial)}", "founded_on": date(2023, 1, 10)} | fields
    return Tenant.objects.create(**fields)


def stay(carrier, tenant=None, *, entered_on=date(2024, 1, 10), months=48, **fields):
    fields.setdefault("due_on", entered_on + relativedelta(months=months))
    return Residency.objects.create(
        carrier=carrier, tenant=tenant or firm(), entered_on=entered_on,
        agreement_number=f"FH-{next(_serial)}", **fields,
    )  # fmt: skip


def figures(tenant, years, *, confirmed=True, **fields):
    """Figures of ``years`` (year -> revenue or None), confirmed in the March after."""
    return YearFigure.objects.bulk_create(
        YearFigure(
            tenant=tenant, year=year, revenue=revenue,
            confirmed_on=date(year + 1, 3, 1) if confirmed else None, **fields,
        )
        for year, revenue in years.items()
    )  # fmt: skip


def let(unit, tenant, *, start=date(2024, 1, 10), end=date(2030, 1, 1), area=None, **fields):
    lease = Lease.objects.create(
        park=unit.floor.building.park, tenant=tenant, number=f"L{next(_serial)}", start=start,
        end=end, signed_on=start, handed_over_on=start, **fields,
    )  # fmt: skip
    return LeaseLine.objects.create(
        lease=lease, unit=unit, start=start, end=end, area_m2=area or unit.gross_area_m2, rent=30,
        binding=True,
    )  # fmt: skip


def space_of(carrier, area, purpose="tenants", *, start=date(2020, 1, 1), end=None, **unit_fields):
    unit = make_unit(park=carrier.park, area=area, **unit_fields)
    return CarrierSpace.objects.create(
        carrier=carrier, unit=unit, purpose=purpose, start=start, end=end
    )


def random_firm(carrier, seed, *, floor=None):
    """A firm with whatever may be recorded of one, drawn from ``seed``."""
    dice = random.Random(seed)

    def day(first=2018, last=2027):
        return date(dice.randint(first, last), dice.randint(1, 12), dice.randint(1, 28))

    entered = day(2019, 2026)
    tenant = firm(
        kind=dice.choice(["firm", "firm", "team"]),
        founded_on=dice.choice([None, entered - timedelta(days=dice.randint(-400, 1500))]),
        field=dice.choice(["", "智能终端", "食品医药"]),
    )
    left = dice.choice([None, None, entered + timedelta(days=dice.randint(1, 1500))])
    outcome = dice.choice(["graduated", "expired", "withdrew"]) if left else ""
    residency = stay(
        carrier, tenant, entered_on=entered, left_on=left, outcome=outcome,
        destination="outside" if left else "", special_field=dice.choice(["", "", "chips"]),
        registered_on=dice.choice([None, day()]),
    )  # fmt: skip
    if dice.random() < 0.3:
        ResidencyExtension.objects.create(
            residency=residency, decided_on=day(), due_on=residency.due_on + timedelta(days=200),
            reason="继续研发",
        )  # fmt: skip
    for kind in dice.sample(["high_tech", "science_sme", "other"], dice.randint(0, 3)):
        start = day()
        Qualification.objects.create(
            tenant=tenant, kind=kind, start=start,
            end=dice.choice([None, start + timedelta(days=1095)]), number="GR1",
        )  # fmt: skip
    for year in dice.sample(range(2020, 2026), dice.randint(0, 6)):
        figures(
            tenant, {year: dice.choice([None, 0, dice.randint(0, 9_000_000)])},
            confirmed=dice.random() < 0.8, ip_held=dice.choice([None, 0, 2]),
            rd_spending=dice.choice([None, 100_000, 200_000]), ip_applied=dice.choice([None, 0, 1]),
        )  # fmt: skip
    for _number in range(dice.choice([0, 0, 1, 2])):
        Funding.objects.create(
            tenant=tenant, kind=dice.choice(Funding.Kind.values), on=day(), number="T1",
            amount=dice.randint(1, 8_000_000), source=dice.choice(Funding.Source.values),
        )  # fmt: skip
    for _number in range(dice.choice([0, 0, 1, 2])):
        applied = dice.choice([None, day()])
        granted = (applied or day(2018, 2024)) + timedelta(days=300)
        granted = granted if applied is None or dice.random() < 0.5 else None
        IntellectualProperty.objects.create(
            tenant=tenant, kind=dice.choice(IntellectualProperty.Kind.values), title="一种装置",
            number=f"ZL{next(_serial)}", applied_on=applied, granted_on=granted,
            end=dice.choice([None, granted + timedelta(days=800)]) if granted else None,
        )  # fmt: skip
    if dice.random() < 0.2:
        CorporateEvent.objects.create(
            tenant=tenant, kind=dice.choice(CorporateEvent.Kind.values), on=day(), number="G1"
        )
    if floor:
        unit = make_unit(floor=floor, area=dice.randint(50, 900), seats=dice.choice([0, 10]))
        begins = max(entered, date(2020, 1, 1))
        CarrierSpace.objects.create(
            carrier=carrier, unit=unit, start=begins,
            purpose=dice.choice(["tenants", "tenants", "public_service", "management"]),
            end=dice.choice([None, begins + timedelta(days=900)]),
        )  # fmt: skip
        let(unit, tenant, start=entered, area=dice.randint(40, 800))
    return residency


def random_carrier(seed, *, firms=5, **fields):
    dice = random.Random(seed)
    number = next(_serial)
    floor = make_floor()
    carrier = Carrier.objects.create(
        park=floor.building.park, name=f"载体{number}", stage="incubator",
        opened_on=date(dice.randint(2016, 2025), 3, 31), field=dice.choice(["", "智能终端"]),
        own_legal_person=dice.choice([None, True, False]), **fields,
    )  # fmt: skip
    for number in range(firms):
        random_firm(carrier, seed * 1000 + number, floor=floor)
    for year in dice.sample(range(2019, 2027), dice.randint(0, 8)):
        CarrierYear.objects.create(
            carrier=carrier, year=year,
            **{name: dice.choice([None, dice.randint(0, 30)]) for name in
               ("staff", "full_time_staff", "professional_staff", "fund_cases", "typical_cases")},
            **{name: dice.choice([None, dice.randint(0, 9_000_000)]) for name in
               ("fund", "income_rent", "income_services", "income_investment", "income_grants",
                "income_other")},
            **{name: dice.choice([None, True, False]) for name in
               ("technical_platform", "service_income_separate", "statistics_complete")},
        )  # fmt: skip
    for n in range(dice.randint(0, 3)):
        start = date(dice.randint(2019, 2027), 5, 1)
        Mentor.objects.create(
            carrier=carrier, name=f"导师{n}", start=start,
            end=dice.choice([None, start + timedelta(days=500)]),
        )  # fmt: skip
        ServiceEvent.objects.create(
            carrier=carrier, title=f"路演{n}", on=date(dice.randint(2024, 2027), 4, 1)
        )
    return carrier
