"""``verify`` finds points and sheets changed past the services, by raw SQL."""

from datetime import date

import pytest
from django.db import connection

from incubation import services as incubation
from incubation.invariants import reviewing as invariants
from tests.factories.applications import make_application, make_review, make_reviewer, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def review():
    incubation.load_score_sheets()
    application = take(make_application(), "submit", "accept_form")
    return make_review(application, make_reviewer("评甲"), 80, on=date(2026, 6, 5))


def codes():
    checks = (invariants.sheets_give_a_hundred_points, invariants.reviews_fit_their_sheet)
    return {violation.code for check in checks for violation in check()}


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("sheet_weights", "UPDATE incubation_scorecriterion SET weight = 1 WHERE position = 6"),
        ("score_above", "UPDATE incubation_reviewscore SET points = 99"),
        ("review_lacks_points", "UPDATE incubation_reviewscore SET points = NULL"),
        ("review_lacks_points", "DELETE FROM incubation_reviewscore"),
    ],
)
def test_what_was_changed_past_the_services_is_found(code, statement):
    assert codes() == set()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert code in codes()
