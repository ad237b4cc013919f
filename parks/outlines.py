"""Do the outlines of a floor fit: each within the floor, none on another on the same day?

Real drawings are imperfect: what we draw ourselves must fit (errors), what was imported is
reported with its picture and stays (warnings).
"""

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _

from parks.errors import UnitNotContained
from parks.geometry import to_metric
from parks.models import Floor, GeometrySource, Unit
from parks.periods import Period

#: A sliver up to this many m² is drawing tolerance; edges may leave the floor by this many metres.
TOLERANCE_M2 = 0.5
TOLERANCE_M = 0.10


@dataclass(frozen=True)
class Finding:
    """``shape`` is the offending area in longitude-latitude; ``area_m2`` its size."""

    severity: str
    code: str
    message: str
    units: tuple
    shape: shapely.Geometry
    area_m2: float


def check_floor(floor: Floor, *, on=None, units=None) -> list[Finding]:
    """Every misfit among ``units`` of ``floor`` (those existing on ``on``; all when None)."""
    if units is None:
        units = Unit.objects.filter(floor=floor)
        units = units.existing_on(on) if on else units
    units = [unit for unit in units if unit.outline is not None]
    if not units:
        return []
    shapes = np.array([unit.outline for unit in units], dtype=object)
    metric = to_metric(shapes)
    findings = []
    if floor.outline is not None:
        allowed = shapely.buffer(to_metric(floor.outline), TOLERANCE_M)
        outside = shapely.difference(metric, allowed)
        for i in np.flatnonzero(shapely.area(outside) > TOLERANCE_M2):
            findings.append(
                _finding(
                    "outside_floor",
                    _("%(unit)s leaves its floor by %(area).1f m².")
                    % {"unit": units[i].number, "area": outside[i].area},
                    (units[i],),
                    shapely.difference(shapes[i], floor.outline),
                    outside[i].area,
                )
            )
    first, second = shapely.STRtree(metric).query(metric, predicate="intersects")
    pairs = first < second
    for a, b in zip(first[pairs], second[pairs], strict=True):
        shared = shapely.intersection(metric[a], metric[b]).area
        if shared > TOLERANCE_M2 and _same_day(units[a], units[b]):
            findings.append(
                _finding(
                    "overlap",
                    _("%(one)s and %(other)s share %(area).1f m².")
                    % {"one": units[a].number, "other": units[b].number, "area": shared},
                    (units[a], units[b]),
                    shapely.intersection(shapes[a], shapes[b]),
                    shared,
                )
            )
    return findings


def _same_day(one, other) -> bool:
    return Period(one.exists_from, one.exists_to).overlaps(
        Period(other.exists_from, other.exists_to)
    )


def _finding(code, message, units, shape, area):
    imported = all(unit.geometry_source == GeometrySource.IMPORTED for unit in units)
    return Finding("warning" if imported else "error", code, message, units, shape, float(area))


def refuse_bad_outlines(results, *, sources=()):
    """Our own edits must fit. Raises ``UnitNotContained`` naming the first misfit of ``results``.

    ``sources`` are the units that end where the ``results`` begin: they never share a day.
    """
    if not any(unit.outline is not None for unit in results):
        return
    new = {unit.pk for unit in results}
    for finding in check_floor(results[0].floor):
        if finding.severity == "error" and new & {unit.pk for unit in finding.units}:
            raise UnitNotContained(finding.message)
