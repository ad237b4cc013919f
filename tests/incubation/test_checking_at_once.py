"""Real processes on the real database: of two operators who decide at once one is refused."""

import pytest

from incubation import services as incubation
from incubation.models import Application
from tests.at_once import at_once
from tests.factories.applications import make_application, make_review, make_reviewer, take


@pytest.mark.django_db(transaction=True)
def test_two_operators_do_not_both_decide():
    incubation.load_score_sheets()
    application = take(make_application(), "submit", "accept_form")
    for name in ("甲", "乙"):
        make_review(application, make_reviewer(name), 80)
    outcomes = at_once(
        "tests.incubation.application_decider",
        [[application.pk, "approve"], [application.pk, "refuse"]],
    )
    done = set(outcomes) & {"approve", "refuse"}
    assert len(done) == 1
    assert set(outcomes) - done <= {"application_state", "conflict"}
    assert application.steps.filter(act__in=("approve", "refuse")).count() == 1
    assert Application.objects.get(pk=application.pk).steps.count() == 4
