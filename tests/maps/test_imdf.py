"""IMDF in and out: what is good is taken, what is bad is reported, nothing is a traceback."""

import copy
import json
import zipfile
from datetime import date
from random import Random

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maps.imdf.exporter import write
from maps.imdf.importer import import_archive
from maps.imdf.reader import read
from parks.models import AuditEntry, Building, Unit
from tenants.models import LeaseLine, Tenant
from tenants.selectors import annotate_state
from tests.factories import NOBODY, make_park

ON = date(2026, 1, 1)
LON, LAT, M = 112.88, 28.30, 0.00001


def ring(x, y, w, h):
    corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
    return {"type": "Polygon", "coordinates": [[[LON + a * M, LAT + b * M] for a, b in corners]]}


def feature(key, properties, geometry=None):
    return {"type": "Feature", "id": key, "properties": properties, "geometry": geometry}


def archive():
    """A venue, a building, a level with two rooms and a corridor, one occupant in room 101."""
    files = {
        "venue": [feature("v", {"name": {"en": "Venue"}, "category": "businesscampus"}, ring(0, 0, 90, 60))],
        "address": [feature("a", {"address": "1 Road"})],
        "building": [feature("b", {"name": {"en": "House"}, "category": "unspecified"})],
        "footprint": [feature("f", {"building_ids": ["b"], "category": "ground"}, ring(0, 0, 90, 60))],
        "level": [feature("l", {"ordinal": 0, "name": {"en": "Ground"}, "building_ids": ["b"]}, ring(0, 0, 90, 60))],
        "unit": [
            feature("u1", {"category": "office", "name": {"en": "101"}, "level_id": "l"}, ring(0, 0, 40, 25)),
            feature("u2", {"category": "room", "name": {"en": "102"}, "level_id": "l"}, ring(0, 30, 40, 25)),
            feature("u3", {"category": "walkway", "name": None, "level_id": "l"}, ring(45, 0, 10, 55)),
        ],
        "anchor": [feature("k", {"unit_id": "u1"}, {"type": "Point", "coordinates": [LON + 5 * M, LAT + 5 * M]})],
        "occupant": [feature("o", {"name": {"en": "Tea & Co"}, "anchor_id": "k", "category": "cafe"})],
        "opening": [feature("d", {})],
    }  # fmt: skip
    return {name: {"type": "FeatureCollection", "features": rows} for name, rows in files.items()}


def saved(folder, files, manifest=None):
    for name, content in files.items():
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / f"{name}.geojson").write_bytes(text)
    (folder / "manifest.json").write_text(json.dumps(manifest or {"version": "1.0.0"}))
    return folder


def run(folder, park, **options):
    return import_archive(read(folder), park=park, on=ON, by=NOBODY, **options)


def codes(report, severity=None):
    return {f.code for f in report.findings if severity in (None, f.severity)}


@pytest.fixture
def park(db):
    return make_park(code="IM")


def test_a_building_is_imported_let_and_shown(park, tmp_path):
    report = run(saved(tmp_path, archive()), park, let_from=ON, let_to=date(2028, 1, 1))
    assert report.applied
    assert report.created == {"buildings": 1, "floors": 1, "units": 3, "tenants": 1, "leases": 1}
    states = {u.number: u.state for u in annotate_state(Unit.objects.of_park(park), ON)}
    assert states["101"] == "let"
    assert states["102"] == "vacant"
    assert sorted(states.values()) == ["let", "own_use", "vacant"]
    unit = Unit.objects.get(number="101")
    assert (unit.geometry_source, unit.area_source) == ("imported", "estimated")
    assert 1000 < unit.gross_area_m2 < 1200
    assert set(
        AuditEntry.objects.filter(object_type="parks.unit").values_list("door", flat=True)
    ) == {"import"}


def test_running_twice_changes_nothing(park, tmp_path):
    folder = saved(tmp_path, archive())
    run(folder, park, let_from=ON, let_to=date(2028, 1, 1))
    entries = AuditEntry.objects.count()
    again = run(folder, park, let_from=ON, let_to=date(2028, 1, 1))
    assert again.created == {}
    assert AuditEntry.objects.count() == entries


def test_dry_run_writes_nothing(park, tmp_path):
    report = run(saved(tmp_path, archive()), park, dry_run=True)
    assert report.created["units"] == 3
    assert not report.applied
    assert not Building.objects.exists()


def test_zip_and_folder_read_the_same(park, tmp_path):
    saved(tmp_path, archive())
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for file in tmp_path.glob("*json"):
            bundle.write(file, f"../../{file.name}")
    assert {k: len(v) for k, v in read(path).features.items()} == {
        k: len(v) for k, v in read(tmp_path).features.items()
    }


def test_export_comes_back_the_same(park, tmp_path):
    run(saved(tmp_path, archive()), park, let_from=ON, let_to=date(2028, 1, 1))
    out = tmp_path / "out.zip"
    write(park, ON, out)
    other = make_park(code="OT")
    report = run(out, other)
    assert report.applied, [str(f) for f in report.findings]

    def shape(of):
        units = Unit.objects.of_park(of).order_by("external_id")
        return [(u.number, u.gross_area_m2, u.outline.wkt) for u in units]

    assert shape(park) == shape(other)
    assert Tenant.objects.filter(home_park=other).get().name == "Tea & Co"


def broken(change):
    files = archive()
    change(files)
    return files


BREAKS = {
    "bad_json": lambda f: f.update(unit=b"{"),
    "encoding": lambda f: f.update(unit=b"\xff\xfe\x00"),
    "file_missing": lambda f: f.pop("level"),
    "duplicate_id": lambda f: f["unit"]["features"].append(f["unit"]["features"][0]),
    "dangling": lambda f: f["anchor"]["features"][0]["properties"].update(unit_id="nobody"),
    "category": lambda f: f["unit"]["features"][0]["properties"].update(category="throne"),
    "crs": lambda f: f["unit"]["features"][0].update(
        geometry={"type": "Polygon", "coordinates": [[[5e5, 3e6], [5e5 + 9, 3e6], [5e5, 3e6 + 9], [5e5, 3e6]]]}),
    "axes_swapped": lambda f: f["unit"]["features"][0].update(
        geometry={"type": "Polygon", "coordinates": [[[y, x] for x, y in ring(0, 0, 9, 9)["coordinates"][0]]]}),
    "far_away": lambda f: f["unit"]["features"][0].update(geometry=ring(90000, 0, 9, 9)),
    "bad_geometry": lambda f: f["unit"]["features"][0].update(geometry={"type": "Polygon", "coordinates": "x"}),
    "repaired": lambda f: f["unit"]["features"][0]["geometry"]["coordinates"][0].insert(
        2, [LON - 5 * M, LAT + 30 * M]),
    "no_geometry": lambda f: f["unit"]["features"][0].update(geometry=None),
    "id_missing": lambda f: f["unit"]["features"][0].pop("id"),
    "overlap": lambda f: f["unit"]["features"][1].update(geometry=ring(0, 0, 40, 25)),
    "outside_floor": lambda f: f["unit"]["features"][1].update(geometry=ring(80, 0, 40, 25)),
    "file_unknown": lambda f: f.update(something={"type": "FeatureCollection", "features": []}),
    "no_name": lambda f: f["occupant"]["features"][0]["properties"].update(name=None),
    "unusable": lambda f: f["level"]["features"][0]["properties"].update(ordinal="ground"),
}  # fmt: skip
REFUSED = {"bad_json", "encoding", "file_missing", "duplicate_id", "crs", "axes_swapped"}


@pytest.mark.parametrize("code", BREAKS)
def test_what_is_wrong_is_reported(park, tmp_path, code):
    report = run(saved(tmp_path, broken(BREAKS[code])), park)
    assert code in codes(report)
    assert report.applied == (code not in REFUSED)
    assert Building.objects.exists() == report.applied
    for line in report.lines():
        assert isinstance(line, str)


ODD = {
    "ordinal-not-a-number": ("unusable", lambda f: f["level"]["features"][0]["properties"].update(
        ordinal=float("nan"))),
    "ordinal-without-end": ("unusable", lambda f: f["level"]["features"][0]["properties"].update(
        ordinal=float("inf"))),
    "coordinate-not-a-number": ("bad_geometry", lambda f: f["unit"]["features"][0]["geometry"][
        "coordinates"][0].__setitem__(2, [float("nan"), LAT])),
    "half-a-character": ("encoding", lambda f: f["unit"]["features"][0]["properties"].update(
        name={"en": "\ud800"})),
    "nul-in-a-category": ("category", lambda f: f["unit"]["features"][2]["properties"].update(
        category="a\x00b")),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_values_json_allows_and_a_database_does_not_are_reported(park, tmp_path, case):
    code, change = ODD[case]
    report = run(saved(tmp_path, broken(change)), park)
    assert code in codes(report)
    assert all(line.encode() for line in report.lines())


def test_long_names_and_ids_that_begin_alike_are_taken(park, tmp_path):
    files = archive()
    files["building"]["features"] += [feature("b" * 40 + end, {"name": "x" * 500}) for end in "12"]
    files["occupant"]["features"][0]["properties"]["name"] = "Tea\x00" + "x" * 500
    for end, unit in enumerate(files["unit"]["features"]):
        unit["id"] = f"begins-alike-{end}"
        unit["properties"]["name"] = {"en": "Room"}
    assert run(saved(tmp_path, files), park).applied
    assert Building.objects.filter(park=park).count() == 3


def test_damaged_zip_is_never_a_traceback(tmp_path):
    saved(tmp_path, archive())
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(tmp_path.glob("*json")):
            bundle.write(file, file.name)
    whole = path.read_bytes()
    chance = Random(1)
    found = set()
    for _turn in range(200):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)
        path.write_bytes(damaged)
        found |= {finding.code for finding in read(path).errors}
    assert "unreadable" in found


def test_nothing_there_and_not_an_archive(park, tmp_path):
    assert codes(run(tmp_path / "nowhere", park)) == {"not_there"}
    (tmp_path / "x.zip").write_bytes(b"PK not a zip")
    assert codes(run(tmp_path / "x.zip", park)) == {"not_imdf"}


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(value, path=()):
    """Every place in a JSON value, as a path of keys."""
    if path:
        yield path
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        yield from places(inner, (*path, key))


ALL_PLACES = list(places(archive()))


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(place=st.sampled_from(ALL_PLACES), value=junk)
def test_no_single_corruption_is_a_traceback(park, tmp_path_factory, place, value):
    files = copy.deepcopy(archive())
    target = files
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    report = run(saved(tmp_path_factory.mktemp("imdf"), files), park, dry_run=True)
    assert not report.applied
    assert not Building.objects.exists()


def test_command_prints_the_report_and_refuses(park, tmp_path, capsys):
    saved(tmp_path, archive())
    call_command("import_imdf", str(tmp_path), park="IM", let_from=ON, let_to=date(2028, 1, 1))
    assert LeaseLine.objects.binding().count() == 1
    assert "unit" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_imdf", str(tmp_path / "nowhere"), park="IM")
    with pytest.raises(CommandError):
        call_command("import_imdf", str(tmp_path), park="NONE")


def test_page_checks_first_and_imports_then(client, operator, jr, tmp_path):
    saved(tmp_path, archive())
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for file in tmp_path.glob("*json"):
            bundle.write(file, file.name)
    client.force_login(operator)
    for button, there in (("check", False), ("apply", True)):
        with path.open("rb") as file:
            body = {"park": "JR", "file": file, "exists_from": "2026-01-01", button: "1"}
            assert client.post("/maps/imdf/", body).status_code == 200
        assert Building.objects.filter(park=jr).exists() == there
