"""The pages of rules: reading versions, and making the next one with a reason."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from incubation.models import RuleSet
from incubation.rule_forms import nodes_form, rows_of, threshold_words
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets

AT = datetime(2026, 6, 30, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    made = load_rule_sets(read_files(shipped(), METRICS), by=None, at=AT)
    return {rule_set.code: rule_set for rule_set in made}


def address(name, *args):
    return reverse(f"incubation:{name}", args=args)


def typed(rule_set, **changes):
    """What the form sends when nothing but ``changes`` is typed."""
    rows = rows_of(rule_set.rules)
    data = {"nodes-TOTAL_FORMS": str(len(rows)), "nodes-INITIAL_FORMS": str(len(rows))}
    for n, row in enumerate(rows):
        for name, value in row.items():
            if value is True:
                value = "True" if name == "group" else "on"
            if value not in (None, False):
                data[f"nodes-{n}-{name}"] = str(value)
    body = rule_set.rules
    return data | {
        "based_on": rule_set.version, "name_zh": body.name.zh, "name_en": body.name.en,
        "document": body.document, "effective_from": "2026-07-01", "reason": "新办法",
        "verified": "on",
    } | changes  # fmt: skip


def send(client, rule_set, **changes):
    return client.post(address("rule-edit", rule_set.code), typed(rule_set, **changes))


def row_of(rule_set, code):
    codes = [row["code"] for row in rows_of(rule_set.rules)]
    return f"nodes-{codes.index(code)}"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many(
    client, bureau, count, django_assert_num_queries
):
    load_rule_sets(read_files(shipped()[:count], METRICS), by=None, at=AT)
    client.force_login(bureau)
    client.get(address("rule-list"))
    with django_assert_num_queries(6):
        page = client.get(address("rule-list"))
    assert len(page.context["versions"]) == count


def test_the_list_shows_the_version_of_the_day(client, bureau, kept):
    client.force_login(bureau)
    send(
        client, kept["graduate"], **{f"{row_of(kept['graduate'], 'revenue')}-threshold": "12000000"}
    )
    for on, version in (("2026-06-30", 1), ("2026-07-01", 2)):
        page = client.get(address("rule-list"), {"on": on})
        shown = {one.code: one for one in page.context["versions"]}
        assert shown["graduate"].version == version
    assert shown["incubator-ministry-standard"].open == 9


def test_a_rule_set_is_shown_with_its_lines_and_versions(client, bureau, kept):
    client.force_login(bureau)
    text = client.get(address("rule-detail", "incubator-general-national")).content.decode()
    for expected in ("国科发区〔2018〕300号", "≥ 75%", "≥ 50 家", "以下至少符合一项", "第 1 版"):
        assert expected in text
    assert client.get(address("rule-detail", "nothing")).status_code == 404
    assert client.get(address("rule-detail", "graduate") + "?version=9").status_code == 404


def test_every_metric_stands_with_its_definition(client, bureau, kept):
    client.force_login(bureau)
    page = client.get(address("metric-list"))
    text = page.content.decode()
    assert all(f'id="{code}"' in text for code in METRICS)
    assert "国家级科技企业孵化器（综合）" in text


@pytest.mark.parametrize("code", [path.name.partition(".")[0] for path in shipped()])
def test_a_form_left_as_it_is_says_the_same(client, bureau, kept, code):
    rule_set = kept[code]
    body = rule_set.rules
    changes = {"note_zh": body.note.zh, "note_en": body.note.en, "article": "第二章"}
    client.force_login(bureau)
    unverified = {} if body.verified else {"verified": ""}
    page = send(client, rule_set, **changes, **unverified)
    made = RuleSet.objects.filter(code=code).first()
    assert page.status_code == 302, page.context["form"].errors
    assert made.version == 2
    assert made.rules.nodes == body.nodes


def test_a_new_version_is_kept_with_its_reason_and_compared(client, bureau, kept):
    first = kept["incubator-general-national"]
    client.force_login(bureau)
    changes = {
        f"{row_of(first, 'area-in-use')}-threshold": "80",
        f"{row_of(first, 'fund-cases')}-remove": "on",
    }
    page = send(client, first, **changes)
    assert page["Location"].endswith("/rules/incubator-general-national/?version=2&compare=1")
    second = RuleSet.objects.get(code=first.code, version=2)
    first.refresh_from_db()
    assert first.effective_to == second.effective_from == date(2026, 7, 1)
    assert (second.reason, second.made_by) == ("新办法", bureau)
    shown = client.get(page["Location"]).context["differences"]
    told = {d.about: (d.before, d.after) for d in shown}
    area = str(second.rules.criteria()[4].text)
    assert [side[0].rpartition(" ")[2] for side in told[area]] == ["75%", "80%"]
    assert told["不少于3个资金使用案例"][1] == []


def test_criteria_and_groups_are_added_and_moved(client, bureau, kept):
    rule_set = kept["graduate"]
    client.force_login(bureau)
    page = send(client, rule_set, add="group")
    assert page.context["nodes"].total_form_count() == 6
    n = 5
    group = {
        f"nodes-{n}-group": "True", f"nodes-{n}-code": "group", f"nodes-{n}-mode": "all",
        f"nodes-{n}-text_zh": "两项", f"nodes-{n}-text_en": "Both",
    }  # fmt: skip
    new = {
        "nodes-6-text_zh": "知识产权", "nodes-6-text_en": "IP", "nodes-6-metric": "ip_held",
        "nodes-6-operator": ">=", "nodes-6-threshold": "1", "nodes-6-parent": "group",
        "nodes-TOTAL_FORMS": "7", f"{row_of(rule_set, 'high-tech')}-parent": "group",
    }  # fmt: skip
    page = send(client, rule_set, **group, **new)
    assert page.status_code == 302, page.context["form"].errors
    nodes = RuleSet.objects.get(code="graduate", version=2).rules.nodes
    assert [node.code for node in nodes] == ["graduation", "group"]
    assert [node.code for node in nodes[1].members] == ["high-tech", "ip-held"]
    assert not nodes[1].members[1].verified


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reason": ""}, "reason"),
        ({"effective_from": "2019-01-01"}, None),
        ({"nodes-0-remove": "on"}, None),
        ({"nodes-0-parent": "graduation"}, None),
        ({"nodes-3-threshold": ""}, None),
        ({}, None),
    ],
    ids=[
        "no reason",
        "not later",
        "nothing left",
        "a group within itself",
        "no threshold",
        "no change",
    ],
)
def test_what_is_refused_loses_nothing(client, bureau, kept, changes, fault):
    rule_set = kept["graduate"]
    client.force_login(bureau)
    name = "经修订的毕业企业" if changes else rule_set.rules.name.zh
    page = send(client, rule_set, **{"name_zh": name} | changes)
    assert page.status_code == 200
    form = page.context["form"]
    assert form.errors[fault or "__all__"]
    assert form["name_zh"].value() == name
    assert RuleSet.objects.filter(code="graduate").count() == 1


def test_two_people_do_not_make_the_same_version(client, bureau, kept):
    rule_set = kept["graduate"]
    client.force_login(bureau)
    line = {f"{row_of(rule_set, 'revenue')}-threshold": "12000000"}
    assert send(client, rule_set, **line).status_code == 302
    page = send(client, rule_set, effective_from="2027-01-01", **line)
    assert "第 2 版" in str(page.context["form"].non_field_errors())


def test_a_row_that_is_taken_out_need_not_be_complete(client, bureau, kept):
    rule_set = kept["graduate"]
    client.force_login(bureau)
    empty = {"nodes-TOTAL_FORMS": "6", "nodes-5-remove": "on", "name_en": "Graduated firm"}
    assert send(client, rule_set, **empty).status_code == 302


def test_only_the_bureau_makes_versions(client, operator, kept):
    client.force_login(operator)
    assert client.get(address("rule-detail", "graduate")).status_code == 200
    assert send(client, kept["graduate"]).status_code == 403


def test_rows_know_how_deep_they_lie(kept):
    rows = rows_of(kept["incubated-firm"].rules)
    depths = {
        form["code"].value(): form.depth for form in nodes_form(kept["incubated-firm"], rows=rows)
    }
    assert (depths["technology"], depths["stay-48"], depths["stay-60"]) == (0, 1, 2)


@pytest.mark.parametrize(
    ("typed_in", "unit", "words"),
    [
        ("5000000", "yuan", "500 万元"),
        ("75", "share", "75%"),
        ("10000", "m2", "10,000 ㎡"),
        ("很多", "firms", "很多"),
        ("1e99999999", "firms", "1e99999999"),
    ],
)
def test_a_threshold_is_written_with_its_unit_in_the_row(typed_in, unit, words):
    assert threshold_words(typed_in, unit) == words
