"""The schedule of rents: worked by hand, and laws that hold for any terms."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants import services as letting
from tenants.rent import Terms, by_year, cents, charges, months, schedule
from tenants.services import LineTerms
from tests.factories import NOBODY, make_floor, make_tenant, make_unit

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MONEY = st.decimals(0, 500, places=4)
AREAS = st.decimals(0, 90000, places=2)


@st.composite
def terms(draw, unit=None):
    start = draw(DAYS)
    end = start + timedelta(days=draw(st.integers(1, 900)))
    steps = draw(st.dictionaries(st.integers(1, 900), MONEY, max_size=3))
    return Terms(
        name="501", start=start, end=end, area_m2=draw(AREAS), rent=draw(MONEY),
        rent_unit=unit or draw(st.sampled_from(["m2_month", "m2_day", "month"])),
        steps=tuple((start + timedelta(days=n), rent) for n, rent in steps.items()
                    if start + timedelta(days=n) < end),
        fee_m2_month=draw(MONEY),
    )  # fmt: skip


def line(**changes):
    values = {
        "name": "501", "start": date(2026, 1, 15), "end": date(2026, 4, 1),
        "area_m2": Decimal(100), "rent": Decimal(31), "rent_unit": "m2_month",
    }  # fmt: skip
    return Terms(**values | changes)


def rents(terms, free=()):
    return [one.rent for one in charges(terms, free)]


def test_a_part_month_costs_its_days():
    assert rents(line()) == [Decimal("1700.00"), Decimal("3100.00"), Decimal("3100.00")]


def test_a_step_in_the_middle_of_a_month():
    stepped = line(steps=((date(2026, 2, 15), Decimal(62)),))
    assert rents(stepped) == [Decimal("1700.00"), Decimal("4650.00"), Decimal("6200.00")]


def test_the_property_fee_runs_on_while_no_rent_is_due():
    (one, *_rest) = charges(line(fee_m2_month=Decimal(2)), [(date(2026, 1, 1), date(2026, 4, 1))])
    assert (one.rent, one.fee) == (Decimal("0.00"), cents(Decimal(200) * 17 / 31))


def test_a_lump_sum_a_month_ignores_the_area():
    assert rents(line(rent_unit="month", start=date(2026, 2, 1))) == [Decimal("31.00")] * 2


@given(terms())
def test_months_cover_the_term_once(one):
    rows = list(charges(one))
    assert (rows[0].start, rows[-1].end) == (one.start, one.end)
    assert all(a.end == b.start for a, b in zip(rows, rows[1:], strict=False))


@given(terms(), st.data())
def test_cutting_at_a_month_end_adds_up(one, data):
    cuts = [start for start, _end in months(one.start, one.end)][1:]
    if not cuts:
        return
    cut = data.draw(st.sampled_from(cuts))
    past = [pair for pair in sorted(one.steps) if pair[0] <= cut]
    first = Terms(**_values(one) | {"end": cut, "steps": tuple(p for p in one.steps if p[0] < cut)})
    rest = Terms(**_values(one) | {
        "start": cut, "rent": past[-1][1] if past else one.rent,
        "steps": tuple(p for p in one.steps if p[0] > cut),
    })  # fmt: skip
    assert rents(first) + rents(rest) == rents(one)


@given(terms(), AREAS)
def test_more_area_never_costs_less(one, area):
    bigger = Terms(**_values(one) | {"area_m2": one.area_m2 + area})
    assert all(a <= b for a, b in zip(rents(one), rents(bigger), strict=True))


@given(terms())
def test_all_free_costs_nothing(one):
    assert not any(rents(one, [(one.start, one.end)]))


@given(terms(unit="m2_day"))
def test_by_the_day_is_days_times_rent_times_area(one):
    plain = Terms(**_values(one) | {"steps": ()})
    assert rents(plain) == [
        cents((end - start).days * one.rent * one.area_m2)
        for start, end in months(one.start, one.end)
    ]


def _values(terms):
    return {name: getattr(terms, name) for name in Terms.__dataclass_fields__}


@pytest.fixture
def lease(jr):
    unit = make_unit(floor=make_floor(park=jr), number="501")
    return letting.draft_lease(
        tenant=make_tenant(home_park=jr),
        lines=[LineTerms(unit=unit, rent=Decimal(30), steps=((date(2027, 1, 1), Decimal(33)),))],
        start=date(2026, 1, 1), end=date(2028, 1, 1), start_by=date(2026, 3, 1), by=NOBODY,
        rent_free=[(date(2026, 3, 1), date(2026, 4, 1))],
    )  # fmt: skip


def test_an_open_start_costs_from_the_handing_over_and_an_early_end_stops(lease):
    assert schedule(lease)[0].start == date(2026, 3, 1)
    letting.sign_lease(lease=lease, signed_on=date(2026, 1, 1), signed_by=NOBODY)
    letting.hand_over_lease(lease=lease, on=date(2026, 2, 15), by=NOBODY)
    letting.terminate_lease(lease=lease, on=date(2027, 2, 1), by=NOBODY)
    lease.refresh_from_db()
    years = by_year(schedule(lease))
    assert [one.year for one in years] == [2026, 2027]
    assert years[0].rent == 1500 + 9 * 3000
    assert years[1].rent == 3300


def test_a_void_lease_costs_nothing(lease):
    letting.sign_lease(lease=lease, signed_on=date(2026, 1, 1), signed_by=NOBODY)
    letting.void_lease(lease=lease, on=date(2026, 1, 2), by=NOBODY, reason="错")
    lease.refresh_from_db()
    assert schedule(lease) == []
