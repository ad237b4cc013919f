"""Evidence is frozen, a person decides once, and nothing of it is ever rewritten."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from incubation import services as incubation
from incubation.errors import (
    AgainstRules,
    CannotReopen,
    CannotReview,
    LeaseNotHere,
    NoRuleSet,
    ReviewDecided,
    ReviewOpen,
)
from incubation.evidence import digest, leaves
from incubation.models import GraduationReview, Residency, RuleSet
from incubation.selectors.graduation import Standing, judged
from incubation.selectors.graduation_effects import (
    carrier_day,
    graduation_consequences,
    leases_ended_with,
)
from parks import audit
from parks.errors import DatesOutOfOrder
from parks.models import AuditEntry
from tenants.models import Lease
from tests.at_once import at_once
from tests.factories import NOBODY
from tests.factories.incubation import make_carrier, make_residency
from tests.incubation.graduates import (
    AT,
    ON,
    graduate_rules,
    harder,
    keep_rule_set,
    make_high_tech,
    make_revenue,
    resident,
    shipped_body,
)

pytestmark = pytest.mark.django_db


def opened(residency, by=NOBODY, on=ON, **fields):
    return incubation.open_review(residency=residency, on=on, by=by, at=AT, **fields)


def graduate(review, by=NOBODY, on=ON, **fields):
    terms = {"decision": "graduate", "opinion": "同意毕业", "destination": "own_site"} | fields
    return incubation.decide_review(review=review, on=on, by=by, **terms)


def test_a_review_keeps_value_threshold_records_and_version():
    rules = graduate_rules()
    residency = resident(high_tech=True, name="甲公司")
    review = opened(residency)
    assert review.verdict == "met"
    assert review.rule_set == rules
    kept = review.evidence
    assert (kept["rule_set"]["code"], kept["rule_set"]["version"]) == ("graduate", 1)
    assert kept["rule_set"]["digest"] == rules.digest
    by_code = {one["code"]: one for one in leaves(kept["findings"])}
    high_tech = by_code["high-tech"]
    assert (high_tech["verdict"], high_tech["value"], high_tech["threshold"]) == ("met", "1", "1")
    assert [record["pk"] for record in high_tech["records"]]
    assert by_code["revenue"]["verdict"] == "unknown"
    assert by_code["revenue"]["missing"]["en"]
    assert by_code["revenue"]["text"]["zh"] != by_code["revenue"]["text"]["en"]
    assert {one["code"]: one["value"]["zh"] for one in kept["facts"]}["tenant"] == "甲公司"
    assert digest(GraduationReview.objects.get(pk=review.pk).evidence) == review.digest


def test_the_trail_holds_the_seal_and_not_the_evidence():
    graduate_rules()
    review = opened(resident(high_tech=True))
    entry = AuditEntry.objects.about(review).get(action="open_review")
    assert entry.after["digest"] == review.digest
    assert "evidence" not in entry.after


def test_a_new_version_of_the_rules_leaves_last_years_review_untouched():
    first = graduate_rules()
    residency = resident(high_tech=True)
    review = opened(residency)
    before = (review.verdict, review.digest, review.evidence)
    first.effective_to = date(2026, 7, 1)
    first.save()
    second = keep_rule_set(harder(first_body := shipped_body("graduate"),
                                  effective_from=date(2026, 7, 1)))  # fmt: skip
    assert first_body.version == 1
    result = judged(Residency.objects.filter(pk=residency.pk), on=date(2026, 7, 2))
    (candidate,) = result.candidates()
    assert candidate.rule_set == second
    assert candidate.standing != Standing.COULD
    review = GraduationReview.objects.get(pk=review.pk)
    assert (review.verdict, review.digest, review.evidence) == before
    assert digest(review.evidence) == review.digest


def test_todays_firms_under_the_new_rule():
    first = graduate_rules()
    RuleSet.objects.update(effective_to=date(2027, 1, 1))
    high_tech, earner = resident(high_tech=True), resident()
    make_revenue(earner.tenant, y2023=0, y2024=11, y2025=12)
    second = keep_rule_set(harder(shipped_body("graduate"), effective_from=date(2027, 1, 1)))
    rows = Residency.objects.all()
    now = judged(rows, on=ON).candidates()
    assert {one.standing for one in now} == {Standing.COULD}
    assert {one.rule_set for one in now} == {first}
    then = {one.pk: one for one in judged(rows, on=ON, rule_set=second).candidates(
        then=judged(rows, on=ON))}  # fmt: skip
    assert then[earner.pk].standing == Standing.COULD
    assert then[high_tech.pk].standing == Standing.UNKNOWN
    assert then[high_tech.pk].standing_then == Standing.COULD


def test_the_nearest_way_is_told_in_words():
    graduate_rules()
    near = resident()
    make_high_tech(near.tenant, start=date(2026, 9, 1), end=date(2029, 9, 1))
    make_revenue(near.tenant, y2023=0, y2024=4, y2025=5)
    other = resident()
    make_revenue(other.tenant, y2024=1)
    by_key = {one.pk: one for one in judged(Residency.objects.all(), on=ON).candidates()}
    assert by_key[other.pk].standing == Standing.UNKNOWN
    assert all(str(miss) for miss in by_key[other.pk].misses)
    assert by_key[near.pk].standing in (Standing.NEAR, Standing.UNKNOWN)


def test_as_many_queries_for_one_as_for_many():
    graduate_rules()
    carrier = make_carrier()
    resident(carrier=carrier)
    with_one = _queries(lambda: judged(Residency.objects.all(), on=ON).candidates())
    for _ in range(4):
        make_revenue(resident(carrier=carrier).tenant, y2024=3)
    assert _queries(lambda: judged(Residency.objects.all(), on=ON).candidates()) == with_one


def test_opening_many_takes_as_many_queries_as_opening_one():
    graduate_rules()
    carrier = make_carrier()

    def firms(count):
        made = [resident(carrier=carrier, high_tech=True) for _ in range(count)]
        for one in made:
            make_revenue(one.tenant, y2024=3, y2025=4)
        return made

    first, rest = firms(1), firms(4)
    counts = [
        _queries(lambda f=f: incubation.open_reviews(residencies=f, on=ON, by=NOBODY, at=AT))
        for f in (first, rest)
    ]
    assert counts[0] == counts[1]
    codes = {one["code"]: one for one in leaves(rest[3].reviews.get().evidence["findings"])}
    days = [record["day"] for record in codes["revenue"]["records"]]
    assert days == sorted(days)
    assert len(days) == 2


def _queries(act) -> int:

    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return len(captured)


def test_many_are_opened_at_once_or_none():
    graduate_rules()
    carrier = make_carrier()
    first, second = resident(carrier=carrier, name="甲"), resident(carrier=carrier, name="乙")
    opened(first)
    with pytest.raises(ReviewOpen, match="甲"):
        incubation.open_reviews(residencies=[first, second], on=ON, by=NOBODY, at=AT)
    assert second.reviews.count() == 0
    with pytest.raises(CannotReview, match="乙"):
        opened(second, on=date(2023, 1, 1))


def test_a_makerspace_has_no_rules_of_graduation():
    graduate_rules()
    with pytest.raises(NoRuleSet, match="丙"):
        opened(resident(carrier=make_carrier(stage="makerspace"), name="丙"))


def test_a_person_graduates_a_firm(operator, jr):
    graduate_rules()
    residency = resident(park=jr, high_tech=True, area=120)
    review = graduate(opened(residency, by=operator), by=operator, destination_note="乌山")
    residency.refresh_from_db()
    assert (residency.left_on, residency.outcome) == (ON, "graduated")
    assert (residency.destination, residency.destination_note) == ("own_site", "乌山")
    assert (review.decided_by, review.graduates_on) == (operator, ON)
    lease = Lease.objects.get(tenant=residency.tenant)
    assert lease.terminated_on is None


def test_a_graduation_may_end_the_leases_in_the_carrier():
    graduate_rules()
    residency = resident(high_tech=True, area=120)
    review = graduate(opened(residency), end_lease=True, graduates_on=date(2026, 8, 1))
    lease = Lease.objects.get(tenant=residency.tenant)
    assert lease.terminated_on == date(2026, 8, 1)
    assert leases_ended_with(review) == [lease]
    with pytest.raises(LeaseNotHere):
        graduate(opened(resident(high_tech=True)), end_lease=True)


def test_a_graduation_may_admit_to_the_next_stage(jr):
    graduate_rules()
    residency = resident(park=jr, high_tech=True, consent_on=date(2024, 1, 10))
    accelerator = make_carrier(park=jr, stage="accelerator")
    graduate(opened(residency), next_carrier=accelerator, next_agreement_number="JS-1",
             destination="")  # fmt: skip
    residency.refresh_from_db()
    after = residency.next
    assert (after.carrier, after.entered_on) == (accelerator, ON)
    assert after.consent_on == residency.consent_on
    assert (residency.destination, residency.destination_note) == ("carrier", accelerator.name)


def test_refusing_leaves_the_residency_going():
    graduate_rules()
    residency = resident(high_tech=True)
    review = incubation.decide_review(
        review=opened(residency), decision="refuse", opinion="再观察一年", on=ON, by=NOBODY
    )
    residency.refresh_from_db()
    assert residency.left_on is None
    assert review.graduates_on is None
    assert opened(residency).pk != review.pk


@pytest.mark.parametrize("high_tech_until", [date(2026, 1, 1), None])
def test_against_the_rules_only_with_a_reason(high_tech_until):
    graduate_rules()
    residency = resident()
    if high_tech_until:
        make_high_tech(residency.tenant, start=date(2023, 1, 1), end=high_tech_until)
    review = opened(residency)
    assert review.verdict == "unknown"
    with pytest.raises(AgainstRules):
        graduate(review)
    residency.refresh_from_db()
    assert residency.left_on is None
    review = graduate(review, against_rules_reason="区里特批")
    assert review.against_rules_reason == "区里特批"


def test_where_the_rules_agree_no_reason_is_kept():
    graduate_rules()
    review = graduate(opened(resident(high_tech=True)), against_rules_reason="多余")
    assert review.against_rules_reason == ""


def test_the_second_to_decide_is_told_who_was_first(operator, bureau):
    graduate_rules()
    review = opened(resident(high_tech=True))
    stale = GraduationReview.objects.get(pk=review.pk)
    graduate(review, by=operator)
    with pytest.raises(ReviewDecided, match="operator"):
        incubation.decide_review(
            review=stale, decision="refuse", opinion="不同意", on=ON, by=bureau
        )
    assert GraduationReview.objects.get(pk=review.pk).decision == "graduate"


def test_days_keep_their_order():
    graduate_rules()
    review = opened(resident(high_tech=True))
    with pytest.raises(DatesOutOfOrder):
        graduate(review, on=date(2026, 6, 29))
    with pytest.raises(DatesOutOfOrder):
        graduate(review, graduates_on=date(2026, 6, 29))
    with pytest.raises(DatesOutOfOrder):
        graduate(review, graduates_on=date(2027, 7, 1))
    with pytest.raises(ReviewDecided):
        graduate(review, opinion=" ")


def test_revoking_reopens_and_erases_nothing(operator):
    graduate_rules()
    residency = resident(high_tech=True, area=80)
    review = graduate(opened(residency), end_lease=True)
    review = incubation.revoke_decision(
        review=review, reason="证书被撤销", on=date(2026, 8, 1), by=operator
    )
    residency.refresh_from_db()
    assert (residency.left_on, residency.outcome, residency.destination) == (None, "", "")
    assert (review.decision, review.revoked_by) == ("graduate", operator)
    assert Lease.objects.get(tenant=residency.tenant).terminated_on == ON
    with pytest.raises(ReviewDecided):
        incubation.revoke_decision(review=review, reason="再次", on=date(2026, 8, 1), by=operator)
    again = graduate(opened(residency, on=date(2026, 8, 2)), on=date(2026, 8, 2))
    assert again.pk != review.pk


def test_a_later_residency_stands_in_the_way_of_revoking(jr):
    graduate_rules()
    residency = resident(park=jr, high_tech=True)
    accelerator = make_carrier(park=jr, stage="accelerator", name="加速器")
    review = graduate(opened(residency), next_carrier=accelerator, next_agreement_number="J1")
    with pytest.raises(CannotReopen, match="加速器"):
        incubation.revoke_decision(review=review, reason="误", on=ON, by=NOBODY)
    review.refresh_from_db()
    assert review.revoked_on is None


def test_what_a_graduation_does_is_told_beforehand(jr):
    graduate_rules()
    carrier = make_carrier(park=jr, name="孵化器")
    incubation.record_recognition(
        carrier=carrier, level="provincial", start=date(2020, 1, 1), by=NOBODY
    )
    residency = resident(carrier=carrier, high_tech=True, area=120)
    resident(carrier=carrier, area=80)
    day = carrier_day(residency, on=ON)
    assert (day.firms, day.area_m2, day.firm_area_m2) == (2, Decimal(200), Decimal(120))
    words = " ".join(graduation_consequences(residency, graduates_on=ON, end_lease=True))
    for told in ("2 → 1", "200.00 → 80.00", "−120.00"):
        assert told in words
    residency.refresh_from_db()
    assert residency.left_on is None


WALLS = [
    ("review_decided_with_opinion", "UPDATE incubation_graduationreview SET opinion = ''"),
    ("review_against_rules_with_reason", "UPDATE incubation_graduationreview SET verdict = 'unknown'"),
    ("review_graduates_on_a_day", "UPDATE incubation_graduationreview SET graduates_on = NULL"),
    ("review_days_in_order", "UPDATE incubation_graduationreview SET decided_on = '2026-06-29'"),
    ("review_days_in_order", "UPDATE incubation_graduationreview SET graduates_on = '2026-06-29'"),
    ("review_verdict_known", "UPDATE incubation_graduationreview SET verdict = 'perhaps', against_rules_reason = 'x'"),
    ("review_revoked_with_reason", "UPDATE incubation_graduationreview SET revoked_on = '2026-07-01'"),
    ("review_graduates_once", "INSERT INTO incubation_graduationreview (residency_id, rule_set_id, \"on\", verdict, evidence, digest, opened_at, decision, decided_on, opinion, graduates_on, against_rules_reason, revocation_reason) SELECT residency_id, rule_set_id, \"on\", verdict, evidence, digest, opened_at, decision, decided_on, opinion, graduates_on, against_rules_reason, revocation_reason FROM incubation_graduationreview"),
]  # fmt: skip


@pytest.mark.parametrize(("wall", "sql"), WALLS)
def test_the_database_refuses(wall, sql):
    graduate_rules()
    graduate(opened(resident(high_tech=True)))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_one_open_review_a_residency():
    graduate_rules()
    review = opened(resident(high_tech=True))
    review.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save(force_insert=True)


def test_an_already_left_residency_is_not_reviewed():
    graduate_rules()
    residency = make_residency()
    incubation.leave_carrier(residency=residency, left_on=ON, outcome="withdrew",
                             destination="outside", by=NOBODY)  # fmt: skip
    with pytest.raises(CannotReview):
        opened(residency, on=date(2026, 6, 1))


@pytest.mark.django_db(transaction=True)
def test_of_several_who_decide_at_once_one_does():
    graduate_rules()
    review = opened(resident(high_tech=True))
    deciders = [[review.pk, decision] for decision in ("graduate", "refuse", "graduate")]
    outcomes = at_once("tests.incubation.decider", deciders)
    assert outcomes.count("review_decided") == 2
    review.refresh_from_db()
    (decided,) = {*outcomes} - {"review_decided"}
    assert review.decision == decided
    assert (review.residency.left_on is None) == (decided == "refuse")
    assert list(audit.broken_links()) == []
