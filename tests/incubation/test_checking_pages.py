"""The pages of the formal check, the decision and the talk."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.checking_sections import versions_of
from incubation.dossier import label_of
from incubation.models import Application, ApplicationStep
from incubation.next_steps import NEXT, STAGE_OF, STAGES
from incubation.selectors.calls import taking
from incubation.selectors.intake import intake_of
from incubation.selectors.promises import promised_by, road_of, usual_days, with_promised
from incubation.workflow import CLOSED, State
from parks import notices
from parks.models import Notice
from tenants.tasks import TASKS
from tests.factories.applications import make_application, make_review, make_reviewer, take
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def sent(jr, startup, today):
    """The startup's application, waiting for the formal check."""
    application = make_application(
        carrier=make_carrier(park=jr), tenant=startup.tenants.get(), on=today,
        move_in_on=today + timedelta(days=40),
    )  # fmt: skip
    return take(application, "submit", on=today)


def url(name, application):
    return reverse(f"incubation:application-{name}", args=[application.pk])


def state(application, on):
    return Application.objects.with_state(on).get(pk=application.pk).state


def test_every_state_has_words_and_a_stage():
    assert set(NEXT) == set(State)
    assert set(STAGE_OF) == set(State) - CLOSED | {State.MOVED_IN}
    assert all(stage.label for stage in STAGES)


def test_what_is_to_be_amended_reaches_the_applicant(client, operator, startup, sent, today):
    client.force_login(operator)
    assert url("check", sent) in client.get(f"/applications/{sent.pk}/").content.decode()
    values = {"outcome": "return", "amend_team": "写明全职人数", "others": "盖章\n\n签字"}
    page = client.post(url("check", sent), values | {"outcome": "accept"})
    assert page.status_code == 200
    assert "写明全职人数" in page.content.decode()
    assert state(sent, today) == "submitted"
    assert client.post(url("check", sent), {"outcome": "return"}).status_code == 200
    assert client.post(url("check", sent), values).status_code == 302
    step = ApplicationStep.objects.get(application=sent, act="return")
    assert [item[-6:] for item in step.details["items"]] == ["写明全职人数", "盖章", "签字"]
    client.force_login(startup)
    shown = client.get(f"/applications/{sent.pk}/").content.decode()
    assert "写明全职人数" in shown
    assert reverse("incubation:apply-form", args=[sent.pk]) in shown


def test_a_refused_form_needs_a_reason_and_ends_it(client, operator, sent, today):
    client.force_login(operator)
    page = client.post(url("check", sent), {"outcome": "refuse"})
    assert "opinion" in page.context["form"].errors
    answer = client.post(url("check", sent), {"outcome": "refuse", "opinion": "不在受理范围"})
    assert answer.status_code == 302
    assert state(sent, today) == "refused"


def test_the_decision_shows_the_points_and_asks_why_against_them(client, operator, sent, today):
    incubation.load_score_sheets()
    client.force_login(operator)
    assert client.post(url("check", sent), {"outcome": "accept"}).status_code == 302
    values, page = {"outcome": "approve", "opinion": "同意入驻"}, f"/applications/{sent.pk}/"
    assert url("decide", sent) not in client.get(page).content.decode()
    assert "opinion" not in client.get(url("decide", sent)).content.decode()
    assert client.post(url("decide", sent), values).status_code == 200
    for name, points in (("甲", 40), ("乙", 70)):
        make_review(sent, make_reviewer(name), points, on=today)
    assert url("decide", sent) in client.get(page).content.decode()
    text = client.get(url("decide", sent)).content.decode()
    assert "55.00" in text
    assert "30.0" in text
    page = client.post(url("decide", sent), values)
    assert page.context["form"].non_field_errors()
    values["against_points_reason"] = "补链需要"
    assert client.post(url("decide", sent), values).status_code == 302
    assert state(sent, today) == "approved"
    assert client.post(url("queue", sent), {}).status_code == 302
    assert state(sent, today) == "waiting"


def test_both_sides_write_and_the_other_is_told(client, operator, operator2, startup, sent):
    client.force_login(startup)
    assert client.post(url("message", sent), {"text": " "}).status_code == 200
    client.post(url("message", sent), {"text": "何时能看场地？"})
    client.force_login(operator)
    assert "何时能看场地" in client.get(f"/applications/{sent.pk}/").content.decode()
    client.post(url("message", sent), {"text": "明天下午"})
    rows = list(sent.messages.values_list("text", "from_applicant"))
    assert rows == [("何时能看场地？", True), ("明天下午", False)]
    told = Notice.objects.filter(kind__endswith="-message").values_list("kind", "user")
    assert set(told) == {("staff-message", None), ("application-message", startup.pk)}
    client.force_login(operator2)
    assert client.post(url("message", sent), {"text": "x"}).status_code == 404


def test_a_carrier_takes_applications_in_calls(client, operator, operator2, jr, today):
    carrier = make_carrier(park=jr)
    client.force_login(operator)
    settings, call = (reverse(f"incubation:carrier-{name}", args=[carrier.pk])
                      for name in ("intake", "call"))  # fmt: skip
    form = client.get(settings).context["form"]
    values = {name: value for name, value in form.initial.items() if value is not None}
    refused = client.post(settings, values | {"reviewer_count": 1})
    assert "reviewer_count" in refused.context["form"].errors
    answer = client.post(settings, values | {"check_days": 3, "blind": "on"})
    assert answer.status_code == 302, answer.context["form"].errors
    intake = intake_of(carrier)
    assert (intake.check_days, intake.blind, intake.mode) == (3, True, "all_year")
    days = {"name": "秋季批次", "opens_on": today, "last_day": today + timedelta(days=9)}
    assert client.post(call, days).status_code == 302
    assert client.post(call, days).context["form"].non_field_errors()
    assert taking(carrier, today).open
    assert not taking(carrier, today + timedelta(days=10)).open
    edit = reverse("incubation:call-edit", args=[carrier.calls.get().pk])
    assert client.post(edit, days | {"last_day": today}).status_code == 302
    assert not taking(carrier, today + timedelta(days=1)).open
    assert "秋季批次" in client.get("/calls/?standing=open").content.decode()
    assert client.get(f"/carriers/{carrier.pk}/").status_code == 200
    client.force_login(operator2)
    assert client.get(settings).status_code == 404
    assert client.get(edit).status_code == 404


def test_who_is_late_is_on_the_board_and_in_the_list(client, operator, sent, today):
    """Promised: five days for the formal check."""
    found = {task.key: task for task in TASKS}

    def keys(key, on):
        return [row.pk for row in found[f"application-{key}"].rows(operator, on)]

    due = today + timedelta(days=5)
    row = Application.objects.with_state(today).get(pk=sent.pk)
    assert promised_by(row) == with_promised(Application.objects.with_state(today)).get().promised
    assert (keys("late", due), keys("check", due)) == ([], [sent.pk])
    assert keys("late", due + timedelta(days=1)) == [sent.pk]
    client.force_login(operator)
    for query, shown in (("late=true", 0), (f"late=true&on={due + timedelta(days=1)}", 1),
                         ("state=open", 1), ("state=refused", 0), (f"q={sent.number}", 1),
                         (f"carrier={sent.carrier_id}&late=false", 1)):  # fmt: skip
        page = client.get(f"/applications/?{query}")
        assert page.context["page_obj"].paginator.count == shown, query
    assert keys("message", today) == []
    incubation.send_message(
        application=sent, text="何时？", by=operator, at=timezone.now(), from_applicant=True
    )
    assert keys("message", today) == [sent.pk]


def test_how_long_a_step_usually_takes_is_the_median(sent, today):
    for days in (1, 2, 9):
        on = today - timedelta(days=40)
        other = take(make_application(carrier=sent.carrier, on=on), "submit", on=on)
        take(other, "accept_form", on=on + timedelta(days=days))
    assert usual_days(sent.carrier, today) == {0: 0, 1: 2}
    row = Application.objects.with_state(today).get(pk=sent.pk)
    assert [one.place for one in road_of(row, today)][:3] == ["past", "now", "later"]


def test_an_approval_is_announced_and_an_objection_leads_back(client, operator, sent, today):
    until = today + timedelta(days=7)
    take(sent, "accept_form", on=today)
    take(sent, "approve", on=today, target="noticed", until=until)
    address = reverse("incubation:announcements")
    page = client.get(address).content.decode()
    assert sent.tenant.name in page
    assert sent.title in page
    (told,) = client.get(f"/api/v1/announcements/?on={today}").json()["results"]
    assert (told["applicant"], told["until"]) == (sent.tenant.name, until.isoformat())
    assert sent.tenant.name not in client.get(f"{address}?on={until}").content.decode()
    client.force_login(operator)
    assert client.post(url("object", sent), {"opinion": "专利权属有争议"}).status_code == 302
    assert state(sent, today) == "in_review"
    client.logout()
    assert sent.tenant.name not in client.get(address).content.decode()


def test_the_applicant_objects_to_the_notice_while_it_runs(client, operator, startup, sent, today):
    until = today + timedelta(days=7)
    address, page = url("objection", sent), f"/applications/{sent.pk}/"
    client.force_login(startup)
    take(sent, "accept_form", on=today)
    assert address not in client.get(page).content.decode()
    assert client.post(address, {"opinion": "项目名称有误"}).status_code == 200
    take(sent, "approve", on=today, target="noticed", until=until)
    assert address in client.get(page).content.decode()
    assert client.post(address, {"opinion": " "}).status_code == 200
    assert state(sent, today) == "noticed"
    assert client.post(address, {"opinion": "项目名称有误"}).status_code == 302
    assert state(sent, today) == "in_review"
    (told,) = notices.standing(operator, today).filter(kind="staff-object")
    assert "项目名称有误" in notices.words(told)
    take(sent, "approve", on=today, target="noticed", until=until)
    assert not notices.standing(operator, today).filter(kind="staff-object").exists()
    take(sent, "object", on=today, by=operator)
    assert Notice.objects.filter(kind="staff-object").count() == 1


def test_what_changed_between_two_versions_is_shown(client, operator, startup, jr, today):
    who = {"by": startup, "at": timezone.now(), "on": today}
    application = make_application(
        carrier=make_carrier(park=jr), tenant=startup.tenants.get(), on=today,
        move_in_on=today + timedelta(days=40), team="五人。两名博士。",
    )  # fmt: skip
    for kind in ("licence", "plan"):
        file = SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.7 " + kind.encode())
        incubation.add_paper(application=application, file=file, kind=kind, **who)
    incubation.submit_application(application=application, **who)
    incubation.return_application(application=application, items=["团队"], **who)
    values = {"team": "五人。三名博士。", "unit_kind": "workshop", "people": 13}
    incubation.save_draft(application=application, values=values, **who)
    file = SimpleUploadedFile("ip.pdf", b"%PDF-1.7 ip")
    incubation.add_paper(application=application, file=file, kind="ip", **who)
    incubation.submit_application(application=application, **who)
    ((number, _step, changes),) = versions_of(application, today)
    found = {change.label: change.pieces for change in changes}
    assert number == 2
    assert found[label_of("team")] == [
        ("same", "五人。"),
        ("gone", "两名博士。"),
        ("new", "三名博士。"),
    ]
    assert found[label_of("people")] == [("gone", "12"), ("new", "13")]
    assert len(found) == 4
    client.force_login(operator)
    for address in (f"/applications/{application.pk}/", url("check", application)):
        text = client.get(address).content.decode()
        assert "<ins>三名博士。</ins>" in text
        assert "<ins>ip.pdf</ins>" in text


@pytest.mark.parametrize("address", ["call-list", "announcements"])
def test_public_lists_cost_the_same_for_one_and_for_three(
    client, operator, jr, today, address, django_assert_num_queries
):
    def row():
        carrier = make_carrier(park=jr)
        incubation.open_call(carrier=carrier, name="批次", opens_on=today, by=operator,
                             closes_on=today + timedelta(days=9))  # fmt: skip
        one = take(make_application(carrier=carrier, on=today), "submit", "accept_form", on=today)
        take(one, "approve", on=today, target="noticed", until=today + timedelta(days=7))

    client.force_login(operator)
    page = reverse(f"incubation:{address}")
    row()
    client.get(page)
    with CaptureQueriesContext(connection) as once:
        client.get(page)
    row()
    row()
    with django_assert_num_queries(len(once)):
        client.get(page)


def test_a_withdrawn_application_is_not_approved(client, operator, startup, sent, today):
    incubation.load_score_sheets()
    take(sent, "accept_form", on=today)
    for name in ("甲", "乙"):
        make_review(sent, make_reviewer(name), 80, on=today)
    client.force_login(operator)
    assert client.get(url("decide", sent)).status_code == 200
    incubation.withdraw_application(application=sent, by=startup, at=timezone.now(), on=today)
    page = client.post(url("decide", sent), {"outcome": "approve", "opinion": "同意"})
    assert str(State.WITHDRAWN.label) in str(page.context["form"].non_field_errors())
    assert state(sent, today) == "withdrawn"
