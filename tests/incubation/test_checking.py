"""The formal check and the talk about an application."""

from datetime import date

import pytest

from incubation import services as incubation
from incubation.errors import ApplicationState
from incubation.models import Application
from parks.errors import InvalidValue
from tests.factories import NOBODY
from tests.factories.applications import make_application, moment, take

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 5)
WHO = {"by": NOBODY, "at": moment(ON), "on": ON}


def test_what_is_to_be_amended_is_listed_and_lapses_in_time():
    application = take(make_application(), "submit")
    with pytest.raises(InvalidValue):
        incubation.return_application(application=application, items=[" "], **WHO)
    row = incubation.return_application(application=application, items=["营业执照", "团队"], **WHO)
    assert (row.details["items"], row.until) == (["营业执照", "团队"], date(2026, 6, 20))
    late = Application.objects.with_state(date(2026, 6, 20)).get(pk=application.pk)
    assert late.state == "lapsed"


def test_two_operators_do_not_both_decide_the_form():
    application = take(make_application(), "submit")
    incubation.refuse_form(application=application, opinion="不在受理范围", **WHO)
    with pytest.raises(ApplicationState):
        incubation.accept_form(application=application, **WHO)


def test_a_message_needs_words():
    application = make_application()
    with pytest.raises(InvalidValue):
        incubation.send_message(
            application=application, text=" ", by=NOBODY, at=moment(ON), from_applicant=True
        )
    row = incubation.send_message(
        application=application, text="请补一页", by=NOBODY, at=moment(ON), from_applicant=False
    )
    assert list(application.messages.all()) == [row]
