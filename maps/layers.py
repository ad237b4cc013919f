"""Frame → features. Pure: no query, no request.

Names and shapes never enter the Folium document: the document fetches them as GeoJSON and writes
names as text (``draw.js``). Folium itself would write them with ``innerHTML``.
"""

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import shapely

from maps.classes import NO_VALUE, Classes
from parks.geometry import Datum, from_wgs84
from parks.states import UnitState

#: Seven decimals of a degree are a centimetre.
DECIMALS = 7
#: Made once: ``json.dumps`` with options would make an encoder for every feature.
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
#: Corridors, stairs and other space for everybody step back behind the rooms.
PUBLIC_SPACE = "#e3e6e9"


def share(value, *, change=False) -> str:
    """A share in percent with one decimal, a change in points with its sign; "—" for none."""
    if value is None or value != value:
        return "—"
    tenths = (Decimal(repr(float(value))) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths:+}" if change else f"{tenths}%"


def ratio_features(frame, classes: Classes, *, column, url, text, floating=False) -> list[dict]:
    """Properties of each row: what the map writes and where a click leads.

    ``column`` is the classified one (``value`` or ``change``); ``url(row)`` and ``text(row)`` give
    the address and the words of the hover. ``floating`` labels stand beside shapes too small for
    them.
    """
    fills, numbers = classes.fills(frame[column]), classes.of(frame[column])
    return [
        {
            "id": row.id,
            "label": row.label,
            "text": text(row),
            "mark": share(getattr(row, column), change=classes.change),
            "class": int(number),
            "fill": fill,
            "url": url(row),
            **({"floating": True} if floating else {}),
        }
        for row, fill, number in zip(frame.itertuples(), fills, numbers, strict=True)
    ]


def state_features(frame, *, url, text) -> list[dict]:
    """Like ``ratio_features`` for units: coloured by state, with its letter and hatching."""
    styles = {
        state.value: {
            "mark": state.letter,
            "class": state.value,
            "fill": state.colour,
            **({"hatch": True} if state.hatched else {}),
        }
        for state in UnitState
    }
    public = {"mark": "", "class": UnitState.OWN_USE.value, "fill": PUBLIC_SPACE}
    return [
        {
            "id": row.id,
            "label": row.label,
            "text": text(row),
            **(public if row.closed_for == "public_service" else styles[row.state]),
            "url": url(row),
            "panel": True,
        }
        for row in frame.itertuples()
    ]


def count_features(frame, *, url, text, floating=False) -> list[dict]:
    """Places with ``free`` vacant units: in the colour of vacancy, grey where there is none."""
    return [
        {
            "id": row.id,
            "label": row.label,
            "text": text(row),
            "mark": str(row.free),
            "fill": UnitState.VACANT.colour if row.free else NO_VALUE,
            "url": url(row) if row.free else "",
            **({"floating": True} if floating else {}),
        }
        for row in frame.itertuples()
    ]


def mark_features(frame, marks, *, url, text, numbers=None, panel=False, floating=False):
    """Like the others, for the layers of the chain: ``marks`` (``maps.marks``), one a row.

    The map writes the mark's letter, before the row's number where ``numbers`` are given. Where
    hatched, the stripes have the mark's colour.
    """
    said = [mark.letter for mark in marks]
    if numbers is not None:
        said = [f"{word} {n}".strip() for word, n in zip(said, numbers, strict=True)]
    return [
        {
            "id": row.id,
            "label": row.label,
            "text": text(row, mark),
            "mark": words,
            "class": mark.code,
            "fill": mark.colour,
            **({"hatch": mark.colour} if mark.hatched else {}),
            "url": url(row),
            **({"panel": True} if panel else {}),
            **({"floating": True} if floating else {}),
        }
        for row, mark, words in zip(frame.itertuples(), marks, said, strict=True)
    ]


def geojson(frame, properties, *, datum=Datum.WGS84, context=()) -> str:
    """A FeatureCollection of the rows that have a shape, compact.

    ``context`` are ``(kind, shape)`` drawn beneath: the district, a park, a floor. ``datum`` is
    that of the base map the shapes are laid on; files for people stay on WGS 84.
    """
    drawn = [
        (values, shape)
        for values, shape in zip(properties, frame.geometry.to_numpy(), strict=True)
        if shape is not None
    ]
    beneath = [({"kind": kind}, shape) for kind, shape in context if shape is not None]
    return (
        f'{{"type":"FeatureCollection","features":[{_features(drawn, datum)}],'
        f'"context":[{_features(beneath, datum)}]}}'
    )


def _features(pairs, datum) -> str:
    texts = shapes_text([shape for _values, shape in pairs], datum)
    return ",".join(
        f'{{"type":"Feature","properties":{compact(values)},"geometry":{text}}}'
        for (values, _shape), text in zip(pairs, texts, strict=True)
    )


def shapes_text(shapes, datum=Datum.WGS84) -> list[str]:
    """Each shape as GeoJSON text, rounded to a centimetre; all in one call."""
    if not len(shapes):
        return []
    shapes = shapely.force_2d(np.array(list(shapes), dtype=object))
    if datum != Datum.WGS84:
        shapes = from_wgs84(shapes, datum)
    rounded = shapely.transform(shapes, lambda points: np.round(points, DECIMALS))
    return [text.replace(" ", "") for text in shapely.to_geojson(rounded)]


def etag(text: str) -> str:
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'
