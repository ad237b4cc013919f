"""Files out: the parks, buildings and units a person may see, as of a day."""

import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from django.db.models import F
from django.utils.translation import gettext as _

from maps.geo.columns import COLUMNS, LAYERS
from maps.geo.systems import checked
from parks.errors import InvalidValue
from parks.fields import geometries, raw
from parks.models import Building, Park, Unit
from tenants.selectors import annotate_state

#: How a file's name ends → driver.
FORMATS = {"gpkg": "GPKG", "geojson": "GeoJSON", "shp.zip": "ESRI Shapefile"}
MORE = {"parks": {"street_code": "street", "land_area_mu": "land_mu"},
        "units": {"billable_area_m2": "bill_m2", "state": "state"}}  # fmt: skip


def frames(parks, *, on, layers=tuple(LAYERS)) -> dict[str, gpd.GeoDataFrame]:
    """A frame per layer of what is drawn in ``parks`` (a queryset) on ``on``, WGS 84; a query each."""
    return {name: _frame(name, parks, on) for name in layers}


def _frame(layer, parks, on):
    names = [column.name for column in COLUMNS[layer]] + list(MORE.get(layer, {}))
    if layer == "parks":
        rows = parks.filter(boundary__isnull=False).annotate(wkb=raw("boundary")).order_by("code")
        paths = names
    elif layer == "buildings":
        rows = Building.objects.filter(park__in=parks.order_by().values("pk"))
        rows = rows.filter(footprint__isnull=False).annotate(wkb=raw("footprint"))
        rows = rows.order_by("park__code", "code")
        paths = ["park__code" if name == "park" else name for name in names]
    else:
        rows = Unit.objects.filter(floor__building__park__in=parks.order_by().values("pk"))
        rows = annotate_state(rows.filter(outline__isnull=False), on).with_number_on(on)
        rows = rows.annotate(wkb=raw("outline"), storey=F("floor__ordinal")).in_plan_order()
        places = {"park": "floor__building__park__code", "building": "floor__building__code",
                  "floor": "storey", "number": "number_on"}  # fmt: skip
        paths = [places.get(name, name) for name in names]
    rows = list(rows.values_list(*paths, "wkb"))
    table = pd.DataFrame(
        {name: [_cell(name, row[i]) for row in rows] for i, name in enumerate(names)}
    )
    shapes = geometries([row[-1] for row in rows])
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def _cell(name, value):
    if name.endswith(("_m2", "_mu")):
        return None if value is None else float(value)
    return None if value is None else str(value)


def format_of(name: str) -> str:
    """The format a file's name asks for. Raises ``InvalidValue`` naming those there are."""
    for ending in FORMATS:
        if name.lower().endswith(f".{ending}"):
            return ending
    raise InvalidValue(
        _("Name the file *.gpkg, *.geojson or *.shp.zip, not %(name)s."), name=name[-60:]
    )


def write(path, parks, *, on, layers=tuple(LAYERS), system="EPSG:4326") -> dict[str, int]:
    """Write the layers to ``path``; returns how many features each got.

    A GeoPackage holds them as layers, a zip as shapefiles, a GeoJSON in one list with the property
    ``layer``. GeoJSON is WGS 84 by its standard; the others are in ``system`` (``EPSG:…``).
    """
    path, ending, system = Path(path), format_of(Path(path).name), checked(system)
    if not system.startswith("EPSG:") or "/" in system:
        raise InvalidValue(_("Files go out in EPSG:4326 or another EPSG system."))
    made = frames(parks, on=on, layers=layers)
    if ending == "geojson":
        if len(made) > 1:
            parts = [frame.assign(layer=name) for name, frame in made.items() if len(frame)]
            whole = pd.concat(parts, ignore_index=True) if parts else made["parks"]
        else:
            whole = next(iter(made.values()))
        _write(whole, path, "GeoJSON", RFC7946="YES", promote_to_multi=False)
    elif ending == "gpkg":
        path.unlink(missing_ok=True)
        for name, frame in made.items():
            _write(frame.to_crs(system), path, "GPKG", layer=name)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for name, frame in made.items():
                short = {c.name: c.short for c in COLUMNS[name]} | MORE.get(name, {})
                frame = frame.rename(columns=short).to_crs(system)
                target = Path(folder) / f"{name}.shp"
                _write(frame, target, FORMATS[ending], encoding="UTF-8")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(Path(folder).iterdir()):
                    archive.write(file, file.name)
    return {name: len(frame) for name, frame in made.items()}


def _write(frame, path, driver, *, promote_to_multi=True, **options):
    kind = "MultiPolygon" if promote_to_multi else "Unknown"
    pyogrio.write_dataframe(
        frame, path, driver=driver, geometry_type=kind, promote_to_multi=promote_to_multi, **options
    )


def undrawn(parks, *, on) -> int:
    """Units that exist on the day and have no outline: no file of shapes can hold them."""
    units = Unit.objects.filter(floor__building__park__in=parks.order_by().values("pk"))
    return units.existing_on(on).filter(outline__isnull=True).count()


def parks_called(code=""):
    """All parks, or the one with ``code``."""
    return Park.objects.filter(code=code) if code else Park.objects.all()
