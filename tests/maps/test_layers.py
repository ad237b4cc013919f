import json
import math
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from maps.charts import ratio_chart
from maps.classes import DIVERGING, NO_VALUE, RAMP, SCHEMES, classify
from maps.district import district_outline
from maps.exports import table_of
from maps.layers import geojson, ratio_features, shapes_text, share, state_features
from parks.geometry import Datum, area_m2, from_wgs84
from parks.ratios import Ratio

NAN = math.nan


def frame(**columns):
    count = len(next(iter(columns.values())))
    shapes = [box(112 + i, 28, 112.5 + i, 28.5) for i in range(count)]
    defaults = {"id": range(count), "label": [f"园{i}" for i in range(count)]}
    return gpd.GeoDataFrame(defaults | columns, geometry=shapes, crs="EPSG:4326")


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 1), (0.5, 1), (0.5001, 2), (0.7, 2), (0.95, 4), (0.951, 5), (1, 5), (NAN, 0)],
)
def test_fixed_classes_hold_their_upper_bound(value, number):
    assert list(classify([value], ratio="occupancy").of([value])) == [number]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("values", [[], [NAN], [0.4], [0.4, 0.4], [0.1, 0.9], [0, 0, 0, 0.2, 0.9]])
def test_every_scheme_bears_few_and_equal_values(scheme, values):
    classes = classify(values, ratio="occupancy", scheme=scheme)
    assert len(classes.colours) == len(classes.breaks) + 1
    assert len(classes.legend) == len(classes.colours) + 1
    fills = classes.fills(values)
    assert all((fill == NO_VALUE) == (v != v) for fill, v in zip(fills, values, strict=True))


def test_computed_classes_use_the_whole_ramp():
    values = np.linspace(0, 1, 50)
    classes = classify(values, ratio="occupancy", scheme="quantiles")
    assert classes.colours == RAMP
    assert set(np.bincount(classes.of(values))[1:]) == {10}


def test_change_is_centred_on_none():
    classes = classify([0.2], ratio="occupancy", change=True)
    assert classes.fills([-0.2, 0, 0.2, NAN]) == [
        DIVERGING[0],
        DIVERGING[2],
        DIVERGING[4],
        NO_VALUE,
    ]


@pytest.mark.parametrize(
    ("value", "change", "text"),
    [(0.98349, False, "98.3%"), (0.0005, False, "0.1%"), (1, False, "100.0%"), (NAN, False, "—"),
     (None, True, "—"), (0.04, True, "+4.0"), (-0.0312, True, "-3.1")],
)  # fmt: skip
def test_share_in_words(value, change, text):
    assert share(value, change=change) == text


def test_features_carry_fill_and_link():
    table = frame(value=[0.2, NAN])
    classes = classify(table["value"], ratio="occupancy")
    one, other = ratio_features(
        table, classes, column="value", url=lambda row: f"/{row.id}", text=lambda row: "x"
    )
    assert (one["fill"], one["mark"], one["url"]) == (RAMP[0], "20.0%", "/0")
    assert (other["fill"], other["class"], other["mark"]) == (NO_VALUE, 0, "—")


def test_state_features_have_letter_and_hatching():
    table = frame(
        state=["let", "out_of_use", "own_use"], closed_for=[None, "out_of_use", "public_service"]
    )
    let, out, corridor = state_features(table, url=lambda row: "", text=lambda row: "")
    assert (let["mark"], "hatch" in let) == ("租", False)
    assert (out["mark"], out["hatch"]) == ("停", True)
    assert corridor["mark"] == ""


def test_geojson_leaves_out_what_has_no_shape():
    table = frame(value=[1, 2])
    table.loc[1, "geometry"] = None
    data = json.loads(geojson(table, [{"id": 0}, {"id": 1}], context=[("park", None)]))
    assert [feature["properties"]["id"] for feature in data["features"]] == [0]
    assert data["context"] == []


def test_names_pass_as_json_text():
    name = '</script><b>"甲"</b>\\'
    data = json.loads(geojson(frame(value=[1]), [{"label": name}]))
    assert data["features"][0]["properties"]["label"] == name


def test_coordinates_are_rounded_to_a_centimetre():
    (text,) = shapes_text([shapely.Point(112.123456789, 28.987654321)])
    assert json.loads(text)["coordinates"] == [112.1234568, 28.9876543]


def test_shapes_follow_a_base_map_on_gcj02():
    shape = box(112.8, 28.3, 112.81, 28.31)
    (text,) = shapes_text([shape], Datum.GCJ02)
    drawn = shapely.from_geojson(text)
    assert drawn.equals_exact(from_wgs84(shape, Datum.GCJ02), 1e-6)
    assert drawn.distance(shapely.Point(112.8, 28.3)) > 0.003


def test_district_outline_is_wangcheng():
    outline = district_outline()
    assert outline.is_valid
    assert outline.contains(shapely.Point(112.82, 28.37))
    assert 900e6 < area_m2(outline) < 1000e6


def test_table_keeps_formulas_from_running():
    table = frame(value=[NAN], tenant=["=HYPERLINK(1)"])
    row = table_of(table, on=date(2026, 6, 30)).iloc[0]
    assert row["tenant"] == "'=HYPERLINK(1)"
    assert row["value"] is None
    assert row["on"] == "2026-06-30"


def test_chart_breaks_where_there_is_no_value():
    series = [
        Ratio("occupancy", n, d, "m²", date(2026, month, 1))
        for month, n, d in [(1, 5, 10), (2, 0, 0), (3, 8, 10), (4, 9, 10)]
    ]
    chart = ratio_chart(series)
    assert len(chart["points"]) == 3
    assert len(chart["lines"]) == 2
    assert chart["points"][0]["y"] > chart["points"][-1]["y"]
    assert ratio_chart(series[1:2]) is None
