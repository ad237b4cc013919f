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
    """Length of ``one``'s edge that runs along ``other``, metres."""
    return float(walls_m(np.array([one]), np.array([other]))[0])


def walls_m(ones, others) -> np.ndarray:
    """``wall_m`` of each pair of two arrays of the same length.

    An end may count up to the tolerance too long. Pieces no longer than the tolerance are the stubs
    of walls that meet the other unit head on.
    """
    near = shapely.buffer(others, TOLERANCE_M, join_style="mitre")
    along = shapely.intersection(shapely.boundary(ones), near)
    parts, pair = shapely.get_parts(along, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    same = part[1:] == part[:-1]
    lengths = np.hypot(*np.diff(points, axis=0).T)[same]
    pair = pair[part[1:][same]]
    counts = lengths > TOLERANCE_M * 1.01
    return np.bincount(pair[counts], lengths[counts], minlength=len(ones))


def adjoining(shapes, storeys) -> set[tuple[int, int]]:
    """Pairs ``(i, j)``, i < j, of units of one building that adjoin.

    ``shapes``: outlines in metres, None for unknown (adjoins nothing); ``storeys``: their ordinals.
    """
    shapes = np.array([*shapes, None], dtype=object)[:-1]
    if not len(shapes):
        return set()
    level = np.array(storeys)
    first, second = shapely.STRtree(shapes).query(_around(shapes))
    first, second = np.array([first, second])[:, first < second]
    low, high = level[first], level[second]
    pairs = []
    for touch, near in ((_beside, low == high), (_stacked, next_storey(low, high))):
        one, other = first[near], second[near]
        yes = touch(shapes[one], shapes[other])
        pairs += zip(one[yes].tolist(), other[yes].tolist(), strict=True)
    return set(pairs)


def _around(shapes):
    """Boxes that reach the tolerance beyond each shape; None where there is none."""
    bounds = shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * TOLERANCE_M
    boxes = shapely.box(*bounds.T)
    boxes[shapely.is_missing(shapes)] = None
    return boxes


def next_storey(ones, others):
    """Neighbours in height; B1 (−1) and 1F are, as this country has no storey 0 between them."""
    apart = np.abs(ones - others)
    return (apart == 1) | ((apart == 2) & (ones + others == 0))


def _beside(ones, others):
    return walls_m(ones, others) >= WALL_M


def _stacked(ones, others):
    smaller = np.minimum(shapely.area(ones), shapely.area(others))
    return (smaller > 0) & (
        shapely.area(shapely.intersection(ones, others)) >= STACKED_SHARE * smaller
    )
