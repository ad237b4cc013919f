"""Cutting an outline by straight lines, and sharing out the recorded area over the parts. Pure."""

from decimal import ROUND_FLOOR, Decimal

import shapely
from django.utils.translation import gettext as _

from parks.errors import InvalidValue
from parks.geometry import from_metric, to_metric

#: A line is drawn by hand: both ends reach this much further, in metres, so that it cuts through.
REACH_M = 0.3
#: Smaller parts are slips of the hand.
SMALLEST_M2 = 0.5
CENT = Decimal("0.01")


class Sheet:
    """The outline in longitude-latitude as a drawing in metres: x to the right, y downwards."""

    def __init__(self, outline):
        self.metric = to_metric(outline)
        self.west, south, east, self.north = (float(v) for v in shapely.bounds(self.metric))
        self.width, self.height = east - self.west, self.north - south

    def drawn(self, metric):
        return shapely.transform(
            metric, lambda points: (points - (self.west, self.north)) * (1, -1)
        )

    def placed(self, drawing):
        """Back from the drawing to longitude-latitude."""
        metric = shapely.transform(
            drawing, lambda points: points * (1, -1) + (self.west, self.north)
        )
        return from_metric(metric)

    @property
    def shape(self):
        return self.drawn(self.metric)


def cut(shape, lines) -> list[shapely.Polygon]:
    """The parts of polygon ``shape`` (metres) between ``lines`` (``((x, y), (x, y))``).

    In reading order: from the top, from the left. Raises ``InvalidValue`` when a line cuts nothing
    off or a part is a sliver.
    """
    drawn = [_reaching(line) for line in lines]
    whole = _faces(shape, drawn)
    for i in range(len(drawn)):
        if len(_faces(shape, drawn[:i] + drawn[i + 1 :])) == len(whole):
            raise InvalidValue(
                _("Cut %(number)s does not cut the unit. Draw it from edge to edge."), number=i + 1
            )
    if small := [part for part in whole if part.area < SMALLEST_M2]:
        raise InvalidValue(
            _("A part would have only %(area)s m². Draw the cut further from the edge."),
            area=f"{small[0].area:.2f}",
        )
    return sorted(whole, key=lambda part: (round(part.centroid.y, 1), part.centroid.x))


def midlines(shape):
    """``(across, along)``: the lines that halve the smallest rectangle around ``shape``."""
    a, b, c, d = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))[:4]
    one = [((a + b) / 2).round(3).tolist(), ((c + d) / 2).round(3).tolist()]
    other = [((b + c) / 2).round(3).tolist(), ((d + a) / 2).round(3).tolist()]
    return sorted((one, other), key=lambda line: shapely.LineString(line).length)


def _reaching(line):
    (ax, ay), (bx, by) = line
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    if length < REACH_M:
        raise InvalidValue(_("The two ends of a cut lie on each other. Draw it from edge to edge."))
    dx, dy = (bx - ax) / length * REACH_M, (by - ay) / length * REACH_M
    return shapely.LineString([(ax - dx, ay - dy), (bx + dx, by + dy)])


def _faces(shape, lines):
    edges = shapely.union_all([shape.boundary, *lines])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inside = shapely.contains(shape, shapely.point_on_surface(faces))
    return list(faces[inside])


def shared_out(total: Decimal, weights) -> list[Decimal]:
    """``total`` (hundredths) in proportion to ``weights``; the parts add up to it exactly."""
    if not len(weights):
        return []
    whole = sum(Decimal(repr(float(weight))) for weight in weights)
    exact = [total * Decimal(repr(float(weight))) / whole for weight in weights]
    parts = [value.quantize(CENT, ROUND_FLOOR) for value in exact]
    missing = int((total - sum(parts)) / CENT)
    by_rest = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_rest[:missing]:
        parts[i] += CENT
    return parts
