from datetime import date
from decimal import Decimal

import pytest

from parks import services as space
from parks.models import Unit
from parks.ratios import Ratio
from tenants import services
from tenants.selectors import (
    annotate_state,
    occupancy,
    occupancy_series,
    ratios_by,
    shares,
    signed,
    vacancies,
    vacancy,
)
from tests.factories import NOBODY, make_floor, make_lease, make_tenant, make_unit

START, END = date(2026, 3, 1), date(2027, 3, 1)


def state(unit, on):
    return annotate_state(Unit.objects.filter(pk=unit.pk), on).get().state


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 12, 31), "vacant"),
        (date(2026, 1, 1), "signed"),
        (date(2026, 2, 28), "signed"),
        (START, "let"),
        (date(2027, 2, 28), "let"),
        (END, "vacant"),
    ],
)
def test_a_lease_through_its_days(db, on, expected):
    unit = make_unit()
    make_lease(units=[unit], start=START, end=END, signed_on=date(2026, 1, 1))
    assert state(unit, on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [(START, "signed"), (date(2026, 4, 30), "signed"), (date(2026, 5, 1), "let")],
)
def test_an_open_start_counts_as_let_at_the_latest_day(db, on, expected):
    unit = make_unit()
    make_lease(units=[unit], start=START, end=END, start_by=date(2026, 5, 1))
    assert state(unit, on) == expected


def test_handing_over_sets_the_day_from_which_it_is_let(db):
    unit = make_unit()
    lease = make_lease(units=[unit], start=START, end=END, start_by=date(2026, 5, 1))
    services.hand_over_lease(lease=lease, on=date(2026, 4, 1), by=NOBODY)
    assert [state(unit, date(2026, m, d)) for m, d in ((3, 31), (4, 1))] == ["signed", "let"]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("out_of_use", "out_of_use"),
        ("own_use", "own_use"),
        ("public_service", "own_use"),
        ("sold", "sold"),
    ],
)
def test_a_closure_through_its_days(db, reason, expected):
    unit = make_unit()
    space.close_unit(unit=unit, reason=reason, start=START, end=END, by=NOBODY)
    days = (date(2026, 2, 28), START, date(2027, 2, 28), END)
    assert [state(unit, day) for day in days] == ["vacant", expected, expected, "vacant"]


def test_a_hold_through_its_days(db):
    unit = make_unit()
    services.hold_unit(unit=unit, start=START, end=END, applicant="甲", by=NOBODY)
    days = (date(2026, 2, 28), START, date(2027, 2, 28), END)
    assert [state(unit, day) for day in days] == ["vacant", "held", "held", "vacant"]


def test_a_unit_has_no_state_on_a_day_without_it(db):
    unit = make_unit(exists_from=START)
    assert not annotate_state(Unit.objects.all(), date(2026, 2, 28)).exists()
    assert state(unit, START) == "vacant"


@pytest.fixture
def mixed(db):
    """On 2026-06-01: 300 m² let, 200 signed, 100 vacant, 400 sold; desks 3, 2, 1, 0."""
    floor = make_floor()
    let, ahead, vacant, sold = (
        make_unit(floor=floor, number=n, area=a, seats=s)
        for n, a, s in (("1", 300, 3), ("2", 200, 2), ("3", 100, 1), ("4", 400, 0))
    )
    tenant = make_tenant()
    make_lease(units=[let], tenant=tenant, start=START, end=END)
    make_lease(units=[ahead], tenant=tenant, start=date(2026, 9, 1), end=END,
               signed_on=date(2026, 5, 1))  # fmt: skip
    space.close_unit(unit=sold, reason="sold", start=date(2020, 1, 1), by=NOBODY)
    return Unit.objects.filter(floor=floor)


ON = date(2026, 6, 1)


def test_ratios_show_their_parts(mixed):
    assert (occupancy(mixed, ON).numerator, occupancy(mixed, ON).denominator) == (300, 600)
    assert signed(mixed, ON).numerator == 500
    assert vacancy(mixed, ON).value == Decimal(100) / Decimal(600)
    assert occupancy(mixed, ON, measure="units").value == Decimal(1) / Decimal(3)
    assert occupancy(mixed, ON, measure="desks").numerator == 3
    found = ratios_by(mixed, ON, by="floor__building__park")
    assert [share.occupancy.numerator for share in found.values()] == [300]
    assert shares(mixed, ON).gross == 1000
    assert [unit.number for unit in vacancies(ON)] == ["3"]


def test_a_lease_signed_later_does_not_count_before(mixed):
    assert signed(mixed, date(2026, 4, 30)).numerator == 300


def test_an_empty_denominator_has_no_value(db):
    assert occupancy(Unit.objects.none(), ON).value is None
    assert vacancy(Unit.objects.none(), ON).value is None


def test_ratios_compare_unrounded():
    ratio = Ratio("per_1000_m2", Decimal(50), Decimal("16.7"), "firms", ON)
    assert ratio.value < 3
    assert f"{ratio.value:.1f}" == "3.0"


@pytest.mark.parametrize("step", ["month", "quarter", "year", "week"])
def test_the_series_is_the_ratio_of_each_day(mixed, step):
    series = occupancy_series(mixed, date(2025, 12, 31), date(2027, 6, 30), step)
    assert len(series) >= 2
    for ratio in series:
        day = occupancy(mixed, ratio.on)
        assert (ratio.numerator, ratio.denominator) == (day.numerator, day.denominator)


def test_the_series_of_month_ends_does_not_drift(mixed):
    days = [r.on for r in occupancy_series(mixed, date(2026, 1, 31), date(2026, 4, 30))]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(db, count, django_assert_num_queries):
    floor = make_floor()
    units = [make_unit(floor=floor) for _ in range(count)]
    make_lease(units=units, start=START, end=END)
    scope = Unit.objects.filter(floor=floor)
    with django_assert_num_queries(1):
        assert len([unit.tenant_name for unit in annotate_state(scope, ON)]) == count
    with django_assert_num_queries(1):
        shares(scope, ON)
    with django_assert_num_queries(3):
        occupancy_series(scope, date(2019, 1, 1), ON)


def test_sums_are_exact_on_both_engines(db):
    floor = make_floor()
    for number in range(60):
        make_unit(floor=floor, number=str(number), area=Decimal("52.65"))
    units = Unit.objects.filter(floor=floor)
    assert shares(units, ON).gross == Decimal("3159.00")
    assert str(ratios_by(units, ON, by="floor")[floor.pk].lettable) == "3159.00"
