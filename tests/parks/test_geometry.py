import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from django.core.exceptions import ValidationError
from pyproj import Geod
from shapely.geometry import Point, Polygon, box

from parks.fields import geometries, raw
from parks.geometry import (
    Datum,
    area_m2,
    from_wgs84,
    points_from_wgs84,
    points_to_wgs84,
    to_metric,
    to_wgs84,
)
from parks.models import Park
from tests.factories import make_park

DATA = Path(__file__).parent.parent / "data"
DISTRICTS = "parks/data/boundaries/changsha_districts_epsg4490.geojson"
#: (WGS 84 → GCJ-02) by an independent implementation of the published formula.
PUBLISHED = [
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ((121.4737, 31.2304), (121.47821993, 31.22837459)),
]


def cities(datum):
    rows = json.loads((DATA / "coords/china-cities.json").read_text(encoding="utf-8"))
    return tuple(np.array([row["coords"][name] for row in rows]) for name in ("WGS84", datum))


def metres(one, other):
    return Geod(ellps="WGS84").inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])[2]


@pytest.mark.parametrize(("datum", "column"), [(Datum.GCJ02, "GCJ02"), (Datum.BD09, "BD09")])
def test_conversion_agrees_with_map_services(datum, column):
    wgs, other = cities(column)
    assert len(wgs) == 664
    assert metres(points_from_wgs84(wgs, datum), other).max() < 0.75
    assert metres(points_to_wgs84(other, datum), wgs).max() < 0.75


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED[:1])
def test_forward_conversion_is_the_published_formula(wgs, gcj):
    assert metres(points_from_wgs84([wgs], Datum.GCJ02), np.array([gcj]))[0] < 0.05


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_inverse_takes_the_forward_way_back(datum):
    wgs, _other = cities("GCJ02")
    assert metres(points_to_wgs84(points_from_wgs84(wgs, datum), datum), wgs).max() < 0.001


@pytest.mark.parametrize("datum", list(Datum))
def test_outside_china_nothing_moves(datum):
    london = np.array([[-0.1276, 51.5072]])
    assert np.array_equal(points_from_wgs84(london, datum), london)
    assert np.array_equal(points_to_wgs84(london, datum), london)


def test_wangcheng_is_off_by_660_metres():
    here = np.array([[112.82, 28.35]])
    there = points_from_wgs84(here, Datum.GCJ02)
    one, other = to_metric(Point(here[0])), to_metric(Point(there[0]))
    assert other.x - one.x == pytest.approx(535, abs=15)
    assert other.y - one.y == pytest.approx(-390, abs=15)


def test_the_boundary_of_cnmaps_is_gcj02():
    districts = gpd.read_file(DISTRICTS)
    known = to_metric(districts.loc[districts.gb == "156430112"].geometry.iloc[0])
    stored = shapely.from_geojson((DATA / "cnmaps_gcj02/430112.geojson").read_text())

    def overlap(shape):
        shape = to_metric(shape)
        return known.intersection(shape).area / known.union(shape).area

    assert overlap(stored) == pytest.approx(0.914, abs=0.002)
    assert overlap(to_wgs84(stored, Datum.GCJ02)) == pytest.approx(0.973, abs=0.002)
    assert overlap(from_wgs84(stored, Datum.GCJ02)) == pytest.approx(0.843, abs=0.002)


def test_area_is_metric_and_not_web_mercator():
    square = box(112.82, 28.35, 112.821, 28.351)
    geod = abs(Geod(ellps="WGS84").geometry_area_perimeter(square)[0])
    # 115 km from its meridian the projection stretches areas by 1 + (115/6371)² = 1.0003.
    assert area_m2(square) == pytest.approx(geod, rel=4e-4)


def test_area_is_right_far_from_the_district():
    square = box(0.1400, 52.1750, 0.1410, 52.1760)
    geod = abs(Geod(ellps="WGS84").geometry_area_perimeter(square)[0])
    assert area_m2(np.array([square]))[0] == pytest.approx(geod, rel=1e-6)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(Point(112.8, 28.3), id="a point"),
        pytest.param(Polygon(), id="empty"),
        pytest.param(Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), id="crossing itself"),
        pytest.param(box(500000, 3100000, 500100, 3100100), id="metres"),
    ],
)
def test_geometry_field_refuses(db, shape):
    with pytest.raises(ValidationError) as refusal:
        make_park(boundary=shape)
    assert "boundary" in refusal.value.message_dict


def test_geometry_field_gives_back_what_it_took(db):
    square = box(112.8, 28.3, 112.81, 28.31)
    park = make_park(boundary=square)
    assert Park.objects.get(pk=park.pk).boundary.equals(square)
    (blob,) = Park.objects.values_list(raw("boundary"), flat=True)
    assert geometries([blob, None])[0].equals(square)
    assert geometries([blob, None])[1] is None
