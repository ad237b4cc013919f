"""Rule sets over the API: read by day, never written."""

from datetime import UTC, datetime

import pytest

from incubation.rules import METRICS, RuleSetBody
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets, new_version

AT = datetime(2026, 6, 30, 4, tzinfo=UTC)
URL = "/api/v1/rule-sets/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def graduate():
    made = load_rule_sets(read_files(shipped(), METRICS), by=None, at=AT)
    return next(one for one in made if one.code == "graduate")


@pytest.fixture
def client(client, bureau):
    client.force_login(bureau)
    return client


def test_a_rule_set_comes_with_its_criteria(client, graduate):
    row = client.get(f"{URL}{graduate.pk}/").json()
    assert row["document"].startswith("国科发区〔2018〕300号")
    criterion = row["criteria"][2]
    assert (criterion["metric"], criterion["operator"]) == ("revenue_two_years_yuan", ">")
    assert (criterion["threshold"], criterion["unit"]) == ("10000000", "yuan")
    assert row["body"]["criteria"][0]["any"][2]["code"] == criterion["code"]


def test_a_blank_threshold_is_null(client, graduate):
    (row,) = client.get(URL, {"code": "incubator-ministry-standard"}).json()["results"]
    blank = [c for c in row["criteria"] if c["threshold"] is None]
    assert len(blank) == 9
    assert not any(c["verified"] for c in blank)


@pytest.mark.parametrize(("on", "version"), [("2026-06-30", 1), ("2026-07-01", 2)])
def test_versions_in_force_on_a_day(client, bureau, graduate, on, version):
    mapping = graduate.rules.to_mapping() | {"effective_from": "2026-07-01", "article": "第十条"}
    body = RuleSetBody.from_mapping(mapping)
    new_version(rule_set=graduate, body=body, reason="条款", by=bureau, at=AT)
    rows = client.get(URL, {"code": "graduate", "on": on}).json()["results"]
    assert [row["in_force"] for row in rows] == [version == 1, version == 2]
    rows = client.get(URL, {"code": "graduate", "on": on, "in_force": "true"}).json()["results"]
    assert [row["version"] for row in rows] == [version]


def test_the_list_takes_the_same_queries_however_many(client, graduate, django_assert_num_queries):
    client.get(URL)
    for query, count in (({"code": "graduate"}, 1), ({}, 9)):
        with django_assert_num_queries(5):
            assert client.get(URL, query).json()["count"] == count


def test_nothing_is_written_here(client, graduate):
    assert client.post(URL, {}).status_code == 405
    assert client.delete(f"{URL}{graduate.pk}/").status_code == 405
