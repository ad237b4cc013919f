"""Shapes as they come → areas as they are kept. Whatever is changed is said; repairs are asked for."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What GEOS finds wrong, in words.
FAULTS = {
    "Self-intersection": gettext_lazy("the outline crosses itself"),
    "Ring Self-intersection": gettext_lazy("the outline touches itself"),
    "Hole lies outside shell": gettext_lazy("a hole lies outside"),
    "Holes are nested": gettext_lazy("a hole lies in a hole"),
    "Nested shells": gettext_lazy("one part lies in another"),
    "Too few points in geometry component": gettext_lazy("too few corners"),
}


def fault(shape) -> str:
    """What is wrong with an invalid shape and where, in the numbers of the file."""
    words, _bracket, place = shapely.is_valid_reason(shape).partition("[")
    return f"{FAULTS.get(words, words)} [{place}" if place else str(FAULTS.get(words, words))


@dataclass
class Shape:
    """``area`` is None when the feature cannot be taken: then ``reason`` and ``suggestion`` say why."""

    area: shapely.Geometry | None
    reason: str = ""
    suggestion: str = ""
    notes: list[str] = field(default_factory=list)


def refused(reason, suggestion, notes=()):
    return Shape(None, reason, suggestion, list(notes))


def area_of(shape, *, repair=False, close_lines=False) -> Shape:
    """One feature's shape as a valid polygon or multipolygon.

    ``repair``: rings that cross themselves are made valid; ``close_lines``: closed lines become
    the areas they enclose. Both are offered, never done unasked.
    """
    if shape is None or shape.is_empty:
        return refused(_("It has no shape."), _("Draw it, or take it out of the layer."))
    notes = []
    if shapely.has_z(shape):
        notes.append(_("Heights (Z) are dropped."))
        shape = shapely.force_2d(shape)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return refused(_("It has coordinates that are no numbers."), _("Draw it again."), notes)
    if shape.geom_type in ("LineString", "MultiLineString", "LinearRing"):
        closed = _rings(shape)
        if closed is None:
            return refused(
                _("It is a line that does not close."), _("Close the line, then export."), notes
            )
        if not close_lines:
            return refused(
                _("It is a closed line, not an area."),
                _("Choose “closed lines are areas” if that is what they mean."),
                notes,
            )
        notes.append(_("The closed line is taken as an area."))
        shape = closed
    elif shape.geom_type == "GeometryCollection":
        parts = [one for one in shape.geoms if one.geom_type in ("Polygon", "MultiPolygon")]
        if parts:
            notes.append(_("Points and lines beside the area are left out."))
            shape = shapely.union_all(parts) if len(parts) > 1 else parts[0]
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return refused(
            _("It is a %(kind)s, not an area.") % {"kind": shape.geom_type},
            _("Export the areas only."),
            notes,
        )
    if not shape.is_valid:
        why = fault(shape)
        if not repair:
            return refused(
                _("The outline is broken: %(why)s.") % {"why": why},
                _("Choose “repair outlines” and look at the result, or draw it again."),
                notes,
            )
        before = shape.area
        shape = _areas(shapely.make_valid(shape))
        if shape is None:
            return refused(_("Nothing is left of it after repair."), _("Draw it again."), notes)
        share = 100 * abs(shape.area - before) / before if before else 0
        notes.append(
            _("Repaired (%(why)s); its area changed by %(share).1f%%.")
            % {"why": why, "share": share}
        )
    if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    return Shape(shape, notes=notes)


def _rings(lines):
    """The area closed lines enclose; None when one of them does not close."""
    parts = list(lines.geoms) if hasattr(lines, "geoms") else [lines]
    merged = shapely.line_merge(shapely.union_all(parts)) if len(parts) > 1 else parts[0]
    parts = list(merged.geoms) if hasattr(merged, "geoms") else [merged]
    if any(not one.is_closed or len(one.coords) < 4 for one in parts):
        return None
    areas = [shapely.Polygon(one.coords) for one in parts]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _areas(shape):
    parts = [
        one
        for one in getattr(shape, "geoms", [shape])
        if one.geom_type in ("Polygon", "MultiPolygon") and not one.is_empty
    ]
    return shapely.union_all(parts) if parts else None
