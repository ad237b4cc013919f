"""Reviewers, what excludes them, and the points they give."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User

from incubation import services as incubation
from incubation.errors import (
    AgainstPoints,
    ApplicationState,
    ReviewDecided,
    ReviewerExcluded,
    ReviewMissing,
)
from incubation.models import Application, ReviewAssignment
from incubation.review_notices import REMIND_DAYS
from incubation.selectors.reviewing import (
    conflicts_of,
    pool,
    propose_reviewers,
    review_summary,
)
from incubation.selectors.scores import score_of
from parks import daily, notices
from parks.digest import mail_for
from parks.errors import InvalidValue
from tests.factories import NOBODY, make_park
from tests.factories.applications import (
    make_application,
    make_review,
    make_reviewer,
    moment,
    take,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 5)


@pytest.fixture(autouse=True)
def sheet(db):
    (made,) = incubation.load_score_sheets()
    assert incubation.load_score_sheets() == []
    return made


@pytest.fixture
def application():
    return take(make_application(), "submit", "accept_form")


def decide(application, act=incubation.approve_application, **fields):
    return act(application=application, by=NOBODY, at=moment(ON), on=ON, opinion="同意", **fields)


def ask(application, *reviewers):
    return incubation.assign_reviewers(
        application=application, reviewers=reviewers, by=NOBODY, at=moment(ON), on=ON
    )


def test_a_reviewer_is_told_only_as_long_as_the_review_is_out(application):
    waiting, done = make_reviewer("甲"), make_reviewer("乙")
    ask(application, waiting)
    make_review(application, done, 70)
    told = [notices.standing(one.user, ON).count() for one in (waiting, done)]
    assert told == [1, 0]


def told(reviewer, on):
    notices.settle(on)
    notices.settle(on)
    return [one.kind for one in notices.standing(reviewer.user, on).order_by("pk")]


def test_a_reviewer_is_reminded_before_the_day_and_after_it(application):
    reviewer, done = make_reviewer("甲"), make_reviewer("乙")
    (row,) = ask(application, reviewer)
    make_review(application, done, 70)
    due, day = row.due_on, timedelta(days=1)
    assert told(reviewer, due - REMIND_DAYS * day - day) == ["review-asked"]
    assert told(reviewer, due - REMIND_DAYS * day) == ["review-asked", "review-due"]
    assert told(reviewer, due) == ["review-asked", "review-due"]
    assert told(reviewer, due + day) == ["review-asked", "review-late"]
    assert told(done, due + day) == []
    mail = mail_for(notices.subscription_of(reviewer.user, token="t", at=moment(due)), due + day)
    assert application.number in mail.body
    assert "/reviewing/" in mail.body
    decide(application, incubation.withdraw_application)
    assert told(reviewer, due + day) == []


def test_who_is_asked_about_a_closed_application_is_not_busy(application):
    reviewer = make_reviewer("甲")
    ask(application, reviewer)
    assert [one.load for one in pool(ON)] == [1]
    take(application, "withdraw", on=ON)
    assert [one.load for one in pool(ON)] == [0]


def test_an_interest_of_a_later_day_takes_the_review_off_on_that_day(application):
    reviewer, later = make_reviewer("甲"), ON + timedelta(days=5)
    (row,) = ask(application, reviewer)
    incubation.declare_interest(
        reviewer=reviewer, tenant=application.tenant, kind="shareholding", source="known",
        start=later, by=NOBODY, at=moment(ON),
    )  # fmt: skip
    assert not conflicts_of(application, [reviewer], ON)[reviewer]
    assert daily.run(at=moment(ON), on=later - timedelta(days=1)) == []
    assert ReviewAssignment.objects.waiting().get() == row
    assert len(daily.run(at=moment(later), on=later)) == 1
    assert daily.run(at=moment(later), on=later) == []
    assert not ReviewAssignment.objects.waiting().exists()
    assert application.exclusions.get().reviewer == reviewer
    assert "review-taken-off" in told(reviewer, later)


def test_the_shipped_weights_add_up(sheet):
    assert sum(one.weight for one in sheet.criteria.all()) == 100
    with pytest.raises(InvalidValue):
        incubation.make_sheet(code="x", name="x", criteria=[{"name": "a", "weight": 99}], by=NOBODY)


def test_who_works_for_the_applicant_a_rival_or_declared_an_interest_is_left_out(application):
    make_park(operator="别家园区运营公司")
    member, rival, related, free = (make_reviewer(name) for name in "甲乙丙丁")
    application.tenant.users.add(member.user)
    rival.organisation = "别家园区运营公司"
    rival.save()
    incubation.declare_interest(
        reviewer=related, tenant=application.tenant, kind="kinship", source="declared",
        start=ON, by=related.user, at=moment(ON),
    )  # fmt: skip
    found = conflicts_of(application, [member, rival, related, free], ON)
    kinds = [[kind for kind, _detail in found[one]] for one in (member, rival, related, free)]
    assert kinds == [["same_firm"], ["competitor"], ["kinship"], []]
    assert propose_reviewers(application, count=2, on=ON).reviewers == [free]
    with pytest.raises(ReviewerExcluded):
        ask(application, rival)
    assert not ReviewAssignment.objects.exists()


def test_an_interest_declared_later_takes_the_review_off_and_is_kept(application):
    reviewer = make_reviewer("甲")
    (row,) = ask(application, reviewer)
    incubation.declare_interest(
        reviewer=reviewer, tenant=application.tenant, kind="shareholding", source="declared",
        start=ON, by=reviewer.user, at=moment(ON), note="持股 2%",
    )  # fmt: skip
    row.refresh_from_db()
    assert row.withdrawn_at
    assert [one.detail for one in application.exclusions.all()] == ["持股 2%"]


def test_a_reviewer_cannot_score_a_rival_it_came_to_work_for(application):
    reviewer = make_reviewer("甲")
    (row,) = ask(application, reviewer)
    application.tenant.users.add(reviewer.user)
    with pytest.raises(ReviewerExcluded):
        incubation.hand_in_review(
            assignment=row, scores={}, recommends=False, opinion="不行", by=reviewer.user,
            at=moment(ON), on=ON,
        )  # fmt: skip


def test_the_least_busy_are_proposed(application):
    busy, free = make_reviewer("甲"), make_reviewer("乙")
    ask(take(make_application(), "submit", "accept_form"), busy)
    assert propose_reviewers(application, count=1, on=ON).reviewers == [free]


def test_two_reviews_are_needed_and_their_spread_is_shown(application):
    first, second = make_reviewer("甲"), make_reviewer("乙")
    make_review(application, first, 80)
    with pytest.raises(ReviewMissing):
        decide(application)
    make_review(application, second, 50)
    score = score_of(application)
    assert (score.count, score.mean, score.spread) == (2, Decimal(65), Decimal(30))
    decide(application)
    assert Application.objects.with_state(ON).get(pk=application.pk).state == "approved"


def test_too_few_points_need_a_reason(application):
    for name in "甲乙":
        make_review(application, make_reviewer(name), 50)
    with pytest.raises(AgainstPoints):
        decide(application)
    row = decide(application, against_points_reason="区里重点引进")
    assert row.details["against_points"] == "区里重点引进"


def test_points_stay_hidden_until_ones_own_are_in(application):
    first, second = make_reviewer("甲"), make_reviewer("乙")
    ask(application, second)
    make_review(application, first, 80)
    before = review_summary(application, second.user)
    assert (before.lines, before.score, before.hidden) == ([], None, 1)
    assert [one.reviewer for one in before.assignments] == [second]
    after = review_summary(application, first.user)
    assert (after.hidden, after.score.mean) == (0, 80)
    # Working for the park as well opens nothing earlier.
    first.user.groups.add(Group.objects.get_or_create(name="operator")[0])
    second.user.groups.add(Group.objects.get(name="operator"))
    again = review_summary(application, User.objects.get(pk=second.user_id))
    assert (again.lines, again.hidden) == ([], 1)


def test_a_review_stands_once_it_is_in(application):
    row = make_review(application, make_reviewer("甲"), 80)
    with pytest.raises(ReviewDecided):
        incubation.hand_in_review(
            assignment=row, scores={}, recommends=True, opinion="再来", by=NOBODY,
            at=moment(ON), on=ON,
        )  # fmt: skip


@pytest.mark.parametrize("off", [Decimal(1), Decimal("-0.05")])
def test_points_above_the_weight_or_finer_than_kept_are_refused(application, off):
    (row,) = ask(application, make_reviewer("甲"))
    scores = {one: one.weight + off for one in row.sheet.criteria.all()}
    with pytest.raises(InvalidValue):
        incubation.hand_in_review(
            assignment=row, scores=scores, recommends=True, opinion="好", by=NOBODY,
            at=moment(ON), on=ON,
        )  # fmt: skip


def test_reviewers_are_asked_in_review_only():
    with pytest.raises(ApplicationState):
        ask(take(make_application(), "submit"), make_reviewer("甲"))


def test_an_objection_begins_a_new_round(application):
    incubation.set_intake(carrier=application.carrier, by=NOBODY, notice_days=7)
    for name in "甲乙":
        make_review(application, make_reviewer(name), 80)
    decide(application)
    assert Application.objects.with_state(ON).get(pk=application.pk).state == "noticed"
    decide(application, incubation.record_objection)
    with pytest.raises(ReviewMissing):
        decide(application)
