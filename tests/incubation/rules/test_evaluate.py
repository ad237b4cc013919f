import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from incubation.rules import Column, Columns, RuleSetBody, Verdict, evaluate
from tests.incubation.rules.metrics import METRICS, criterion, head

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
OPERATORS = {
    ">=": lambda a, b: a >= b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b, "==": lambda a, b: a == b,
}  # fmt: skip


def body(*criteria, **others):
    return RuleSetBody.from_mapping(head(criteria=list(criteria), **others), metrics=METRICS)


def judge(rules, **columns):
    size = len(next(iter(columns.values())))
    index = pd.Index(range(100, 100 + size), name="subject")
    return evaluate(rules, Columns(columns, METRICS), index, metrics=METRICS)


def one(rules, **columns):
    return judge(rules, **columns).verdict(0)


def found(rules, code, **columns):
    return judge(rules, **columns).explain(0).finding(code)


# The acceptance examples of the domain notes.


@pytest.mark.parametrize(
    ("used", "verdict"),
    [(1_252_500, MET), (1_252_499, NOT_MET), (1_252_501, MET)],
    ids=["75.00 % exactly", "0.01 m² less", "0.01 m² more"],
)
def test_exactly_75_percent_passes(used, verdict):
    rules = body(criterion("use", threshold="0.75"))
    assert one(rules, use=Column.of([used], [1_670_000])) is verdict


def test_2_994_firms_per_1000_m2_is_below_3_and_prints_so():
    rules = body(criterion("density", threshold="3"))
    density = Column.of([50 * 100_000], [1_670_000])
    result = found(rules, "density", density=density)
    assert result.verdict is NOT_MET
    assert result.value == Fraction(50_000, 16_700)
    assert result.printed_value == "2.99"
    assert (result.gap, result.gap_words) == (1, "3 线差 1 家")


def test_revenue_of_exactly_ten_million_is_not_more_than_ten_million():
    rules = body(criterion("revenue", ">", "10000000"), subject="firm")
    verdicts = judge(rules, revenue=Column.of([1_000_000_000, 1_000_000_001], 100))
    assert list(verdicts.overall) == [NOT_MET, MET]
    assert found(rules, "revenue", revenue=Column.of([1_000_000_000], 100)).gap == Fraction(1, 100)


@pytest.mark.parametrize(("days", "verdict"), [(0, MET), (1, NOT_MET)])
def test_a_day_past_24_months_is_too_late(days, verdict):
    rules = body(criterion("months", "<=", "24"), subject="firm")
    result = found(rules, "months", months=Column.of([24 * 31 + days], 31))
    assert result.verdict is verdict
    assert result.gap_words == ("超出 1 天（上限 24 个月）" if days else "")


@pytest.mark.parametrize(
    ("months", "special", "verdict"),
    [(48, 0, MET), (49, 0, NOT_MET), (49, 1, MET), (60, 1, MET), (61, 1, NOT_MET)],
)
def test_special_fields_may_stay_60_months(months, special, verdict):
    rules = body(STAY, subject="firm")
    columns = {"months": Column.of([months * 31], 31), "field": Column.of([special])}
    assert one(rules, **columns) is verdict


STAY = {
    "code": "stay", "text": {"zh": "在孵时限", "en": "Stay"},
    "any": [
        criterion("stay-48", "<=", "48", metric="months"),
        {"code": "long", "text": {"zh": "特殊领域", "en": "Special fields"}, "all": [
            criterion("special", "==", "1", metric="field"),
            criterion("stay-60", "<=", "60", metric="months"),
        ]},
    ],
}  # fmt: skip


# Three values.


def test_unknown_never_counts_as_met_and_says_what_is_missing():
    rules = body(criterion("area"), criterion("fund", threshold="5000000"))
    fund = Column.of([900_000_000], 100, known=False, missing=lambda i: "2025 年报未报")
    columns = {"area": Column.of([2_000_000], 100), "fund": fund}
    assert one(rules, **columns) is UNKNOWN
    result = found(rules, "fund", **columns)
    assert (result.printed_value, result.missing) == ("—", "2025 年报未报")


def test_a_blank_threshold_is_unknown_whatever_the_value():
    rules = body(criterion("area", threshold=None))
    result = found(rules, "area", area=Column.of([10**9], 100))
    assert result.verdict is UNKNOWN
    assert not result.verified
    assert "待核" in result.requirement
    assert result.missing


def test_an_empty_denominator_is_unknown_not_zero():
    rules = body(criterion("use", "<=", "0.75"))
    result = found(rules, "use", use=Column.of([0], [0]))
    assert (result.verdict, result.value, result.printed_value) == (UNKNOWN, None, "—")


@pytest.mark.parametrize(
    ("operator", "value", "verdict"),
    [
        (">=", 10, MET), (">=", 9, UNKNOWN), (">", 11, MET), (">", 10, UNKNOWN),
        ("<=", 11, NOT_MET), ("<=", 9, UNKNOWN), ("<", 10, NOT_MET), ("==", 10, UNKNOWN),
        ("==", 11, NOT_MET),
    ],
)  # fmt: skip
def test_the_least_a_value_can_be_settles_only_what_more_cannot_change(operator, value, verdict):
    rules = body(criterion("firms", operator, "10"))
    assert one(rules, firms=Column.of([value], complete=False)) is verdict


@pytest.mark.parametrize(
    ("mode", "a", "b", "verdict"),
    [
        ("all", MET, UNKNOWN, UNKNOWN), ("all", NOT_MET, UNKNOWN, NOT_MET), ("all", MET, MET, MET),
        ("any", MET, UNKNOWN, MET), ("any", NOT_MET, UNKNOWN, UNKNOWN),
        ("any", NOT_MET, NOT_MET, NOT_MET),
    ],
)  # fmt: skip
def test_groups_follow_kleene(mode, a, b, verdict):
    group = {"code": "group", "text": {"zh": "组", "en": "Group"}}
    members = [criterion("listed", "==", "1"), criterion("field", "==", "1")]
    rules = body(group | {mode: members}, subject="firm")
    columns = {
        name: Column.of([int(value == MET)], known=value != UNKNOWN)
        for name, value in (("listed", a), ("field", b))
    }
    assert one(rules, **columns) is verdict


# Properties.

values = st.integers(0, 10**9)
thresholds = st.decimals(0, 10**7, places=4)
cells = st.tuples(values, st.integers(0, 10**6), st.booleans(), st.booleans())


@given(st.lists(cells, min_size=1, max_size=20), thresholds, st.sampled_from(sorted(OPERATORS)))
def test_columns_say_what_exact_arithmetic_says_of_each(rows, threshold, operator):
    rules = body(criterion("use", operator, str(threshold)))
    numerator, denominator, known, complete = map(list, zip(*rows, strict=True))
    verdicts = judge(
        rules, use=Column.of(numerator, denominator, known=known, complete=complete)
    ).overall
    for verdict, (n, d, is_known, is_complete) in zip(verdicts, rows, strict=True):
        single = one(rules, use=Column.of([n], [d], known=is_known, complete=is_complete))
        assert verdict == single
        if not is_known or d == 0:
            assert verdict == UNKNOWN
        elif is_complete:
            assert verdict == OPERATORS[operator](Fraction(n, d), Fraction(threshold))


@given(values, values, st.integers(1, 10**6), thresholds, st.sampled_from([">=", ">"]))
def test_more_of_it_never_turns_met_into_not_met(value, more, denominator, threshold, operator):
    rules = body(criterion("use", operator, str(threshold)))
    less, greater = judge(rules, use=Column.of([value, value + more], [denominator] * 2)).overall
    assert less != MET or greater == MET


@given(values, st.integers(1, 10**6), thresholds, st.sampled_from([">=", ">", "<=", "<"]))
def test_closing_the_gap_passes_and_less_does_not(value, denominator, threshold, operator):
    rules = body(criterion("use", operator, str(threshold)))
    result = found(rules, "use", use=Column.of([value], [denominator]))
    if result.met:
        assert result.gap is None
        return
    sign = 1 if operator in {">=", ">"} else -1
    closed = value + sign * int(result.gap * 100)
    almost = closed - sign
    assert list(judge(rules, use=Column.of([closed, almost], [denominator] * 2)).overall) == [1, 0]


@given(thresholds)
def test_exactly_the_threshold(threshold):
    exact = Decimal(threshold).scaleb(4)
    column = Column.of([int(exact) - 1, int(exact), int(exact) + 1], 10_000)
    expected = {">=": [0, 1, 1], ">": [0, 0, 1], "<=": [1, 1, 0], "<": [1, 0, 0], "==": [0, 1, 0]}
    for operator, verdicts in expected.items():
        rules = body(criterion("use", operator, str(threshold)))
        assert list(judge(rules, use=column).overall) == verdicts


def test_products_beyond_64_bits_stay_exact():
    rules = body(criterion("fund", threshold="92233720368547758.0701"))
    greatest = 2**63 - 1
    assert list(judge(rules, fund=Column.of([greatest, greatest - 1], 100)).overall) == [0, 0]
    rules = body(criterion("fund", threshold="92233720368547758.0699"))
    assert list(judge(rules, fund=Column.of([greatest, greatest - 1], 100)).overall) == [1, 0]


def test_fractions_of_a_counted_part_are_refused():
    with pytest.raises(TypeError, match="whole numbers"):
        Column.of([0.5])


def test_a_column_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 values for 1 subjects"):
        judge(
            body(criterion("area"), criterion("firms")),
            area=Column.of([1]),
            firms=Column.of([1, 2]),
        )


def test_each_metric_is_worked_out_once_and_only_if_asked_for():
    asked = []

    class World(dict):
        def __getitem__(self, code):
            asked.append(code)
            return super().__getitem__(code)

    columns = Columns(World(months=Column.of([31], 31), field=Column.of([0]), listed=None), METRICS)
    evaluate(body(STAY, subject="firm"), columns, pd.Index([7]), metrics=METRICS)
    assert sorted(asked) == ["field", "months"]


# Days, nearness, frames.


def test_the_earliest_day_of_groups():
    def on(day):
        return {"earliest": [np.datetime64(day)]}

    members = [criterion("listed", "==", "1"), criterion("field", "==", "1")]
    columns = {
        "listed": Column.of([0], **on("2027-01-01")),
        "field": Column.of([0], **on("2028-01-01")),
        "revenue": Column.of([0]),
    }
    any_of = {"code": "any", "text": {"zh": "其一", "en": "Any"}, "any": members}
    explained = judge(body(any_of, subject="firm"), **columns).explain(0)
    assert explained.earliest == date(2027, 1, 1)
    explained = judge(body(*members, subject="firm"), **columns).explain(0)
    assert explained.earliest == date(2028, 1, 1)
    rules = body(*members, criterion("revenue", threshold="1"), subject="firm")
    assert judge(rules, **columns).explain(0).earliest is None
    columns["field"] = Column.of([1], **on("2028-01-01"))
    explained = judge(body(*members, subject="firm"), **columns).explain(0)
    assert explained.earliest == date(2027, 1, 1)
    assert explained.finding("field").earliest is None


def test_an_earliest_day_may_depend_on_the_threshold():
    def earliest(threshold):
        return np.array([np.datetime64("2020-01-01") + int(threshold)])

    rules = body(criterion("firms", threshold="31"))
    explained = judge(rules, firms=Column.of([1], earliest=earliest)).explain(0)
    assert explained.earliest == date(2020, 2, 1)


def test_who_is_near_comes_first():
    rules = body(criterion("area"), criterion("firms", threshold="50"))
    verdicts = judge(
        rules,
        area=Column.of([1_000_000, 990_000, 1_000_000, 1, 1_000_000], 100),
        firms=Column.of([50, 50, 40, 1, 0], known=[True, True, True, True, False]),
    )
    near = verdicts.near()
    assert list(near.index) == [101, 102, 104]
    assert list(near["missing"]) == [1, 1, 1]
    assert near["gap"].iloc[:2].tolist() == pytest.approx([0.01, 0.2])
    assert near["unknown"].tolist() == [0, 0, 1]
    assert list(verdicts.near(2).index) == [101, 102, 104, 103]
    assert verdicts.missing_codes(verdicts.position(102)) == ["firms"]


def test_the_frame_has_a_column_for_every_criterion_and_group():
    verdicts = judge(body(STAY, subject="firm"), months=Column.of([1]), field=Column.of([1]))
    assert list(verdicts.frame()) == ["stay", "stay-48", "long", "special", "stay-60"]
    assert verdicts.frame().loc[100, "stay"] == MET


@pytest.mark.parametrize(
    ("code", "value", "threshold", "zh", "en"),
    [
        ("firms", Column.of([46]), "50", "还差 4 家", "4 firms short"),
        ("use", Column.of([720_000], [1_002_667]), "0.75", "75% 线差 320.01 ㎡", "320.01 m² short of the line of 75%"),
        ("fund", Column.of([180_000_000], 100), "5000000", "还差 320 万元", "3,200,000 yuan short"),
        ("area", Column.of([999_999], 100), "10000", "还差 0.01 ㎡", "0.01 m² short"),
    ],
)  # fmt: skip
def test_gaps_in_words(code, value, threshold, zh, en):
    rules = body(criterion(code, threshold=threshold))
    result = found(rules, code, **{code: value})
    assert result.gap_words == zh
    with translation.override("en"):
        assert result.gap_words == en


def test_a_group_tells_the_choices_it_leaves():
    members = [criterion("listed", "==", "1"), criterion("revenue", ">", "10000000")]
    group = {"code": "group", "text": {"zh": "其一", "en": "Any"}, "any": members}
    columns = {"listed": Column.of([0]), "revenue": Column.of([100], 100)}
    result = found(body(group, subject="firm"), "group", **columns)
    assert result.gap_words == "尚未具备；或还差 9,999,999.01 元"


def test_a_frozen_explanation_is_json_and_exact():
    explained = judge(body(criterion("use", threshold="0.75")), use=Column.of([1], [3])).explain(0)
    frozen = explained.to_mapping()
    assert json.loads(json.dumps(frozen)) == frozen
    (finding,) = frozen["findings"]
    assert finding["value"] == "1/3"
    assert finding["requirement"] == {"zh": "≥ 75%", "en": "≥ 75%"}
    assert finding["gap_words"]["zh"].startswith("75% 线差")
    assert finding["gap_words"]["en"].endswith("short of the line of 75%")
    assert frozen["digest"] == explained.body.digest
