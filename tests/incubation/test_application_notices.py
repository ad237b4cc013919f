"""Each step is told to the applicant, in its language and by mail, and to the staff who must act."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from incubation import services as incubation
from incubation.application_notices import TO_APPLICANT, TO_STAFF
from incubation.workflow import ACTS, State
from parks import notices
from parks.models import Notice, Subscription
from parks.telling import send_mails
from tests.factories import NOBODY
from tests.factories.applications import make_application, moment, take
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 2)


@pytest.fixture
def founder(startup):
    startup.email = "founder@example.org"
    startup.save()
    return startup


@pytest.fixture
def application(founder, jr):
    return make_application(tenant=founder.tenants.get(), carrier=make_carrier(park=jr))


def returned(application):
    take(application, "submit")
    take(application, "return", until=date(2026, 6, 17), opinion="补章程")


def told(user, on=ON):
    return [one.kind for one in notices.standing(user, on).order_by("pk")]


def test_every_act_has_its_words():
    named = {key.split("-")[0] for key in TO_APPLICANT}
    assert named == set(ACTS) - {"start"}
    sources = {f"lapse-{source}" for source in ACTS["lapse"].moves}
    assert sources == {key for key in TO_APPLICANT if key.startswith("lapse-")}
    targets = {
        f"{a}-{t}" for a in ("approve", "abandon") for m in ACTS[a].moves.values() for t in m
    }
    assert targets <= set(TO_APPLICANT)
    params = dict.fromkeys(("title", "carrier", "who", "reason", "due", "units"), "x")
    for kind in [*TO_APPLICANT.values(), *TO_STAFF.values()]:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert "x" in str(kind.words) % params


def test_the_applicant_is_told_each_step_and_the_staff_what_waits(application, founder, operator):
    returned(application)
    assert told(founder) == ["application-submit", "application-return"]
    assert told(operator) == []
    take(application, "submit", on=date(2026, 6, 3))
    (waiting,) = notices.standing(operator, date(2026, 6, 3))
    assert application.number in notices.words(waiting)
    assert waiting.due_on == date(2026, 6, 8)
    take(application, "accept_form", on=date(2026, 6, 4))
    assert told(operator, date(2026, 6, 4)) == []
    take(application, "withdraw", on=date(2026, 6, 5))
    assert told(operator, date(2026, 6, 5)) == ["staff-withdraw"]


def test_a_draft_is_nobodys_business(application, founder, operator):
    take(application, "withdraw")
    assert told(founder) == ["application-withdraw"]
    assert told(operator) == []


def test_what_ends_by_itself_is_told(application, founder, operator):
    returned(application)
    incubation.record_lapsed(at=moment(date(2026, 6, 20)), on=date(2026, 6, 20))
    notice = Notice.objects.get(kind="application-lapse-amending")
    assert (notice.raised_on, notice.due_on) == (date(2026, 6, 20), date(2026, 6, 16))
    assert told(operator, date(2026, 6, 20)) == ["staff-lapse"]


def test_the_staff_are_told_of_an_end_until_the_next_step(application, operator):
    take(application, "submit", "accept_form")
    take(application, "approve", target="noticed", until=date(2026, 6, 9))
    incubation.record_lapsed(at=moment(date(2026, 6, 9)), on=date(2026, 6, 9))
    assert told(operator, date(2026, 6, 9)) == ["staff-lapse-noticed"]
    take(application, "queue", on=date(2026, 6, 10))
    assert told(operator, date(2026, 6, 10)) == []


def test_a_message_waits_for_the_staff_until_it_is_answered(application, founder, operator):
    take(application, "submit", "accept_form")
    for by, mine, day in ((founder, True, 3), (operator, False, 4), (founder, True, 5)):
        incubation.send_message(
            application=application, text="请问何时答复？", by=by, from_applicant=mine,
            at=moment(date(2026, 6, day)),
        )  # fmt: skip
        assert bool(told(operator, date(2026, 6, day))) is mine


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Application received"), ("zh-hans", "申请已收到")]
)
def test_mail_comes_after_the_commit_in_the_readers_language(
    application, founder, mailoutbox, django_capture_on_commit_callbacks, language, words
):
    Subscription.objects.create(
        user=founder, token="t", token_made_at=timezone.now(), language=language
    )
    with django_capture_on_commit_callbacks(execute=True):
        take(application, "submit")
        assert mailoutbox == []
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["founder@example.org"], f"{words} {application.number}")
    assert f"/applications/{application.pk}/" in mail.body
    assert application.number in mail.alternatives[0].content
    call_command("daily", on=ON)
    assert len(mailoutbox) == 1


def test_a_failing_mail_breaks_no_act_and_comes_with_the_digest(
    application, founder, mailoutbox, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    with django_capture_on_commit_callbacks(execute=True):
        take(application, "submit")
    assert application.steps.latest("sequence").target == State.SUBMITTED
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("daily", on=ON)
    assert application.number in mailoutbox[0].body


def test_who_wants_no_mail_gets_none(application, founder, mailoutbox):
    Subscription.objects.create(
        user=founder, token="t", token_made_at=timezone.now(), digest="never"
    )
    take(application, "submit", by=NOBODY)
    keys = Notice.objects.values_list("pk", flat=True)
    assert send_mails(list(keys)) == 0
    assert mailoutbox == []


def test_what_an_applicant_is_asked_is_gone_once_it_answered(application, founder):
    returned(application)
    assert told(founder) == ["application-submit", "application-return"]
    take(application, "submit", on=date(2026, 6, 3))
    assert told(founder, date(2026, 6, 3)) == ["application-submit", "application-submit"]
    take(application, "return", on=date(2026, 6, 4), until=date(2026, 6, 19), opinion="补章程")
    assert told(founder, date(2026, 6, 4)).count("application-return") == 1
