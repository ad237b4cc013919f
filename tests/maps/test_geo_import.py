"""GIS files with every trap deliveries have: read, placed, matched, and written only when asked."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from maps.district import district_outline
from maps.geo import systems
from maps.geo.columns import choice_of, guess, storey_of
from maps.geo.files import FileKindUnknown, FileUnreadable, read
from maps.geo.matching import plan
from maps.geo.rows import Options
from maps.geo.uploads import FeaturesRefused, SystemUnclear, apply
from parks.geometry import Datum, from_wgs84, to_metric
from parks.models import AuditEntry, Building, Unit
from parks.models.space import UnitKind
from tests.factories import NOBODY, make_building, make_floor, make_unit

ON = date(2026, 6, 30)
pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")
LON, LAT, M = 112.83, 28.35, 0.00001
DISTRICT_GCJ = Path("tests/data/cnmaps_gcj02/430112.geojson")


def house(x, y=0, w=60, h=30):
    """A rectangle in the middle of the district, sides in about metres."""
    return box(LON + x * M, LAT + y * M, LON + (x + w) * M, LAT + (y + h) * M)


@pytest.fixture
def park(jr):
    """Two drawn buildings, 1栋 with a floor of two rooms, and one that is not drawn."""
    one = make_building(park=jr, code="1", name="1栋", footprint=house(0))
    make_building(park=jr, code="2", name="2栋", footprint=house(100))
    make_building(park=jr, code="3", name="3栋")
    floor = make_floor(building=one, ordinal=5, name="5F", outline=house(0))
    make_unit(floor=floor, number="501", area=900, outline=house(0, w=30))
    make_unit(floor=floor, number="502", area=800, outline=house(30, w=30))
    return jr


def layer(shapes, crs="EPSG:4326", **columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes), crs=crs)


def saved(frame, path, **options):
    """Written by pyogrio; a ``.zip`` as a zipped shapefile, without the suffixes in ``without``."""
    without = options.pop("without", ())
    if path.suffix != ".zip":
        pyogrio.write_dataframe(frame, path, **options)
        return path
    shape = path.with_suffix(".shp")
    pyogrio.write_dataframe(frame, shape, **options)
    with zipfile.ZipFile(path, "w") as archive:
        for file in path.parent.glob(f"{path.stem}.*"):
            if file.suffix not in (".zip", *without):
                archive.write(file, file.name)
    return path


def planned(path, park, layer="buildings", **options):
    return plan(read(path, wanted=layer), park=park, on=ON, options=Options(layer=layer, **options))


def best(made):
    return made.verdict.proposed, made.verdict.certain


CODES = {"code": ["1", "2"]}
HERE = [house(0), house(100)]


def metric(shapes, swap=False, zone=0):
    moved = to_metric(np.array(shapes, dtype=object))
    moved = shapely.transform(moved, lambda p: p + [zone * 1_000_000, 0])
    return shapely.transform(moved, lambda p: p[:, ::-1]) if swap else moved


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shapes", "crs", "proposed", "certain", "word"),
    [
        pytest.param(HERE, "EPSG:4326", "EPSG:4326", True, "", id="wgs84"),
        pytest.param(HERE, "EPSG:4490", "EPSG:4326", True, "", id="cgcs2000"),
        pytest.param(HERE, None, "EPSG:4326", False, "does not say", id="no-crs"),
        pytest.param(metric(HERE), "EPSG:4547", "EPSG:4547", True, "", id="4547"),
        pytest.param(metric(HERE), None, "EPSG:4547", False, "does not say", id="4547-no-crs"),
        pytest.param(metric(HERE), "EPSG:4326", "EPSG:4547", False, "numbers are metres", id="metres-called-degrees"),
        pytest.param(HERE, "EPSG:4547", "EPSG:4326", False, "numbers are degrees", id="degrees-called-metres"),
        pytest.param(metric(HERE, swap=True), "EPSG:4547", "EPSG:4547/yx", False, "North stands", id="northing-first"),
        pytest.param(metric(HERE, zone=38), None, "EPSG:4526", False, "", id="zone-prefix"),
        pytest.param(metric(HERE, zone=38), "EPSG:4547", "EPSG:4526", False, "", id="zone-prefix-called-4547"),
        pytest.param([shapely.transform(s, lambda p: p[:, ::-1]) for s in HERE], "EPSG:4326", "EPSG:4326/yx", False, "North stands", id="latitude-first"),
        pytest.param(HERE, "+proj=longlat +R=6370000", "EPSG:4326", False, "of its own", id="crs-of-its-own"),
        pytest.param(from_wgs84(np.array(HERE, object), Datum.GCJ02), "EPSG:4326", "GCJ-02", False, "", id="gcj02"),
        pytest.param(from_wgs84(np.array(HERE, object), Datum.BD09), "EPSG:4326", "BD-09", False, "", id="bd09"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["gpkg", "zip"])
def test_the_known_outlines_tell_the_system(
    park, tmp_path, settings, shapes, crs, proposed, certain, word, ending
):
    settings.LANGUAGE_CODE = "en"
    options = {"driver": "GPKG"} if ending == "gpkg" else {"encoding": "UTF-8"}
    path = saved(layer(list(shapes), crs, **CODES), tmp_path / f"out.{ending}", **options)
    made = planned(path, park)
    assert best(made) == (proposed, certain)
    assert word in " ".join(made.verdict.notes)
    assert made.counts == {"created": 0, "changed": 0, "unchanged": 2, "refused": 0}


@pytest.mark.django_db
def test_a_boundary_of_the_district_tells_gcj02_from_wgs84(jr, tmp_path):
    shape = shapely.from_geojson(DISTRICT_GCJ.read_text("utf-8"))
    path = saved(layer([shape], code=["JR"]), tmp_path / "b.geojson")
    made = planned(path, jr, "parks")
    scores = {one.system: round(one.score, 3) for one in made.verdict.hypotheses}
    assert made.verdict.proposed == "GCJ-02"
    assert scores["GCJ-02"] == pytest.approx(0.973, abs=0.002)
    assert scores["EPSG:4326"] == pytest.approx(0.914, abs=0.002)


@pytest.mark.django_db
def test_outside_of_the_district_is_refused(park, tmp_path, settings):
    settings.LANGUAGE_CODE = "en"
    path = saved(layer([box(116, 40, 116.001, 40.001)], code=["1"]), tmp_path / "a.gpkg")
    made = planned(path, park)
    assert best(made) == ("", False)
    assert made.counts["refused"] == 1
    assert "outside the district" in made.rows[0].reason


@pytest.mark.django_db
def test_where_nothing_is_known_the_files_word_counts_and_its_silence_is_asked_about(jr, tmp_path):
    says = planned(saved(layer(HERE, **CODES), tmp_path / "a.gpkg"), jr)
    assert best(says) == ("EPSG:4326", True)
    silent = planned(saved(layer(HERE, None, **CODES), tmp_path / "b.gpkg"), jr)
    assert best(silent) == ("", False)
    with pytest.raises(SystemUnclear):
        apply(silent, park=jr, by=NOBODY)
    assert not Building.objects.exists()
    told = planned(tmp_path / "b.gpkg", jr, system="GCJ-02")
    assert apply(told, park=jr, by=NOBODY)["created"] == 2


@pytest.mark.parametrize(
    ("encoding", "without", "said"),
    [
        pytest.param("UTF-8", (), "", id="utf8-cpg"),
        pytest.param("UTF-8", (".cpg",), "UTF-8", id="utf8-no-cpg"),
        pytest.param("GBK", (), "", id="gbk-cpg"),
        pytest.param("GBK", (".cpg",), "GBK", id="gbk-no-cpg"),
    ],
)
def test_a_shapefile_is_read_in_its_encoding(tmp_path, encoding, without, said):
    frame = layer(HERE, 楼栋=["一号厂房", "二号研发楼"])
    source = read(saved(frame, tmp_path / "a.zip", encoding=encoding, without=without))
    assert list(source.frame["楼栋"]) == ["一号厂房", "二号研发楼"]
    assert said in " ".join(source.notes)
    assert bool(source.notes) == bool(said)


def test_a_lying_cpg_is_found_out(tmp_path):
    frame = layer(HERE, 楼栋=["一号厂房", "二号研发楼"])
    saved(frame, tmp_path / "a.zip", encoding="GBK")
    (tmp_path / "a.cpg").write_text("UTF-8")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for file in tmp_path.glob("a.*"):
            if file.suffix != ".zip":
                archive.write(file, file.name)
    source = read(tmp_path / "b.zip")
    assert list(source.frame["楼栋"]) == ["一号厂房", "二号研发楼"]
    assert "GBK" in source.notes[0]


def test_a_geojson_with_a_crs_member_says_so(tmp_path):
    text = json.loads(layer(HERE, **CODES).to_json())
    text["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    (tmp_path / "a.geojson").write_text(json.dumps(text))
    source = read(tmp_path / "a.geojson")
    assert source.declared == "EPSG:4547"
    assert "4547" in source.notes[0]


def test_layers_of_a_geopackage_are_chosen_by_name(tmp_path):
    path = tmp_path / "a.gpkg"
    saved(layer(HERE, code=["x", "y"]), path, layer="roads", driver="GPKG")
    saved(layer(HERE, **CODES), path, layer="buildings", driver="GPKG")
    assert read(path).layer == "roads"
    assert read(path, wanted="buildings").layer == "buildings"
    assert read(path, layer="roads", wanted="buildings").layers == ["roads", "buildings"]
    with pytest.raises(FileUnreadable):
        read(path, layer="rivers")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"", FileKindUnknown, id="empty"),
        pytest.param(b"%PDF-1.7 ...", FileKindUnknown, id="pdf"),
        pytest.param(b"PK\x03\x04 broken", FileUnreadable, id="broken-zip"),
        pytest.param(b"SQLite format 3\x00" + b"x" * 200, FileUnreadable, id="broken-gpkg"),
        pytest.param(b'{"type": "FeatureCollection"', FileUnreadable, id="cut-geojson"),
        pytest.param(b'{"a": 1}', FileUnreadable, id="json-of-something-else"),
    ],
)
def test_what_is_no_gis_file_is_refused_in_words(tmp_path, content, error):
    (tmp_path / "a.dat").write_bytes(content)
    with pytest.raises(error) as refusal:
        read(tmp_path / "a.dat")
    assert str(refusal.value)


def test_a_zip_without_its_table_says_what_is_lacking(tmp_path):
    path = saved(layer(HERE, **CODES), tmp_path / "a.zip", without=(".dbf",))
    with pytest.raises(FileUnreadable, match=r"\.dbf"):
        read(path)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(FileUnreadable):
        read(tmp_path / "b.zip")


BOW = Polygon([(LON, LAT), (LON + 6e-4, LAT + 3e-4), (LON + 6e-4, LAT), (LON, LAT + 3e-4)])
RING = LineString(house(0).exterior.coords)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shape", "options", "action", "word"),
    [
        pytest.param(None, {}, "refused", "no shape", id="empty"),
        pytest.param(Point(LON, LAT), {}, "refused", "Point", id="point"),
        pytest.param(BOW, {}, "refused", "crosses itself", id="bow-tie"),
        pytest.param(BOW, {"repair": True}, "changed", "Repaired", id="bow-tie-repaired"),
        pytest.param(RING, {}, "refused", "closed line", id="closed-line"),
        pytest.param(RING, {"close_lines": True}, "unchanged", "taken as an area", id="line-closed"),
        pytest.param(LineString([(LON, LAT), (LON + 1e-3, LAT)]), {"close_lines": True}, "refused", "does not close", id="open-line"),
        pytest.param(shapely.force_3d(house(0), 12.5), {}, "unchanged", "Heights", id="heights"),
        pytest.param(MultiPolygon([house(0)]), {}, "unchanged", "", id="multi-of-one"),
        pytest.param(MultiPolygon([house(0), house(70, w=10)]), {}, "changed", "", id="multi-of-two"),
        pytest.param(house(0).difference(house(20, 10, 10, 10)), {}, "changed", "", id="hole"),
    ],
)  # fmt: skip
def test_each_shape_is_taken_or_refused_in_words(
    park, tmp_path, settings, shape, options, action, word
):
    settings.LANGUAGE_CODE = "en"
    frame = layer([shape, house(100)], **CODES)
    path = saved(frame, tmp_path / "a.gpkg", driver="GPKG", geometry_type="Unknown")
    row = planned(path, park, **options).rows[0]
    assert row.action == action
    assert word in " ".join([row.reason, *row.notes])
    assert (row.action == "refused") == bool(row.suggestion)


@pytest.mark.django_db
def test_two_features_of_one_name_are_both_refused(park, tmp_path):
    path = saved(layer([house(0), house(0)], code=["1", "1栋"]), tmp_path / "a.gpkg")
    assert planned(path, park).counts["refused"] == 2


@pytest.mark.django_db
def test_buildings_are_made_moved_and_left_as_they_are(park, tmp_path):
    shapes = [house(5), house(100), house(200), house(300)]
    frame = layer(shapes, 楼号=["1", "2", "3", "4"], 楼名=["1栋", "二号楼", "3栋", "4栋"])
    made = planned(saved(frame, tmp_path / "a.zip", encoding="GBK", without=(".cpg",)), park)
    assert [row.action for row in made.rows] == ["changed", "changed", "changed", "created"]
    assert made.rows[0].moved_m == pytest.approx(4.9, abs=0.1)
    assert made.rows[0].overlap == pytest.approx(55 / 65, abs=0.01)
    assert [change[1:] for change in made.rows[1].changes] == [["2栋", "二号楼"]]
    assert not Building.objects.filter(code="4").exists()

    apply(made, park=park, by=NOBODY)
    assert Building.objects.get(code="4").footprint.equals(house(300))
    assert Building.objects.get(code="2").geometry_source == ""
    assert Building.objects.get(code="1").geometry_source == "imported"
    assert AuditEntry.objects.filter(action="correct").count() == 3
    again = planned(tmp_path / "a.zip", park)
    assert again.counts == {"created": 0, "changed": 0, "unchanged": 4, "refused": 0}


@pytest.mark.django_db
def test_units_are_found_by_place_and_their_recorded_area_stays(park, tmp_path, settings):
    settings.LANGUAGE_CODE = "en"
    frame = layer(
        [house(0, w=30), house(30, w=25), house(55, w=5), house(0, w=3), house(0, w=3)],
        楼栋=["1栋", "1", "1栋", "9栋", "1栋"], 楼层=["5F", "五层", "5", "1", "B1"],
        房号=["501", "502", "503", "1", "2"], 建筑面积=[950.0, None, 47.5, 1, 1],
    )  # fmt: skip
    made = planned(saved(frame, tmp_path / "a.gpkg"), park, "units")
    assert [row.action for row in made.rows] == ["unchanged", "changed", "created", "refused", "refused"]  # fmt: skip
    assert "950" in " ".join(made.rows[0].notes)
    assert "no building" in made.rows[3].reason
    assert "no floor" in made.rows[4].reason
    with pytest.raises(FeaturesRefused):
        apply(made, park=park, by=NOBODY)
    assert Unit.objects.count() == 2
    apply(planned(tmp_path / "a.gpkg", park, "units", leave_refused=True), park=park, by=NOBODY)
    assert Unit.objects.get(number="501").gross_area_m2 == 900
    assert Unit.objects.get(number="502").outline.equals(house(30, w=25))
    assert Unit.objects.get(number="503").gross_area_m2 == Decimal("47.50")


@pytest.mark.django_db
def test_a_column_mapping_finds_what_no_alias_does(park, tmp_path):
    frame = layer(HERE, ABC=["1", "2"])
    path = saved(frame, tmp_path / "a.gpkg")
    assert planned(path, park).counts["refused"] == 2
    assert planned(path, park, columns={"code": "ABC"}).counts["unchanged"] == 2


@pytest.mark.django_db
def test_a_value_nobody_knows_is_refused_with_those_there_are(park, tmp_path):
    path = saved(layer([house(0)], code=["1"], 用途=["太空港"]), tmp_path / "a.gpkg")
    row = planned(path, park).rows[0]
    assert row.action == "refused"
    assert str(UnitKind.OFFICE.label) in row.suggestion


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp.zip"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4547"])
def test_what_goes_out_comes_back_unchanged(park, tmp_path, ending, crs):
    out = str(tmp_path / f"out.{ending}")
    park.boundary = house(-10, -10, 300, 100)
    park.operator = "金荣运营（示例）"
    park.save()
    told = io.StringIO()
    call_command("export_geo", out, park="JR", on=ON, crs=crs, stdout=told)
    assert told.getvalue().split()[:6] == ["parks:", "1", "buildings:", "2", "units:", "2"]
    entries = AuditEntry.objects.count()
    for name, count in (("parks", 1), ("buildings", 2), ("units", 2)):
        told = io.StringIO()
        call_command("import_geo", out, park="JR", layer=name, on=ON, stdout=told)
        assert f"created 0, changed 0, unchanged {count}, refused 0" in told.getvalue()
    assert AuditEntry.objects.count() == entries


@pytest.mark.django_db
def test_the_command_asks_instead_of_guessing(park, tmp_path):
    moved = from_wgs84(np.array([house(0), house(100)], object), Datum.GCJ02)
    path = str(saved(layer(list(moved), **CODES), tmp_path / "a.gpkg"))
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_geo", path, park="JR", layer="buildings", stdout=told)
    assert "→ GCJ-02" in told.getvalue()
    call_command("import_geo", path, park="JR", layer="buildings", crs="gcj02", stdout=told)
    assert "unchanged 2" in told.getvalue()
    with pytest.raises(CommandError):
        call_command("import_geo", path, park="JR", layer="buildings", crs="EPSG:1", stdout=told)
    with pytest.raises(CommandError):
        call_command("import_geo", path, park="XX", layer="buildings", stdout=told)
    with pytest.raises(CommandError):
        call_command("export_geo", str(tmp_path / "a.dwg"), stdout=told)


def test_words_of_the_field_are_understood():
    assert [storey_of(t) for t in ("5", "5F", "第三层", "B1", "-2", "地下1层", "负一层", "屋面")] == [
        5, 5, 3, -1, -2, -1, -1, None,
    ]  # fmt: skip
    assert choice_of(UnitKind, "OFFICE") == "office"
    assert choice_of(UnitKind, "x") is None
    headings = ["园区", "楼栋名称", "楼层", "房号", "建筑面积（㎡）"]
    assert guess("units", headings) == {
        "park": "园区", "building": "楼栋名称", "floor": "楼层", "number": "房号",
        "gross_area_m2": "建筑面积（㎡）",
    }  # fmt: skip


def test_the_district_is_the_district():
    assert systems.in_district(np.array([house(0), district_outline()], object)).all()
