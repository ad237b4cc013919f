"""The road of an application: the table, the log, and what ends by itself."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from incubation.errors import ApplicationState, ApplicationUnderWay
from incubation.models import Application, ApplicationStep
from incubation.services import record_lapsed, step
from incubation.workflow import ACTS, CLOSED, FALLS, State, possible
from tests.factories import NOBODY
from tests.factories.applications import make_application, moment, take

D = date


def state(application, on):
    return Application.objects.with_state(on).get(pk=application.pk).state


def test_every_state_is_reached_and_every_open_one_goes_on():
    reached = {
        target for act in ACTS.values() for targets in act.moves.values() for target in targets
    }
    assert reached == set(State)
    assert {one for one in State if not possible(one)} == CLOSED
    assert set(FALLS) <= set(State) - CLOSED


@pytest.mark.django_db
def test_the_state_of_a_day_is_that_of_the_last_step_by_then():
    application = make_application(on=D(2026, 6, 1))
    take(application, "submit", on=D(2026, 6, 3))
    take(application, "accept_form", on=D(2026, 6, 8))
    days = (D(2026, 5, 31), D(2026, 6, 2), D(2026, 6, 3), D(2026, 6, 8))
    assert [state(application, day) for day in days] == [None, "draft", "submitted", "in_review"]


@pytest.mark.django_db
def test_a_state_ends_by_itself_on_its_day_and_the_log_says_it_once():
    application = take(make_application(), "submit", on=D(2026, 6, 3))
    take(application, "return", on=D(2026, 6, 4), until=D(2026, 6, 19))
    assert state(application, D(2026, 6, 18)) == "amending"
    assert state(application, D(2026, 6, 19)) == "lapsed"
    day = D(2026, 6, 22)
    assert record_lapsed(at=moment(day), on=day) == [application]
    assert record_lapsed(at=moment(day), on=day) == []
    application.refresh_from_db()
    assert application.closed_on == D(2026, 6, 19)
    assert state(application, D(2026, 6, 19)) == "lapsed"


@pytest.mark.django_db
def test_an_act_that_does_not_fit_the_state_is_refused():
    application = take(make_application(), "submit", "withdraw")
    with pytest.raises(ApplicationState):
        step(application=application, act="approve", by=NOBODY, at=moment(D(2026, 6, 9)),
             on=D(2026, 6, 9), opinion="同意")  # fmt: skip
    assert ApplicationStep.objects.filter(application=application).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "source", "target", "opinion", "until"),
    [
        pytest.param("approve", "withdrawn", "approved", "同意", None, id="withdrawn-approved"),
        pytest.param("submit", "draft", "approved", "", None, id="past-the-review"),
        pytest.param("refuse", "in_review", "refused", "", None, id="without-a-reason"),
        pytest.param("hold", "approved", "held", "", None, id="offer-without-end"),
    ],
)
def test_the_database_refuses_what_the_table_does_not_have(act, source, target, opinion, until):
    application = make_application()
    row = ApplicationStep(
        application=application, sequence=2, act=act, source=source, target=target, until=until,
        on=D(2026, 6, 9), at=moment(D(2026, 6, 9)), opinion=opinion,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.django_db
def test_two_steps_with_one_number_are_refused():
    application = take(make_application(), "submit")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incubation_applicationstep SET sequence = 1")
    assert application.steps.count() == 2


@pytest.mark.django_db
def test_one_open_application_to_a_carrier():
    application = make_application()
    with pytest.raises(ApplicationUnderWay):
        make_application(tenant=application.tenant, carrier=application.carrier)
    take(application, "withdraw")
    again = make_application(tenant=application.tenant, carrier=application.carrier)
    assert again.number != application.number
