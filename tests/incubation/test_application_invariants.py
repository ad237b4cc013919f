"""``verify`` finds applications, their steps and reviews changed past the services, by raw SQL."""

from datetime import date

import pytest
from django.db import connection

from incubation import services as incubation
from incubation.invariants import applications as invariants
from tests.factories import NOBODY, make_tenant
from tests.factories.applications import (
    make_application,
    make_review,
    make_reviewer,
    moment,
    take,
)
from tests.factories.incubation import make_carrier
from tests.worlds import kept

DAY = date(2026, 6, 10)
BY = {"by": NOBODY, "at": moment(DAY), "on": DAY}
CHECKS = (
    invariants.steps_follow_one_another, invariants.applications_are_where_their_steps_led,
    invariants.nobody_reviews_against_an_interest,
    invariants.decisions_rest_on_their_reviews,
)  # fmt: skip


@pytest.fixture(scope="module")
def sound(django_db_setup, django_db_blocker):
    """One withdrawn and written anew, one approved by two reviews, one still reviewed."""
    with kept(django_db_blocker):
        incubation.load_score_sheets()
        carrier = make_carrier()
        reviewers = [make_reviewer(name) for name in ("甲", "乙")]
        first = take(make_application(carrier=carrier), "submit", "withdraw")
        incubation.copy_application(previous=first, **BY)
        call = incubation.open_call(
            carrier=carrier, name="征集", opens_on=date(2026, 1, 1), closes_on=DAY, by=NOBODY
        )
        decided = take(make_application(carrier=carrier, call=call), "submit", "accept_form")
        for reviewer, points in zip(reviewers, (80, 100), strict=True):
            make_review(decided, reviewer, points)
        incubation.approve_application(application=decided, opinion="同意", **BY)
        asked = take(make_application(carrier=carrier), "submit", "accept_form")
        incubation.assign_reviewers(application=asked, reviewers=reviewers[:1], **BY)
        make_carrier()
        make_tenant()
        yield


def codes():
    return {violation.code for check in CHECKS for violation in check()}


def test_a_sound_world_has_none(sound, db):
    assert codes() == set()


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        ("step_order", "UPDATE incubation_applicationstep SET sequence = 9 WHERE act = 'accept_form'"),
        ("step_order", "DELETE FROM incubation_applicationstep WHERE act = 'start'"),
        ("step_order", "DELETE FROM incubation_applicationstep WHERE act = 'submit'"),
        ("step_order", "UPDATE incubation_applicationstep SET \"on\" = '2026-01-01' WHERE act = 'approve'"),
        ("step_order", "UPDATE incubation_applicationstep SET act = 'decline', source = 'held', target = 'waiting' WHERE act = 'approve'"),
        ("application_closed", "UPDATE incubation_application SET closed_on = '2026-06-30' WHERE closed_on IS NOT NULL"),
        ("application_closed", "UPDATE incubation_application SET closed_on = '2026-06-02' WHERE previous_id IS NOT NULL"),
        ("application_closed", "DELETE FROM incubation_applicationstep"),
        ("application_of_another", "UPDATE incubation_call SET carrier_id = (SELECT MAX(id) FROM incubation_carrier)"),
        ("application_of_another", "UPDATE incubation_application SET tenant_id = (SELECT MAX(id) FROM tenants_tenant) WHERE previous_id IS NOT NULL"),
        ("step_content", "UPDATE incubation_applicationstep SET content = '{}' WHERE act = 'start'"),
        ("review_interest", "INSERT INTO incubation_interest (reviewer_id, tenant_id, organisation, kind, source, start, note) SELECT a.reviewer_id, p.tenant_id, '', 'kinship', 'known', '2026-01-01', '' FROM incubation_reviewassignment a JOIN incubation_application p ON p.id = a.application_id WHERE a.submitted_at IS NULL"),
        ("decision_points", "UPDATE incubation_reviewscore SET points = 1"),
        ("decision_points", "UPDATE incubation_reviewassignment SET submitted_at = NULL, recommends = NULL"),
    ],
)  # fmt: skip
def test_what_was_changed_is_found(sound, db, code, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert code in codes()
