"""Scope → frame: the ORM ends here. GeoDataFrames in EPSG:4326 with a fixed number of queries.

Columns of the ratio frames (``parks_frame``, ``buildings_frame``): ``id``, ``code``, ``label``,
``geometry`` (None where nothing is drawn), ``source`` (of the geometry), ``units`` (count),
``numerator`` and ``denominator`` (Decimal, in ``scope.measure``), ``value`` (share, NaN for an
empty denominator); with ``scope.compare`` also ``before``, ``before_numerator``,
``before_denominator`` and ``change`` (difference of the shares).
"""

from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
from django.db.models import Count, F, Sum

from maps.scope import MapScope
from parks.fields import geometries, raw
from parks.models import Building, Floor, Park, Unit
from tenants.selectors import annotate_state, ratios_by

CRS = "EPSG:4326"
PLACE = ["id", "code", "label", "source", "wkb"]
UNIT = [
    "id", "label", "kind", "gross_area_m2", "seats", "state", "closed_for", "tenant_id",
    "tenant", "lease_id", "lease", "lease_end", "source", "wkb",
]  # fmt: skip
OF_TENANTS = ["tenant_id", "tenant", "lease_id", "lease", "lease_end"]


def units_of(scope: MapScope):
    """The units a picture counts."""
    if scope.floor is not None:
        return Unit.objects.filter(floor=scope.floor)
    if scope.building is not None:
        return Unit.objects.filter(floor__building=scope.building)
    if scope.park is not None:
        return Unit.objects.of_park(scope.park)
    return Unit.objects.filter(floor__building__park__in=scope.parks.order_by().values("pk"))


def park_places(scope: MapScope) -> gpd.GeoDataFrame:
    """The parks the viewer may see, with no number yet: one query."""
    parks = scope.parks.order_by("code").annotate(wkb=raw("boundary"))
    return _frame(parks.values_list("pk", "code", "name", "geometry_source", "wkb"), PLACE)


def building_places(scope: MapScope) -> gpd.GeoDataFrame:
    """The buildings of ``scope.park``, with no number yet: one query."""
    buildings = Building.objects.filter(park=scope.park).order_by("code")
    buildings = buildings.annotate(wkb=raw("footprint"))
    return _frame(buildings.values_list("pk", "code", "name", "geometry_source", "wkb"), PLACE)


def parks_frame(scope: MapScope) -> gpd.GeoDataFrame:
    """The parks the viewer may see: two queries, three with a comparison."""
    return _with_ratios(park_places(scope), scope, by="floor__building__park")


def buildings_frame(scope: MapScope) -> gpd.GeoDataFrame:
    """The buildings of ``scope.park``: two queries, three with a comparison."""
    return _with_ratios(building_places(scope), scope, by="floor__building")


def floors_frame(scope: MapScope) -> pd.DataFrame:
    """The floors of ``scope.building``, top first, with their ratio; no geometry. Two queries."""
    rows = Floor.objects.filter(building=scope.building).order_by("-ordinal")
    frame = pd.DataFrame.from_records(
        list(rows.values_list("pk", "ordinal", "name")), columns=["id", "ordinal", "label"]
    )
    return _with_ratios(frame, scope.narrowed(floor=None, compare=None), by="floor")


def units_frame(scope: MapScope) -> gpd.GeoDataFrame:
    """The units of ``scope.floor`` on the day, each with its state: one query.

    ``label`` is the number borne that day; tenant and lease are None unless ``scope.names``.
    """
    units = annotate_state(Unit.objects.filter(floor=scope.floor), scope.on)
    rows = (
        units.with_number_on(scope.on)
        .annotate(wkb=raw("outline"), lease_number=F("line__lease__number"))
        .order_by("number_on", "pk")
        .values_list(
            "pk", "number_on", "kind", "gross_area_m2", "seats", "state", "closed_for",
            "tenant_id", "tenant_name", "lease_id", "lease_number", "lease_end",
            "geometry_source", "wkb",
        )
    )  # fmt: skip
    frame = _frame(rows, UNIT)
    if not scope.names:
        frame[OF_TENANTS] = None
    return frame


def vacancies_frame(units, *, park=None) -> gpd.GeoDataFrame:
    """``units`` counted by park, or by building of ``park``: two queries.

    Columns: as the ratio frames up to ``source``, then ``free`` (units) and ``area`` (m²). Public: names
    no tenant and no price.
    """
    if park is None:
        places, by = Park.objects.order_by("code").annotate(wkb=raw("boundary")), "building__park"
    else:
        places, by = Building.objects.filter(park=park).order_by("code"), "building"
        places = places.annotate(wkb=raw("footprint"))
    by = f"floor__{by}"
    counts = units.order_by().values(by).annotate(n=Count("pk"), m2=Sum("gross_area_m2"))
    found = {row[by]: (row["n"], row["m2"]) for row in counts}
    frame = _frame(places.values_list("pk", "code", "name", "geometry_source", "wkb"), PLACE)
    frame["free"] = [found.get(key, (0, 0))[0] for key in frame["id"]]
    frame["area"] = [found.get(key, (0, Decimal(0)))[1] for key in frame["id"]]
    return frame


def _frame(rows, columns) -> gpd.GeoDataFrame:
    """Rows with a ``wkb`` column, read in one call, as a GeoDataFrame."""
    rows = list(rows)
    table = pd.DataFrame(
        {
            name: pd.Series([row[i] for row in rows], dtype=object)
            for i, name in enumerate(columns[:-1])
        }
    )
    shapes = geometries([row[-1] for row in rows])
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=table.index, crs=CRS))


def _with_ratios(frame, scope, *, by):
    units = units_of(scope)
    now = ratios_by(units, scope.on, by=by, measure=scope.measure)
    found = [now.get(key) for key in frame["id"]]
    ratios = [shares and shares.ratio(scope.ratio) for shares in found]
    frame["units"] = [shares.count if shares else 0 for shares in found]
    frame["numerator"] = [ratio.numerator if ratio else Decimal(0) for ratio in ratios]
    frame["denominator"] = [ratio.denominator if ratio else Decimal(0) for ratio in ratios]
    frame["value"] = [_number(ratio) for ratio in ratios]
    if scope.compare is not None:
        then = ratios_by(units, scope.compare, by=by, measure=scope.measure)
        found = [then.get(key) for key in frame["id"]]
        ratios = [shares and shares.ratio(scope.ratio) for shares in found]
        frame["before"] = [_number(ratio) for ratio in ratios]
        frame["before_numerator"] = [r.numerator if r else Decimal(0) for r in ratios]
        frame["before_denominator"] = [r.denominator if r else Decimal(0) for r in ratios]
        frame["change"] = frame["value"].astype(float) - frame["before"].astype(float)
    return frame


def _number(ratio) -> float:
    return np.nan if ratio is None or ratio.value is None else float(ratio.value)
