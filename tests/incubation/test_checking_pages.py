"""The pages of the formal check, the decision and the talk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.models import Application, ApplicationStep
from incubation.next_steps import NEXT, STAGE_OF, STAGES
from incubation.workflow import CLOSED, State
from parks.models import Notice
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
    values = {"outcome": "approve", "opinion": "同意入驻"}
    assert client.post(url("decide", sent), values).status_code == 200
    for name, points in (("甲", 40), ("乙", 70)):
        make_review(sent, make_reviewer(name), points, on=today)
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
