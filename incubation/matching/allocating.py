"""The best allocation of units to applications: as many placed as can be, then the best weighed.

Columns of the arrays are single units and after them ``sets`` of units given together, each as the
columns of its units. Which sets are given is a packing, solved exactly by HiGHS
(``scipy.optimize.milp``) unless it is larger than ``MOST_PAIRS`` or takes longer than ``SECONDS``;
all others are then an assignment (``scipy.optimize.linear_sum_assignment``), exact in whole
numbers. Equal ones are told apart by the order of rows and columns, so the same arrays give the
same answer, unless the clock of ``SECONDS`` cuts a search short.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, linprog, milp
from scipy.sparse import csc_array, vstack

from incubation.matching.parts import WHOLE, weighed

NOWHERE = -1
#: Fitting pairs up to which the best packing is looked for; beyond, sets go to who comes first.
MOST_PAIRS = 9_000
#: How far from the bound, in whole parts, solutions are looked for at first, and then.
WINDOWS = (1, 8, np.inf)
#: The longest that one packing is searched; what is found by then counts.
SECONDS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """``units``: for each application the column of its unit or set, or ``NOWHERE``.

    ``value``: the weighed parts of all placed; ``parts``: the same part by part, unweighed.
    """

    units: np.ndarray
    value: int
    parts: dict

    @property
    def placed(self) -> int:
        return int((self.units != NOWHERE).sum())


def units_in(sets, alone):
    """1 where the unit (down) is in the column (across)."""
    pairs = [(m, m) for m in range(alone)]
    pairs += [(m, alone + n) for n, columns in enumerate(sets) for m in columns]
    down, across = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return csc_array(
        (np.ones(len(pairs), dtype=np.int64), (down, across)), shape=(alone, alone + len(sets))
    )


def allocate(fits, parts, weights, sets=(), known=None) -> Found:
    """Each application at most one column that ``fits``, each unit at most one application.

    ``fits``: bool, applications × columns; ``parts``: name → whole numbers of that shape.
    ``known``: the answer by other weights, which says how many can be placed.
    """
    value = weighed(parts, weights)
    alone = fits.shape[1] - len(sets)
    units, left = np.full(len(fits), NOWHERE), fits[:, :alone].copy()
    for row, column in _given_together(fits, value, sets, known):
        units[row] = column
        left[row] = False
        left[:, list(sets[column - alone])] = False
    value = value[:, :alone]
    # One more placed outweighs whatever the rest could gain together.
    placing = int(value.max(initial=0)) * min(left.shape) + 1
    rows, columns = linear_sum_assignment(np.where(left, value + placing, 0), maximize=True)
    placed = left[rows, columns]
    units[rows[placed]] = columns[placed]
    return valued(units, parts, weights)


def _given_together(fits, value, sets, known):
    """``(row, column)`` of each set that the best packing gives to an application."""
    alone = fits.shape[1] - len(sets)
    rows, columns = np.nonzero(fits)
    if not (columns >= alone).any():
        return []
    start = known.units if known else _by_hand(fits, value, sets)
    given = start[rows] == columns
    if len(rows) <= MOST_PAIRS:
        packing = _Packing(fits.shape[0], units_in(sets, alone), rows, columns)
        most = given if known else packing.most(given)
        given = packing.best(value[rows, columns] / WHOLE, most)
    chosen = given & (columns >= alone)
    return list(zip(rows[chosen].tolist(), columns[chosen].tolist(), strict=True))


class _Packing:
    """``uses``: 1 where the pair (across) takes the application or unit (down)."""

    def __init__(self, count, inside, rows, columns):
        pairs = np.arange(len(rows))
        once = csc_array((np.ones(len(rows)), (rows, pairs)), shape=(count, len(rows)))
        self.uses = vstack([once, inside[:, columns]], format="csc")

    def most(self, given):
        """Pairs that place as many as can be; ``given``, where it places no fewer."""
        one = np.ones(len(given))
        return max(given, self.solved(one, one > 0), key=np.sum)

    def best(self, gain, most):
        """True for the pairs of most ``gain`` among those that place as many as ``most`` does."""
        count = int(most.sum())
        found, bound = most, _bound(gain, self.uses, count)
        for window in WINDOWS:
            # A pair that costs the bound more cannot be in a solution that is as near to it.
            near = bound.lower.marginals <= window
            found = max(found, self.solved(gain, near, count), key=lambda one: gain[one].sum())
            if -bound.fun - gain[found].sum() <= window:
                break
        return found

    def solved(self, gain, pairs, count=0):
        """True for the best of ``pairs``, at least ``count``; for none where there is no answer."""
        found = milp(
            -gain[pairs], integrality=1, bounds=Bounds(0, 1),
            constraints=[
                LinearConstraint(self.uses[:, pairs], ub=1),
                LinearConstraint(np.ones((1, pairs.sum())), lb=count),
            ],
            options={"mip_rel_gap": 0, "time_limit": SECONDS},
        )  # fmt: skip
        answer = np.zeros(len(gain), dtype=bool)
        if found.x is not None:
            answer[pairs] = np.round(found.x) == 1
        return answer


def _bound(gain, uses, count):
    """The same without whole numbers: no solution is better; with what each pair costs it."""
    rows = vstack([uses, -np.ones((1, len(gain)))])
    most = np.append(np.ones(uses.shape[0]), -count)
    return linprog(-gain, A_ub=rows, b_ub=most, bounds=(0, None), method="highs-ds")


def first_come(fits, parts, weights, sets=()) -> Found:
    """What one does by hand: each in its turn takes the best unit or set that is left."""
    return valued(_by_hand(fits, weighed(parts, weights), sets), parts, weights)


def _by_hand(fits, value, sets):
    inside = units_in(sets, fits.shape[1] - len(sets))
    columns_of = inside.tocsr()
    left, units = fits.copy(), np.full(len(fits), NOWHERE)
    for row in range(len(fits)):
        if left[row].any():
            units[row] = np.where(left[row], value[row], NOWHERE).argmax()
            left[:, columns_of[inside[:, [units[row]]].indices].indices] = False
    return units


def valued(units, parts, weights) -> Found:
    rows = np.flatnonzero(units != NOWHERE)
    sums = {name: int(part[rows, units[rows]].sum()) for name, part in parts.items()}
    return Found(units, sum(weights[name] * sums[name] for name in sums), sums)


def trials(fits, parts, weights, sets=(), known=None) -> dict[str, Found]:
    """For each weight that counts, the best allocation without it, valued by all the weights."""
    found = {}
    for name in sorted(name for name, weight in weights.items() if weight):
        without = allocate(fits, parts, weights | {name: 0}, sets, known)
        found[name] = valued(without.units, parts, weights)
    return found
