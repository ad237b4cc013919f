"""The layers of the chain: frames, pages, data and files."""

import json
from datetime import date

import pytest
from django.urls import reverse

from incubation.models import CarrierSpace, ResidencyExtension
from maps.chain_frames import (
    buildings_chain_frame,
    carriers_frame,
    parks_chain_frame,
    residents_frame,
    totals,
    units_chain_frame,
)
from maps.scope import MapScope
from parks.models import Park
from tests.factories import make_building, make_floor, make_lease, make_park, make_tenant, make_unit
from tests.factories.incubation import make_carrier
from tests.maps.conftest import PAST, reside, square

ON = date(2026, 6, 30)
LAYERS = ["stage", "carrier", "over", "due"]


def scope(**fields):
    return MapScope(**{"on": ON, "parks": Park.objects.all(), "layer": "stage"} | fields)


def units_of_floor(floor):
    return units_chain_frame(floor, residents_frame(floor), carriers_frame(floor))


def test_parks_count_the_residencies_of_their_carriers(plan, chain):
    residents, carriers = residents_frame(scope()), carriers_frame(scope())
    row = parks_chain_frame(scope(), residents, carriers).set_index("code").loc["JR"]
    assert (row["tenants"], row["makerspace"], row["incubator"], row["accelerator"]) == (3, 1, 2, 0)
    assert (row["carriers"], row["over"]) == (2, 1)
    assert (row["due_90"], row["due_180"], row["due_240"]) == (1, 1, 1)
    row = parks_chain_frame(scope(), residents, carriers).set_index("code").loc["QQ"]
    assert row["tenants"] == 0


def test_a_building_counts_who_is_let_space_in_it(plan, chain):
    make_lease(
        units=[make_unit(floor=make_floor(building=plan.two), number="201")], tenant=plan.tenant,
        start=date(2026, 1, 1), end=date(2027, 1, 1),
    )  # fmt: skip
    park = scope(park=plan.park)
    residents = residents_frame(park)
    frame = buildings_chain_frame(park, residents).set_index("code")
    assert dict(frame["tenants"]) == {"A1": 1, "A2": 1}
    assert dict(frame["carriers"]) == {"A1": 1, "A2": 0}
    whole = totals(residents, carriers_frame(park), ON)
    assert (whole["tenants"], whole["over"], whole["carriers"]) == (3, 1, 2)


def test_the_day_decides(plan, chain):
    ResidencyExtension.objects.create(
        residency=chain.late, decided_on=date(2026, 3, 1), due_on=date(2026, 12, 1), reason="x"
    )
    before = residents_frame(scope(on=date(2026, 2, 28))).set_index("residency_id")
    after = residents_frame(scope()).set_index("residency_id")
    assert before.loc[chain.late.pk, "due"] == PAST
    assert after.loc[chain.late.pk, "due"] == date(2026, 12, 1)
    assert residents_frame(scope(on=date(2024, 1, 9))).empty


def test_units_have_their_resident_and_their_carrier(plan, chain):
    floor = scope(park=plan.park, building=plan.one, floor=plan.floor, names=True)
    frame = units_of_floor(floor).set_index("label")
    assert (frame.loc["101", "stage"], frame.loc["101", "due"]) == ("incubator", PAST)
    assert frame.loc["101", "tenant"] == plan.tenant.name
    assert frame.loc["102", "residency_id"] is None
    assert frame.loc["102", "space_carrier"] == "金荣孵化器"
    assert frame.loc["103", "space_carrier"] is None


def test_units_name_nobody_unless_told(plan, chain):
    floor = scope(park=plan.park, building=plan.one, floor=plan.floor)
    frame = units_of_floor(floor).set_index("label")
    assert frame[["tenant", "tenant_id", "lease", "residency_id"]].isna().all(axis=None)
    assert frame.loc["101", "stage"] == "incubator"


def test_a_residency_in_another_park_does_not_colour(plan):
    reside(make_carrier(park=make_park(code="QQ")), plan.tenant, PAST)
    floor = scope(park=plan.park, building=plan.one, floor=plan.floor)
    assert units_of_floor(floor)["stage"].isna().all()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_frames_take_a_fixed_number_of_queries(jr, count, django_assert_num_queries):
    carrier, floor = make_carrier(park=jr), make_floor(park=jr)
    for i in range(count):
        make_building(park=jr)
        make_carrier(park=make_park())
        unit, tenant = make_unit(floor=floor, outline=square(i)), make_tenant()
        make_lease(units=[unit], tenant=tenant, start=date(2026, 1, 1), end=date(2027, 1, 1))
        CarrierSpace.objects.create(carrier=carrier, unit=unit, start=date(2020, 1, 1))
        reside(carrier, tenant, date(2027, 1, 1))
    with django_assert_num_queries(3):
        parks_chain_frame(scope(), residents_frame(scope()), carriers_frame(scope()))
    park = scope(park=jr)
    with django_assert_num_queries(4):
        buildings_chain_frame(park, residents_frame(park))
    plan = scope(park=jr, building=floor.building, floor=floor)
    with django_assert_num_queries(4):
        assert len(units_of_floor(plan)) == count


@pytest.fixture
def at_home(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def pages(plan):
    return {
        "district": "/maps/",
        "park": "/maps/parks/JR/",
        "building": f"/maps/buildings/{plan.one.pk}/",
    }


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("level", ["district", "park", "building"])
def test_every_part_of_every_layer(at_home, pages, chain, level, layer):
    query = {"on": str(ON), "layer": layer}
    for part in ("", "document/", "data/"):
        assert at_home.get(pages[level] + part, query).status_code == 200
    for kind in ("csv", "xlsx", "geojson"):
        assert at_home.get(pages[level], query | {"format": kind}).status_code == 200
    for ordering in ("-tenants", "due", "stage", "-tenant", "label", "nonsense"):
        assert at_home.get(pages[level], query | {"ordering": ordering}).status_code == 200
    text = at_home.get(pages[level], query).text
    assert "style=" not in text
    assert 'aria-current="page"' in text


@pytest.mark.parametrize("layer", ["joy", "\x00"])
def test_a_wrong_layer_is_told(at_home, pages, layer):
    for address in pages.values():
        page = at_home.get(address, {"layer": layer})
        assert (page.status_code, page.context["layer"]) == (400, "space")
        assert at_home.get(f"{address}data/", {"layer": layer}).status_code == 400


@pytest.mark.parametrize(
    ("layer", "classes"),
    [
        ("stage", {"101": ("incubator", "孵", False), "102": ("incubator-empty", "孵", True)}),
        ("over", {"101": ("over-12", "超", False), "102": ("empty", "○", True)}),
        ("due", {"101": ("over", "超", False), "102": ("empty", "○", True)}),
    ],
)
def test_data_of_a_floor(at_home, plan, chain, pages, layer, classes):
    query = {"on": str(ON), "layer": layer}
    data = json.loads(at_home.get(f"{pages['building']}data/", query).text)
    found = {f["properties"]["label"]: f["properties"] for f in data["features"]}
    said = {n: (found[n]["class"], found[n]["mark"], "hatch" in found[n]) for n in classes}
    assert said == classes
    assert (found["103"]["class"], found["103"]["mark"]) == ("none", "—")
    assert plan.tenant.name in found["101"]["text"]
    assert "金荣孵化器" in found["101"]["text"]
    assert str(PAST) in found["101"]["text"]
    assert f"layer={layer}" in found["101"]["url"]


def test_a_carrier_has_its_letter_on_every_floor(at_home, plan, chain, pages):
    query = {"on": str(ON), "layer": "carrier"}
    data = json.loads(at_home.get(f"{pages['building']}data/", query).text)
    found = {f["properties"]["label"]: f["properties"] for f in data["features"]}
    assert (found["101"]["mark"], found["101"]["class"]) == ("A", f"carrier-{chain.incubator.pk}")
    assert found["102"]["hatch"] == found["101"]["fill"]


def test_data_of_the_district(at_home, plan, chain):
    marks = {}
    for layer in LAYERS:
        data = json.loads(at_home.get("/maps/data/", {"on": str(ON), "layer": layer}).text)
        (park,) = [f["properties"] for f in data["features"]]
        marks[layer] = (park["mark"], park["class"])
        assert park["url"] == f"/maps/parks/JR/?on={ON}&layer={layer}"
    assert marks == {
        "stage": ("孵 3", "incubator"), "carrier": ("2", "count-2"), "over": ("1", "count-1"),
        "due": ("1", "count-1"),
    }  # fmt: skip


def test_numbers_lead_to_just_their_rows(at_home, plan, chain, pages):
    """Each count of a place, opened, lists as many rows."""
    seen = set()
    for level in ("district", "park"):
        page = at_home.get(pages[level], {"on": str(ON), "layer": "stage"})
        rows = [row["numbers"] for row in page.context["rows"]] + [page.context["total_numbers"]]
        for number in (one for numbers in rows for one in numbers if one["count"]):
            assert number["url"].replace("&", "&amp;") in page.text
            listed = at_home.get(number["url"])
            assert listed.context["paginator"].count == number["count"], number
            seen.add(number["name"])
    assert seen == {"tenants", "makerspace", "incubator", "carriers", "over",
                    "due_90", "due_180", "due_240"}  # fmt: skip


def test_floor_page_links_residency_and_carrier(at_home, plan, chain, pages):
    text = at_home.get(pages["building"], {"on": str(ON), "layer": "due"}).text
    for name, pk in (("residency", chain.late.pk), ("carrier", chain.incubator.pk)):
        assert f'href="{reverse(f"incubation:{name}-detail", args=[pk])}?on={ON}"' in text
    assert "35.00" not in text  # no rent


def test_panel_tells_residency_and_carrier(at_home, plan, chain):
    text = at_home.get(f"/maps/units/{plan.let.pk}/panel/", {"on": str(ON)}).text
    assert "金荣孵化器" in text
    assert str(PAST) in text
    assert f"/residencies/{chain.late.pk}/" in text
    text = at_home.get(f"/maps/units/{plan.vacant.pk}/panel/", {"on": str(ON)}).text
    assert f"/carriers/{chain.incubator.pk}/" in text
    assert "/residencies/" not in text


def test_another_operators_residents_are_not_counted(client, plan, chain, operator2):
    client.force_login(operator2)
    query = {"on": str(ON), "layer": "stage"}
    assert client.get("/maps/", query).context["totals"]["tenants"] == 0
    assert client.get("/maps/parks/JR/", query).status_code == 404


@pytest.mark.parametrize("who", ["startup", "reviewer", "stranger"])
def test_layers_are_for_bureau_and_operators(client, pages, who, request):
    client.force_login(request.getfixturevalue(who))
    for address in pages.values():
        assert client.get(address, {"layer": "stage"}).status_code == 403


def test_csv_of_a_floor_has_class_and_resident(at_home, plan, chain, pages):
    response = at_home.get(pages["building"], {"on": str(ON), "layer": "due", "format": "csv"})
    head, *rows = response.content.decode("utf-8-sig").splitlines()
    assert {"stage", "carrier", "due", "space_carrier"} <= set(head.split(","))
    assert str(PAST) in rows[0]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    ("level", "part", "queries"),
    [("district", "page", 8), ("district", "data", 6), ("park", "page", 11), ("park", "data", 8),
     ("building", "page", 13), ("building", "data", 9)],
)  # fmt: skip
def test_queries_are_fixed(
    client, bureau, level, part, queries, layer, count, django_assert_num_queries
):
    park = make_park(code="QQ")
    building, carrier = make_building(park=park), make_carrier(park=park)
    for i in range(count):
        make_building(park=park)
        make_carrier(park=make_park())
        floor = make_floor(building=building, ordinal=i + 1)
        for _j in range(count):
            unit, tenant = make_unit(floor=floor), make_tenant()
            make_lease(units=[unit], tenant=tenant, start=date(2026, 1, 1), end=date(2027, 1, 1))
            CarrierSpace.objects.create(carrier=carrier, unit=unit, start=date(2020, 1, 1))
            reside(carrier, tenant, date(2027, 1, 1))
    client.force_login(bureau)
    arguments = {"park": {"code": "QQ"}, "building": {"pk": building.pk}}.get(level, {})
    address = reverse(f"maps:{level}-{part}", kwargs=arguments)
    with django_assert_num_queries(queries):
        assert client.get(address, {"on": str(ON), "layer": layer}).status_code == 200


def test_bare_places_have_layers_too(client, operator, jr):
    make_building(park=jr)
    client.force_login(operator)
    for layer in LAYERS:
        assert client.get("/maps/parks/JR/", {"layer": layer}).status_code == 200
    operator.parks.clear()
    for layer in LAYERS:
        page = client.get("/maps/", {"layer": layer})
        assert page.status_code == 200
        assert page.context["rows"] == []
