import json
from datetime import date
from decimal import Decimal

import pytest

from tenants import services as letting
from tests.factories import NOBODY, make_floor, make_lease, make_park, make_unit
from tests.factories.applications import give_space
from tests.factories.incubation import make_carrier
from tests.maps.conftest import square

ON = "2026-06-30"


def ask(unit, rent=26):
    letting.set_asking_rent(
        unit=unit, rent=Decimal(rent), rent_unit="m2_month", start=date(2026, 1, 1), by=NOBODY
    )


@pytest.fixture
def row(plan):
    """On 2F three vacant offices side by side, 100 m² each, then a desk; a let one beyond."""
    units = [
        make_unit(floor=plan.upper, number=f"20{i}", area=100, outline=square(i)) for i in range(3)
    ]
    make_unit(floor=plan.upper, number="D1", area=4, kind="desk", seats=1, outline=square(3))
    let = make_unit(floor=plan.upper, number="20X", area=100, outline=square(4))
    make_lease(units=[let], tenant=plan.tenant, start=date(2026, 1, 1), end=date(2027, 1, 1))
    return units


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
     ({"clear_height_m__gte": 4}, 0), ({"floor_load_kn_m2__gte": 1}, 0),
     ({"power_kva__gte": 1}, 0), ({"goods_lift": "on"}, 0), ({"fire_class": "D"}, 0),
     ({"seats__gte": 1}, 0), ({"stage": "incubator"}, 0), ({"asked_m2__lte": 26}, 1),
     ({"asked_m2__lte": 25}, 0), ({"asked_month__lte": 5200}, 1), ({"asked_month__lte": 5199}, 0)],
)  # fmt: skip
def test_vacancies_are_narrowed(client, plan, query, count):
    ask(plan.vacant)
    page = client.get("/vacancies/", {"on": ON} | query)
    assert page.context["page_obj"].paginator.count == count


def test_nothing_found_says_which_wish_to_give_up(client, plan):
    ask(plan.vacant)
    wishes = {"on": ON, "kind": plan.vacant.kind, "gross_area_m2__gte": "99999"}
    (one,) = client.get("/vacancies/", wishes).context["looser"]
    assert one[1] == 1
    assert client.get(one[2]).context["page_obj"].paginator.count == 1
    assert client.get("/vacancies/", {"on": ON}).context["looser"] == []


@pytest.mark.parametrize(
    "query", [{"park": "NN"}, {"kind": "castle"}, {"gross_area_m2__gte": "much"}], ids=str
)
def test_a_wrong_wish_is_told(client, plan, query):
    page = client.get("/vacancies/", query)
    assert page.status_code == 400
    assert "未查找" in page.text
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
    with django_assert_num_queries(6):
        client.get("/vacancies/", {"on": ON})
    with django_assert_num_queries(2):
        client.get("/vacancies/data/", {"on": ON})


def sets(client, **query):
    page = client.get("/vacancies/", {"on": ON} | query)
    return [[unit.number for unit in one.units] for one in page.context["sets"]]


def test_adjoining_units_are_offered_as_one(client, row):
    assert sets(client) == [["200", "201", "202"]]
    assert sets(client, gross_area_m2__gte=150) == [["200", "201"]]
    assert sets(client, gross_area_m2__gte=150, gross_area_m2__lte=180) == []
    assert sets(client, gross_area_m2__gte=301) == []
    assert sets(client, kind="desk", seats__gte=2) == []


def test_units_of_another_carrier_are_no_part_of_it(client, row):
    """They could not be merged, and no carrier could give both."""
    give_space(make_carrier(park=row[0].floor.building.park), row[2])
    assert sets(client) == [["200", "201"]]
    page = client.get(f"/vacancies/units/{row[1].pk}/", {"on": ON})
    assert [unit.number for unit, _address in page.context["more"]] == ["200"]


def test_a_set_costs_what_its_units_cost(client, row):
    ask(row[0])
    assert sets(client, gross_area_m2__gte=150, asked_month__lte=9000) == []
    ask(row[1], 30)
    assert sets(client, gross_area_m2__gte=150, asked_month__lte=5600) == [["200", "201"]]
    assert sets(client, gross_area_m2__gte=150, asked_month__lte=5599) == []


def test_the_stage_is_that_of_the_carrier_on_the_day(client, chain, plan):
    page = client.get("/vacancies/", {"on": ON, "stage": "incubator"})
    assert [unit.number for unit in page.context["page_obj"]] == ["102"]
    assert page.context["page_obj"][0].carrier == chain.incubator
    assert (
        client.get("/vacancies/", {"on": "2019-06-30", "stage": "incubator"}).context["area"] == 0
    )


@pytest.mark.parametrize("page", ["0", "x", "99"])
def test_any_page_answers(client, plan, page):
    assert client.get("/vacancies/", {"page": page}).status_code == 200


def test_a_unit_is_told_to_everybody_with_its_floor(client, row, plan):
    ask(row[0])
    page = client.get(f"/vacancies/units/{row[0].pk}/", {"on": ON})
    assert page.status_code == 200
    assert "2,600.00" in page.text
    assert [unit.number for unit, _address in page.context["more"]] == ["201"]
    for secret in (plan.tenant.name, "甲公司", "20X"):
        assert secret not in page.text
    assert page.context["apply"] == f"/apply/?unit={row[0].pk}&on={ON}"


def test_who_may_not_apply_is_not_asked_to(client, plan, operator, startup):
    address = f"/vacancies/units/{plan.vacant.pk}/"
    client.force_login(startup)
    page = client.get(address, {"on": ON}).text
    assert "/apply/?unit=" in page
    assert "不在此受理申请" in page  # no carrier has it
    assert "申请此房源" not in page
    client.force_login(operator)
    assert "/apply/?unit=" not in client.get(address, {"on": ON}).text


def test_several_adjoining_units_are_applied_for_together(client, row, plan):
    keys = [unit.pk for unit in row]
    page = client.get(f"/vacancies/units/{keys[1]}/", {"on": ON, "with": [keys[0], keys[2]]})
    assert page.context["whole"].area_m2 == 300
    assert page.context["apply"] == f"/apply/?unit={keys[1]}&unit={keys[0]}&unit={keys[2]}&on={ON}"
    assert [unit.number for unit, _address in page.context["fewer"]] == ["200", "202"]
    apart = client.get(f"/vacancies/units/{keys[0]}/", {"on": ON, "with": [keys[2], "x", 10**16]})
    assert [unit.number for unit in apart.context["units"]] == ["200"]
    assert apart.context["gone"] == 2


@pytest.mark.parametrize("which", ["let", "repair"])
def test_what_is_not_vacant_has_no_public_page(client, plan, which):
    address = f"/vacancies/units/{getattr(plan, which).pk}/"
    assert client.get(address, {"on": ON}).status_code == 404


def test_what_is_not_listed_has_no_public_page(client, plan):
    hidden = make_unit(floor=plan.floor, number="秘密", listed=False)
    assert client.get(f"/vacancies/units/{hidden.pk}/").status_code == 404
    assert client.get(f"/vacancies/units/{10**20}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_unit_are_fixed(client, plan, count, django_assert_num_queries):
    units = [make_unit(floor=plan.upper, number=f"3{i}", outline=square(i)) for i in range(count)]
    keys = [unit.pk for unit in units]
    with django_assert_num_queries(6):
        client.get(f"/vacancies/units/{keys[0]}/", {"on": ON, "with": keys[1:]})


def test_when_nothing_is_free_later_days_are_told(client, plan):
    make_lease(units=[plan.vacant], start=date(2026, 6, 1), end=date(2026, 9, 1))
    page = client.get("/vacancies/", {"on": ON, "gross_area_m2__gte": 200})
    days = [(day.isoformat(), count) for day, count, _address in page.context["later"]]
    assert days == [("2026-09-30", 1), ("2026-12-30", 1), ("2027-06-30", 1)]
    assert "on=2026-09-30" in page.context["later"][0][2]
