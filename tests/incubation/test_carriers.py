"""Carriers: their changes, space and recognitions, and what the database refuses."""

from datetime import date
from decimal import Decimal

import pytest

from incubation import services
from incubation.models import CarrierChange, CarrierSpace
from parks import services as space
from parks.errors import RuleViolation
from parks.models import AuditEntry
from tests.factories import NOBODY, make_floor, make_tenant, make_unit
from tests.factories.incubation import make_carrier

DAY = date(2025, 3, 1)
TODAY = date(2026, 6, 30)


def refused(code, act, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        act(*args, by=NOBODY, **kwargs)
    assert refusal.value.code == code
    return str(refusal.value)


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr, name="金荣孵化器", operator="甲公司", opened_on=date(2019, 1, 1))


@pytest.fixture
def units(jr):
    floor = make_floor(park=jr)
    return [make_unit(floor=floor, number=f"50{n}", area=100) for n in range(1, 5)]


def assign(carrier, units, purpose="tenants", start=DAY, **fields):
    return services.assign_spaces(
        carrier=carrier, units=units, purpose=purpose, start=start, by=NOBODY, **fields
    )


def recognise(carrier, start=date(2020, 1, 1), level="national", **fields):
    return services.record_recognition(
        carrier=carrier, level=level, start=start, by=NOBODY, **fields
    )


def change(carrier, after, what="name", effective_on=DAY, on=TODAY):
    return services.change_carrier(
        carrier=carrier, what=what, after=after, effective_on=effective_on, on=on, by=NOBODY
    )


def areas(carrier):
    found = carrier.changes.filter(what="area").order_by("effective_on")
    return [(one.effective_on, one.before, one.after) for one in found]


def uses(unit):
    found = CarrierSpace.objects.filter(unit=unit).order_by("start")
    return [(one.carrier.name, one.purpose, one.start, one.end) for one in found]


def test_a_carrier_changes_its_name_and_keeps_the_one_before(carrier):
    made = change(carrier, "望城孵化器")
    carrier.refresh_from_db()
    assert (carrier.name, made.before, made.after) == ("望城孵化器", "金荣孵化器", "望城孵化器")
    assert AuditEntry.objects.filter(action="change").get().before == {"name": "金荣孵化器"}


def test_changes_that_make_no_sense_are_refused(carrier):
    fields = {"carrier": carrier, "what": "name", "after": "望城孵化器", "on": TODAY}
    act = services.change_carrier
    refused("dates_out_of_order", act, **fields, effective_on=date(2026, 7, 1))
    refused("carrier_not_open", act, **fields, effective_on=date(2018, 7, 1))
    refused("invalid_value", act, **fields | {"after": "金荣孵化器"}, effective_on=DAY)
    refused("invalid_value", act, **fields | {"what": "area"}, effective_on=DAY)
    change(carrier, "新名", effective_on=date(2025, 5, 1))
    told = refused("dates_out_of_order", act, **fields, effective_on=DAY)
    assert "2025-05-01" in told


def test_only_changes_of_recognised_carriers_are_to_report(carrier):
    change(carrier, "一号孵化器", effective_on=date(2019, 6, 1))
    recognise(carrier)
    later = change(carrier, "二号孵化器")
    open_ = CarrierChange.objects.to_report(TODAY)
    assert list(open_) == [later]
    services.report_change(change=later, reported_on=date(2025, 4, 1), number="1号", by=NOBODY)
    assert not CarrierChange.objects.to_report(TODAY)
    assert list(CarrierChange.objects.to_report(date(2025, 3, 31))) == [later]
    refused("invalid_value", services.report_change, change=later, number="",
            reported_on=date(2025, 2, 1))  # fmt: skip


def test_space_is_of_one_carrier_on_a_day(carrier, units, jr):
    assign(carrier, units[:2])
    other = make_carrier(park=jr, name="二号加速器", stage="accelerator")
    act = services.assign_spaces
    fields = {"carrier": other, "units": units[1:3], "purpose": "tenants"}
    told = refused("carrier_space_taken", act, **fields, start=date(2026, 1, 1))
    assert "502" in told
    assert "金荣孵化器" in told
    assert not uses(units[2])
    services.release_spaces(
        spaces=CarrierSpace.objects.filter(unit=units[1]), on=date(2026, 1, 1), by=NOBODY
    )
    assign(other, units[1:3], start=date(2026, 1, 1))
    assert [use[0] for use in uses(units[1])] == ["金荣孵化器", "二号加速器"]


def test_space_out_of_place_is_refused(carrier, units, ld):
    act = services.assign_spaces
    fields = {"carrier": carrier, "purpose": "tenants"}
    refused("wrong_park", act, **fields, units=[make_unit(park=ld)], start=DAY)
    refused("carrier_not_open", act, **fields, units=units, start=date(2018, 1, 1))
    refused("dates_out_of_order", act, **fields, units=units, start=DAY, end=DAY)
    refused("unit_not_there", act, **fields, start=DAY,
            units=[make_unit(floor=units[0].floor, exists_from=date(2025, 4, 1))])  # fmt: skip


def test_the_area_of_a_recognised_carrier_changes_once_a_day(carrier, units):
    assign(carrier, units[:1], start=date(2019, 6, 1))
    recognise(carrier)
    assert areas(carrier) == []
    assign(carrier, units[1:2])
    made = carrier.changes.get()
    services.report_change(change=made, reported_on=DAY, number="1号", by=NOBODY)
    assign(carrier, units[2:3], purpose="public_service")
    assert areas(carrier) == [(DAY, "100.00", "300.00")]
    assert carrier.changes.get().reported_on is None
    services.release_spaces(spaces=carrier.spaces.filter(start=DAY), on=DAY, by=NOBODY)
    assert areas(carrier) == []


def test_another_purpose_leaves_the_area_as_it_is(carrier, units):
    recognise(carrier)
    spaces = assign(carrier, units[:2], start=date(2021, 1, 1))
    services.change_purpose(spaces=spaces, purpose="management", on=DAY, by=NOBODY)
    assert areas(carrier) == [(date(2021, 1, 1), "0.00", "200.00")]
    assert [(use[1], use[2]) for use in uses(units[0])] == [
        ("tenants", date(2021, 1, 1)), ("management", DAY),
    ]  # fmt: skip


def test_a_recognition_written_down_late_finds_the_changes_since(carrier, units):
    assign(carrier, units[:1], start=date(2019, 6, 1))
    assign(carrier, units[1:2], start=date(2021, 1, 1), end=DAY)
    assert areas(carrier) == []
    recognise(carrier)
    assert areas(carrier) == [(date(2021, 1, 1), "100.00", "200.00"), (DAY, "200.00", "100.00")]


def test_a_split_takes_the_carrier_along_and_its_cancellation_gives_it_back(carrier, units):
    recognise(carrier)
    assign(carrier, units[:1], purpose="public_service", end=date(2028, 1, 1))
    day = date(2026, 9, 1)
    made = space.split_unit(
        unit=units[0], effective_on=day, on=TODAY, by=NOBODY,
        into=[{"number": n, "gross_area_m2": Decimal(50)} for n in ("501A", "501B")],
    )  # fmt: skip
    name = carrier.name
    assert uses(units[0]) == [(name, "public_service", DAY, day)]
    for part in made.results.all():
        assert uses(part) == [(name, "public_service", day, date(2028, 1, 1))]
    assert [one[0] for one in areas(carrier)] == [DAY, date(2028, 1, 1)]
    space.cancel_change(change=made, on=TODAY, by=NOBODY)
    assert uses(units[0]) == [(name, "public_service", DAY, date(2028, 1, 1))]
    assert CarrierSpace.objects.count() == 1


def test_only_units_that_serve_alike_become_one(carrier, units, jr):
    assign(carrier, units[:2])
    assign(carrier, units[2:3], purpose="management")
    other = make_carrier(park=jr, name="二号")
    assign(other, units[3:])
    act = space.merge_units
    fields = {"number": "500", "effective_on": date(2026, 9, 1), "on": TODAY}
    told = refused("carrier_spaces_differ", act, units=units[1:3], **fields)
    assert "502: 金荣孵化器" in told
    refused("carrier_spaces_differ", act, units=[units[0], units[3]], **fields)
    free = make_unit(floor=units[0].floor, number="509")
    told = refused("carrier_spaces_differ", act, units=[units[0], free], **fields)
    assert "509" in told
    made = act(units=units[:2], by=NOBODY, **fields)
    (merged,) = made.results.all()
    assert uses(merged) == [(carrier.name, "tenants", date(2026, 9, 1), None)]


def test_a_unit_that_joins_the_carrier_later_still_follows_a_split_before(carrier, units):
    start = date(2026, 12, 1)
    assign(carrier, units[:1], start=start)
    made = space.split_unit(
        unit=units[0], effective_on=date(2026, 9, 1), on=TODAY, by=NOBODY,
        into=[{"number": n, "gross_area_m2": Decimal(50)} for n in ("501A", "501B")],
    )  # fmt: skip
    assert uses(units[0]) == []
    assert [uses(part)[0][2] for part in made.results.all()] == [start, start]
    space.cancel_change(change=made, on=TODAY, by=NOBODY)
    assert uses(units[0]) == [(carrier.name, "tenants", start, None)]


def test_recognitions_grades_and_years_are_recorded_once(carrier):
    recognise(carrier)
    recognise(carrier, level="city")
    refused("already_recorded", services.record_recognition, carrier=carrier, level="national",
            start=date(2022, 1, 1))  # fmt: skip
    for act, fields in (
        (services.record_grade, {"level": "national", "year": 2024, "grade": "D"}),
        (services.record_carrier_year, {"year": 2024, "staff": 5, "fund": Decimal(5000000)}),
    ):
        act(carrier=carrier, by=NOBODY, **fields)
        refused("already_recorded", act, carrier=carrier, **fields)
    recognition = carrier.recognitions.get(level="city")
    refused("dates_out_of_order", services.end_recognition, recognition=recognition,
            on=date(2020, 1, 1))  # fmt: skip
    refused("carrier_not_open", services.record_recognition, carrier=carrier, level="district",
            start=date(2018, 1, 1))  # fmt: skip


def test_a_closed_carrier_lets_everything_go(carrier, units):
    recognise(carrier)
    assign(carrier, units[:1])
    services.add_mentor(carrier=carrier, name="王老师", start=DAY, by=NOBODY)
    services.close_carrier(carrier=carrier, on=date(2026, 1, 1), by=NOBODY)
    carrier.refresh_from_db()
    rows = [*carrier.spaces.all(), *carrier.recognitions.all(), *carrier.mentors.all()]
    assert {row.end for row in rows} == {date(2026, 1, 1)} == {carrier.closed_on}
    refused("carrier_not_open", services.close_carrier, carrier=carrier, on=date(2026, 2, 1))
    refused("carrier_not_open", services.assign_spaces, carrier=carrier, units=units[1:],
            purpose="tenants", start=date(2026, 2, 1))  # fmt: skip


def test_a_carrier_with_residents_does_not_close(carrier):
    carrier.residencies.create(
        tenant=make_tenant(), agreement_number="1", entered_on=DAY, due_on=date(2029, 3, 1)
    )
    told = refused("carrier_in_use", services.close_carrier, carrier=carrier, on=TODAY)
    assert "1" in told


def test_a_correction_reaches_the_change_that_led_there_and_leaves_nothing_out(carrier, units):
    made = change(carrier, "望城孵化噐")
    services.correct_carrier(carrier=carrier, name="望城孵化器", by=NOBODY)
    made.refresh_from_db()
    assert made.after == "望城孵化器"
    assign(carrier, units[:1])
    told = refused("carrier_not_open", services.correct_carrier, carrier=carrier,
                   opened_on=date(2025, 4, 1))  # fmt: skip
    assert str(DAY) in told
    services.record_event(carrier=carrier, on=TODAY, title="路演", by=NOBODY)
    refused("carrier_in_use", services.close_carrier, carrier=carrier, on=TODAY)


def test_mentors_their_firms_and_sessions(carrier):
    firm = make_tenant()
    mentor = services.add_mentor(carrier=carrier, name="王老师", start=DAY, by=NOBODY)
    pairing = services.pair_mentor(mentor=mentor, tenant=firm, start=DAY, by=NOBODY)
    refused("already_recorded", services.pair_mentor, mentor=mentor, tenant=firm, start=TODAY)
    session = {"mentor": mentor, "tenant": firm, "minutes": 60, "subject": "融资"}
    refused("carrier_not_open", services.record_session, **session, on=date(2025, 1, 1))
    made = services.record_session(**session, on=TODAY, by=NOBODY)
    refused("carrier_not_open", services.end_mentor, mentor=mentor, on=TODAY)
    services.end_mentor(mentor=mentor, on=date(2026, 7, 1), by=NOBODY)
    pairing.refresh_from_db()
    assert pairing.end == date(2026, 7, 1)
    refused("carrier_not_open", services.correct_mentor, mentor=mentor, start=date(2026, 7, 1),
            end=None)  # fmt: skip
    services.remove_session(session=made, by=NOBODY, reason="写错了")
    assert not mentor.sessions.exists()


def test_an_event_keeps_its_list_of_firms(carrier):
    one, two, three = make_tenant(), make_tenant(), make_tenant()
    fields = {"on": DAY, "title": "路演", "kind": "roadshow"}
    event = services.record_event(carrier=carrier, attendance={one: 2, two: 1}, by=NOBODY, **fields)
    refused("already_recorded", services.record_event, carrier=carrier, **fields)
    services.correct_event(event=event, title="项目路演", attendance={two: 3, three: 1}, by=NOBODY)
    assert dict(event.attendance.values_list("tenant", "people")) == {two.pk: 3, three.pk: 1}
    services.remove_event(event=event, by=NOBODY, reason="取消")
    assert not carrier.events.exists()
