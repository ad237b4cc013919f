"""The search finds by what people remember, and only what is theirs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parks import services as space
from tenants.selectors.finding import find
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_tenant, make_unit

ON = date(2026, 6, 30)


@pytest.fixture
def town(jr, ld):
    building = make_building(park=jr, name="3栋")
    floor = make_floor(building=building)
    unit = make_unit(floor=floor, number="501")
    make_unit(floor=floor, number="1501")
    make_unit(park=ld, number="501")
    old = make_unit(floor=floor, number="B-12")
    space.renumber_unit(unit=old, number="777", on=date(2025, 1, 1), by=NOBODY)
    tenant = make_tenant(name="长沙湘芯科技有限公司", home_park=jr)
    lease = make_lease(units=[unit], tenant=tenant, start=date(2025, 1, 1), end=date(2030, 1, 1))
    return {"unit": unit, "old": old, "tenant": tenant, "lease": lease}


def titles(user, text):
    return [hit.title for _heading, hits in find(user, text, ON, 10) for hit in hits]


def test_numbers_names_initials_and_leases(town, operator):
    assert titles(operator, "501")[:2] == ["501", "1501"]
    assert "501" in titles(operator, "3栋501")
    assert "501" in titles(operator, "金荣 3栋 501")
    assert titles(operator, "csxx") == ["长沙湘芯科技有限公司"]
    assert titles(operator, "湘芯 科技") == ["长沙湘芯科技有限公司"]
    assert town["lease"].number in titles(operator, town["lease"].number)
    assert titles(operator, "JR")[-1:] == ["金荣科技园"]


def test_the_old_number_says_the_new_one(town, operator):
    ((_heading, (hit,)),) = find(operator, "B-12", ON, 10)
    assert hit.title == "777"
    assert "B-12" in hit.note
    assert "777" in hit.note


def test_others_see_their_own(town, operator2, stranger, startup):
    assert titles(operator2, "501") == ["501"]
    assert titles(operator2, "csxx") == []
    assert titles(stranger, "501") == []
    assert titles(startup, "湘芯") == []
    assert titles(startup, "望城起点") == ["望城起点科技有限公司"]


def test_six_queries_at_most(town, operator):
    with CaptureQueriesContext(connection) as queries:
        find(operator, "501", ON, 10)
    # Asking who somebody is comes on top, once a request.
    assert len([q for q in queries if "auth_group" not in q["sql"]]) <= 6


def test_odd_texts_find_nothing(client, operator):
    client.force_login(operator)
    for text in ("", "  ", "\x00", "%", "_", "a" * 5000, "'"):
        assert client.get("/search/", {"q": text}).status_code == 200
