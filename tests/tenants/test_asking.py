"""Asking rents: set for one or many, ended by what follows, carried on by splits and merges."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from parks import services as space
from parks.errors import UnitNotThere
from parks.models import AuditEntry, Unit
from tenants import services as letting
from tenants.models import AskingRent
from tenants.selectors.asking import with_asking_rent
from tests.factories import NOBODY, make_floor, make_unit

DAY, NEXT, CUT = date(2026, 1, 1), date(2026, 7, 1), date(2026, 10, 1)


def ask(*units, rent="26", rent_unit="m2_month", start=DAY):
    rent = rent and Decimal(rent)
    return letting.set_asking_rents(
        units=units, rent=rent, rent_unit=rent_unit, start=start, by=NOBODY
    )


def asked(on, *units):
    rows = with_asking_rent(Unit.objects.filter(pk__in=[unit.pk for unit in units]), on)
    return [(row.asked_rent, row.asked_unit) for row in rows.order_by("pk")]


@pytest.fixture
def two(jr):
    floor = make_floor(park=jr)
    return [make_unit(floor=floor, area=area) for area in (100, 300)]


def test_a_new_rent_ends_the_one_before_and_replaces_what_was_planned(two):
    ask(*two)
    ask(two[0], rent="28", start=NEXT)
    ask(two[0], rent="27", start=date(2026, 5, 1))
    days = AskingRent.objects.filter(unit=two[0]).values_list("start", "end", "rent")
    assert list(days) == [
        (DAY, date(2026, 5, 1), Decimal(26)), (date(2026, 5, 1), None, Decimal(27)),
    ]  # fmt: skip
    assert asked(NEXT, *two) == [(27, "m2_month"), (26, "m2_month")]
    ask(*two, rent=None, start=CUT)
    assert asked(CUT, *two) == [(None, None)] * 2
    actions = AuditEntry.objects.filter(object_type="tenants.askingrent")
    assert list(actions.order_by("sequence").values_list("action", flat=True)) == [
        "ask", "ask", "end", "ask", "end", "remove", "ask", "end", "end",
    ]  # fmt: skip


def test_all_units_are_changed_or_none(two):
    later = make_unit(floor=two[0].floor, number="新", exists_from=NEXT)
    with pytest.raises(UnitNotThere, match="新"):
        ask(*two, later)
    with pytest.raises(ValidationError):
        ask(*two, rent="-1")
    with pytest.raises(ValidationError):
        ask(*two, rent_unit="")
    assert not AskingRent.objects.exists()


@pytest.mark.parametrize(
    ("rent", "rent_unit", "m2", "month"),
    [("26.10", "m2_month", "26.10", "2610"), ("0.90", "m2_day", "27.38", "2737.5"),
     ("2610", "month", "26.10", "2610")],
)  # fmt: skip
def test_rents_are_compared_by_month(two, rent, rent_unit, m2, month):
    ask(two[0], rent=rent, rent_unit=rent_unit)
    unit = with_asking_rent(Unit.objects.filter(pk=two[0].pk), DAY).get()
    assert unit.asked_m2.quantize(Decimal("0.01")) == Decimal(m2)
    assert unit.asked_month.quantize(Decimal("0.1")) == Decimal(month)
    within = with_asking_rent(Unit.objects.all(), DAY)
    assert within.filter(asked_m2__lte=Decimal(m2), asked_month__lte=Decimal("2737.6")).count() == 1


def merge(units):
    change = space.merge_units(units=units, number="合", effective_on=CUT, on=DAY, by=NOBODY)
    return change, change.results.get()


def test_a_merge_asks_together_what_was_asked_before(two):
    ask(two[0], rent="30")
    ask(two[1], rent="26")
    change, whole = merge(two)
    assert asked(CUT, whole) == [(27, "m2_month")]
    assert asked(CUT, *two) == [(None, None)] * 2
    space.cancel_change(change=change, on=DAY, by=NOBODY)
    assert asked(CUT, *two) == [(30, "m2_month"), (26, "m2_month")]


def test_a_merge_of_different_ways_of_asking_asks_for_nothing(two):
    ask(two[0])
    ask(two[1], rent="5000", rent_unit="month")
    assert asked(CUT, merge(two)[1]) == [(None, None)]


@pytest.mark.parametrize(
    ("rent", "rent_unit", "parts"), [("26", "m2_month", [26, 26]), ("1000", "month", [334, 666])]
)
def test_a_split_shares_what_was_asked(two, rent, rent_unit, parts):
    ask(two[1], rent=rent, rent_unit=rent_unit)
    change = space.split_unit(
        unit=two[1], effective_on=CUT, on=DAY, by=NOBODY,
        into=[{"number": "a", "gross_area_m2": Decimal("100.2")},
              {"number": "b", "gross_area_m2": Decimal("199.8")}],
    )  # fmt: skip
    assert asked(CUT, *change.results.all()) == [(part, rent_unit) for part in parts]
