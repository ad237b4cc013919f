"""Rule sets are kept version by version."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from incubation.errors import RuleSetDiffers, RuleVersionTaken
from incubation.models import RuleSet
from incubation.rules import RuleSetBody
from incubation.services import load_rule_sets, new_version
from parks.errors import DatesOutOfOrder, InvalidValue
from parks.models import AuditEntry
from tests.incubation.rules.metrics import criterion, head

AT = datetime(2026, 6, 30, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def body(**others):
    return RuleSetBody.from_mapping(head(**others))


@pytest.fixture
def first():
    return load_rule_sets([body()], by=None, at=AT)[0]


def follow(first, bureau, *, reason="新办法施行", **others):
    fields = {"effective_from": "2026-07-01", "criteria": [criterion(threshold="12000")]} | others
    return new_version(rule_set=first, body=body(**fields), reason=reason, by=bureau, at=AT)


def test_a_body_comes_back_from_the_database(first):
    kept = RuleSet.objects.get()
    assert kept.rules == body()
    assert kept.digest == kept.rules.digest
    assert (kept.subject, kept.purpose, kept.stage, kept.level) == (
        "carrier", "recognition", "incubator", "national",
    )  # fmt: skip
    assert kept.name == "测试"


def test_loading_again_changes_nothing(first):
    assert load_rule_sets([body()], by=None, at=AT) == []
    assert RuleSet.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_version_is_never_loaded_with_other_content(first):
    other = body(criteria=[criterion(threshold="9000")])
    with pytest.raises(RuleVersionTaken, match="第 1 版已保存"):
        load_rule_sets([body(code="another"), other], by=None, at=AT)
    assert RuleSet.objects.get().rules == body()


def test_a_new_version_ends_the_one_before_and_leaves_it_as_it_was(first, bureau):
    second = follow(first, bureau)
    first.refresh_from_db()
    assert (first.effective_to, second.effective_from) == (date(2026, 7, 1), date(2026, 7, 1))
    assert first.rules == body()
    assert (second.version, second.reason, second.made_by) == (2, "新办法施行", bureau)
    for day, version in ((date(2026, 6, 30), 1), (date(2026, 7, 1), 2)):
        assert RuleSet.objects.in_force_on(day).get().version == version
    assert [e.action for e in AuditEntry.objects.order_by("sequence")] == [
        "create",
        "end",
        "create",
    ]


@pytest.mark.parametrize(
    ("others", "error"),
    [
        ({"reason": " "}, InvalidValue),
        ({"effective_from": "2019-01-01"}, DatesOutOfOrder),
        ({"criteria": [criterion()]}, InvalidValue),
        ({"purpose": "graduation"}, RuleSetDiffers),
        ({"level": "provincial"}, RuleSetDiffers),
    ],
    ids=["no reason", "not later", "nothing new", "another purpose", "another level"],
)
def test_a_new_version_is_refused(first, bureau, others, error):
    with pytest.raises(error):
        follow(first, bureau, **others)
    assert RuleSet.objects.get().effective_to is None


def test_only_the_last_version_is_followed(first, bureau):
    follow(first, bureau)
    with pytest.raises(RuleVersionTaken):
        follow(first, bureau, effective_from="2027-01-01")


def test_files_add_versions_but_none_behind_the_last(first, bureau):
    third = body(version=3, effective_from="2027-01-01")
    assert [v.version for v in load_rule_sets([third], by=None, at=AT)] == [3]
    with pytest.raises(RuleVersionTaken):
        load_rule_sets([body(version=2, effective_from="2026-01-01")], by=None, at=AT)


def run(*arguments):
    out = StringIO()
    call_command("load_rule_sets", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_names_every_fault(tmp_path):
    file = tmp_path / "wrong.v1.toml"
    file.write_text('code = "wrong"\nversion = 0\n', encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        run(file)
    assert len(str(caught.value).splitlines()) > 5


def test_the_command_loads_what_is_shipped_once():
    assert "共 9 个规则集" in run("--check")
    assert not RuleSet.objects.exists()
    assert "新增 9 个" in run()
    assert "新增 0 个" in run()
    assert RuleSet.objects.in_force_on(date(2026, 6, 30)).count() == 9
