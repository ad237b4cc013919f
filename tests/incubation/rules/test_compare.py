from incubation.rules import RuleSetBody, compare
from tests.incubation.rules.metrics import criterion, head


def body(*rows, **others):
    return RuleSetBody.from_mapping(head(criteria=list(rows), **others))


def group(*rows, mode="any"):
    return {"code": "group", "text": {"zh": "组", "en": "Group"}, mode: list(rows)}


def test_versions_are_compared_by_code():
    before = body(criterion("area"), criterion("firms", threshold="50"), criterion("fund"))
    after = body(
        criterion("area"), criterion("firms", ">", "40"), criterion("density"), version=2
    )  # fmt: skip
    result = compare(before, after)
    (change,) = result.changed
    assert (change.code, change.what) == ("firms", ("operator", "threshold"))
    assert (change.before.threshold, change.after.threshold) == (50, 40)
    assert [change.code for change in result.added] == ["density"]
    assert [change.code for change in result.removed] == ["fund"]
    assert result.head == (("version", 1, 2),)


def test_a_criterion_that_moves_into_a_group_has_changed_its_place():
    before = body(criterion("area"), group(criterion("firms")))
    after = body(group(criterion("firms"), criterion("area"), mode="all"))
    changes = {change.code: change.what for change in compare(before, after).changed}
    assert changes == {"area": ("place",), "group": ("mode",)}


def test_a_criterion_that_becomes_a_group_is_another_kind():
    after = {"code": "area", "text": {"zh": "组", "en": "Group"}, "any": [criterion("firms")]}
    (change,) = compare(body(criterion("area")), body(after)).changed
    assert change.what == ("kind",)


def test_a_new_version_with_nothing_new_is_no_change():
    assert not compare(body(criterion()), body(criterion(), version=2, effective_from="2026-01-01"))
    assert compare(body(criterion()), body(criterion(), document="另一办法"))
