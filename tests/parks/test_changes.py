from datetime import date, timedelta
from decimal import Decimal

import pytest
from shapely.geometry import box

from parks import services
from parks.errors import RuleViolation
from parks.models import Unit, UnitChange
from tenants.models import Tenant
from tests.factories import NOBODY, make_draft, make_floor, make_lease, make_unit

DAY = date(2027, 1, 1)
TODAY = date(2026, 6, 30)


def parts(*areas, number="501"):
    return [
        {"number": f"{number}{letter}", "gross_area_m2": Decimal(str(area))}
        for letter, area in zip("ABCDEF", areas, strict=False)
    ]


def split(unit, *areas, on=TODAY, day=DAY, by=NOBODY):
    return services.split_unit(unit=unit, into=parts(*areas), effective_on=day, on=on, by=by)


def refused(code, act, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        act(*args, **kwargs)
    assert refusal.value.code == code
    return str(refusal.value)


def test_split_ends_the_unit_and_begins_its_parts(db):
    unit = make_unit(number="501", clear_height_m=Decimal("4.5"))
    change = split(unit, 60, 40)
    unit.refresh_from_db()
    assert unit.exists_to == DAY
    assert [(u.number, u.gross_area_m2, u.exists_from) for u in change.results.order_by("number")] == [
        ("501A", Decimal(60), DAY), ("501B", Decimal(40), DAY),
    ]  # fmt: skip
    assert {u.clear_height_m for u in change.results.all()} == {Decimal("4.5")}
    before, after = DAY - timedelta(days=1), DAY
    assert [u.number for u in Unit.objects.existing_on(before)] == ["501"]
    assert sorted(u.number for u in Unit.objects.existing_on(after)) == ["501A", "501B"]


def test_merge_adds_areas_up(db):
    floor = make_floor()
    units = [make_unit(floor=floor, number=n, area=a, seats=2) for n, a in (("1", 30), ("2", 50))]
    change = services.merge_units(units=units, number="1-2", effective_on=DAY, on=TODAY, by=NOBODY)
    merged = change.results.get()
    assert (merged.gross_area_m2, merged.seats, merged.net_area_m2) == (Decimal(80), 4, None)
    assert set(change.sources.all()) == set(units)


@pytest.mark.parametrize("off", [Decimal("0.02"), Decimal("-0.02")])
def test_split_refuses_lost_or_gained_area(db, off):
    message = refused("area_not_conserved", split, make_unit(), 60, Decimal(40) + off)
    assert "100.00" in message
    assert str(Decimal(100) + off) in message


def test_split_keeps_area_within_a_hundredth(db):
    split(make_unit(area=Decimal("100.00")), Decimal("33.33"), Decimal("33.33"), Decimal("33.33"))


def test_split_refuses_a_lease_past_the_day_and_names_it(operator, jr):
    unit = make_unit(park=jr)
    lease = make_lease(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 2))
    message = refused("unit_in_use", split, unit, 60, 40, by=operator)
    assert lease.number in message
    assert lease.tenant.name in message


def test_split_does_not_name_a_lease_to_those_who_may_not_see_it(operator2, jr):
    unit = make_unit(park=jr)
    lease = make_lease(units=[unit], start=date(2026, 1, 1), end=date(2028, 1, 1))
    message = refused("unit_in_use", split, unit, 60, 40, by=operator2)
    assert lease.number not in message
    assert Tenant.objects.get().name not in message


def test_split_lets_a_lease_end_on_the_day(db):
    unit = make_unit()
    make_lease(units=[unit], start=date(2026, 1, 1), end=DAY)
    assert split(unit, 60, 40).pk


def test_split_refuses_an_open_plan(db):
    unit = make_unit()
    split(unit, 60, 40)
    assert "2027-01-01" in refused("plan_already_open", split, unit, 50, 50, day=date(2028, 1, 1))


def test_split_refuses_a_closure_past_the_day(db):
    unit = make_unit()
    services.close_unit(unit=unit, reason="sold", start=date(2020, 1, 1), by=NOBODY)
    refused("unit_in_use", split, unit, 60, 40)


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2018, 1, 1)], ids=["first day", "before"])
def test_split_refuses_a_day_without_the_unit(db, day):
    refused("unit_not_there", split, make_unit(), 60, 40, day=day)


def test_split_refuses_a_taken_number_and_leaves_nothing_behind(db):
    unit = make_unit()
    make_unit(floor=unit.floor, number="501A")
    refused("number_taken", split, unit, 60, 40)
    unit.refresh_from_db()
    assert unit.exists_to is None
    assert not UnitChange.objects.exists()


def test_split_refuses_parts_that_overlap(db):
    def at(i):
        return box(112.8 + i * 1e-4, 28.3, 112.8 + (i + 1) * 1e-4, 28.3001)

    unit = make_unit(outline=box(112.8, 28.3, 112.8002, 28.3001), geometry_source="surveyed")
    bad = [part | {"outline": at(0)} for part in parts(60, 40)]
    refused("outline_conflict", services.split_unit, unit=unit, into=bad, effective_on=DAY,
            on=TODAY, by=NOBODY)  # fmt: skip
    good = [part | {"outline": at(i)} for i, part in enumerate(parts(60, 40))]
    assert services.split_unit(unit=unit, into=good, effective_on=DAY, on=TODAY, by=NOBODY).pk


def test_merge_refuses_units_of_two_floors(db):
    units = [make_unit(), make_unit()]
    refused("invalid_value", services.merge_units, units=units, number="x", effective_on=DAY,
            on=TODAY, by=NOBODY)  # fmt: skip


def test_cancelled_plan_leaves_the_units_as_they_were(db):
    unit = make_unit(number="501")
    change = split(unit, 60, 40)
    services.cancel_change(change=change, on=DAY - timedelta(days=1), by=NOBODY)
    unit.refresh_from_db()
    assert (unit.exists_to, unit.ended_by) == (None, None)
    assert [u.number for u in Unit.objects.existing_on(DAY)] == ["501"]
    assert split(unit, 70, 30).pk


def test_cancel_refuses_from_the_day_on(db):
    change = split(make_unit(), 60, 40)
    refused("too_late", services.cancel_change, change=change, on=DAY, by=NOBODY)


def test_cancel_refuses_when_a_part_is_let_or_drafted(db):
    change = split(make_unit(), 60, 40)
    one, other = change.results.order_by("pk")
    make_draft(units=[one], start=DAY, end=date(2028, 1, 1))
    refused("unit_in_use", services.cancel_change, change=change, on=TODAY, by=NOBODY)
    make_lease(units=[other], start=DAY, end=date(2028, 1, 1), signed_on=TODAY)
    refused("unit_in_use", services.cancel_change, change=change, on=TODAY, by=NOBODY)


def test_cancel_refuses_under_a_later_plan(db):
    change = split(make_unit(), 60, 40)
    services.split_unit(unit=change.results.first(), into=parts(30, 30, number="x"),
                        effective_on=date(2028, 1, 1), on=TODAY, by=NOBODY)  # fmt: skip
    refused("plan_already_open", services.cancel_change, change=change, on=TODAY, by=NOBODY)


def test_old_number_still_finds_the_unit(db):
    unit = make_unit(number="501")
    services.renumber_unit(unit=unit, number="A-501", on=date(2024, 1, 1), by=NOBODY)
    assert Unit.objects.called("501").get() == unit == Unit.objects.called("A-501").get()
    numbers = {
        day: Unit.objects.with_number_on(day).get(pk=unit.pk).number_on
        for day in (date(2023, 12, 31), date(2024, 1, 1))
    }
    assert list(numbers.values()) == ["501", "A-501"]
    make_unit(floor=unit.floor, number="501", exists_from=date(2024, 1, 1))


def test_gross_area_of_a_split_unit_stays(db):
    change = split(make_unit(), 60, 40)
    part = change.results.first()
    refused("invalid_value", services.correct, part, by=NOBODY, gross_area_m2=Decimal(61))
    services.correct(part, by=NOBODY, reason="复核", net_area_m2=Decimal(44))


def test_closures_do_not_overlap_and_end(db):
    unit = make_unit()
    closure = services.close_unit(
        unit=unit, reason="own_use", start=date(2026, 1, 1), end=date(2027, 1, 1), by=NOBODY
    )
    message = refused("closure_overlap", services.close_unit, unit=unit, reason="sold",
                      start=date(2026, 12, 31), by=NOBODY)  # fmt: skip
    assert "2026-01-01 – 2026-12-31" in message
    services.reopen_unit(closure=closure, on=date(2026, 3, 1), by=NOBODY)
    services.close_unit(unit=unit, reason="sold", start=date(2026, 3, 1), by=NOBODY)
    refused("dates_out_of_order", services.reopen_unit, closure=closure, on=date(2026, 4, 1),
            by=NOBODY)  # fmt: skip
