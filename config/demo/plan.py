"""What the seven parks consist of, and how it is drawn: metres on a local grid, then placed."""

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import shapely
from shapely.geometry import box

from parks.geometry import from_metric, to_metric

#: Roads between buildings and the green strip around a park, metres.
ROAD_M, STRIP_M = 22.0, 26.0
DESK_M = (2.2, 1.8)


@dataclass(frozen=True)
class BuildingPlan:
    """``use``: factory (whole storeys cut in ``parts``), office (rooms along a corridor), cowork."""

    use: str
    width: float
    depth: float
    floors: int
    built: date
    parts: int = 2
    fate: str = ""  # "sold", "anchor" (the tenant of 88,000 m²), "future"


@dataclass(frozen=True)
class ParkPlan:
    code: str
    name: str
    verified: bool
    street: str
    centre: tuple  # longitude, latitude (WGS 84): a plausible spot, not the real site
    angle: float
    per_row: int
    buildings: list = field(default_factory=list)


def F(width, depth, floors, year, month=1, parts=2, fate=""):  # noqa: N802
    return BuildingPlan("factory", width, depth, floors, date(year, month, 1), parts, fate)


def O(width, floors, year, month=1):  # noqa: N802, E743
    return BuildingPlan("office", width, 18.0, floors, date(year, month, 1))


def C(width, floors, year, month=1):  # noqa: N802
    return BuildingPlan("cowork", width, 20.0, floors, date(year, month, 1))


PARKS = [
    ParkPlan("JR", "金荣科技园", True, "430112008", (112.8795, 28.2975), 12, 4, [
        O(62, 8, 2019), O(62, 8, 2019), O(54, 6, 2019, 9), F(70, 32, 4, 2019), F(70, 32, 4, 2020, 5),
        C(46, 4, 2019), F(60, 30, 4, 2021, 6, 3), O(58, 6, 2023, 3),
    ]),
    ParkPlan("LD", "联东U谷", True, "430112009", (112.8520, 28.3270), -8, 4, [
        F(48, 26, 3, 2019, 1, 1, "sold"), F(48, 26, 3, 2019, 1, 1, "sold"), F(64, 30, 4, 2019),
        F(64, 30, 4, 2020), O(56, 7, 2020, 7), C(44, 3, 2021), F(72, 34, 4, 2022, 4),
    ]),
    ParkPlan("5G", "5G智能终端产业园", True, "430112009", (112.8350, 28.3435), 4, 4, [
        F(110, 50, 4, 2024, 11, 1, "anchor"), F(110, 50, 4, 2024, 11, 1, "anchor"),
        F(110, 50, 4, 2024, 11, 1, "anchor"), F(110, 50, 4, 2024, 11, 1, "anchor"),
        O(60, 7, 2021), C(48, 3, 2021, 6), F(76, 36, 4, 2021),
    ]),
    ParkPlan("P4", "示范园区四", False, "430112001", (112.8120, 28.3620), 20, 3, [
        O(60, 7, 2019), O(60, 6, 2021), F(66, 30, 4, 2019), C(46, 3, 2020),
    ]),
    ParkPlan("P5", "示范园区五", False, "430112013", (112.8290, 28.2560), -15, 3, [
        O(64, 8, 2019), F(80, 36, 4, 2019), F(80, 36, 4, 2021), C(44, 3, 2020), O(52, 5, 2022),
    ]),
    ParkPlan("P6", "示范园区六", False, "430112012", (112.8250, 28.4560), 9, 3, [
        F(74, 34, 4, 2019), F(74, 34, 4, 2020), O(52, 5, 2020, 4), F(60, 30, 4, 2023),
    ]),
    ParkPlan("P7", "示范园区七", False, "430112011", (112.7560, 28.3550), -4, 3, [
        O(58, 6, 2020), F(70, 32, 4, 2020), C(46, 3, 2022), F(66, 30, 4, 2027, 1, 2, "future"),
        O(56, 5, 2022, 9),
    ]),
]  # fmt: skip


@dataclass(frozen=True)
class Room:
    """``rect`` = (x0, y0, x1, y1) in the building's own metres; ``use`` as in ``rooms``."""

    number: str
    use: str
    rect: tuple

    @property
    def area(self) -> float:
        x0, y0, x1, y1 = self.rect
        return (x1 - x0) * (y1 - y0)


def rooms(building: BuildingPlan, ordinal: int, code: str) -> list[Room]:
    """The units of a storey; uses: workshop, office, desk, common (corridor, core)."""
    w, d = building.width, building.depth
    if building.fate == "anchor":
        return [Room(f"{code}-{ordinal}F整层", "workshop", (0, 0, w, d))]
    if building.use == "factory":
        core, step = 6.0, (w - 6.0) / building.parts
        found = [Room(f"{code}-{ordinal}F公共", "common", (0, 0, core, d))]
        for i in range(building.parts):
            rect = (core + i * step, 0, core + (i + 1) * step, d)
            found.append(Room(f"{ordinal}{i + 1:02d}", "workshop", rect))
        return found
    corridor, half = 2.4, (d - 2.4) / 2
    found = [Room(f"{ordinal}F走廊", "common", (0, half, w, half + corridor))]
    core = 8.0
    found.append(Room(f"{ordinal}F核心筒", "common", (w / 2 - core / 2, half + corridor,
                                                  w / 2 + core / 2, d)))  # fmt: skip
    cuts = _cuts(0, w, 7.0)
    south = [(a, 0, b, half) for a, b in cuts]
    left, right = _cuts(0, w / 2 - core / 2, 7.0), _cuts(w / 2 + core / 2, w, 7.0)
    north = [(a, half + corridor, b, d) for a, b in left + right]
    number = 0
    for rect in south + north:
        number += 1
        if building.use == "cowork" and rect[1] == 0:
            continue
        found.append(Room(f"{ordinal}{number:02d}", "office", rect))
    if building.use == "cowork":
        across, along = int(w / DESK_M[0]), int(half / (DESK_M[1] * 1.35))
        wide, deep = w / across, half / along
        for row in range(along):
            for column in range(across):
                rect = (column * wide, row * deep, (column + 1) * wide, row * deep + DESK_M[1])
                found.append(Room(f"Z{ordinal}-{row * across + column + 1:03d}", "desk", rect))
    return found


def _cuts(start, end, wanted):
    count = max(1, round((end - start) / wanted))
    step = (end - start) / count
    return [(start + i * step, start + (i + 1) * step) for i in range(count)]


class Site:
    """Places a park's local metres on the ground, turned by its angle around its centre."""

    def __init__(self, plan: ParkPlan):
        self.plan = plan
        self.corners = []
        x = y = row_depth = extent = 0.0
        for i, building in enumerate(plan.buildings):
            if i and i % plan.per_row == 0:
                x, y, row_depth = 0.0, y + row_depth + ROAD_M, 0.0
            self.corners.append((x, y))
            x += building.width + ROAD_M
            row_depth = max(row_depth, building.depth)
            extent = max(extent, x - ROAD_M)
        self.size = (extent, y + row_depth)
        point = to_metric(shapely.Point(plan.centre))
        self.origin = np.array([point.x, point.y])

    def place(self, shapes):
        """Local metres to longitude-latitude, for an array of geometries."""
        turn = math.radians(self.plan.angle)
        matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        centre = np.array(self.size) / 2
        return from_metric(
            shapely.transform(shapes, lambda p: (p - centre) @ matrix.T + self.origin)
        )

    def boundary(self):
        w, h = self.size
        s = STRIP_M
        ring = [(-s, -s), (w * 0.6, -s * 1.3), (w + s, -s), (w + s * 1.2, h * 0.7), (w + s * 0.4, h + s),
                (w * 0.3, h + s * 1.2), (-s, h + s * 0.8)]  # fmt: skip
        return self.place(shapely.Polygon(ring))

    def rectangles(self, index, rects):
        """Rectangles in the metres of building ``index`` to longitude-latitude."""
        x, y = self.corners[index]
        shapes = [box(a + x, b + y, c + x, d + y) for a, b, c, d in rects]
        return self.place(np.array(shapes, dtype=object))
