"""Which units adjoin: a wall on the same floor, or one above the other. Pure geometry in metres.

Lengths in metres and areas in m², in EPSG:4547. The thresholds are this product's own: drawings of
neighbouring rooms miss each other by up to a wall's thickness, and half a metre of common wall is
the least that takes a door. A corridor between two rooms is wider than the tolerance, so they share
no wall across it. Stacked units adjoin where they overlap by a good part of the smaller one: there a
stair fits between them; a storey taken wholly is only the largest case of it.
"""

import numpy as np
import shapely

#: Outlines this far apart still touch, metres.
TOLERANCE_M = 0.15
#: The least common wall, metres.
WALL_M = 0.5
#: The least overlap of stacked units, as a share of the smaller one.
STACKED_SHARE = 0.3


def wall_m(one, other) -> float:
    """Length of ``one``'s edge that runs along ``other``, metres.

    An end may count up to the tolerance too long. Pieces no longer than the tolerance are the stubs of walls that meet ``other`` head on.
    """
    near = shapely.buffer(other, TOLERANCE_M, join_style="mitre")
    along = shapely.intersection(shapely.boundary(one), near)
    total = 0.0
    for part in shapely.get_parts(along):
        points = shapely.get_coordinates(part)
        lengths = np.hypot(*np.diff(points, axis=0).T) if len(points) > 1 else np.zeros(0)
        total += float(lengths[lengths > TOLERANCE_M * 1.01].sum())
    return total


def adjoining(shapes, storeys) -> set[tuple[int, int]]:
    """Pairs ``(i, j)``, i < j, of units of one building that adjoin.

    ``shapes``: outlines in metres, None for unknown (adjoins nothing); ``storeys``: their ordinals.
    """
    shapes = np.array([*shapes, None], dtype=object)[:-1]
    if not len(shapes):
        return set()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOLERANCE_M)
    pairs = set()
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        if i >= j:
            continue
        if storeys[i] == storeys[j]:
            touch = wall_m(shapes[i], shapes[j]) >= WALL_M
        else:
            touch = next_storey(storeys[i], storeys[j]) and _stacked(shapes[i], shapes[j])
        if touch:
            pairs.add((i, j))
    return pairs


def next_storey(one: int, other: int) -> bool:
    """Neighbours in height; there is no storey 0 between B1 (−1) and 1F in this country."""
    low, high = sorted((one, other))
    return high - low == 1 or (low, high) == (-1, 1)


def _stacked(one, other) -> bool:
    smaller = min(shapely.area(one), shapely.area(other))
    return shapely.area(shapely.intersection(one, other)) >= STACKED_SHARE * smaller > 0
