"""GIS files handed in on pages and over the API: looked at, applied or discarded, and taken out."""

import io
import json
import zipfile
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from maps.geo.uploads import AlreadyDecided, apply_upload, discard_upload, receive
from parks.geometry import Datum, from_wgs84
from parks.models import AuditEntry, Building, Upload, UploadAct
from tests.factories import make_building
from tests.maps.test_geo_import import house

ON = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path


@pytest.fixture
def drawn(jr):
    make_building(park=jr, code="1", name="1栋", footprint=house(0))
    make_building(park=jr, code="2", name="2栋", footprint=house(100))
    return jr


def sent(shapes=None, datum=Datum.GCJ02, name="楼栋.geojson", **columns):
    """A GeoJSON of buildings: by default both a little larger, on GCJ-02 and saying nothing of it."""
    shapes = [house(0, w=63), house(100, w=63)] if shapes is None else shapes
    columns = columns or {"楼号": ["1", "2"]}
    moved = from_wgs84(np.array(shapes, object), datum)
    text = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(moved)), crs=4326).to_json()
    return SimpleUploadedFile(name, text.encode(), content_type="application/geo+json")


def hand_in(client, file, layer="buildings"):
    return client.post("/files/geo/", {"park": "JR", "layer": layer, "file": file})


def test_a_file_is_checked_looked_at_and_applied(client, operator, drawn):
    client.force_login(operator)
    answer = hand_in(client, sent())
    upload = Upload.objects.get()
    assert answer.url == f"/files/geo/{upload.pk}/"
    page = client.get(answer.url)
    assert page.context["report"]["proposed"] == "GCJ-02"
    assert page.context["takes"] == 2
    assert AuditEntry.objects.filter(action="correct").count() == 0

    shown = json.loads(client.get(f"{answer.url}data/?system=GCJ-02").content)
    wrong = json.loads(client.get(f"{answer.url}data/?system=EPSG:4326").content)
    assert len(shown["features"]) == len(wrong["features"]) == 4
    old, new, astray = shown["features"][0], shown["features"][2], wrong["features"][2]
    assert old["geometry"]["coordinates"][0][0] != astray["geometry"]["coordinates"][0][0]
    assert new["properties"]["label"] == "1"
    document = client.get(f"{answer.url}document/?system=GCJ-02")
    assert "楼栋" in document.content.decode()
    assert "'unsafe" not in document["Content-Security-Policy"]

    done = client.post(f"{answer.url}apply/", {"system": "GCJ-02"})
    assert done.status_code == 302
    building = Building.objects.get(code="1")
    assert building.footprint.hausdorff_distance(house(0, w=63)) < 1e-6
    assert set(AuditEntry.objects.filter(action="correct").values_list("door", flat=True)) == {"import"}  # fmt: skip
    assert UploadAct.objects.filter(upload=upload).count() == 2
    assert client.get(answer.url).status_code == 200
    assert client.post(f"{answer.url}apply/", {"system": "GCJ-02"}).status_code == 409


def test_refused_features_hold_the_file_until_they_are_left_out(client, operator, drawn):
    client.force_login(operator)
    file = sent([house(0, w=70), house(400), house(500)], Datum.WGS84, 楼号=["1", "x y", ""])
    url = hand_in(client, file).url
    answer = client.post(f"{url}apply/", {"system": "EPSG:4326"})
    assert answer.status_code == 409
    assert answer.context["problem"].messages
    assert Building.objects.count() == 2
    client.post(f"{url}apply/", {"system": "EPSG:4326", "leave_refused": "on"})
    assert Building.objects.count() == 3


def test_columns_and_a_wrong_system_are_answered_in_words(client, operator, drawn):
    client.force_login(operator)
    url = hand_in(client, sent(datum=Datum.WGS84, ABC=["1", "2"])).url
    assert client.get(url).context["report"]["counts"]["refused"] == 2
    page = client.get(url, {"system": "EPSG:4326", "column_code": "ABC"})
    assert page.context["takes"] == 2
    page = client.get(url, {"system": "Mars", "column_code": "ABC"})
    assert page.status_code == 200
    assert page.context["form"].errors["system"]
    assert client.get(f"{url}data/?system=Mars").status_code == 200


def test_discarding_deletes_the_file_and_keeps_the_report(client, operator, drawn, django_capture_on_commit_callbacks):  # fmt: skip
    client.force_login(operator)
    url = hand_in(client, sent()).url
    upload = Upload.objects.get()
    assert upload.file.storage.exists(upload.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}discard/")
    assert not upload.file.storage.exists(upload.file.name)
    assert client.get(url).context["report"]["proposed"] == "GCJ-02"
    with pytest.raises(AlreadyDecided):
        discard_upload(upload, at=upload.uploaded_at)
    with pytest.raises(AlreadyDecided):
        apply_upload(upload, by=operator, at=upload.uploaded_at, on=ON, system="GCJ-02")


def test_what_cannot_be_read_is_said_on_the_form_and_nothing_kept(client, operator, drawn, files):
    client.force_login(operator)
    page = hand_in(client, SimpleUploadedFile("a.pdf", b"%PDF-1.7"))
    assert page.context["form"].errors["file"]
    assert not Upload.objects.exists()
    assert not [one for one in (files / "media").rglob("*") if one.is_file()]


def test_somebody_elses_park_and_file_are_not_found(client, operator2, operator, drawn):
    upload = receive(sent(), park=drawn, layer="buildings", by=operator, at=_now(), on=ON)
    client.force_login(operator2)
    assert "park" in hand_in(client, sent()).context["form"].errors
    for part in ("", "data/", "document/"):
        assert client.get(f"/files/geo/{upload.pk}/{part}").status_code == 404
    for act in ("apply/", "discard/"):
        assert client.post(f"/files/geo/{upload.pk}/{act}").status_code == 404
    assert client.get("/files/geo/export/?park=JR").status_code == 404


def _now():
    upload = Upload(uploaded_at=None)
    return upload._meta.get_field("uploaded_at").to_python("2026-06-30T08:00:00+08:00")


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "shp.zip"])
def test_downloads_come_in_every_format(client, operator, drawn, files, kind):
    client.force_login(operator)
    answer = client.get(f"/files/geo/export/?park=JR&layer=buildings&format={kind}&on={ON}")
    assert answer["Content-Disposition"].endswith(f'JR-buildings-{ON}.{kind}"')
    content = answer.content
    if kind == "shp.zip":
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert {"buildings.shp", "buildings.cpg", "buildings.prj"} <= set(names)
    else:
        (files / f"got.{kind}").write_bytes(content)
        assert len(gpd.read_file(files / f"got.{kind}")) == 2
    page = client.get(f"/maps/parks/JR/?on={ON}")
    if kind != "geojson":
        assert f"format={kind}" in page.content.decode()


def test_downloads_refuse_what_there_is_not(client, operator, drawn):
    client.force_login(operator)
    for query in ("format=dwg", "layer=roads", "crs=EPSG:1", "crs=GCJ-02"):
        assert client.get(f"/files/geo/export/?{query}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_and_the_hub_take_as_many_queries_for_one_file_as_for_three(
    client, operator, drawn, count, django_assert_max_num_queries
):
    for _i in range(count):
        receive(sent(), park=drawn, layer="buildings", by=operator, at=_now(), on=ON)
    client.force_login(operator)
    with django_assert_max_num_queries(9):
        assert len(client.get("/files/geo/").context["uploads"]) == count
    with django_assert_max_num_queries(9):
        client.get("/files/")


@pytest.fixture
def api(operator):
    made = APIClient(raise_request_exception=False)
    made.force_login(operator)
    return made


def test_the_api_walks_the_same_road(api, drawn):
    answer = api.post("/api/v1/geo-files/", {"park": "JR", "layer": "buildings", "file": sent()})
    assert answer.status_code == 201, answer.content
    url = f"/api/v1/geo-files/{answer.json()['id']}/"
    assert answer.json()["report"]["proposed"] == "GCJ-02"
    assert api.get("/api/v1/geo-files/").json()["count"] == 1
    unclear = api.post(f"{url}apply/", {}, format="json")
    assert (unclear.status_code, unclear.json()["code"]) == (409, "coordinates_unclear")
    assert unclear["Content-Type"] == "application/problem+json"
    done = api.post(f"{url}apply/", {"system": "GCJ-02"}, format="json")
    assert done.json()["report"]["counts"]["changed"] == 2
    late = api.post(f"{url}discard/")
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    out = api.get("/api/v1/geo-files/export/?format_=geojson&park=JR&layer=buildings")
    assert len(json.loads(out.content)["features"]) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"park": "JR", "layer": "buildings"}, 400, id="no-file"),
        pytest.param({"park": "LD", "layer": "buildings", "file": ("a.geojson", b"{}")}, 400, id="not-yours"),
        pytest.param({"park": "JR", "layer": "roads", "file": ("a.geojson", b"{}")}, 400, id="no-layer"),
        pytest.param({"park": "JR", "layer": "units", "file": ("a.pdf", b"%PDF")}, 415, id="pdf"),
        pytest.param({"park": "JR", "layer": "units", "file": ("a.geojson", b'{"a":')}, 400, id="cut-off"),
    ],
)  # fmt: skip
def test_the_api_refuses_bad_files_in_words(api, drawn, ld, body, status):
    if "file" in body:
        body = body | {"file": SimpleUploadedFile(*body["file"])}
    answer = api.post("/api/v1/geo-files/", body)
    assert answer.status_code == status, answer.content
    assert answer.json()["code"]


def test_the_api_refuses_what_is_too_large_and_no_form(api, drawn, monkeypatch):
    monkeypatch.setattr("maps.geo.uploads.MOST_BYTES", 10)
    answer = api.post("/api/v1/geo-files/", {"park": "JR", "layer": "units", "file": sent()})
    assert answer.status_code == 413
    assert api.post("/api/v1/geo-files/", {"park": "JR"}, format="json").status_code == 415
    for query in ("format_=dwg", "layer=x", "on=x", "crs=EPSG:1", "nonsense=1"):
        assert api.get(f"/api/v1/geo-files/export/?{query}").status_code in (400, 409)
    assert api.get("/api/v1/geo-files/export/?park=LD").status_code == 404
