"""An operator hands in a boundary from Amap, sees both readings on the map, chooses and applies."""

import json

import numpy as np
import pytest
import shapely
from playwright.sync_api import expect

from parks.geometry import Datum, from_wgs84
from parks.models import Park, Upload
from tests.factories import make_building, make_floor
from tests.journeys.test_roles import shot
from tests.maps.test_geo_import import house
from tests.maps.test_maps_browser import at_home, drawn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["at_home"]


@pytest.fixture
def bounded(jr, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    jr.boundary, jr.geometry_source = house(0, w=400, h=300), "indicative"
    jr.save()
    return jr


def test_a_boundary_on_gcj02_is_seen_to_move_and_applied(at_home, bounded, tmp_path):
    shape = from_wgs84(np.array([house(0, w=420, h=300)], object), Datum.GCJ02)[0]
    feature = {"type": "Feature", "properties": {"园区": "JR"}, "geometry": json.loads(shapely.to_geojson(shape))}  # fmt: skip
    path = tmp_path / "boundary.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))

    at_home.goto("/files/")
    at_home.click("a[href='/files/geo/']")
    at_home.select_option("select[name=layer]", "parks")
    at_home.set_input_files("input[type=file]", str(path))
    at_home.click("main form button.main")
    at_home.wait_for_url("**/files/geo/*/")
    rows = at_home.locator(".hypotheses tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("GCJ-02")
    expect(rows.first).to_contain_text("建议")

    def gap():
        """How far apart the two shapes stand on the map, pixels."""
        frame = drawn(at_home, 2)
        boxes = [frame.locator("path.leaflet-interactive").nth(i).bounding_box() for i in (0, 1)]
        return abs(boxes[0]["x"] - boxes[1]["x"])

    assert gap() < 5
    at_home.locator(".hypotheses a", has_text="WGS 84").click()
    at_home.wait_for_url("**system=EPSG*")
    assert gap() > 50
    at_home.locator(".hypotheses a", has_text="GCJ-02").click()
    at_home.wait_for_url("**system=GCJ-02*")
    assert gap() < 5

    at_home.click("button:has-text('按 GCJ-02 应用')")
    expect(at_home.locator(".notice.success")).to_contain_text("已应用")
    assert Upload.objects.get().applied_at
    moved = Park.objects.get(code="JR").boundary
    assert moved.hausdorff_distance(house(0, w=420, h=300)) < 1e-6


def test_pages_of_files_and_of_making_space_can_be_read_by_everybody(at_home, bounded, tmp_path):
    floor = make_floor(
        building=make_building(park=bounded, code="1", name="1栋", footprint=house(0)), ordinal=1
    )
    path = tmp_path / "b.geojson"
    path.write_text(shapely.to_geojson(house(5)))
    at_home.goto("/files/geo/?layer=buildings")
    at_home.set_input_files("input[type=file]", str(path))
    at_home.click("main form button.main")
    at_home.wait_for_url("**/files/geo/*/")
    expect(at_home.locator("main")).to_contain_text("既无编码也无名称")
    shot(at_home, "geo-file")
    for name, url in {
        "files": "/files/", "geo-files": "/files/geo/", "building-new": "/parks/JR/buildings/new/",
        "floor-new": f"/buildings/{floor.building_id}/floors/new/",
        "outline-set": f"/outlines/floors/{floor.pk}/",
    }.items():  # fmt: skip
        at_home.goto(url)
        shot(at_home, name)
    at_home.goto(f"/floors/{floor.pk}/units/new/")
    at_home.fill("[name=numbers]", "101-103")
    at_home.fill("[name=gross_area_m2]", "45")
    at_home.click("button[name=preview]")
    expect(at_home.locator(".consequences")).to_contain_text("101, 102, 103")
    shot(at_home, "unit-new")
    at_home.click("button[name=make]")
    expect(at_home.locator(".units a")).to_have_count(3)
