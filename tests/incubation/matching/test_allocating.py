"""The allocation beside every way to place few applications; it places as many and weighs as much."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubation.matching import allocating
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


@st.composite
def with_sets(draw):
    """``small`` with up to three sets of units behind the single ones."""
    count = draw(st.integers(2, 4))
    some = st.lists(st.integers(0, count - 1), min_size=2, max_size=3, unique=True)
    sets = draw(st.lists(some.map(sorted).map(tuple), min_size=1, max_size=3))
    shape = draw(st.integers(1, 4)), count + len(sets)
    size = shape[0] * shape[1]

    def array(values):
        return np.array(draw(st.lists(values, min_size=size, max_size=size))).reshape(shape)

    parts = {name: array(st.integers(0, 4)).astype(np.int64) * (p.WHOLE // 4) for name in NAMES}
    weights = {name: draw(st.integers(0, p.MOST)) for name in NAMES}
    return array(st.booleans()).astype(bool), parts, weights, sets


def units_of(column, alone, sets):
    return {column} if column < alone else set(sets[column - alone])


def every_packing(fits, alone, sets, row=0, used=frozenset()):
    if row == len(fits):
        yield []
        return
    for rest in every_packing(fits, alone, sets, row + 1, used):
        yield [NOWHERE, *rest]
    for column in np.flatnonzero(fits[row]):
        taken = units_of(column, alone, sets)
        if not taken & used:
            for rest in every_packing(fits, alone, sets, row + 1, used | taken):
                yield [column, *rest]


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


@settings(max_examples=100, deadline=None)
@given(with_sets())
def test_sets_are_packed_as_well_as_can_be(question):
    fits, parts, weights, sets = question
    alone = fits.shape[1] - len(sets)
    found = allocate(*question)
    taken = [units_of(column, alone, sets) for column in found.units if column != NOWHERE]
    assert sum(map(len, taken)) == len(set().union(*taken))
    best = max(worth(way, parts, weights) for way in every_packing(fits, alone, sets))
    assert (found.placed, found.value) == best == worth(found.units, parts, weights)
    assert np.array_equal(allocate(*question).units, found.units)
    by_hand = first_come(*question)
    assert (by_hand.placed, by_hand.value) <= best
    for without in trials(*question, known=found).values():
        assert without.placed == found.placed
        assert without.value <= found.value


@settings(max_examples=50, deadline=None)
@given(with_sets())
def test_of_too_many_pairs_sets_go_to_who_comes_first(question):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allocating, "MOST_PAIRS", 0)
        found = allocate(*question)
    by_hand = first_come(*question)
    assert (found.placed, found.value) >= (by_hand.placed, by_hand.value)
    alone = question[0].shape[1] - len(question[3])
    assert np.array_equal(found.units >= alone, by_hand.units >= alone)


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
