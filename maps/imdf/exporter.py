"""A park as an IMDF archive: venue, buildings, footprints, levels, units, occupants on a day."""

import json
import uuid
import zipfile

import shapely

from parks.models import Building, Floor, Unit
from tenants.selectors import annotate_state

#: Ids of ours are made stable UUIDs in this namespace; imported ones keep their own.
NAMESPACE = uuid.UUID("6f1d5d1e-6d0a-4b53-9a43-7d1c1f8f2c55")
CATEGORIES = {
    "office": "office", "lab": "laboratory", "storage": "storage", "shop": "foodservice",
    "other": "walkway",
}  # fmt: skip


def key(obj) -> str:
    kept = getattr(obj, "external_id", "")
    return kept or str(uuid.uuid5(NAMESPACE, f"{obj._meta.label}:{obj.pk}"))


def feature(name, identity, properties, shape=None):
    return {
        "type": "Feature", "id": identity, "feature_type": name, "properties": properties,
        "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
    }  # fmt: skip


def archive(park, on) -> dict[str, list[dict]]:
    """File → features of ``park`` as of ``on``. Units without an outline cannot be exported."""
    buildings = Building.objects.filter(park=park).order_by("pk")
    floors = Floor.objects.filter(building__park=park).select_related("building").order_by("pk")
    units = (
        annotate_state(Unit.objects.of_park(park), on).with_number_on(on).select_related("floor")
    )
    files = {
        name: []
        for name in (
            "venue",
            "building",
            "footprint",
            "level",
            "unit",
            "anchor",
            "occupant",
            "address",
        )
    }
    address = str(uuid.uuid5(NAMESPACE, f"address:{park.pk}"))
    files["address"].append(feature("address", address, {
        "address": park.address or park.name, "locality": "长沙市望城区", "province": "CN-HN", "country": "CN",
    }))  # fmt: skip
    files["venue"].append(feature("venue", key(park), {
        "category": "businesscampus", "name": {"zh-Hans": park.name}, "address_id": address,
    }, park.boundary))  # fmt: skip
    for building in buildings:
        files["building"].append(feature("building", key(building), {
            "category": "unspecified", "name": {"zh-Hans": building.name}, "address_id": address,
        }))  # fmt: skip
        if building.footprint is not None:
            files["footprint"].append(feature("footprint", str(uuid.uuid5(NAMESPACE, f"footprint:{building.pk}")), {
                "category": "ground", "building_ids": [key(building)], "name": None,
            }, building.footprint))  # fmt: skip
    for floor in floors:
        files["level"].append(feature("level", key(floor), {
            "category": "unspecified", "ordinal": floor.ordinal, "outdoor": False,
            "name": {"zh-Hans": floor.name}, "short_name": {"zh-Hans": floor.name},
            "building_ids": [key(floor.building)], "address_id": address,
        }, floor.outline))  # fmt: skip
    for unit in units.order_by("pk"):
        if unit.outline is None:
            continue
        files["unit"].append(feature("unit", key(unit), {
            "category": CATEGORIES.get(unit.kind, "room"), "name": {"zh-Hans": unit.number_on},
            "level_id": key(unit.floor), "restriction": None,
        }, unit.outline))  # fmt: skip
        if unit.tenant_name:
            anchor = str(uuid.uuid5(NAMESPACE, f"anchor:{unit.pk}"))
            point = unit.outline.representative_point()
            files["anchor"].append(
                feature("anchor", anchor, {"unit_id": key(unit), "address_id": address}, point)
            )
            files["occupant"].append(feature("occupant", str(uuid.uuid5(NAMESPACE, f"occupant:{unit.pk}:{unit.tenant_id}")), {
                "category": "unspecified", "name": {"zh-Hans": unit.tenant_name}, "anchor_id": anchor,
            }))  # fmt: skip
    return files


def write(park, on, out) -> dict[str, int]:
    """Write the archive as a zip to path ``out``; returns features per file."""
    files = archive(park, on)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        manifest = {"version": "1.0.0", "created": f"{on}T00:00:00Z", "language": "zh-Hans"}
        bundle.writestr("manifest.json", json.dumps(manifest))
        for name, features in files.items():
            collection = {"type": "FeatureCollection", "features": features}
            bundle.writestr(f"{name}.geojson", json.dumps(collection, ensure_ascii=False))
    return {name: len(features) for name, features in files.items()}
