"""Readiness of carriers: which rule set, what is said, to whom, in how many queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from incubation.models import Carrier, CarrierRecognition, RuleSet
from incubation.rules import METRICS, Verdict
from incubation.rules.files import read_files, shipped
from incubation.selectors.readiness import (
    carrier_rule_sets,
    chosen_for,
    months_up_to,
    next_above,
    report,
    reports,
    standings,
)
from incubation.services import load_rule_sets
from tests.factories.incubation import make_carrier
from tests.incubation.metrics.world import ON, let, random_carrier, space_of, stay

pytestmark = pytest.mark.django_db
NATIONAL = "incubator-general-national"


@pytest.fixture(autouse=True)
def rule_sets(db):
    load_rule_sets(read_files(shipped(), METRICS), by=None, at=timezone.now())


@pytest.fixture
def carrier(jr):
    """16,700 m², 46 firms, 74.99 % in use."""
    carrier = make_carrier(park=jr, name="金荣孵化器", opened_on=date(2020, 1, 1))
    space = space_of(carrier, 16_700)
    for number in range(46):
        residency = stay(carrier, entered_on=date(2024, 1, 10))
        if not number:
            let(space.unit, residency.tenant, area=Decimal("12523.33"))
    return carrier


def provincial(**fields):
    """A provincial version of the national rule set with a line of its own."""
    national = RuleSet.objects.get(code=NATIONAL)
    body = national.body | {"code": "incubator-provincial", "level": "provincial"}
    return RuleSet.objects.create(
        code="incubator-provincial", version=1, subject="carrier", purpose="recognition",
        stage="incubator", kind="general", level="provincial", effective_from=date(2019, 1, 1),
        body=body, digest="x", made_at=timezone.now(), **fields,
    )  # fmt: skip


def held(carrier):
    return Carrier.objects.with_level(ON).get(pk=carrier.pk)


def queries(function):
    with CaptureQueriesContext(connection) as seen:
        function()
    return len(seen)


class TestWhichRuleSet:
    def test_the_lowest_level_there_is_for_a_carrier_of_no_level(self, carrier):
        assert chosen_for(carrier_rule_sets(ON), held(carrier)).code == NATIONAL
        provincial()
        assert chosen_for(carrier_rule_sets(ON), held(carrier)).code == "incubator-provincial"

    def test_the_one_of_its_level_and_the_next_above(self, carrier):
        below = provincial()
        CarrierRecognition.objects.create(
            carrier=carrier, level="provincial", start=date(2022, 1, 1)
        )
        found = carrier_rule_sets(ON)
        chosen = chosen_for(found, held(carrier))
        assert chosen == below
        assert next_above(found, held(carrier), chosen).code == NATIONAL
        assert next_above(found, held(carrier), RuleSet.objects.get(code=NATIONAL)) is None
        CarrierRecognition.objects.create(carrier=carrier, level="national", start=date(2023, 1, 1))
        assert chosen_for(found, held(carrier)).code == NATIONAL

    def test_kind_and_stage_decide(self, jr):
        special = make_carrier(park=jr, kind="specialised", field="智能终端")
        assert chosen_for(carrier_rule_sets(ON), held(special)).kind == "specialised"
        accelerator = make_carrier(park=jr, stage="accelerator")
        ministry = chosen_for(carrier_rule_sets(ON), held(accelerator))
        assert ministry.code == "accelerator-ministry-standard"
        assert chosen_for(carrier_rule_sets(date(2025, 6, 30)), held(accelerator)) is None


class TestReport:
    def test_gaps_are_told_in_words(self, carrier):
        found = report(held(carrier), RuleSet.objects.get(code=NATIONAL), ON)
        with override("zh-hans"):
            gaps = {one.node.code: one.gap_words for one in found.gaps}
            assert all(gaps.values())
            assert "4 家" in found.explanation.finding("firms").gap_words
            assert "1.67 ㎡" in found.explanation.finding("area-in-use").gap_words
            assert "5 家" in found.explanation.finding("density").gap_words
        line = next(one for one in found.lines if one.finding.node.code == "density")
        assert line.numerator.startswith("46")
        assert line.denominator.startswith("16,700")
        assert len(line.rows) == 46
        assert line.less.startswith("1,366.67")
        assert all(one.missing for one in found.unknown)

    def test_the_course_is_of_the_same_day_of_24_months(self, carrier):
        found = report(held(carrier), RuleSet.objects.get(code=NATIONAL), date(2026, 3, 31))
        days = [month.on for month in found.course]
        assert len(days) == 24
        assert days[-2:] == [date(2026, 2, 28), date(2026, 3, 31)]
        assert found.course[-1].verdict == found.explanation.verdict
        assert {len(month.by_code) for month in found.course} == {len(found.lines)}
        assert months_up_to(ON, date(2026, 4, 30)) == [date(2026, 4, 30), date(2026, 5, 30), ON]
        assert months_up_to(ON, date(2027, 1, 1)) == [ON]

    def test_a_course_costs_no_more_queries_than_a_day(self, carrier):
        rule_set = RuleSet.objects.get(code=NATIONAL)
        one = held(carrier)
        day = queries(lambda: reports(one, [rule_set], ON, course=False))
        assert queries(lambda: reports(one, [rule_set], ON)) == day
        both = [rule_set, provincial()]
        assert queries(lambda: reports(one, both, ON)) == day

    def test_all_carriers_stand_in_a_fixed_number_of_queries(self):
        random_carrier(1)
        few = queries(lambda: standings(Carrier.objects.all(), ON))
        for seed in range(2, 12):
            random_carrier(seed, firms=2)
        random_carrier(20, kind="general")
        assert queries(lambda: standings(Carrier.objects.all(), ON)) == few
        found = standings(Carrier.objects.all(), ON)
        assert len(found) == 12
        for one in found:
            alone = report(held(one.carrier), one.rule_set, ON)
            assert alone.explanation.verdict == one.explanation.verdict
            assert len(alone.gaps) == len(one.gaps)


class TestPages:
    def test_the_page_says_verdict_gap_article_and_records(self, client, bureau, carrier):
        client.force_login(bureau)
        answer = client.get(f"/carriers/{carrier.pk}/readiness/?on={ON}")
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "还差 4 家" in text
        assert "国科发区〔2018〕300号" in text
        residency = carrier.residencies.first()
        assert residency.tenant.name in text
        assert f"/residencies/{residency.pk}/" in text
        assert f"/tenants/{residency.tenant_id}/" in text
        assert text.count("<rect") >= 24

    def test_an_unknown_rule_set_is_complained_about(self, client, bureau, carrier):
        client.force_login(bureau)
        answer = client.get(f"/carriers/{carrier.pk}/readiness/?rule_set=none")
        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()

    def test_a_version_of_another_day_can_be_asked_for(self, client, bureau, carrier):
        now = RuleSet.objects.get(code=NATIONAL)
        criteria = [
            one | {"threshold": "46"} if one.get("metric") == "incubated_firms" else one
            for one in now.body["criteria"]
        ]
        RuleSet.objects.filter(pk=now.pk).update(effective_to=date(2027, 1, 1))
        RuleSet.objects.create(
            code=NATIONAL, version=2, subject="carrier", purpose="recognition", stage="incubator",
            kind="general", level="national", effective_from=date(2027, 1, 1), made_at=now.made_at,
            body=now.body | {"version": 2, "criteria": criteria}, digest="y",
        )  # fmt: skip
        client.force_login(bureau)
        page = f"/carriers/{carrier.pk}/readiness/?on={ON}"
        assert "还差 4 家" in client.get(page).content.decode()
        text = client.get(f"{page}&rule_set={NATIONAL}+v2").content.decode()
        assert f'<option value="{NATIONAL} v2" selected>' in text
        assert "还差 4 家" not in text
        everyone = f"/carriers/readiness/?on={ON}&rule_set={NATIONAL}+v2"
        assert f"rule_set={NATIONAL}+v2" in client.get(everyone).content.decode()
        api = f"/api/v1/carriers/{carrier.pk}/readiness/?on={ON}&rule_set={NATIONAL}+v2"
        assert client.get(api).json()["version"] == 2

    def test_a_carrier_without_a_rule_set_is_told_so(self, client, bureau, jr):
        client.force_login(bureau)
        accelerator = make_carrier(park=jr, stage="accelerator")
        answer = client.get(f"/carriers/{accelerator.pk}/readiness/?on=2025-06-30")
        assert 'class="empty"' in answer.content.decode()

    def test_the_next_level_up_stands_beside(self, client, operator, carrier):
        below = provincial()
        client.force_login(operator)
        text = client.get(f"/carriers/{carrier.pk}/readiness/?on={ON}").content.decode()
        assert below.code in text
        assert f"rule_set={NATIONAL}" in text
        assert "更高一级：国家级" in text

    def test_all_carriers_the_nearest_first_and_as_a_file(self, client, bureau, carrier, ld):
        other = make_carrier(park=ld, name="联东孵化器")
        make_carrier(park=ld, name="旧载体", closed_on=date(2025, 1, 1))
        client.force_login(bureau)
        text = client.get(f"/carriers/readiness/?on={ON}").content.decode()
        assert carrier.name in text
        assert other.name in text
        assert "旧载体" not in text
        assert (
            client.get(f"/carriers/readiness/?on={ON}&park=LD").content.decode().count(carrier.name)
            == 0
        )
        file = client.get(f"/carriers/readiness/?on={ON}&format=csv").content.decode("utf-8-sig")
        assert len(file.splitlines()) == 3
        assert "还差 4 家" in file

    def test_what_is_unknown_puts_a_carrier_no_nearer(self, client, bureau, carrier, ld):
        make_carrier(park=ld, name="空白孵化器", own_legal_person=None)
        client.force_login(bureau)
        rows = client.get(f"/carriers/readiness/?on={ON}").context["standings"]
        missing = [len(one.gaps) + len(one.unknown) for one in rows]
        assert missing == sorted(missing)
        assert any(one.unknown for one in rows)

    def test_operators_see_their_own_carriers(self, client, operator2, carrier):
        client.force_login(operator2)
        assert client.get(f"/carriers/{carrier.pk}/readiness/").status_code == 404
        assert carrier.name not in client.get("/carriers/readiness/").content.decode()


class TestApi:
    def test_readiness_is_data(self, client, bureau, carrier):
        client.force_login(bureau)
        provincial()
        answer = client.get(f"/api/v1/carriers/{carrier.pk}/readiness/?on={ON}&rule_set={NATIONAL}")
        data = answer.json()
        assert answer.status_code == 200
        assert (data["rule_set"], data["on"], data["verdict"]) == (
            NATIONAL,
            "2026-06-30",
            "not_met",
        )
        firms = next(one for one in data["conditions"] if one["code"] == "firms")
        assert (firms["value"], firms["gap"], firms["verdict"]) == ("46", "4", "not_met")
        assert len(firms["evidence"]) == 46
        assert len(data["course"]) == 24
        assert data["next_level"] is None
        lower = client.get(f"/api/v1/carriers/{carrier.pk}/readiness/?on={ON}").json()
        assert lower["rule_set"] == "incubator-provincial"
        assert lower["next_level"]["rule_set"] == NATIONAL

    def test_what_is_not_there_is_refused(self, client, bureau, operator2, carrier):
        client.force_login(bureau)
        path = f"/api/v1/carriers/{carrier.pk}/readiness/"
        assert client.get(f"{path}?rule_set=none").status_code == 400
        assert client.get(f"{path}?rules=none").status_code == 400
        assert client.get(f"{path}?on=yesterday").status_code == 400
        client.force_login(operator2)
        assert client.get(path).status_code == 404


def test_verdicts_never_count_unknown_as_met(carrier):
    found = report(held(carrier), RuleSet.objects.get(code=NATIONAL), ON)
    assert found.explanation.verdict == Verdict.NOT_MET
    assert {one.verdict for one in found.met} == {Verdict.MET}
    assert len(found.met) + len(found.gaps) + len(found.unknown) == len(found.tops)
