import json
import re
from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_building, make_floor, make_lease, make_park, make_unit
from tests.maps.conftest import EVIL

ON = "2026-06-30"


@pytest.fixture
def pages(plan):
    return {
        "district": "/maps/",
        "park": "/maps/parks/JR/",
        "building": f"/maps/buildings/{plan.one.pk}/",
    }


@pytest.fixture
def at_home(client, operator):
    client.force_login(operator)
    return client


def addresses(plan):
    for base in ("/maps/", "/maps/parks/JR/", f"/maps/buildings/{plan.one.pk}/"):
        for part in ("", "document/", "data/"):
            yield f"{base}{part}"
    yield f"/maps/units/{plan.let.pk}/panel/"


def test_maps_ask_for_a_login(client, plan):
    for address in addresses(plan):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["startup", "reviewer", "stranger"])
def test_maps_are_for_bureau_and_operators(client, plan, who, request):
    client.force_login(request.getfixturevalue(who))
    for address in addresses(plan):
        assert client.get(address).status_code == 403, address


@pytest.mark.parametrize("who", ["bureau", "operator", "admin"])
def test_maps_open_for_bureau_and_the_parks_operator(client, plan, who, request):
    client.force_login(request.getfixturevalue(who))
    for address in addresses(plan):
        assert client.get(address, {"on": ON}).status_code == 200, address


def test_another_operators_park_is_not_found(client, plan, operator2):
    client.force_login(operator2)
    for address in list(addresses(plan))[3:]:
        assert client.get(address).status_code == 404, address
    assert "JR" not in client.get("/maps/data/").text


@pytest.mark.parametrize(
    "address",
    ["/maps/parks/NN/", "/maps/buildings/999999/", f"/maps/buildings/{10**30}/",
     f"/maps/units/{10**30}/panel/", f"/maps/floors/{10**30}/check/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(at_home, address):
    assert at_home.get(address).status_code == 404


def test_page_says_scope_day_and_number(at_home, plan):
    text = at_home.get("/maps/parks/JR/", {"on": ON}).text
    assert "金荣科技园" in text
    assert ON in text
    assert "33.3%" in text
    assert "100" in text
    assert "300" in text


def test_page_itself_carries_no_shape(at_home, pages):
    for address in pages.values():
        page, document = at_home.get(address), at_home.get(f"{address}document/")
        assert "coordinates" not in page.text + document.text
        assert "112.80" not in page.text + document.text


def test_page_breaks_no_content_policy(at_home, pages):
    for address in pages.values():
        text = at_home.get(address).text
        assert "style=" not in text
        assert not re.search(r"<script(?![^>]*src=)|<style|<[^>]*\son[a-z]+=", text)


def test_document_runs_only_what_is_its_own(at_home, pages):
    for address in pages.values():
        response = at_home.get(f"{address}document/")
        policy = response["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)[1]
        assert "unsafe" not in policy
        tags = re.findall(r"<(?:script|style)[^>]*>", response.text)
        assert all("src=" in tag or f'nonce="{nonce}"' in tag for tag in tags)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', response.text)
        assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_data_of_a_floor(at_home, plan):
    response = at_home.get(f"/maps/buildings/{plan.one.pk}/data/", {"on": ON})
    data = json.loads(response.text)
    by_label = {feature["properties"]["label"]: feature for feature in data["features"]}
    assert set(by_label) == {"101", "102", "103", "走廊"}
    assert by_label["101"]["properties"]["mark"] == "租"
    assert by_label["103"]["properties"]["hatch"] is True
    assert plan.tenant.name in by_label["101"]["properties"]["text"]
    assert by_label["101"]["properties"]["url"] == f"/maps/units/{plan.let.pk}/panel/?on={ON}"
    assert data["context"][0]["properties"] == {"kind": "floor"}


def test_data_is_not_sent_twice(at_home, plan):
    first = at_home.get("/maps/parks/JR/data/", {"on": ON})
    again = at_home.get(
        "/maps/parks/JR/data/", {"on": ON}, headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
    other = at_home.get(
        "/maps/parks/JR/data/", {"on": "2025-01-01"}, headers={"If-None-Match": first["ETag"]}
    )
    assert other.status_code == 200


WRONG = [
    {"on": "soon"}, {"on": "2018-12-31"}, {"on": "2026-02-30"}, {"ratio": "joy"},
    {"measure": "kg"}, {"scheme": "x"}, {"compare": "yesterday"}, {"floor": "ground"},
    {"unit": "-1"}, {"unit": "9" * 30}, {"format": "pdf"}, {"on": "\x00"}, {"ratio": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG, ids=str)
@pytest.mark.parametrize("level", ["district", "park", "building"])
def test_a_wrong_address_is_told(at_home, pages, level, query):
    page = at_home.get(pages[level], query)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    for part in ("document/", "data/"):
        answer = at_home.get(pages[level] + part, query)
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("text/plain")


def test_a_floor_the_building_lacks_is_not_found(at_home, plan):
    assert at_home.get(f"/maps/buildings/{plan.one.pk}/", {"floor": 9}).status_code == 404


def test_a_building_without_floors_says_so(at_home, plan):
    response = at_home.get(f"/maps/buildings/{plan.two.pk}/")
    assert response.status_code == 200
    assert "该楼栋还没有楼层" in response.text


def test_panel_of_the_address(at_home, plan):
    text = at_home.get(
        f"/maps/buildings/{plan.one.pk}/", {"on": ON, "floor": 1, "unit": plan.let.pk}
    ).text
    assert plan.lease.number in text
    assert "35.00" in text
    assert "2027-06-30" in text
    assert EVIL not in text


def test_panel_on_a_day_before_the_unit(at_home, plan):
    later = make_unit(floor=plan.floor, number="105", exists_from=date(2026, 5, 1))
    page = f"/maps/buildings/{plan.one.pk}/"
    text = at_home.get(page, {"on": "2026-01-01", "unit": later.pk}).text
    assert "这一天本层没有这个房源" in text
    assert at_home.get(f"/maps/units/{later.pk}/panel/", {"on": "2026-01-01"}).status_code == 404


def test_panel_of_a_unit_signed_ahead(at_home, plan):
    lease = make_lease(
        units=[plan.vacant], signed_on=date(2026, 6, 1), start=date(2026, 9, 1),
        end=date(2027, 9, 1),
    )  # fmt: skip
    text = at_home.get(f"/maps/units/{plan.vacant.pk}/panel/", {"on": ON}).text
    assert lease.number in text
    assert "2026-09-01" in text


@pytest.mark.parametrize("ordering", ["value", "-value", "label", "nonsense", "change"])
def test_table_bears_any_ordering(at_home, pages, ordering):
    for address in pages.values():
        response = at_home.get(address, {"ordering": ordering, "on": ON})
        assert response.status_code == 200


def test_table_in_the_order_asked_for(at_home, plan):
    page = f"/maps/buildings/{plan.one.pk}/"
    rows = at_home.get(page, {"ordering": "-gross_area_m2", "on": ON}).context["rows"]
    assert [row["label"] for row in rows] == ["102", "101", "103", "走廊"]


def test_csv_is_what_is_shown(at_home, plan):
    response = at_home.get("/maps/parks/JR/", {"on": ON, "format": "csv"})
    assert response["Content-Disposition"] == f'attachment; filename="JR-{ON}.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:4] == ["on", "id", "code", "label"]
    assert lines[1].startswith(f"{ON},{plan.one.pk},A1,1栋")


@pytest.mark.parametrize("kind", ["xlsx", "geojson"])
def test_other_files(at_home, pages, kind):
    for address in pages.values():
        response = at_home.get(address, {"on": ON, "format": kind})
        assert response.status_code == 200
        if kind == "geojson":
            assert json.loads(response.text)["features"][0]["properties"]["on"] == ON
        else:
            assert response.content[:2] == b"PK"


def test_comparison_with_another_day(at_home, plan):
    text = at_home.get("/maps/", {"on": ON, "compare": "2025-06-30"}).text
    assert "+33.3" in text


def test_base_map_is_a_setting(at_home, plan, settings):
    settings.BASEMAP_URL = "https://t{s}.tiles.example/{z}/{x}/{y}?tk={key}"
    settings.BASEMAP_KEY, settings.BASEMAP_DATUM = "K1", "GCJ-02"
    settings.MAP_APPROVAL_NUMBER = "GS(2026)1号<b>"
    plain = json.loads(at_home.get("/maps/parks/JR/", {"format": "geojson"}).text)
    document = at_home.get("/maps/parks/JR/document/")
    shifted = json.loads(at_home.get("/maps/parks/JR/data/").text)
    assert "tk=K1" in document.text
    assert "https://*.tiles.example" in document["Content-Security-Policy"]
    assert "GS(2026)1号&lt;b&gt;" in at_home.get("/maps/").text
    west = [data["features"][0]["geometry"]["coordinates"][0][0][0] for data in (plain, shifted)]
    assert 0.004 < west[1] - west[0] < 0.007  # some 500 m east of WGS 84


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("level", "part", "queries"),
    [("district", "page", 7), ("district", "data", 5), ("park", "page", 11), ("park", "data", 6),
     ("building", "page", 10), ("building", "data", 6), ("building", "document", 5)],
)  # fmt: skip
def test_queries_are_fixed(client, bureau, level, part, queries, count, django_assert_num_queries):
    park = make_park(code="QQ")
    building = make_building(park=park)
    for i in range(count):
        make_building(park=park)
        make_park()
        floor = make_floor(building=building, ordinal=i + 1)
        for _j in range(count):
            make_lease(units=[make_unit(floor=floor)], start=date(2026, 1, 1), end=date(2027, 1, 1))
    client.force_login(bureau)
    arguments = {"park": {"code": "QQ"}, "building": {"pk": building.pk}}.get(level, {})
    address = reverse(f"maps:{level}-{part}", kwargs=arguments)
    with django_assert_num_queries(queries):
        assert client.get(address, {"on": ON}).status_code == 200


def test_floor_check_lists_findings_with_their_picture(at_home, plan):
    plan.vacant.outline, plan.vacant.geometry_source = plan.let.outline, "imported"
    plan.vacant.save()
    page = at_home.get(f"/maps/floors/{plan.floor.pk}/check/", {"on": ON})
    assert len(page.context["findings"]) == 1
    assert "101" in page.text
    data = json.loads(at_home.get(f"/maps/floors/{plan.floor.pk}/check/data/", {"on": ON}).text)
    assert [f["properties"]["id"] for f in data["features"]][-1] == -1
    assert at_home.get(f"/maps/floors/{plan.floor.pk}/check/document/").status_code == 200


def test_floor_check_is_the_operators(client, plan, bureau, operator2):
    client.force_login(bureau)
    assert client.get(f"/maps/floors/{plan.floor.pk}/check/").status_code == 403
    client.force_login(operator2)
    assert client.get(f"/maps/floors/{plan.floor.pk}/check/").status_code == 404
