"""The features of one file, made sound or left out, and how the files fit together.

Pure: no database. Nothing here raises for bad content: everything bad is a ``Finding``.
"""

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from maps.imdf.archive import Feature

MOST_FEATURES = 200_000
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


def features(name, content, archive, *, shapes=True) -> dict[str, Feature]:
    """The features of a file by id, in its order; ``content``: its JSON, None when unreadable."""
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


def follow_references(archive):
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


def keep_near(archive):
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
