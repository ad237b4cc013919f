"""Which coordinate system are these numbers in? Hypotheses, each with its score; a person decides.

A system is written ``EPSG:4547``, ``GCJ-02``, ``BD-09`` or any ``EPSG:…``; ``/yx`` behind it says that the
file holds north before east.
"""

import re
from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from maps.district import district_outline
from parks.errors import InvalidValue
from parks.geometry import Datum, reproject, to_metric, to_wgs84

#: Central meridian 114° with the zone number 38 before the easting.
ZONED = "EPSG:4526"
SWAPPED = "/yx"
#: Shapes up to so many metres outside the district's outline still count as in it.
DISTRICT_REACH_M = 3000
#: The best hypothesis must be better than the next by so much before it is proposed.
MARGIN = 0.02
DEGREES = (("EPSG:4326", Datum.WGS84), ("GCJ-02", Datum.GCJ02), ("BD-09", Datum.BD09))


@dataclass
class Hypothesis:
    """``inside``: share of the area in the district; ``score``: overlap (IoU) with ``against``."""

    system: str
    label: str
    inside: float
    score: float | None
    against: str

    def as_dict(self):
        return asdict(self)


@dataclass
class Verdict:
    """``proposed`` may be "" (nobody can tell); ``certain``: nothing speaks against the file's word."""

    hypotheses: list[Hypothesis]
    proposed: str
    certain: bool
    notes: list[str]


def label_of(system) -> str:
    name, swapped = (system.removesuffix(SWAPPED), system.endswith(SWAPPED))
    known = {
        "EPSG:4326": _("WGS 84 / CGCS2000, degrees"),
        "GCJ-02": _("GCJ-02 (Amap, Tencent), degrees"),
        "BD-09": _("BD-09 (Baidu), degrees"),
        "EPSG:4547": _("CGCS2000, 3-degree zone at 114° E (EPSG:4547), metres"),
        ZONED: _("CGCS2000, zone 38 with its number in front (EPSG:4526), metres"),
        "EPSG:3857": _("Web Mercator (EPSG:3857), metres"),
    }
    label = known.get(name, name)
    return _("%(system)s, north before east") % {"system": label} if swapped else label


def checked(system) -> str:
    """``system`` as it is written here. Raises ``InvalidValue`` for one nobody knows."""
    name = str(system).strip().upper().replace(" ", "")
    tail = SWAPPED if name.endswith(SWAPPED.upper()) else ""
    name = name[: len(name) - len(tail)] if tail else name
    name = {"GCJ02": "GCJ-02", "BD09": "BD-09", "WGS84": "EPSG:4326", "EPSG:4490": "EPSG:4326",
            "WGS-84": "EPSG:4326", "CGCS2000": "EPSG:4326"}.get(name, name)  # fmt: skip
    if name not in ("GCJ-02", "BD-09") and not _in_epsg(name):
        raise InvalidValue(
            _("%(system)s is no coordinate system known here. Write EPSG:4547, EPSG:4490, "
              "GCJ-02 or BD-09."),
            system=str(system)[:40],
        )  # fmt: skip
    return name + tail


def _in_epsg(name) -> bool:
    if not re.fullmatch(r"EPSG:\d{4,6}", name):
        return False
    try:
        CRS.from_user_input(name)
    except CRSError:
        return False
    return True


def convert(shapes, system) -> np.ndarray:
    """Shapes as written in the file → WGS 84 longitude-latitude."""
    shapes = np.asarray(shapes, dtype=object)
    if system.endswith(SWAPPED):
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    name = system.removesuffix(SWAPPED)
    if name in ("GCJ-02", "BD-09"):
        return to_wgs84(shapes, Datum(name))
    return shapes if name == "EPSG:4326" else reproject(shapes, name, "EPSG:4326")


def candidates(bounds, declared) -> list[str]:
    """Systems in which such numbers can be, most usual first; the declared one among them."""
    west, south, east, north = bounds
    if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
        found = [name for name, _datum in DEGREES]
    elif max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:
        found = [name + SWAPPED for name, _datum in DEGREES]
    else:
        found = ["EPSG:4547", f"EPSG:4547{SWAPPED}", ZONED, ZONED + SWAPPED, "EPSG:3857"]
        projected = declared.startswith("EPSG:") and CRS.from_user_input(declared).is_projected
        if projected and declared not in found:
            found = [declared, declared + SWAPPED, *found]
    return found


def judge(shapes, declared, *, reference=None, against="", mask=None) -> Verdict:
    """Hypotheses about ``shapes`` as written, measured against what is known.

    Parameters
    ----------
    shapes : array of shapely geometries, coordinates as written in the file
    declared : str
        What the file says, "" for nothing.
    reference : shapely geometry or None
        Known outline of the same things, WGS 84; ``against`` is its name for people.
    mask : array of bool or None
        Which of the shapes the reference is of; all when None.
    """
    shapes = np.asarray(shapes, object)
    mask = np.ones(len(shapes), bool) if mask is None else mask
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    shapes, mask = shapely.force_2d(shapes[drawn]), mask[drawn]
    notes = []
    if not len(shapes):
        return Verdict([], "", False, [_("The layer has no shapes.")])
    bounds = shapely.total_bounds(shapes)
    said = checked(declared) if declared.startswith("EPSG:") else ""
    options = candidates(bounds, said)
    with np.errstate(all="ignore"):
        tried = [_tried(shapes, mask, system, reference, against) for system in options]
    possible = [one for one in tried if one.inside >= 0.5]
    metres = not options[0].startswith(("EPSG:4326", "GCJ", "BD"))
    if not declared:
        notes.append(_("The file does not say its coordinate system."))
    elif not said:
        notes.append(_("The file names a coordinate system of its own: %s.") % declared[:60])
    elif metres and said == "EPSG:4326":
        notes.append(_("The file says degrees (EPSG:4326), but its numbers are metres."))
    elif not metres and said.startswith("EPSG:") and CRS.from_user_input(said).is_projected:
        notes.append(_("The file says %s, but its numbers are degrees.") % said)
    if possible and all(one.system.endswith(SWAPPED) for one in possible):
        notes.append(_("North stands before east in this file: the two are swapped."))
    if not possible:
        notes.append(_("In no system known here do the shapes lie in the district."))
        return Verdict([], "", False, notes)
    ranked = sorted(possible, key=lambda one: -(one.score or 0))
    proposed, certain = "", False
    if reference is not None and (ranked[0].score or 0) >= 0.3:
        gap = ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0)
        proposed = ranked[0].system if gap >= MARGIN else ""
        certain = proposed == said
    if not proposed and len(possible) == 1:
        proposed = possible[0].system
        certain = proposed == said
    elif not proposed and said in [one.system for one in possible] and not (ranked[0].score or 0):
        proposed, certain = said, True
        notes.append(_("Nothing drawn here can tell the systems apart; the file's word is taken."))
    if proposed and said and proposed != said:
        notes.append(
            _("The file says %(said)s; the shapes speak for %(proposed)s.")
            % {"said": label_of(said), "proposed": label_of(proposed)}
        )
    return Verdict(ranked, proposed, certain, notes)


def _tried(shapes, mask, system, reference, against) -> Hypothesis:
    placed = convert(shapes, system)
    finite = placed[np.isfinite(shapely.bounds(placed)).all(axis=1)]
    if len(finite) < len(placed):
        return Hypothesis(system, label_of(system), 0.0, None, against)
    west, south, east, north = shapely.total_bounds(placed)
    if not (70 < west <= east < 140 and 0 < south <= north < 60):
        return Hypothesis(system, label_of(system), 0.0, None, against)
    points = to_metric(shapely.centroid(placed))
    inside = float(shapely.intersects(_reach(), points).mean())
    score = None
    if reference is not None and mask.any():
        score = overlap(_union(placed[mask]), reference)
    return Hypothesis(system, label_of(system), inside, score, against)


@cache
def _reach():
    area = shapely.buffer(to_metric(district_outline()), DISTRICT_REACH_M)
    shapely.prepare(area)
    return area


def in_district(shapes) -> np.ndarray:
    """Which of the WGS 84 shapes have their middle in the district (or beside it)."""
    return shapely.intersects(_reach(), to_metric(shapely.centroid(shapes)))


def _union(shapes):
    areas = shapely.make_valid(_closed(shapes))
    return shapely.union_all(areas[shapely.area(areas) > 0])


def _closed(shapes):
    """Closed lines as the areas they enclose: good enough to measure an overlap."""
    return np.array(
        [
            shapely.Polygon(one.coords)
            if one.geom_type == "LineString" and one.is_closed and len(one.coords) > 3
            else one
            for one in shapes
        ],
        dtype=object,
    )


def overlap(one, other) -> float:
    """Intersection over union in EPSG:4547, 0 when both are empty."""
    one, other = to_metric(one), to_metric(shapely.make_valid(other))
    both = shapely.union(one, other).area
    return float(shapely.intersection(one, other).area / both) if both else 0.0
