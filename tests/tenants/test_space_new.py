"""An empty park is filled on pages: building, floors in a row, units by pattern, outlines, staff."""

import json
from datetime import date
from decimal import Decimal

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from parks import services as space
from parks.errors import InvalidValue
from parks.geometry import Datum, from_wgs84
from parks.models import AuditEntry, Building, Floor, Park, Unit
from tests.conftest import person
from tests.factories import make_building, make_floor, make_unit
from tests.maps.conftest import square


@pytest.fixture
def at_desk(client, operator):
    client.force_login(operator)
    return client


UNITS = {"gross_area_m2": "45", "kind": "office", "exists_from": "2026-01-01", "seats": "0",
         "tenure": "held", "area_source": "estimated"}  # fmt: skip


def test_an_operator_fills_an_empty_park(at_desk, jr):
    assert "/parks/JR/buildings/new/" in at_desk.get("/parks/JR/").content.decode()
    answer = at_desk.post(
        "/parks/JR/buildings/new/",
        {"code": "A3", "name": "3栋", "use": "office", "floors": "1-3, B1"},
    )
    building = Building.objects.get()
    assert answer.url == f"/buildings/{building.pk}/"
    assert list(building.floors.values_list("name", flat=True)) == ["B1", "1F", "2F", "3F"]
    at_desk.post(f"/buildings/{building.pk}/floors/new/", {"floors": "4"})
    floor = Floor.objects.get(ordinal=4)
    at_desk.post(f"/floors/{floor.pk}/edit/", {"name": "夹层", "ordinal": "5", "reason": "改称"})
    floor.refresh_from_db()
    assert (floor.name, floor.ordinal) == ("夹层", 5)

    url = f"/floors/{floor.pk}/units/new/"
    page = at_desk.post(url, UNITS | {"numbers": "501-503", "preview": "1"})
    assert page.context["preview"]["numbers"] == ["501", "502", "503"]
    assert page.context["preview"]["area"] == 135
    assert not Unit.objects.exists()
    at_desk.post(url, UNITS | {"numbers": "501-503", "make": "1"})
    assert Unit.objects.count() == 3
    unit = Unit.objects.get(number="502")
    assert (unit.gross_area_m2, unit.exists_from) == (Decimal(45), date(2026, 1, 1))
    assert AuditEntry.objects.about(unit).get().actor_name == "operator"


def test_what_is_there_already_is_said_and_nothing_made(at_desk, jr):
    floor = make_floor(building=make_building(park=jr, code="1"), ordinal=1)
    make_unit(floor=floor, number="502")
    page = at_desk.post(
        f"/floors/{floor.pk}/units/new/", UNITS | {"numbers": "501-503", "preview": "1"}
    )
    assert page.context["preview"]["taken"] == ["502"]
    page = at_desk.post(
        f"/floors/{floor.pk}/units/new/", UNITS | {"numbers": "501-503", "make": "1"}
    )
    assert page.context["form"].non_field_errors()
    assert Unit.objects.count() == 1
    page = at_desk.post(f"/buildings/{floor.building_id}/floors/new/", {"floors": "1-3"})
    assert "1F" in page.context["form"].non_field_errors()[0]
    page = at_desk.post("/parks/JR/buildings/new/", {"code": "1", "name": "x", "use": "office"})
    assert page.context["form"].errors
    assert Floor.objects.count() == Building.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [("numbers", ""), ("numbers", "501, 501"), ("gross_area_m2", "0"), ("gross_area_m2", "x"),
     ("exists_from", "")],
)  # fmt: skip
def test_a_wrong_value_is_said_and_nothing_typed_is_lost(at_desk, jr, field, text):
    floor = make_floor(park=jr)
    body = UNITS | {"numbers": "501", field: text, "make": "1"}
    page = at_desk.post(f"/floors/{floor.pk}/units/new/", body)
    assert page.context["form"].errors
    assert page.context["form"]["kind"].value() == "office"
    assert not Unit.objects.exists()


def test_an_outline_is_pasted_on_any_datum(at_desk, jr):
    building = make_building(park=jr)
    moved = json.loads(shapely.to_geojson(from_wgs84(square(0), Datum.GCJ02)))
    feature = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": moved, "properties": {}}]}  # fmt: skip
    at_desk.post(
        f"/outlines/buildings/{building.pk}/", {"geojson": json.dumps(feature), "datum": "GCJ-02"}
    )
    building.refresh_from_db()
    assert building.footprint.hausdorff_distance(square(0)) < 1e-7
    assert building.geometry_source == "indicative"
    file = SimpleUploadedFile("a.geojson", shapely.to_geojson(square(1)).encode())
    at_desk.post(f"/outlines/parks/{jr.pk}/", {"file": file, "datum": "WGS84"})
    jr.refresh_from_db()
    assert jr.boundary.equals(square(1))


def test_an_outline_that_does_not_fit_is_refused(at_desk, jr):
    floor = make_floor(park=jr, outline=square(0, 4))
    make_unit(floor=floor, number="101", outline=square(0))
    unit = make_unit(floor=floor, number="102")
    url = f"/outlines/units/{unit.pk}/"
    for shape in (square(0), square(6)):
        page = at_desk.post(url, {"geojson": shapely.to_geojson(shape), "datum": "WGS84"})
        assert page.context["form"].non_field_errors()
    for text in ("", "{", '{"type": "Point", "coordinates": [1, 2]}', "null"):
        page = at_desk.post(url, {"geojson": text, "datum": "WGS84"})
        assert page.context["form"].errors
    unit.refresh_from_db()
    assert unit.outline is None
    at_desk.post(url, {"geojson": shapely.to_geojson(square(1)), "datum": "WGS84"})
    unit.refresh_from_db()
    assert unit.outline.equals(square(1))
    assert at_desk.get("/outlines/roads/1/").status_code == 404


def test_the_administrator_makes_a_park_and_says_who_runs_it(client, admin):
    client.force_login(admin)
    newcomer = person("newcomer", "operator")
    assert client.post("/parks/new/", {"code": "new", "name": "x"}).context["form"].errors
    answer = client.post("/parks/new/", {"code": "XX", "name": "新园区"})
    assert answer.url == "/parks/XX/"
    client.post("/parks/XX/staff/", {"staff": [newcomer.pk], "reason": "接管"})
    park = Park.objects.get(code="XX")
    assert list(park.staff.all()) == [newcomer]
    entry = AuditEntry.objects.get(action="staff")
    assert (entry.before, entry.after) == ({"staff": []}, {"staff": ["newcomer"]})
    client.post("/parks/XX/staff/", {"staff": [newcomer.pk]})
    assert AuditEntry.objects.filter(action="staff").count() == 1
    client.force_login(newcomer)
    page = client.get("/parks/XX/").content.decode()
    assert "/parks/XX/buildings/new/" in page
    assert "/parks/XX/staff/" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_many_corrections_take_as_many_queries_as_one(
    jr, operator, count, django_assert_max_num_queries
):
    floor = make_floor(park=jr)
    units = [make_unit(floor=floor) for _i in range(count)]
    with django_assert_max_num_queries(12):
        space.correct_all(
            [(unit, {"outline": square(i)}) for i, unit in enumerate(units)], by=operator
        )
    assert Unit.objects.exclude(outline=None).count() == count
    assert AuditEntry.objects.filter(action="correct", actor=operator).count() == count
    with pytest.raises(InvalidValue):
        space.correct_all([(units[0], {"number": "1"})], by=operator)
    with pytest.raises(ValidationError):
        space.correct_all([(units[0], {"kind": "spaceport"})], by=operator)
    assert space.correct_all([], by=operator) == 0
