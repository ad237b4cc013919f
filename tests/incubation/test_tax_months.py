"""Tax months: which area counts as what, by which day, and in which months it is exempt."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from incubation import services
from incubation.models import CarrierRecognition, Residency, ResidencyExtension
from incubation.selectors.tax_months import DayRule, Part, is_eligible, pieces, tax_months
from incubation.spells import months_between, spells_of
from tenants.models import Tenant
from tests.factories import NOBODY, make_floor, make_lease, make_tenant, make_unit
from tests.factories.incubation import make_carrier

FIRST = date(2026, 4, 1)
APRIL = months_between(FIRST, FIRST)
TERM = {"start": date(2025, 1, 1), "end": date(2028, 1, 1)}


@pytest.fixture
def carrier(jr):
    carrier = make_carrier(park=jr, name="金荣孵化器")
    services.record_recognition(
        carrier=carrier, level="provincial", start=date(2022, 3, 1), by=NOBODY
    )
    return carrier


@pytest.fixture
def units(carrier):
    floor = make_floor(park=carrier.park)
    units = [make_unit(floor=floor, number=f"50{n}", area=100) for n in range(1, 7)]
    for purpose, own in (("tenants", units[:5]), ("public_service", units[5:])):
        services.assign_spaces(
            carrier=carrier, units=own, purpose=purpose, start=date(2025, 1, 1), by=NOBODY
        )
    return units


def reside(carrier, tenant, entered_on=date(2025, 1, 1), due_on=date(2029, 1, 1), **fields):
    return Residency.objects.create(
        carrier=carrier, tenant=tenant, agreement_number=f"FH-{tenant.pk}", entered_on=entered_on,
        due_on=due_on, **fields,
    )  # fmt: skip


def month(carrier, rule=DayRule.MEAN, of=APRIL):
    (found,) = tax_months([carrier], of, rule)
    return found


def test_each_unit_counts_as_what_it_serves(carrier, units):
    firm, team, over, plain = (make_tenant(kind=kind) for kind in ("firm", "team", "firm", "firm"))
    for unit, tenant in zip(units, (firm, team, over, plain), strict=False):
        make_lease(units=[unit], tenant=tenant, **TERM)
    reside(carrier, firm)
    reside(carrier, team)
    reside(carrier, over, due_on=date(2026, 4, 1))
    reside(make_carrier(park=carrier.park), plain)
    found = month(carrier)
    assert found.parts == {
        Part.FIRMS: 100, Part.TEAMS: 100, Part.OTHERS: 200, Part.VACANT: 100, Part.OWN: 100,
    }  # fmt: skip
    assert (found.whole, found.exempt, found.eligible) == (600, 300, True)
    assert found.without_file == 2


@pytest.mark.parametrize(
    ("rule", "firms"), [("first", 0), ("last", 100), ("mean", Decimal(100) * 20 / 30)]
)
def test_the_rule_says_which_day_counts(carrier, units, rule, firms):
    tenant = make_tenant()
    make_lease(units=[units[0]], tenant=tenant, start=date(2026, 4, 11), end=date(2028, 1, 1))
    reside(carrier, tenant)
    found = month(carrier, rule)
    assert found.parts[Part.FIRMS] == firms
    assert found.whole == 600


def test_a_unit_counts_as_let_from_its_handing_over_and_a_firm_until_it_leaves(carrier, units):
    tenant = make_tenant()
    make_lease(units=[units[0]], tenant=tenant, **TERM)
    reside(carrier, tenant, left_on=date(2026, 4, 16), outcome="graduated",
           destination="same_space")  # fmt: skip
    found = month(carrier)
    assert (found.parts[Part.FIRMS], found.parts[Part.OTHERS]) == (50, 50)
    cut = [(one.part, one.start, one.end) for one in pieces([carrier], APRIL[0]) if one.line]
    assert cut == [
        (Part.FIRMS, FIRST, date(2026, 4, 16)), (Part.OTHERS, date(2026, 4, 16), date(2026, 5, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "level", "start", "end", "exempt"),
    [
        ("incubator", "provincial", date(2020, 1, 1), None, ("2024-01", "2027-12")),
        ("incubator", "national", date(2024, 5, 20), None, ("2024-06", "2027-12")),
        ("incubator", "national", date(2024, 5, 1), date(2025, 3, 15), ("2024-06", "2025-03")),
        ("incubator", "city", date(2020, 1, 1), None, None),
        ("makerspace", "provincial", date(2020, 1, 1), None, None),
        ("makerspace", "national", date(2020, 1, 1), None, ("2024-01", "2027-12")),
        ("incubator", "national", date(2020, 1, 1), date(2023, 12, 31), None),
    ],
)
def test_the_months_in_which_a_carrier_is_exempt(stage, level, start, end, exempt):
    held = [CarrierRecognition(level=level, start=start, end=end)]
    found = [
        f"{one.start:%Y-%m}" for one in months_between(date(2023, 1, 1), date(2028, 6, 1))
        if is_eligible(stage, held, one)
    ]  # fmt: skip
    assert (found[:1] + found[-1:] or None) == (list(exempt) if exempt else None)


def test_a_carrier_not_recognised_is_counted_and_exempt_of_nothing(carrier, units):
    CarrierRecognition.objects.all().delete()
    found = month(carrier)
    assert (found.parts[Part.OWN], found.exempt) == (100, 0)


def test_the_months_cost_the_same_queries_however_many_carriers(carrier, units):
    def cost(carriers):
        with CaptureQueriesContext(connection) as queries:
            tax_months(carriers, months_between(date(2025, 1, 1), FIRST), DayRule.MEAN)
        return len(queries)

    tenant = make_tenant()
    make_lease(units=units[:2], tenant=tenant, **TERM)
    reside(carrier, tenant)
    one = cost([carrier])
    more = [make_carrier(park=carrier.park) for _ in range(2)]
    for other in more:
        services.assign_spaces(carrier=other, units=[make_unit(park=carrier.park)],
                               purpose="tenants", start=date(2025, 1, 1), by=NOBODY)  # fmt: skip
    assert cost([carrier, *more]) == one == 5


DAYS = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@given(
    kind=st.sampled_from(["firm", "team"]), founded=st.none() | DAYS, due=DAYS,
    left=st.none() | DAYS, extensions=st.dictionaries(DAYS, DAYS, max_size=3),
)  # fmt: skip
def test_spells_mean_what_the_day_means(kind, founded, due, left, extensions):
    """Day by day the same as ``ResidencyQuerySet.incubated_on`` and its teams."""
    entered = date(2026, 1, 1)
    tenant = Tenant(kind=kind, founded_on=founded)
    residency = Residency(tenant=tenant, entered_on=entered, due_on=due, left_on=left)
    rows = [
        ResidencyExtension(pk=n, decided_on=decided, due_on=until)
        for n, (decided, until) in enumerate(extensions.items(), 1)
    ]
    spells = spells_of(residency, rows)
    for n in range(70):
        day = entered + timedelta(days=n)
        known = [
            one for one in sorted(rows, key=lambda one: one.decided_on) if one.decided_on <= day
        ]
        due_then = known[-1].due_on if known else due
        counts = (left is None or day < left) and due_then > day
        firm = kind == "firm" and (founded is None or founded <= day)
        told = [spell.firm for spell in spells if spell.start <= day < spell.end]
        assert told == ([firm] if counts else [])


def test_spells_agree_with_the_database(carrier):
    firm = make_tenant(founded_on=date(2026, 1, 10))
    residency = reside(carrier, firm, entered_on=date(2026, 1, 1), due_on=date(2026, 2, 1))
    for decided, due in (
        (date(2026, 1, 20), date(2026, 2, 10)),
        (date(2026, 2, 20), date(2026, 3, 1)),
    ):
        residency.extensions.create(decided_on=decided, due_on=due, reason="延期")
    spells = spells_of(residency, list(residency.extensions.all()))
    for n in range(70):
        day = date(2026, 1, 1) + timedelta(days=n)
        told = any(one.firm for one in spells if one.start <= day < one.end)
        assert told == Residency.objects.incubated_on(day).exists(), day
