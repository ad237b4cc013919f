"""Which units adjoin, by their outlines; the graph that ``parks.connected`` searches."""

from collections import defaultdict

import numpy as np

from parks.adjacency import adjoining
from parks.geometry import to_metric


def neighbours(units, storeys) -> dict[int, set[int]]:
    """By position in ``units`` the positions of those that adjoin it; ``storeys``: their ordinals.

    Units without an outline adjoin none.
    """
    outlines = np.array([unit.outline for unit in units] + [None], dtype=object)[:-1]
    drawn = np.array([outline is not None for outline in outlines], dtype=bool)
    shapes = outlines.copy()
    if drawn.any():
        shapes[drawn] = to_metric(outlines[drawn])
    near = defaultdict(set)
    for one, other in adjoining(shapes, storeys):
        near[one].add(other)
        near[other].add(one)
    return near


def neighbours_alike(units, group) -> dict[int, set[int]]:
    """``neighbours`` of the same ``group(unit)``, which names the floor and what else must agree."""
    groups = {}
    # So far apart that no two groups pass for storeys one above the other.
    storeys = [groups.setdefault(group(unit), len(groups) * 10 + 1) for unit in units]
    return neighbours(units, storeys)
