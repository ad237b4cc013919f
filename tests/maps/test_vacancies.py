import json
from datetime import date

import pytest

from tests.factories import make_floor, make_lease, make_park, make_unit

ON = "2026-06-30"


def test_vacancies_need_no_login_and_name_no_tenant(client, plan):
    page = client.get("/vacancies/", {"on": ON})
    assert page.status_code == 200
    units = [unit.number for unit in page.context["page_obj"]]
    assert units == ["102"]
    for address in ("/vacancies/", "/vacancies/data/", "/vacancies/document/"):
        text = client.get(address, {"on": ON}).text
        assert plan.tenant.name not in text
        assert "甲公司" not in text
        assert plan.lease.number not in text


def test_vacancies_leave_out_what_is_not_listed(client, plan):
    make_unit(floor=plan.floor, number="秘密", listed=False)
    assert "秘密" not in client.get("/vacancies/", {"on": ON}).text


def test_vacancies_of_another_day(client, plan):
    make_lease(units=[plan.vacant], start=date(2026, 8, 1), end=date(2027, 8, 1))
    assert client.get("/vacancies/", {"on": "2026-09-01"}).context["page_obj"].paginator.count == 0
    assert client.get("/vacancies/", {"on": "2025-06-30"}).context["page_obj"].paginator.count == 3


@pytest.mark.parametrize(
    ("query", "count"),
    [({"park": "JR"}, 1), ({"kind": "office"}, 1), ({"kind": "desk"}, 0),
     ({"gross_area_m2__gte": 200}, 1), ({"gross_area_m2__lte": 199}, 0),
     ({"clear_height_m__gte": 4}, 0), ({"floor_load_kn_m2__gte": 1}, 0)],
)  # fmt: skip
def test_vacancies_are_narrowed(client, plan, query, count):
    page = client.get("/vacancies/", {"on": ON} | query)
    assert page.context["page_obj"].paginator.count == count


@pytest.mark.parametrize(
    "query", [{"park": "NN"}, {"kind": "castle"}, {"gross_area_m2__gte": "much"}], ids=str
)
def test_a_wrong_wish_is_told(client, plan, query):
    page = client.get("/vacancies/", query)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert client.get("/vacancies/data/", query).status_code == 400
    assert client.get("/vacancies/document/", query).status_code == 400


def test_map_counts_by_park_then_by_building(client, plan):
    data = json.loads(client.get("/vacancies/data/", {"on": ON}).text)
    (park,) = [feature["properties"] for feature in data["features"]]
    assert (park["label"], park["mark"]) == ("金荣科技园", "1")
    assert park["url"] == f"/vacancies/?on={ON}&park=JR"
    data = json.loads(client.get("/vacancies/data/", {"on": ON, "park": "JR"}).text)
    marks = {f["properties"]["label"]: f["properties"]["mark"] for f in data["features"]}
    assert marks == {"1栋": "1", "2栋": "0"}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_are_fixed(client, db, count, django_assert_num_queries):
    for _i in range(count):
        park = make_park()
        for _j in range(count):
            make_unit(floor=make_floor(park=park))
    with django_assert_num_queries(4):
        client.get("/vacancies/", {"on": ON})
    with django_assert_num_queries(2):
        client.get("/vacancies/data/", {"on": ON})
