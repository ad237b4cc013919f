"""An IMDF archive (folder or zip) → features and a report of what is wrong, file by file.

Pure: no database. Nothing here raises for bad content: everything bad is a ``Finding``.
"""

import json
import lzma
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

#: Files this import reads; ``True`` where an archive without it cannot be imported.
READ = {
    "venue": True, "building": True, "level": True, "unit": True, "footprint": False,
    "address": False, "anchor": False, "occupant": False,
}  # fmt: skip
#: Files of the standard that have no place here: counted and left.
LEFT = {
    "amenity", "opening", "detail", "fixture", "geofence", "kiosk", "relationship", "section",
}  # fmt: skip
MANIFEST = "manifest"
#: What reading a damaged folder or zip may raise.
UNREADABLE = (
    OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
MOST_BYTES, MOST_FILES, MOST_FEATURES = 200 * 1024 * 1024, 100, 200_000
#: Farther than this from the venue a feature is misplaced, degrees (some 3 km).
FAR_DEGREES = 0.03
GEOMETRY = {
    "venue": ("Polygon", "MultiPolygon"), "level": ("Polygon", "MultiPolygon"),
    "unit": ("Polygon", "MultiPolygon"), "footprint": ("Polygon", "MultiPolygon"),
    "anchor": ("Point",),
}  # fmt: skip
#: References to follow: property → file, and whether it holds a list.
REFERENCES = {
    "level": [("building_ids", "building", True)],
    "footprint": [("building_ids", "building", True)],
    "unit": [("level_id", "level", False)],
    "anchor": [("unit_id", "unit", False), ("address_id", "address", False)],
    "occupant": [("anchor_id", "anchor", False)],
    "building": [("address_id", "address", False)],
    "venue": [("address_id", "address", False)],
}
#: Unit categories of IMDF 1.0.0 that people let; every other known one is circulation or service.
LETTABLE = {
    "auditorium", "classroom", "conferenceroom", "exhibit", "fitnessroom", "foodservice", "kitchen",
    "laboratory", "library", "lounge", "office", "privatelounge", "recreation", "room", "storage",
    "theater", "unspecified", "unenclosedarea", "movietheater", "store", "brick", "ballroom",
    "banquethall", "barshop", "examroom", "operatingroom", "patientroom",
}  # fmt: skip
SERVICE = {
    "checkroom", "circulation", "column", "concrete", "corridor", "elevator", "escalator",
    "emergencyexit", "firstaid", "footbridge", "huddleroom", "informationdesk", "lobby", "lockerroom",
    "mailroom", "mothersroom", "movingwalkway", "nonpublic", "opentobelow", "parking", "phoneroom",
    "platform", "prayerroom", "privatelounge", "ramp", "restroom", "restroom.family",
    "restroom.female", "restroom.female.wheelchair", "restroom.male", "restroom.male.wheelchair",
    "restroom.transgender", "restroom.transgender.wheelchair", "restroom.unisex",
    "restroom.unisex.wheelchair", "restroom.wheelchair", "road", "sauna", "security",
    "serverroom", "serviceanimalrelief", "shower", "smokingarea", "stairs", "steps", "structure",
    "swimmingpool", "terrace", "ticketing", "unenclosed", "vegetation", "waitingroom", "walkway",
    "walkway.island", "winderroom",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """``severity``: error (the archive is refused), warning (repaired or left), note."""

    severity: str
    file: str
    code: str
    message: str
    feature: str = ""

    def __str__(self):
        where = f"{self.file} {self.feature}".strip()
        return f"{self.severity}: {where}: {self.message} [{self.code}]"


@dataclass(slots=True)
class Feature:
    id: str
    properties: dict
    geometry: shapely.Geometry | None

    def name(self, default="") -> str:
        """The first of the localised names, Chinese before English before any."""
        names = self.properties.get("name")
        if isinstance(names, str):
            return _plain(names) or default
        if isinstance(names, dict):
            for language in ("zh-Hans", "zh-CN", "zh", "en", *names):
                text = names.get(language)
                if isinstance(text, str) and _plain(text):
                    return _plain(text)
        return default


def _plain(text):
    """``text`` as a name can be: no NUL, which PostgreSQL refuses, one line, 100 characters."""
    return " ".join(text.replace("\x00", "").split())[:100]


@dataclass(slots=True)
class Archive:
    """``features[file]``: id → Feature, in the order of the file. ``counts``: rows met in each."""

    features: dict[str, dict[str, Feature]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    language: str = ""

    def add(self, severity, file, code, message, feature=""):
        self.findings.append(Finding(severity, file, code, message, str(feature)[:60]))

    @property
    def errors(self):
        return [finding for finding in self.findings if finding.severity == "error"]


def read(path) -> Archive:
    """Read folder or zip ``path``. Whatever is wrong stands in ``findings``."""
    archive = Archive()
    texts = _texts(Path(path), archive)
    if texts is None:
        return archive
    _manifest(texts.pop(MANIFEST, None), archive)
    for name, needed in READ.items():
        if name not in texts:
            severity = "error" if needed else "note"
            archive.add(severity, name, "file_missing", _("%s.geojson is missing.") % name)
            archive.features[name] = {}
            continue
        archive.features[name] = _features(name, texts.pop(name), archive)
    for name in sorted(texts):
        known = name in LEFT
        if known:
            rows = _features(name, texts[name], archive, shapes=False)
            archive.add("note", name, "left", _("%s features have no place here.") % len(rows))
        else:
            archive.add("warning", name, "file_unknown", _("Not a file of the standard; left."))
    for name in ("venue", "building", "level"):
        if READ[name] and not archive.features[name] and name in archive.counts:
            archive.add("error", name, "nothing_usable", _("No usable feature in this file."))
    _references(archive)
    _distances(archive)
    return archive


def _texts(path, archive):
    """File name without ending → bytes, or None when nothing can be read."""
    try:
        if path.is_dir():
            files = {p.name: p for p in sorted(path.iterdir()) if p.is_file()}
            if sum(p.stat().st_size for p in files.values()) > MOST_BYTES:
                return archive.add("error", path.name, "too_large", _("More than 200 MB."))
            read_all = {name: p.read_bytes() for name, p in files.items() if _wanted(name)}
        elif path.is_file() and zipfile.is_zipfile(path):
            read_all = _unzip(path, archive)
            if read_all is None:
                return None
        elif not path.exists():
            return archive.add(
                "error", path.name, "not_there", _("There is no such file or folder.")
            )
        else:
            return archive.add(
                "error", path.name, "not_imdf", _("Neither a folder nor a zip archive.")
            )
    except UNREADABLE as error:
        return archive.add("error", path.name, "unreadable", _("Cannot be read: %s") % error)
    return {name.rsplit(".", 1)[0].lower(): data for name, data in read_all.items()}


def _wanted(name):
    return name.lower().endswith((".geojson", ".json"))


def _unzip(path, archive):
    """Files of the zip by base name; nothing is written to the disk, so names cannot escape."""
    with zipfile.ZipFile(path) as bundle:
        entries = [e for e in bundle.infolist() if not e.is_dir() and _wanted(e.filename)]
        entries = [e for e in entries if "__MACOSX" not in e.filename]
        if len(entries) > MOST_FILES or sum(e.file_size for e in entries) > MOST_BYTES:
            return archive.add("error", path.name, "too_large", _("More than 100 files or 200 MB."))
        found = {}
        for entry in entries:
            name = entry.filename.replace("\\", "/").rsplit("/", 1)[-1]
            if name in found:
                archive.add(
                    "warning",
                    name,
                    "file_twice",
                    _("Stands twice in the archive; the first counts."),
                )
                continue
            with bundle.open(entry) as file:
                found[name] = file.read(MOST_BYTES + 1)
        return found


def _json(name, data, archive):
    try:
        content = json.loads(data.decode("utf-8-sig"))
        # An escape such as "\\ud800" is half a character: JSON allows it, no database stores it.
        json.dumps(content, ensure_ascii=False).encode()
        return content
    except UnicodeError:
        archive.add("error", name, "encoding", _("Not UTF-8: save the file as UTF-8."))
    except (ValueError, RecursionError) as error:
        archive.add("error", name, "bad_json", _("Not valid JSON: %s") % error)
    return None


def _manifest(data, archive):
    if data is None:
        archive.add(
            "warning", MANIFEST, "file_missing", _("manifest.json is missing; version unknown.")
        )
        return
    content = _json(MANIFEST, data, archive)
    if not isinstance(content, dict):
        if content is not None:
            archive.add("warning", MANIFEST, "bad_shape", _("Not an object."))
        return
    archive.language = str(content.get("language", ""))[:20]
    if not str(content.get("version", "")).startswith("1.0"):
        archive.add(
            "warning",
            MANIFEST,
            "version",
            _("Version %s; 1.0.0 is understood.") % content.get("version"),
        )


def _features(name, data, archive, *, shapes=True):
    content = _json(name, data, archive)
    if content is None:
        return {}
    rows = content.get("features") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        archive.add("error", name, "bad_shape", _("Not a FeatureCollection."))
        return {}
    if (
        content.get("crs")
        and "CRS84" not in str(content["crs"])
        and "4326" not in str(content["crs"])
    ):
        archive.add("error", name, "crs", _("Another coordinate system is named: %s. IMDF is WGS 84.")
                    % str(content["crs"])[:80])  # fmt: skip
    if len(rows) > MOST_FEATURES:
        archive.add("error", name, "too_many", _("More than %s features.") % MOST_FEATURES)
        return {}
    archive.counts[name] = len(rows)
    found = {}
    for number, row in enumerate(rows, start=1):
        feature = _feature(name, number, row, archive, shapes=shapes)
        if feature is None:
            continue
        if feature.id in found:
            archive.add("error" if shapes else "warning", name, "duplicate_id",
                        _("This id stands twice; ids must be unique."), feature.id)  # fmt: skip
            continue
        found[feature.id] = feature
    return found


def _feature(name, number, row, archive, *, shapes):
    if not isinstance(row, dict):
        return archive.add(
            "warning", name, "bad_shape", _("Feature %s is not an object; left.") % number
        )
    key = row.get("id")
    if not isinstance(key, (str, int)) or not str(key).strip() or "\x00" in str(key):
        return archive.add("warning", name, "id_missing", _("Feature %s has no id; left.") % number)
    key = str(key).strip()[:100]
    properties = row.get("properties")
    if not isinstance(properties, dict):
        archive.add("warning", name, "no_properties", _("No properties; read as empty."), key)
        properties = {}
    kind = row.get("feature_type", name)
    if shapes and kind != name:
        archive.add("warning", name, "feature_type", _("Says it is a %s.") % str(kind)[:30], key)
    geometry = None
    if shapes and name in GEOMETRY:
        geometry = _geometry(name, key, row.get("geometry"), archive)
    return Feature(key, properties, geometry)


def _geometry(name, key, data, archive):
    if data is None:
        return archive.add("warning", name, "no_geometry", _("No geometry."), key)
    try:
        with np.errstate(invalid="ignore"):  # NaN is found below and reported
            geometry = shapely.force_2d(shape(data))
    except (
        ShapelyError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        OverflowError,
    ):
        return archive.add(
            "warning", name, "bad_geometry", _("The geometry cannot be read; left."), key
        )
    if geometry.geom_type not in GEOMETRY[name]:
        return archive.add("warning", name, "geometry_type",
                           _("%s where an area or point is needed; left.") % geometry.geom_type, key)  # fmt: skip
    if geometry.is_empty:
        return archive.add("warning", name, "bad_geometry", _("The geometry is empty; left."), key)
    west, south, east, north = geometry.bounds
    if not (np.abs(shapely.get_coordinates(geometry)) < 1e12).all():
        return archive.add(
            "warning", name, "bad_geometry", _("Coordinates are not numbers; left."), key
        )
    if max(abs(west), abs(east)) <= 90 < max(abs(south), abs(north)) <= 180:
        return archive.add(
            "error",
            name,
            "axes_swapped",
            _("Latitude stands before longitude; IMDF wants longitude first."),
            key,
        )
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return archive.add("error", name, "crs",
                           _("Coordinates are not degrees (%(x).1f, %(y).1f): deliver WGS 84 "
                             "longitude-latitude.") % {"x": west, "y": south}, key)  # fmt: skip
    if not geometry.is_valid:
        repaired = shapely.make_valid(geometry)
        parts = [
            p
            for p in getattr(repaired, "geoms", [repaired])
            if p.geom_type in ("Polygon", "MultiPolygon")
        ]
        if not parts:
            return archive.add(
                "warning", name, "bad_geometry", _("The outline is broken; left."), key
            )
        archive.add(
            "warning", name, "repaired", _("The outline crossed itself and was repaired."), key
        )
        geometry = shapely.union_all(parts)
    return geometry


def _references(archive):
    """A reference that leads nowhere is reported; the features that need it are left out."""
    for name, references in REFERENCES.items():
        for prop, target, many in references:
            for feature in list(archive.features.get(name, {}).values()):
                value = feature.properties.get(prop)
                keys = value if many and isinstance(value, list) else [value]
                keys = [str(k) for k in keys if isinstance(k, (str, int)) and str(k)]
                good = [k for k in keys if k in archive.features.get(target, {})]
                if len(good) < len(keys):
                    lost = ", ".join(sorted(set(keys) - set(good)))[:80]
                    archive.add("warning", name, "dangling",
                                _("%(prop)s leads to nothing in %(target)s: %(lost)s.")
                                % {"prop": prop, "target": target, "lost": lost}, feature.id)  # fmt: skip
                feature.properties[prop] = good if many else (good[0] if good else None)


def _distances(archive):
    """Everything must lie near the venue: far away is a wrong place, swapped is swapped axes."""
    venue = next(
        (f.geometry for f in archive.features.get("venue", {}).values() if f.geometry), None
    )
    if venue is None:
        return
    area = venue.buffer(FAR_DEGREES)
    for name in ("level", "unit", "footprint", "anchor"):
        for key, feature in list(archive.features.get(name, {}).items()):
            if feature.geometry is None or area.intersects(feature.geometry):
                continue
            swapped = shapely.transform(feature.geometry, lambda p: p[:, ::-1])
            code, words = (
                ("axes_swapped", _("Longitude and latitude are swapped; left."))
                if area.intersects(swapped)
                else ("far_away", _("Lies far from the venue; left."))
            )
            archive.add("warning", name, code, words, key)
            feature.geometry = None
