"""A frame becomes the features that the browser draws. Pure: no database, no request.

Names from people travel as JSON and are set as text by ``draw.js``; they never become markup.
"""

import json

import numpy as np
import shapely

from maps.classes import NO_VALUE, RAMP, classify
from parks.geometry import Datum, from_wgs84
from parks.states import UnitState

#: 1e-7 degrees is a centimetre.
DECIMALS = 7


def percent(value) -> str:
    return "—" if value is None else f"{float(value) * 100:.1f}%"


def ratio_features(frame, scheme, *, labels=True) -> tuple[list[dict], list[dict]]:
    """Features and legend of a frame with ``value``: filled by class, labelled with the ratio."""
    classes = classify(frame["value"], scheme)
    features = [
        {
            "id": int(row.id),
            "name": row.label,
            "text": percent(row.value),
            "lines": [f"{row.label} {percent(row.value)}", _parts(row)],
            "fill": RAMP[number - 1] if number else NO_VALUE,
            "url": row.url,
            "label": labels,
        }
        for row, number in zip(frame.itertuples(), classes.of, strict=True)
    ]
    return features, classes.legend()


def _parts(row) -> str:
    if row.denominator is None:
        return "—"
    return f"{row.numerator:,.0f} / {row.denominator:,.0f}"


def unit_features(frame, labels) -> list[dict]:
    """Features of a floor: filled by state, with the state's letter and, if hatched, its pattern.

    ``labels``: ``{state: word}`` in the reader's language.
    """
    return [
        {
            "id": int(row.id),
            "name": row.label,
            "text": UnitState(row.state).letter,
            "lines": [
                f"{row.label} · {labels[row.state]}",
                f"{row.gross:,.2f} m²",
                *([row.tenant] if row.tenant else []),
            ],
            "fill": UnitState(row.state).colour,
            "hatched": UnitState(row.state).hatched,
            "url": row.url,
            "panel": True,
        }
        for row in frame.itertuples()
    ]


def geojson(frame, features, *, datum=Datum.WGS84) -> str:
    """A FeatureCollection of the rows that have a geometry, shifted to ``datum`` of the base map."""
    shapes = frame.geometry.to_numpy()
    drawn = np.flatnonzero([shape is not None for shape in shapes])
    if not len(drawn):
        return '{"type":"FeatureCollection","features":[]}'
    shapes = shapes[drawn]
    if datum != Datum.WGS84:
        shapes = from_wgs84(shapes, datum)
    shapes = shapely.transform(shapes, lambda points: np.round(points, DECIMALS))
    parts = [
        '{"type":"Feature","properties":%s,"geometry":%s}'
        % (json.dumps(features[i], ensure_ascii=False, separators=(",", ":")), text)
        for i, text in zip(drawn, shapely.to_geojson(shapes), strict=True)
    ]
    return '{"type":"FeatureCollection","features":[%s]}' % ",".join(parts)


def bounds(frame, *, datum=Datum.WGS84):
    """``[[south, west], [north, east]]`` of the frame, or None without geometry."""
    if frame.geometry.isna().all():
        return None
    west, south, east, north = frame.total_bounds
    if datum != Datum.WGS84:
        corners = from_wgs84(shapely.MultiPoint([(west, south), (east, north)]), datum)
        west, south, east, north = corners.bounds
    return [[south, west], [north, east]]
