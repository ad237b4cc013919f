"""The smallest adjoining set, against every set there is; and what a wall is."""

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from parks.adjacency import adjoining, wall_m
from parks.connected import connected_sets, smallest_set
from parks.fire import hosting, hosts


def brute(weights, neighbours, wanted):
    graph = nx.Graph((a, b) for a in neighbours for b in neighbours[a])
    graph.add_nodes_from(weights)
    for size in range(1, len(weights) + 1):
        sums = [
            sum(weights[n] for n in nodes)
            for nodes in combinations(weights, size)
            if sum(weights[n] for n in nodes) >= wanted and nx.is_connected(graph.subgraph(nodes))
        ]
        if sums:
            return size, min(sums)
    return None


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 9))
    weights = {n: draw(st.integers(1, 40)) for n in range(count)}
    neighbours = {n: set() for n in range(count)}
    for a, b in combinations(range(count), 2):
        if draw(st.booleans()) and draw(st.booleans()):
            neighbours[a].add(b)
            neighbours[b].add(a)
    return weights, neighbours, draw(st.integers(1, 160))


@given(graphs())
def test_the_search_finds_what_trying_all_finds(case):
    weights, neighbours, wanted = case
    found = smallest_set(weights, neighbours, wanted, work=10**6)
    assert brute(*case) == (found and (len(found.nodes), found.weight))
    if found:
        assert found.exact
        graph = nx.Graph((a, b) for a in neighbours for b in neighbours[a])
        graph.add_nodes_from(weights)
        assert nx.is_connected(graph.subgraph(found.nodes))


@given(graphs(), st.integers(2, 5))
def test_every_connected_set_is_met_once(case, most):
    weights, neighbours, wanted = case

    def full(nodes):
        return sum(weights[n] for n in nodes) >= wanted

    graph = nx.Graph((a, b) for a in neighbours for b in neighbours[a])
    graph.add_nodes_from(weights)
    found = connected_sets(weights, neighbours, most=most, limit=1000, full=full)
    assert len(found) == len(set(found))
    for size in range(2, most + 1):
        for nodes in combinations(sorted(weights), size):
            whole = nx.is_connected(graph.subgraph(nodes))
            # Grown one by one, some way there is not full before the last.
            small = any(
                nx.is_connected(graph.subgraph(set(nodes) - {n}))
                and sum(weights[m] for m in nodes if m != n) < wanted
                for n in nodes
            )
            assert (nodes in found) == (whole and small), nodes
    assert connected_sets(weights, neighbours, most=most, limit=2, full=full) == found[:2]


def test_a_capped_search_says_so_and_still_answers():
    weights = {n: 10 + (n * 7) % 13 for n in range(64)}
    neighbours = {
        n: {
            m
            for m in (n - 1, n + 1, n - 8, n + 8)
            if m in weights and (abs(n - m) == 8 or n // 8 == m // 8)
        }
        for n in weights
    }
    found = smallest_set(weights, neighbours, 331, work=500)
    assert not found.exact
    assert found.weight >= 331


@pytest.mark.parametrize(
    ("other", "touch"),
    [
        pytest.param(box(10, 0, 20, 10), True, id="whole-wall"),
        pytest.param(box(10.1, 0, 20, 10), True, id="within-the-tolerance"),
        pytest.param(box(10, 9.4, 20, 20), True, id="sixty-centimetres"),
        pytest.param(box(10, 9.7, 20, 20), False, id="thirty-centimetres"),
        pytest.param(box(10, 10, 20, 20), False, id="a-corner-is-no-wall"),
        pytest.param(box(12.4, 0, 20, 10), False, id="across-a-corridor"),
    ],
)
def test_a_wall_is_half_a_metre(other, touch):
    assert adjoining([box(0, 0, 10, 10), other], [3, 3]) == ({(0, 1)} if touch else set())


def test_length_of_a_wall_leaves_the_stubs_out():
    assert wall_m(box(0, 0, 10, 10), box(10, 0, 20, 10)) == pytest.approx(10)


@pytest.mark.parametrize(
    ("storeys", "other", "touch"),
    [
        ([1, 2], box(0, 0, 10, 10), True),
        ([1, 2], box(6, 0, 16, 10), True),
        ([1, 2], box(8, 0, 18, 10), False),
        ([1, 3], box(0, 0, 10, 10), False),
        ([-1, 1], box(0, 0, 10, 10), True),
        ([1, 2], None, False),
    ],
)
def test_stacked_units_share_a_third(storeys, other, touch):
    assert adjoining([box(0, 0, 10, 10), other], storeys) == ({(0, 1)} if touch else set())


def test_nothing_adjoins_nothing():
    assert adjoining([], []) == set()


def test_a_milder_building_hosts_nothing_more_dangerous():
    assert not any(hosts("D", wanted) for wanted in "ABC")
    assert all(hosts("A", wanted) for wanted in "ABCDE")
    assert not hosts("", "E")
    assert hosts("", "")
    assert hosting("C") == ["A", "B", "C"]
