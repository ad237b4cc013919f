"""The allocation beside every way to place few applications; it places as many and weighs as much."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from incubation.matching import parts as p
from incubation.matching.allocating import NOWHERE, allocate, first_come, trials

NAMES = ("area", "price")


@st.composite
def small(draw):
    """A few applications and units with coarse parts, so that many ways are equally good."""
    shape = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    size = shape[0] * shape[1]

    def array(values):
        return np.array(draw(st.lists(values, min_size=size, max_size=size))).reshape(shape)

    parts = {name: array(st.integers(0, 4)).astype(np.int64) * (p.WHOLE // 4) for name in NAMES}
    weights = {name: draw(st.integers(0, p.MOST)) for name in NAMES}
    return array(st.booleans()).astype(bool), parts, weights


def every_way(fits, row=0, used=()):
    """Each allocation as the units of the applications, one after the other."""
    if row == len(fits):
        yield []
        return
    for unit in [NOWHERE, *np.flatnonzero(fits[row])]:
        if unit == NOWHERE or unit not in used:
            for rest in every_way(fits, row + 1, (*used, unit)):
                yield [unit, *rest]


def worth(units, parts, weights):
    placed = [(row, unit) for row, unit in enumerate(units) if unit != NOWHERE]
    return len(placed), sum(weights[n] * int(parts[n][pair]) for n in NAMES for pair in placed)


@settings(max_examples=150, deadline=None)
@given(small())
def test_nothing_places_more_or_weighs_more(question):
    fits, parts, weights = question
    found = allocate(*question)
    taken = [unit for unit in found.units if unit != NOWHERE]
    assert len(taken) == len(set(taken)) == found.placed
    assert all(fits[row, unit] for row, unit in enumerate(found.units) if unit != NOWHERE)
    best = max(worth(units, parts, weights) for units in every_way(fits))
    assert (found.placed, found.value) == best == worth(found.units, parts, weights)
    by_hand = first_come(*question)
    assert (by_hand.placed, by_hand.value) <= best
    assert np.array_equal(allocate(*question).units, found.units)
    for without in trials(*question).values():
        assert without.placed == found.placed
        assert without.value <= found.value


def test_one_more_placed_outweighs_a_better_unit():
    fits = np.array([[True, True], [True, False]])
    parts = {"area": np.array([[p.WHOLE, 0], [0, 0]])}
    assert list(allocate(fits, parts, {"area": p.MOST}).units) == [1, 0]
    assert list(first_come(fits, parts, {"area": p.MOST}).units) == [0, NOWHERE]


def test_parts_say_what_they_say():
    assert list(p.area(np.array([80, 80, 0, 300]), np.array([100, 80, 90, 100]))) == [
        800_000, p.WHOLE, p.WHOLE, p.WHOLE,
    ]  # fmt: skip
    most = np.array([[3000], [p.UNKNOWN], [0]])
    assert p.price(most, np.array([3000, 4500, 7000, p.UNKNOWN])).tolist() == [
        [p.WHOLE, p.HALF, 0, p.HALF], [p.WHOLE] * 4, [0, 0, 0, p.HALF],
    ]  # fmt: skip
    assert p.stage(np.array([0, 2, p.UNKNOWN]), 1).tolist() == [p.HALF, p.HALF, p.HALF]
    assert p.stage(np.array([0, 2, 1]), 0).tolist() == [p.WHOLE, 0, p.HALF]
    assert list(p.chain(np.array([2, 0]), np.array([8, 0]))) == [250_000, 0]
    assert p.waiting(2).tolist() == [[p.WHOLE], [p.HALF]]
