"""``verify`` finds evidence and follow-ups changed past the services, by raw SQL."""

import json
from datetime import date

import pytest
from django.db import connection

from incubation import services as incubation
from incubation.evidence import digest
from incubation.invariants import residencies as invariants
from incubation.models import GraduationReview
from tests.config.test_verify import verify
from tests.factories import NOBODY
from tests.factories.incubation import make_residency
from tests.incubation.graduates import AT, ON, graduate_rules, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """An open review, a standing graduation, a graduate with two years."""
    graduate_rules()
    incubation.open_review(residency=resident(), on=ON, by=NOBODY, at=AT)
    incubation.graduate_residency(
        residency=resident(high_tech=True), opinion="同意", on=ON, at=AT, by=NOBODY,
        destination="own_site",
    )  # fmt: skip
    graduate = make_residency(entered_on=date(2022, 1, 10))
    graduate = incubation.leave_carrier(
        residency=graduate, left_on=date(2024, 3, 1), outcome="graduated",
        destination="own_site", by=NOBODY,
    )  # fmt: skip
    for year in (1, 2):
        incubation.record_follow_up(
            residency=graduate, year=year, recorded_on=ON, in_existence=True, by=NOBODY
        )


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def codes():
    checks = (invariants.reviews_fit_their_seal, invariants.graduations_ended_their_residency,
              invariants.follow_ups_are_of_graduates)  # fmt: skip
    return {violation.code for check in checks for violation in check()}


def test_a_sound_world_has_none(world, capsys):
    assert codes() == set()
    code, out = verify(capsys)
    assert code == 0, out


REVIEW = "UPDATE incubation_graduationreview SET "


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        ("review_columns", REVIEW + "verdict = 'not_met' WHERE decision = ''"),
        ("review_columns", REVIEW + "\"on\" = '2026-06-29' WHERE decision = ''"),
        ("review_seal", REVIEW + f"digest = '{'0' * 64}'"),
        ("graduation", "UPDATE incubation_residency SET left_on = '2026-06-29' WHERE left_on = '2026-06-30'"),
        ("follow_up", "UPDATE incubation_residency SET outcome = 'withdrew'"
                      " WHERE left_on = '2024-03-01'"),
        ("follow_up_early", "UPDATE incubation_followup SET recorded_on = '2025-02-28'"),
    ],
)  # fmt: skip
def test_what_was_changed_is_found(world, code, sql):
    run(sql)
    assert code in codes()


def test_changed_evidence_is_found_even_with_a_new_seal(world):
    review = GraduationReview.objects.get(decision="")
    evidence = review.evidence
    evidence["findings"][0]["members"][0]["value"] = "1"
    update = REVIEW + "evidence = %s WHERE id = %s"
    run(update, json.dumps(evidence, ensure_ascii=False), review.pk)
    assert codes() == {"review_seal"}
    run(REVIEW + "digest = %s WHERE id = %s", digest(evidence), review.pk)
    assert codes() == {"review_seal"}


def test_a_firm_does_not_rise_again(world):
    run("UPDATE incubation_followup SET in_existence = %s WHERE year = 1", False)
    assert codes() == {"follow_up_risen"}
