"""Pages of carriers: what they tell as of the day, and their acts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incubation import services
from incubation.duty import first_in_time, report_by
from incubation.models import Carrier, CarrierChange, CarrierSpace, ServiceEvent
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets
from parks import notices
from parks.models import Notice
from tenants.tasks import TASKS
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency

DAY = date(2026, 6, 30)
ON = {"on": "2026-06-30"}


@pytest.fixture
def carrier(jr):
    carrier = make_carrier(park=jr, name="金荣孵化器", operator="甲公司")
    services.record_recognition(
        carrier=carrier, level="provincial", document="1号文", start=date(2022, 1, 1), by=NOBODY
    )
    return carrier


@pytest.fixture
def units(jr):
    floor = make_floor(building=make_building(park=jr, code="A", name="A栋"), ordinal=5)
    return [make_unit(floor=floor, number=f"50{n}", area=100) for n in range(1, 5)]


@pytest.fixture
def here(client, operator):
    client.force_login(operator)
    return client


def url(name, *args):
    return reverse(f"incubation:{name}", args=args)


def text(answer):
    return answer.content.decode()


def assign(carrier, units, **fields):
    return services.assign_spaces(
        carrier=carrier, units=units, by=NOBODY, start=date(2025, 1, 1),
        **{"purpose": "tenants"} | fields,
    )  # fmt: skip


def test_the_page_tells_the_carrier_of_the_day(here, carrier, units):
    assign(carrier, units[:3])
    services.change_carrier(
        carrier=carrier, what="name", after="望城孵化器", effective_on=date(2026, 1, 1), on=DAY,
        by=NOBODY,
    )  # fmt: skip
    services.record_carrier_year(carrier=carrier, year=2025, staff=12, fund=5_000_000, by=NOBODY)
    residency = make_residency(carrier=carrier, entered_on=date(2025, 1, 1))
    page = text(here.get(url("carrier-detail", carrier.pk), ON))
    for words in ("望城孵化器", "300.00", "1号文", "5,000,000.00", residency.tenant.name):
        assert words in page
    early = here.get(url("carrier-detail", carrier.pk), {"on": "2024-12-31"})
    assert "<h1>金荣孵化器" in text(early).replace("\n", "")
    assert residency.tenant.name not in text(early)
    assert early.context["whole"].area == 0


def test_two_failures_in_a_row_are_said_with_the_rule(here, carrier):
    for year, grade in ((2022, "D"), (2023, "B"), (2024, "D")):
        services.record_grade(
            carrier=carrier, level="provincial", year=year, grade=grade, by=NOBODY
        )
    page = here.get(url("carrier-detail", carrier.pk), ON)
    assert not page.context["recognitions"][0][3]
    services.record_grade(carrier=carrier, level="provincial", year=2025, grade="D", by=NOBODY)
    page = here.get(url("carrier-detail", carrier.pk), ON)
    assert page.context["recognitions"][0][3] == [(2024, 2025)]
    assert "国科发区〔2018〕300号" in text(page)


def test_the_area_is_exact_to_the_hundredth(here, carrier, jr):
    floor = make_floor(building=make_building(park=jr, code="B"), ordinal=1)
    assign(carrier, [make_unit(floor=floor, number=f"1{n:02}", area="148.80") for n in range(43)])
    assert Carrier.objects.with_figures(DAY).get(pk=carrier.pk).area == Decimal("6398.40")
    rows = text(here.get(url("carrier-list"), ON | {"format": "csv"}))
    assert ",6398.4" in rows
    assert "6398.40000" not in rows


def test_numbers_of_the_list_open_their_rows_on_the_day(here, carrier):
    page = text(here.get(url("carrier-list"), ON))
    assert f'href="/carriers/{carrier.pk}/?on=2026-06-30#residents"' in page


def test_the_list_filters_sums_and_exports(here, carrier, units, jr):
    assign(carrier, units[:3])
    make_carrier(park=jr, stage="accelerator")
    page = here.get(url("carrier-list"), ON | {"stage": "incubator", "level": "provincial"})
    assert [one.pk for one in page.context["page_obj"]] == [carrier.pk]
    assert page.context["view"].totals()["area"] == "300.00"
    csv = text(here.get(url("carrier-list"), ON | {"format": "csv"}))
    assert "金荣孵化器" in csv
    assert "300.00" in csv


@pytest.mark.parametrize("name", ["carrier-list", "mentor-list", "event-list", "tax-months"])
def test_lists_cost_the_same_with_one_row_and_three(here, jr, units, name):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert here.get(url(name), ON).status_code == 200
        return len(queries)

    def fill(n):
        made = make_carrier(park=jr)
        assign(made, units[n : n + 1])
        residency = make_residency(carrier=made, entered_on=date(2026, 1, 1))
        make_lease(units=[units[n]], tenant=residency.tenant, start=date(2026, 1, 1),
                   end=date(2027, 1, 1))  # fmt: skip
        services.add_mentor(carrier=made, name="王", start=date(2025, 1, 1), by=NOBODY)
        services.record_event(
            carrier=made, on=date(2026, 1, 1), title="路演", attendance={residency.tenant: 2},
            by=NOBODY,
        )  # fmt: skip

    cost()
    fill(0)
    one = cost()
    fill(1)
    fill(2)
    assert cost() == one


def test_a_page_of_a_carrier_costs_the_same_with_one_row_and_three(here, carrier, units):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert here.get(url("carrier-detail", carrier.pk), ON).status_code == 200
        return len(queries)

    def fill(n):
        assign(carrier, units[n : n + 1])
        make_residency(carrier=carrier, entered_on=date(2026, 1, 1))
        services.add_mentor(carrier=carrier, name=f"王{n}", start=date(2025, 1, 1), by=NOBODY)
        services.record_grade(
            carrier=carrier, level="provincial", year=2022 + n, grade="B", by=NOBODY
        )

    fill(0)
    one = cost()
    fill(1)
    fill(2)
    assert cost() == one


def test_space_is_given_by_marks_and_by_numbers(here, carrier, units, jr):
    page = here.get(
        url("carrier-assign", carrier.pk), ON | {"building": units[0].floor.building_id}
    )
    assert "A栋" in text(page)
    body = {"purpose": "tenants", "start": "2026-06-01", "units": [units[0].pk],
            "numbers": "502，503"}  # fmt: skip
    answer = here.post(url("carrier-assign", carrier.pk) + "?on=2026-06-30", body)
    assert answer.status_code == 302, text(answer)
    given = CarrierSpace.objects.order_by("unit__number").values_list("unit__number", flat=True)
    assert list(given) == ["501", "502", "503"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"numbers": "999"}, "999"),
        ({"numbers": "504 601"}, "601"),
        ({}, "请至少勾选一套房源"),
        ({"numbers": "501"}, "二号"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_typed_is_lost(
    here, carrier, units, jr, body, words
):
    assign(make_carrier(park=jr, name="二号"), units[:1])
    for code in ("B", "C"):
        make_unit(floor=make_floor(building=make_building(park=jr, code=code)), number="601")
    values = {"purpose": "management", "start": "2026-06-01"} | body
    answer = here.post(url("carrier-assign", carrier.pk) + "?on=2026-06-30", values)
    assert answer.status_code == 200
    page = text(answer)
    assert words in page
    assert body.get("numbers", "") in page
    assert 'value="management" selected' in page
    assert not carrier.spaces.exists()


def test_space_is_released_or_serves_another_purpose(here, carrier, units):
    first, second = assign(carrier, units[:2])
    path = url("carrier-release", carrier.pk)
    body = {"day": "2026-06-30", "spaces": [first.pk], "act": "release"}
    assert here.post(path + "?on=2026-06-30", body).status_code == 302
    first.refresh_from_db()
    assert first.end == DAY
    body = {"day": "2026-06-30", "spaces": [second.pk], "act": "public_service"}
    assert here.post(path + "?on=2026-06-30", body).status_code == 302
    assert carrier.spaces.get(start=DAY).purpose == "public_service"
    change = carrier.changes.get(effective_on=DAY)
    assert (change.before, change.after) == ("200.00", "100.00")


def test_money_is_typed_in_ten_thousands_and_shown_in_yuan(here, carrier):
    body = {"year": 2025, "unit": 10000, "fund": "500", "income_services": "12.5", "staff": 8,
            "technical_platform": "unknown", "service_income_separate": "true",
            "statistics_complete": "unknown"}  # fmt: skip
    assert here.post(url("carrier-year", carrier.pk), body).status_code == 302
    made = carrier.years.get()
    assert (made.fund, made.income_services, made.cost) == (5_000_000, 125_000, None)
    page = here.get(url("carrier-year-edit", made.pk))
    assert 'value="5000000.00"' in text(page)


def test_figures_of_a_year_to_come_are_refused(here, carrier):
    answer = here.post(url("carrier-year", carrier.pk), {"year": "2099", "unit": "1"})
    assert not carrier.years.exists()
    assert "year" in answer.context["form"].errors


def test_a_change_says_until_when_it_is_to_be_reported(here, carrier):
    services.change_carrier(
        carrier=carrier, what="name", after="新名孵化器", effective_on=date(2026, 6, 1), on=DAY,
        by=NOBODY, reason="更名",
    )  # fmt: skip
    notices = text(here.get(url("carrier-detail", carrier.pk), ON)).partition('class="tiles"')[0]
    assert "2026-09-01" in notices


def test_a_carrier_is_made_changed_reported_and_closed(here, jr):
    body = {"park": jr.pk, "stage": "makerspace", "name": "众创一号", "kind": "general",
            "opened_on": "2020-01-01", "own_legal_person": "unknown"}  # fmt: skip
    assert here.post(url("carrier-new"), body).status_code == 302
    carrier = Carrier.objects.get()
    again = here.post(url("carrier-new"), body)
    assert "园区已有同名载体" in text(again)
    path = url("carrier-change", carrier.pk)
    body = {"what": "operator", "after": "乙公司", "effective_on": "2026-01-01"}
    assert here.post(path, body).status_code == 302
    made = CarrierChange.objects.get()
    body = {"reported_on": "2026-02-01", "number": "1号"}
    assert here.post(url("carrier-change-report", made.pk), body).status_code == 302
    made.refresh_from_db()
    assert made.report_number == "1号"
    residency = make_residency(carrier=carrier, entered_on=date(2026, 1, 1))
    body = {"last_day": "2026-06-29"}
    assert "1" in text(here.post(url("carrier-close", carrier.pk), body))
    residency.delete()
    assert here.post(url("carrier-close", carrier.pk), body).status_code == 302
    carrier.refresh_from_db()
    assert carrier.closed_on == DAY


def test_the_bureau_records_recognitions_and_grades(client, bureau, carrier):
    client.force_login(bureau)
    body = {"level": "national", "form": "recognised", "document": "2号文", "start": "2026-01-01"}
    assert client.post(url("carrier-recognise", carrier.pk), body).status_code == 302
    made = carrier.recognitions.get(level="national")
    assert (
        client.post(url("recognition-end", made.pk), {"last_day": "2026-06-30"}).status_code == 302
    )
    made.refresh_from_db()
    assert made.end == date(2026, 7, 1)
    body = {"level": "national", "year": 2025, "grade": "C"}
    assert client.post(url("carrier-grade", carrier.pk), body).status_code == 302
    grade = carrier.grades.get()
    assert client.post(url("grade-edit", grade.pk), {"grade": "B"}).status_code == 302
    grade.refresh_from_db()
    assert grade.grade == "B"


def test_mentors_and_events_are_recorded_among_the_residents(here, carrier):
    residency = make_residency(carrier=carrier, entered_on=date(2024, 1, 1))
    stranger = make_tenant(home_park=carrier.park)
    body = {"name": "王老师", "start": "2025-01-01"}
    assert here.post(url("carrier-mentor", carrier.pk), body).status_code == 302
    mentor = carrier.mentors.get()
    pair = {"tenant": stranger.pk, "start": "2025-01-01"}
    assert here.post(url("mentor-pair", mentor.pk), pair).status_code == 200
    assert (
        here.post(url("mentor-pair", mentor.pk), pair | {"tenant": residency.tenant_id}).status_code
        == 302
    )
    body = {"tenant": residency.tenant_id, "on": "2026-01-01", "minutes": 45, "subject": "融资"}
    assert here.post(url("mentor-session", mentor.pk), body).status_code == 302
    page = text(here.get(url("mentor-detail", mentor.pk), ON))
    assert "融资" in page
    assert residency.tenant.name in page
    body = {"kind": "roadshow", "on": "2026-01-01", "title": "第一期路演", "people": 40}
    answer = here.post(url("carrier-event", carrier.pk), body)
    event = ServiceEvent.objects.get()
    assert answer["Location"] == url("event-attendance", event.pk)
    assert residency.tenant.name in text(here.get(answer["Location"]))
    body = {f"people-{residency.tenant_id}": 3}
    assert here.post(answer["Location"], body).status_code == 302
    assert event.attendance.get().people == 3
    assert here.post(answer["Location"], {}).status_code == 302
    assert not event.attendance.exists()


def test_a_unit_says_which_carrier_uses_it(here, carrier, units):
    assign(carrier, units[:1], purpose="management")
    for address in (f"/units/{units[0].pk}/", f"/parks/JR/stacking/units/{units[0].pk}/"):
        assert "管理办公" in text(here.get(address, ON)), address
    assert "孵化载体" not in text(here.get(f"/units/{units[1].pk}/", ON)).split("<main", 1)[1]


def test_tax_months_open_their_rows_and_export(here, carrier, units):
    assign(carrier, units[:2])
    residency = make_residency(carrier=carrier, entered_on=date(2025, 1, 1))
    make_lease(
        units=units[:1], tenant=residency.tenant, start=date(2025, 1, 1), end=date(2027, 1, 1)
    )
    page = text(here.get(url("tax-months"), ON))
    assert "待核" in page
    address = f"{url('tax-month-rows')}?carrier={carrier.pk}&amp;first=2026-06&amp;rule=mean"
    assert address in page
    query = ON | {"carrier": carrier.pk, "first": "2026-06", "last": "2026-06", "rule": "mean"}
    rows = here.get(url("tax-month-rows"), query | {"part": "firms"})
    assert (rows.context["whole"], len(rows.context["rows"])) == (100, 1)
    assert residency.agreement_number in text(rows)
    for part in ("exempt", "papers", ""):
        assert here.get(url("tax-month-rows"), query | {"part": part}).status_code == 200
    assert here.get(url("tax-month-rows"), query | {"part": "x"}).status_code == 404
    csv = text(here.get(url("tax-months"), ON | {"format": "csv", "rule": "first"}))
    assert csv.count("金荣孵化器") == 12
    assert "100" in csv
    for query in ({"first": "x"}, {"first": "2026-07", "last": "2026-06"}, {"first": "1990-01"},
                  {"carrier": "x"}, {"rule": "x"}):  # fmt: skip
        answer = here.get(url("tax-months"), ON | query)
        assert answer.context["form"].errors


@pytest.mark.parametrize(
    ("effective_on", "last"),
    [(date(2026, 1, 15), date(2026, 4, 15)), (date(2025, 11, 30), date(2026, 2, 28)),
     (date(2023, 11, 30), date(2024, 2, 29)), (date(2026, 8, 31), date(2026, 11, 30))],
)  # fmt: skip
def test_the_three_months_are_exact(effective_on, last):
    assert report_by(effective_on) == last


def test_what_is_overdue_is_what_is_past_its_last_day():
    days = [date.fromordinal(date(2023, 10, 1).toordinal() + n) for n in range(800)]
    for on in days[200:]:
        first = first_in_time(on)
        assert report_by(first) >= on > report_by(date.fromordinal(first.toordinal() - 1))


def test_a_change_waits_on_the_board_and_warns_before_and_after_its_last_day(
    here, operator, operator2, carrier
):
    services.change_carrier(
        carrier=carrier, what="address", after="新址", effective_on=date(2026, 1, 15), on=DAY,
        by=NOBODY,
    )  # fmt: skip
    made = carrier.changes.get()
    task = next(one for one in TASKS if one.key == "carrier-changes")
    assert list(task.rows(operator, date(2026, 1, 15))) == [made]
    assert not task.rows(operator, date(2026, 1, 14))
    assert not task.rows(operator2, DAY)
    listed = text(here.get("/tasks/carrier-changes/", {"on": "2026-02-01"}))
    assert "2026-04-15" in listed

    def told(on):
        notices.settle(on)
        found = notices.standing(operator, on).filter(kind__startswith="carrier-change")
        return [one.kind for one in found]

    assert told(date(2026, 3, 15)) == []
    assert told(date(2026, 3, 16)) == ["carrier-change-due"]
    assert told(date(2026, 4, 15)) == ["carrier-change-due"]
    assert told(date(2026, 4, 16)) == ["carrier-change-overdue"]
    assert CarrierChange.objects.overdue(date(2026, 4, 16)).exists()
    assert not CarrierChange.objects.overdue(date(2026, 4, 15)).exists()
    services.report_change(change=made, reported_on=date(2026, 4, 16), number="1号", by=NOBODY)
    found = notices.standing(operator, date(2026, 4, 16))
    assert not found.filter(kind__startswith="carrier-change").exists()
    assert told(date(2026, 4, 17)) == []
    assert not Notice.objects.filter(kind__startswith="carrier-change").exists()


def test_releasing_space_says_beforehand_which_line_would_be_missed(here, carrier, jr):
    load_rule_sets(read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC))
    floor = make_floor(park=jr)
    (large,) = assign(carrier, [make_unit(floor=floor, area=6000)])
    assign(carrier, [make_unit(floor=floor, area=4000)])
    path = url("carrier-release", carrier.pk) + "?on=2026-06-30"
    body = {"day": "2026-06-30", "spaces": [large.pk], "act": "release"}
    warned = here.post(path, body)
    assert warned.status_code == 200
    (cost,) = [one for one in warned.context["costs"] if "4,000" in one]
    assert cost in text(warned)
    large.refresh_from_db()
    assert large.end is None
    assert here.post(path, body | {"seen": warned.context["seen"]}).status_code == 302
    large.refresh_from_db()
    assert large.end == DAY
