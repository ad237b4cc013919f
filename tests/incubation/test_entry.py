"""Who may enter: the rule sets in force decide, a person makes the exemption."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from incubation import services as incubation
from incubation.errors import EntryConditionsNotMet
from incubation.models import Residency, RuleSet
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services.rule_sets import load_rule_sets, new_version
from parks.models import AuditEntry
from tests.factories import NOBODY, make_tenant
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
FOUNDED = date(2022, 1, 10)
LAST, LATE = date(2024, 1, 10), date(2024, 1, 11)
TODAY = date(2026, 6, 30)


@pytest.fixture
def rules(db):
    load_rule_sets(read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC))


def admit(entered_on, **fields):
    tenant = fields.pop("tenant", None) or make_tenant(founded_on=FOUNDED)
    return make_residency(tenant=tenant, entered_on=entered_on, **fields)


def test_24_months_to_the_day_are_admitted(rules):
    assert admit(LAST).pk


def test_a_day_more_needs_an_exemption_with_a_name(rules, operator):
    with pytest.raises(EntryConditionsNotMet, match="24"):
        admit(LATE)
    assert not Residency.objects.exists()
    assert not AuditEntry.objects.filter(action="admit").exists()
    residency = admit(LATE, exemption_reason="重点产业链缺环", by=operator)
    assert (residency.exempted_by, residency.exemption_reason) == (operator, "重点产业链缺环")


def test_what_is_unknown_does_not_stand_in_the_way(rules):
    assert make_residency(tenant=make_tenant(), entered_on=LATE).pk
    team = make_tenant(kind="team")
    assert make_residency(tenant=team, entered_on=LATE).pk


def test_the_line_is_data(rules):
    rule_set = RuleSet.objects.get(code="incubated-firm")
    body = rule_set.rules
    mapping = body.to_mapping()
    founded = next(one for one in mapping["criteria"] if one["code"] == "founded")
    founded["threshold"] = str(Decimal(36))
    mapping["effective_from"] = "2024-01-11"
    new_version(
        rule_set=rule_set, body=type(body).from_mapping(mapping), reason="放宽", by=None,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert admit(LATE).pk


def test_a_transfer_is_no_new_entry(rules, operator):
    here = admit(LATE, exemption_reason="重点引进", by=operator)
    assert incubation.transfer_residency(
        residency=here, carrier=make_carrier(), on_day=date(2024, 6, 1), agreement_number="T-1",
        by=operator, reason="换址",
    ).pk  # fmt: skip


def test_going_on_is_a_new_entry(rules, operator):
    here = admit(LAST, stage="makerspace")
    move = {"residency": here, "carrier": make_carrier(), "on_day": date(2025, 1, 1),
            "agreement_number": "A-1", "by": operator}  # fmt: skip
    with pytest.raises(EntryConditionsNotMet):
        incubation.advance_residency(**move)
    here.refresh_from_db()
    assert here.left_on is None
    assert incubation.advance_residency(**move, exemption_reason="成长快").exempted_by == operator


def test_a_preview_says_all_and_keeps_nothing(rules):
    tenant = make_tenant(founded_on=FOUNDED)
    entry = incubation.Entry(tenant, make_carrier(), "FH-1", LATE)
    preview = incubation.preview_admission(entry, by=NOBODY)
    assert preview.residency.due_on == date(2028, 1, 11)
    assert preview.unmet
    finding = preview.explanations[0].finding("founded")
    assert finding.verdict == 0
    assert finding.gap_words
    assert not Residency.objects.exists()
    move = incubation.Move(make_residency(), make_carrier(), date(2025, 1, 1), "T-1")
    assert incubation.preview_move(move, advance=False, by=NOBODY).residency.due_on == date(
        2028, 1, 10
    )
    assert Residency.objects.filter(left_on=None).count() == 1


def test_many_are_judged_in_the_queries_of_one(rules, django_assert_max_num_queries):
    carrier = make_carrier()

    def entries(n, mark):
        return [
            incubation.Entry(make_tenant(founded_on=FOUNDED), carrier, f"{mark}{i}", LAST)
            for i in range(n)
        ]

    many = entries(40, "B")
    with django_assert_max_num_queries(45):
        incubation.admit_tenants(many, by=NOBODY, on=TODAY)
