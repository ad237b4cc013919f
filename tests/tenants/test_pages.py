"""The pages people work in: what they show, what they refuse in words, what they cost."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from parks import services as space
from parks.models import AuditEntry, Unit, UnitChange
from tenants import services as letting
from tenants.models import Hold, Lease, Tenant
from tests.factories import (
    NOBODY,
    make_building,
    make_draft,
    make_floor,
    make_lease,
    make_tenant,
    make_unit,
)

START, END = date(2024, 1, 1), date(2030, 1, 1)


@pytest.fixture
def floor(jr):
    return make_floor(building=make_building(park=jr, code="1", name="1栋"), name="1F")


@pytest.fixture
def desk(client, operator, settings):
    """The operator's browser, in English."""
    settings.LANGUAGE_CODE = "en"
    client.force_login(operator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def let(floor, count):
    for n in range(count):
        unit = make_unit(floor=floor, number=f"10{n}")
        make_lease(units=[unit], start=START, end=END)


def form_of(lines, **fields):
    """The post of a lease form: ``lines`` are (unit, rent)."""
    data = {"deposit": "0", "property_fee_m2_month": "0", "lines-TOTAL_FORMS": len(lines),
            "lines-INITIAL_FORMS": 0} | fields  # fmt: skip
    for n, (unit, rent) in enumerate(lines):
        data |= {f"lines-{n}-unit": unit.pk, f"lines-{n}-rent": rent,
                 f"lines-{n}-rent_unit": "m2_month"}  # fmt: skip
    return data


@pytest.mark.parametrize(
    "name", ["park-list", "unit-list", "lease-list", "tenant-list", "hold-list", "audit-list"]
)
def test_a_list_costs_the_same_for_more_rows(desk, floor, name, django_assert_max_num_queries):
    let(floor, 1)
    address = reverse(f"tenants:{name}")
    desk.get(address)
    with django_assert_max_num_queries(40) as few:
        assert desk.get(address).status_code == 200
    let(make_floor(building=floor.building), 5)
    with django_assert_max_num_queries(len(few)):
        assert desk.get(address).status_code == 200


def test_units_are_filtered_by_state_and_counted(desk, floor):
    let(floor, 2)
    make_unit(floor=floor, number="free", area=50)
    page = desk.get(reverse("tenants:unit-list"), {"state": "vacant"}).content.decode()
    assert "free" in page
    assert "1 unit " in page
    assert ">100<" not in page


def test_the_export_is_what_the_list_shows(desk, floor):
    let(floor, 2)
    make_unit(floor=floor, number="=1+1")
    answer = desk.get(reverse("tenants:unit-list"), {"format": "xlsx"})
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    states = {row[0]: row[5] for row in rows[1:]}
    assert states == {"'=1+1": "vacant", "100": "let", "101": "let"}
    assert {row[8] and row[8].date() for row in rows[1:]} == {None, END - timedelta(days=1)}


def test_a_lease_ends_with_its_printed_last_day(desk, floor):
    let(floor, 1)
    page = desk.get(reverse("tenants:lease-list")).content.decode()
    assert "2029-12-31" in page
    assert "2030-01-01" not in page


def test_a_split_is_refused_in_words_and_keeps_what_was_typed(desk, floor):
    let(floor, 1)
    address = reverse("tenants:unit-split", args=[Unit.objects.get().pk])
    typed = {"effective_on": "2027-05-01", "parts": "A 40\nB 60", "reason": "new wall"}
    page = desk.post(address, typed)
    text = page.content.decode()
    assert page.status_code == 200
    assert Lease.objects.get().number in text
    assert "A 40" in text
    assert "new wall" in text
    assert not UnitChange.objects.exists()


def test_a_split_is_planned_and_cancelled(desk, floor):
    unit = make_unit(floor=floor, number="101")
    day = timezone.localdate() + timedelta(days=30)
    parts = {"effective_on": day.isoformat(), "parts": "101A 40\n101B，60", "reason": ""}
    assert desk.post(reverse("tenants:unit-split", args=[unit.pk]), parts).status_code == 302
    change = UnitChange.objects.get()
    assert sorted(change.results.values_list("number", flat=True)) == ["101A", "101B"]
    cancel = reverse("tenants:change-cancel", args=[change.pk])
    assert cancel in desk.get(reverse("tenants:park-detail", args=["JR"])).content.decode()
    assert desk.post(cancel, {"reason": "not now"}).status_code == 302
    unit.refresh_from_db()
    assert unit.exists_to is None


def test_areas_that_do_not_add_up_are_refused(desk, floor):
    unit = make_unit(floor=floor, number="101", area=100)
    answer = desk.post(
        reverse("tenants:unit-split", args=[unit.pk]),
        {"effective_on": "2027-05-01", "parts": "A 40\nB 50"},
    )
    assert answer.context["form"].non_field_errors()


def test_a_lease_from_form_to_signature(desk, floor):
    unit, tenant = make_unit(floor=floor, number="101"), make_tenant(home_park=floor.building.park)
    typed = form_of([(unit, "28.5")], tenant=tenant.pk, start="2027-01-01", last_day="2027-12-31")
    answer = desk.post(reverse("tenants:lease-new"), typed)
    lease = Lease.objects.get()
    assert answer.url == reverse("tenants:lease-detail", args=[lease.pk])
    assert lease.end == date(2028, 1, 1)
    sign = reverse("tenants:lease-sign", args=[lease.pk])
    desk.post(sign, {"day": timezone.localdate().isoformat()})
    lease.refresh_from_db()
    assert lease.signed_on == timezone.localdate()
    assert lease.lines.get().binding


def test_a_second_signature_is_refused_in_words(desk, floor):
    let(floor, 1)
    draft = make_draft(units=[Unit.objects.get()], start=date(2025, 1, 1), end=END)
    answer = desk.post(reverse("tenants:lease-sign", args=[draft.pk]), {"day": "2025-01-01"})
    assert answer.status_code == 200
    assert "100" in str(answer.context["form"].non_field_errors())


def test_the_form_warns_while_it_is_filled_in(desk, floor):
    let(floor, 1)
    typed = form_of([(Unit.objects.get(), "20")], start="2026-01-01", last_day="2026-12-31")
    page = desk.post(reverse("tenants:lease-conflicts"), typed).content.decode()
    assert Lease.objects.get().number in page


def test_whoever_saves_second_loses_nothing_and_overwrites_nothing(desk, floor):
    draft = make_draft(units=[make_unit(floor=floor)], start=START, end=END, note="first")
    unit = draft.lines.get().unit
    typed = form_of(
        [(unit, "20")], tenant=draft.tenant_id, start="2027-01-01", last_day="2027-12-31",
        version=draft.version, note="second",
    )  # fmt: skip
    Lease.objects.update(version=draft.version + 1)
    answer = desk.post(reverse("tenants:lease-edit", args=[draft.pk]), typed)
    assert answer.status_code == 200
    assert "second" in answer.content.decode()
    assert Lease.objects.get().note == "first"


def test_a_code_whose_check_character_fails_needs_a_reason(desk):
    typed = {"kind": "firm", "name": "望城试验厂", "uscc": "91430112MA4L000001"}
    answer = desk.post(reverse("tenants:tenant-new"), typed)
    assert answer.context["form"].errors
    assert not Tenant.objects.exists()
    desk.post(reverse("tenants:tenant-new"), typed | {"uscc_override_reason": "so on the licence"})
    assert Tenant.objects.get().uscc == "91430112MA4L000001"


def test_hold_and_release(desk, floor):
    unit = make_unit(floor=floor)
    day = timezone.localdate()
    desk.post(reverse("tenants:unit-hold", args=[unit.pk]),
              {"start": day, "last_day": day + timedelta(days=9), "applicant": "王先生"})  # fmt: skip
    hold = Hold.objects.get()
    assert hold.end == day + timedelta(days=10)
    assert "王先生" in desk.get(reverse("tenants:hold-list")).content.decode()
    desk.post(reverse("tenants:hold-release", args=[hold.pk]), {"reason": ""})
    hold.refresh_from_db()
    assert not hold.binding or hold.end <= day


def test_money_is_for_those_who_may_see_it(client, startup, floor):
    lease = make_lease(units=[make_unit(floor=floor)], tenant=startup.tenants.get(), start=START,
                       end=END, rent=31)  # fmt: skip
    other = make_lease(units=[make_unit(floor=floor)], start=START, end=END)
    client.force_login(startup)
    assert "31.00" in client.get(reverse("tenants:lease-detail", args=[lease.pk])).content.decode()
    assert client.get(reverse("tenants:lease-detail", args=[other.pk])).status_code == 404
    mine = client.get(reverse("tenants:my-space")).content.decode()
    assert lease.number in mine
    assert other.number not in mine


def test_editing_a_draft_keeps_steps_and_rent_free_days(desk, floor):
    unit = make_unit(floor=floor, number="101")
    typed = form_of(
        [(unit, "20")], tenant=make_tenant(home_park=floor.building.park).pk, start="2027-01-01",
        last_day="2029-12-31", rent_free="2027-01-01 2027-03-31\n2028-01-01，2028-01-31",
    )  # fmt: skip
    typed["lines-0-steps"] = "2028-01-01 21.50; 2029-01-01 23"
    desk.post(reverse("tenants:lease-new"), typed)
    lease = Lease.objects.get()
    page = desk.get(reverse("tenants:lease-edit", args=[lease.pk]))
    line = page.context["lines"][0].initial
    again = typed | {
        "rent_free": page.context["form"].initial["rent_free"], "lines-0-steps": line["steps"],
        "version": lease.version, "number": lease.number,
    }  # fmt: skip
    assert desk.post(reverse("tenants:lease-edit", args=[lease.pk]), again).status_code == 302
    steps = lease.lines.get().steps.order_by("start").values_list("start", "rent")
    assert list(steps) == [(date(2028, 1, 1), Decimal("21.50")), (date(2029, 1, 1), Decimal(23))]
    assert [one.end for one in lease.rent_free.order_by("start")] == [
        date(2027, 4, 1), date(2028, 2, 1),
    ]  # fmt: skip


def test_a_step_nobody_can_read_is_refused_beside_it(desk, floor):
    unit = make_unit(floor=floor, number="101")
    typed = form_of([(unit, "20")], tenant=make_tenant(home_park=floor.building.park).pk,
                    start="2027-01-01", last_day="2029-12-31") | {"lines-0-steps": "next year 21"}  # fmt: skip
    page = desk.post(reverse("tenants:lease-new"), typed)
    assert "next year 21" in str(page.context["lines"][0].errors["steps"])
    assert not Lease.objects.exists()


@pytest.mark.parametrize("area", ["nan", "-5", "1e400", "Infinity", "0"])
def test_impossible_areas_of_parts_are_refused(desk, floor, area):
    unit = make_unit(floor=floor, number="101", area=100)
    typed = {"effective_on": "2027-05-01", "parts": f"A {area}\nB 100"}
    answer = desk.post(reverse("tenants:unit-split", args=[unit.pk]), typed)
    assert answer.status_code == 200
    assert not UnitChange.objects.exists()


@pytest.mark.parametrize("rent", ["nan", "-5", "1e400"])
def test_impossible_steps_are_refused(desk, floor, rent):
    typed = form_of(
        [(make_unit(floor=floor), "20")], tenant=make_tenant(home_park=floor.building.park).pk,
        start="2027-01-01", last_day="2029-12-31",
    ) | {"lines-0-steps": f"2028-01-01 {rent}"}  # fmt: skip
    assert desk.post(reverse("tenants:lease-new"), typed).status_code == 200
    assert not Lease.objects.exists()


def test_corrections_are_saved_with_their_reason(desk, floor):
    unit = make_unit(floor=floor, number="101", clear_height_m=3)
    address = reverse("tenants:unit-correct", args=[unit.pk])
    typed = {
        name: "" if value is None else value
        for name, value in desk.get(address).context["form"].initial.items()
    }
    desk.post(address, typed | {"clear_height_m": "4.5", "reason": "measured again"})
    unit.refresh_from_db()
    assert unit.clear_height_m == Decimal("4.5")
    entry = AuditEntry.objects.about(unit).first()
    assert (entry.action, entry.reason, list(entry.after)) == (
        "correct", "measured again", ["clear_height_m"],
    )  # fmt: skip


def test_park_and_building_are_corrected(desk, jr, floor):
    typed = {"name": "金荣", "operator": "金荣公司", "reason": "new operator"}
    assert desk.post(reverse("tenants:park-edit", args=["JR"]), typed).status_code == 302
    jr.refresh_from_db()
    assert (jr.name, jr.operator, jr.name_verified) == ("金荣", "金荣公司", False)
    address = reverse("tenants:building-edit", args=[floor.building_id])
    desk.post(address, {"name": "一栋", "use": "workshop", "reason": "sign on the wall"})
    floor.building.refresh_from_db()
    assert floor.building.name == "一栋"


def test_the_trail_is_filtered_and_its_chain_checked(desk, floor):
    let(floor, 1)
    page = desk.get(reverse("tenants:audit-list"), {"action": "sign", "check": 1})
    assert [entry.action for entry in page.context["trail"]] == ["sign"]
    assert "The chain is whole" in page.content.decode()
    AuditEntry.objects.filter(action="sign").update(reason="another")
    page = desk.get(reverse("tenants:audit-list"), {"check": 1})
    assert page.context["broken"]


def test_a_units_page_draws_its_life(desk, floor):
    unit = make_unit(floor=floor, number="101")
    make_lease(units=[unit], tenant=make_tenant(name="<b>甲"), start=date(2020, 1, 1),
               end=date(2022, 1, 1))  # fmt: skip
    make_lease(units=[unit], start=date(2022, 1, 1), end=END)
    page = desk.get(reverse("tenants:unit-detail", args=[unit.pk]))
    first, second = sorted(page.context["life"].bars, key=lambda bar: bar.x)
    assert first.x + first.width == pytest.approx(second.x, abs=0.2)
    assert "2021-12-31: &lt;b&gt;甲" in page.content.decode()


@pytest.mark.parametrize("on", ["2018-01-01", "2020-01-01", "2028-01-01"])
def test_a_unit_has_a_page_on_every_day(desk, floor, on):
    unit = make_unit(floor=floor, number="101", exists_from=date(2020, 1, 1))
    assert desk.get(reverse("tenants:unit-detail", args=[unit.pk]), {"on": on}).status_code == 200


def test_the_form_warns_of_closures_and_holds(desk, floor):
    closed, held = make_unit(floor=floor, number="closed"), make_unit(floor=floor, number="held")
    space.close_unit(unit=closed, reason="own_use", start=START, end=END, by=NOBODY)
    letting.hold_unit(unit=held, applicant="王先生", start=START, end=END, by=NOBODY)
    days = {"start": "2026-01-01", "last_day": "2026-12-31"}
    days["tenant"] = make_tenant(home_park=floor.building.park).pk
    for unit in (closed, held):
        page = desk.post(reverse("tenants:lease-conflicts"), form_of([(unit, "20")], **days))
        assert f"{unit.number} is" in page.content.decode()


def test_an_amendment_is_no_conflict_with_what_it_amends(desk, floor):
    let(floor, 1)
    unit, lease = Unit.objects.get(), Lease.objects.get()
    draft = letting.amend_lease(lease=lease, effective_on=date(2026, 1, 1), by=NOBODY)
    typed = form_of([(unit, "20")], start="2026-01-01", last_day="2026-12-31")
    address = reverse("tenants:lease-conflicts")
    assert "Nothing stands" in desk.post(f"{address}?lease={draft.pk}", typed).content.decode()
    assert lease.number in desk.post(address, typed).content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_out_of_this_world_are_refused(desk, floor, day):
    unit = make_unit(floor=floor)
    typed = form_of([(unit, "20")], tenant=make_tenant(home_park=floor.building.park).pk,
                    start="2027-01-01", last_day=day, rent_free=f"2027-01-01 {day}")  # fmt: skip
    assert desk.post(reverse("tenants:lease-new"), typed).status_code == 200
    assert desk.post(reverse("tenants:lease-conflicts"), typed).status_code == 200
    for act, data in (("close", {"closed_for": "own_use"}), ("hold", {"applicant": "甲"})):
        typed = data | {"start": "2027-01-01", "last_day": day}
        answer = desk.post(reverse(f"tenants:unit-{act}", args=[unit.pk]), typed)
        assert answer.status_code == 200
    typed = {"effective_on": day, "parts": "A 50\nB 50"}
    assert desk.post(reverse("tenants:unit-split", args=[unit.pk]), typed).status_code == 200
