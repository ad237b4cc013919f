"""The best allocation of units to applications: as many placed as can be, then the best weighed.

Solved exactly as an assignment (``scipy.optimize.linear_sum_assignment``) over whole numbers; equal
ones are told apart by the order of rows and columns, so the same arrays give the same answer.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from incubation.matching.parts import weighed

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Found:
    """``units``: for each application the column of its unit, or ``NOWHERE``.

    ``value``: the weighed parts of all placed; ``parts``: the same part by part, unweighed.
    """

    units: np.ndarray
    value: int
    parts: dict

    @property
    def placed(self) -> int:
        return int((self.units != NOWHERE).sum())


def allocate(fits, parts, weights) -> Found:
    """Each application at most one unit that ``fits``, each unit at most one application.

    ``fits``: bool, applications × units; ``parts``: name → whole numbers of that shape.
    """
    value = weighed(parts, weights)
    # One more placed outweighs whatever the rest could gain together.
    placing = int(value.max(initial=0)) * min(fits.shape) + 1
    rows, columns = linear_sum_assignment(np.where(fits, value + placing, 0), maximize=True)
    units = np.full(len(fits), NOWHERE)
    units[rows] = np.where(fits[rows, columns], columns, NOWHERE)
    return valued(units, parts, weights)


def first_come(fits, parts, weights) -> Found:
    """What one does by hand: each in its turn takes the best unit that is left."""
    value = weighed(parts, weights)
    left, units = fits.copy(), np.full(len(fits), NOWHERE)
    for row in range(len(fits)):
        if left[row].any():
            units[row] = np.where(left[row], value[row], NOWHERE).argmax()
            left[:, units[row]] = False
    return valued(units, parts, weights)


def valued(units, parts, weights) -> Found:
    rows = np.flatnonzero(units != NOWHERE)
    sums = {name: int(part[rows, units[rows]].sum()) for name, part in parts.items()}
    return Found(units, sum(weights[name] * sums[name] for name in sums), sums)


def trials(fits, parts, weights) -> dict[str, Found]:
    """For each weight that counts, the best allocation without it, valued by all the weights."""
    found = {}
    for name in sorted(name for name, weight in weights.items() if weight):
        without = allocate(fits, parts, weights | {name: 0})
        found[name] = valued(without.units, parts, weights)
    return found
