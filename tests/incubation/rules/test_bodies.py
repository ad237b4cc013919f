import copy
import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from incubation.rules import RuleFileError, RuleSetBody, Words
from tests.incubation.rules.metrics import METRICS, criterion, head

GROUP = {
    "code": "ip", "text": {"zh": "知识产权", "en": "IP"},
    "any": [
        criterion("use", threshold="0.5"),
        {"code": "both", "text": {"zh": "二者", "en": "Both"}, "all": [
            criterion("density", threshold="3"), criterion("fund", threshold=None),
        ]},
    ],
}  # fmt: skip


def read(mapping, metrics=METRICS):
    return RuleSetBody.from_mapping(mapping, metrics=metrics)


def faults(**others):
    with pytest.raises(RuleFileError) as caught, translation.override("en"):
        read(head(**others))
    return caught.value.faults


def test_a_body_comes_back_as_it_was_written():
    note = {"zh": "说明", "en": "Note"}
    rules = read(
        head(
            criteria=[criterion("area", article="第七条", note=note), GROUP],
            effective_from=date(2019, 1, 1),
            effective_to="2026-01-01",
            product_default=True,
            verified=False,
            note=note,
            article="第二章",
        )  # fmt: skip
    )
    mapping = json.loads(json.dumps(rules.to_mapping()))
    again = read(mapping)
    assert again == rules
    assert again.digest == rules.digest
    assert [c.code for c in rules.criteria()] == ["area", "use", "density", "fund"]
    above = {node.code: [group.code for group in groups] for node, groups in rules.walk()}
    assert above["fund"] == ["ip", "both"]


def test_a_threshold_is_exact_and_printed_plainly():
    (row,) = read(head(criteria=[criterion("area", threshold="10000.00")])).criteria()
    assert row.threshold == Decimal(10000)
    assert row.to_mapping()["threshold"] == "10000"
    assert read(head(criteria=[criterion("area", threshold=10000)])).criteria() == [row]


def test_the_digest_changes_with_every_word():
    first = read(head()).digest
    other = criterion("area", text={"zh": "面积", "en": "Area"})
    assert read(head(criteria=[other])).digest != first


def test_words_follow_the_language():
    words = Words("面积", "Area")
    assert str(words) == "面积"
    with translation.override("en"):
        assert str(words) == "Area"
    assert str(Words("只有中文")) == "只有中文"


@pytest.mark.parametrize(
    ("others", "fault"),
    [
        ({"code": ""}, "head: code is missing"),
        ({"version": "1"}, "head: version must be a whole number from 1"),
        ({"name": {"zh": "测试"}}, "head: name is not there in the language en"),
        ({"name": "测试"}, "head: name must be { zh = …, en = … }"),
        ({"subject": "park"}, "head: subject is “park”; it can be carrier, firm"),
        ({"purpose": None}, "head: purpose is missing"),
        ({"level": "world"}, "head: level is “world”; it can be national, provincial, city, district"),
        ({"document": ""}, "head: document is missing"),
        ({"effective_from": None}, "head: effective_from is missing"),
        ({"effective_from": "1.1.2019"}, "head: effective_from is “1.1.2019”; write a day like 2026-01-31"),
        ({"effective_to": "2019-01-01"}, "head: effective_to must lie after effective_from"),
        ({"product_default": "yes"}, "head: product_default must be true or false"),
        ({"treshold": 1}, "head: “treshold” is not known here"),
        ({"criteria": []}, "criteria: at least one criterion is needed"),
    ],
)  # fmt: skip
def test_faults_of_the_head(others, fault):
    assert fault in faults(**others)


@pytest.mark.parametrize(
    ("others", "fault"),
    [
        ({"code": ""}, "criteria 1: code is missing"),
        ({"metric": "desks"}, "criteria 1 (area): no metric is called “desks”"),
        ({"unit": "yuan"}, "criteria 1 (area): area is counted in m2, not in yuan"),
        ({"metric": "months", "unit": "months"}, "criteria 1 (area): months is a fact about a firm, the rule set judges a carrier"),
        ({"operator": "≥"}, "criteria 1 (area): operator is “≥”; it can be >=, >, <=, <, =="),
        ({"threshold": "many"}, "criteria 1 (area): threshold is “many”; write a number in quotes, like \"0.75\""),
        ({"threshold": 0.1}, "criteria 1 (area): threshold is “0.1”; write a number in quotes, like \"0.75\""),
        ({"threshold": "NaN"}, "criteria 1 (area): threshold is “NaN”; write a number in quotes, like \"0.75\""),
        ({"threshold": None}, "criteria 1 (area): without a threshold it cannot be verified"),
        ({"text": {"en": "Area"}}, "criteria 1 (area): text is not there in the language zh"),
        ({"note": {"zh": "说明"}}, "criteria 1 (area): note is not there in the language en"),
        ({"article": 7}, "criteria 1 (area): article must be a text"),
        ({"weight": 2}, "criteria 1 (area): “weight” is not known here"),
    ],
)  # fmt: skip
def test_faults_of_a_criterion(others, fault):
    assert fault in faults(criteria=[criterion("area") | others])


def test_a_yes_or_no_fact_has_no_other_line():
    row = criterion("listed", ">=", "2")
    assert faults(subject="firm", criteria=[row]) == [
        "criteria 1 (listed): a yes-or-no fact is compared with == 1 or == 0"
    ]


def test_faults_within_groups_name_their_place():
    group = copy.deepcopy(GROUP)
    group["any"][1]["all"][0]["code"] = "use"
    group["all"] = []
    found = faults(criteria=[group])
    assert "criteria 1 (ip): a group is either any or all, not both" in found
    assert "criteria 1 (ip), any 2 (both), all 1 (use): the code is used twice" in found
    empty = {"code": "none", "text": {"zh": "空", "en": "None"}, "any": []}
    assert faults(criteria=[empty]) == ["criteria 1 (none), any: at least one criterion is needed"]


def test_every_fault_is_told_at_once():
    bad = [criterion("area") | {"operator": "~", "unit": "yuan"}, criterion("nothing")]
    assert len(faults(version=0, criteria=bad)) == 4


def test_a_stored_body_is_read_without_the_metrics():
    mapping = head(criteria=[criterion("area") | {"metric": "gone"}])
    assert read(mapping, metrics=None).criteria()[0].metric == "gone"
