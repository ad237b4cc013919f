"""Where the ORM ends: a scope becomes a GeoDataFrame (EPSG:4326) in a fixed number of queries."""

import geopandas as gpd
import numpy as np
import pandas as pd
from django.urls import reverse

from maps.scope import MapScope
from parks.fields import geometries, raw
from parks.models import Building, Park, Unit
from parks.states import UnitState
from tenants.selectors import Shares, annotate_state, ratios_by

RATIO_COLUMNS = ["numerator", "denominator", "value", "gross", "let", "signed", "units"]


def _frame(rows, columns) -> gpd.GeoDataFrame:
    """``rows``: dicts whose ``shape`` is WKB; all geometries are read in one call."""
    shapes = geometries([row.pop("shape") for row in rows])
    data = pd.DataFrame(rows, columns=columns)
    return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")


def _with_shares(rows, shares: dict[int, Shares], scope):
    for row in rows:
        found = shares.get(row["id"])
        if found is None:
            row |= dict.fromkeys(RATIO_COLUMNS) | {"units": 0}
            continue
        ratio = found.ratio(scope.ratio)
        row |= {
            "numerator": ratio.numerator,
            "denominator": ratio.denominator,
            "value": ratio.value,
            "gross": found.gross,
            "let": found.let,
            "signed": found.signed,
            "units": found.count,
        }


def parks_frame(scope: MapScope) -> gpd.GeoDataFrame:
    """One row a park: id, code, label, url, geometry_source, the ratio and its parts. Two queries.

    ``value`` is None where nothing is lettable; a park without units on the day has no numbers.
    """
    parks = Park.objects.filter(pk__in=scope.park_ids).order_by("code")
    rows = [
        {
            "id": pk, "code": code, "label": name, "geometry_source": source, "shape": shape,
            "url": reverse("maps:park", args=[code]),
        }
        for pk, code, name, source, shape in parks.values_list(
            "pk", "code", "name", "geometry_source", raw("boundary")
        )
    ]  # fmt: skip
    units = Unit.objects.filter(floor__building__park__in=scope.park_ids)
    shares = ratios_by(units, scope.on, by="floor__building__park", measure=scope.measure)
    _with_shares(rows, shares, scope)
    return _frame(rows, ["id", "code", "label", "url", "geometry_source", *RATIO_COLUMNS])


def buildings_frame(scope: MapScope) -> gpd.GeoDataFrame:
    """One row a building of ``scope.park``; columns as ``parks_frame``. Two queries."""
    buildings = Building.objects.filter(park=scope.park).order_by("code")
    rows = [
        {
            "id": pk, "code": code, "label": name, "geometry_source": source, "shape": shape,
            "url": reverse("maps:building", args=[pk]),
        }
        for pk, code, name, source, shape in buildings.values_list(
            "pk", "code", "name", "geometry_source", raw("footprint")
        )
    ]  # fmt: skip
    units = Unit.objects.of_park(scope.park)
    shares = ratios_by(units, scope.on, by="floor__building", measure=scope.measure)
    _with_shares(rows, shares, scope)
    return _frame(rows, ["id", "code", "label", "url", "geometry_source", *RATIO_COLUMNS])


def units_frame(scope: MapScope) -> gpd.GeoDataFrame:
    """One row a unit of ``scope.floor`` on the day, with its state. One query.

    Columns: id, label (the number of that day), url, geometry_source, gross (m², Decimal), state,
    kind, tenant, lease_end. ``geometry`` is None for a unit without an outline.
    """
    units = annotate_state(Unit.objects.filter(floor=scope.floor), scope.on).with_number_on(scope.on)
    columns = [
        "id", "label", "url", "geometry_source", "gross", "state", "kind", "tenant", "lease_end",
    ]  # fmt: skip
    rows = [
        {
            "id": pk, "label": number, "url": reverse("maps:unit-panel", args=[pk]),
            "geometry_source": source, "gross": gross, "state": state, "kind": kind,
            "tenant": tenant, "lease_end": lease_end, "shape": shape,
        }
        for pk, number, source, gross, state, kind, tenant, lease_end, shape in units.order_by(
            "number_on", "pk"
        ).values_list(
            "pk", "number_on", "geometry_source", "gross_area_m2", "state", "kind", "tenant_name",
            "lease_end", raw("outline"),
        )
    ]  # fmt: skip
    return _frame(rows, columns)


def state_totals(frame) -> list[dict]:
    """Per state: count and gross area in m², in the order of the legend."""
    totals = frame.groupby("state")["gross"].agg(["size", "sum"]).to_dict("index")
    return [
        {"state": state.value, "count": totals[state.value]["size"], "area": totals[state.value]["sum"]}
        for state in UnitState
        if state.value in totals
    ]


def has_indicative(frame) -> bool:
    return bool(np.any(frame["geometry_source"] == "indicative"))
