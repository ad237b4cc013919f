"""Adjoining units in a park of 3,000, and the same answer by trying every set with networkx."""

from datetime import date
from decimal import Decimal
from itertools import combinations

import networkx as nx
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from shapely import get_coordinates
from shapely.geometry import Point, box

from parks.connected import smallest_set
from parks.geometry import from_metric, to_metric
from parks.models import Building, Floor, Park, Unit
from tenants.selectors.free import contiguous

UNITS, BUILDINGS, FLOORS, ROWS = 3000, 15, 10, 2
EAST, NORTH = get_coordinates(to_metric(Point(112.88, 28.3)))[0]
#: Trying every set of this many rooms of the grid is what networkx does in reasonable time.
GRID = (3, 6)


def run(median, on) -> list[dict]:
    with transaction.atomic():
        park = build()
        figures = [*measure(median, on, park), against_networkx(median)]
        transaction.set_rollback(True)
    return figures


def build():
    """Two rows of ten rooms of 30 to 110 m² on each storey, all free."""
    park = Park.objects.create(code="BENCHC", name="基准园区")
    units, a_row = [], UNITS // (BUILDINGS * FLOORS * ROWS)
    for n in range(BUILDINGS):
        building = Building.objects.create(park=park, code=f"{n + 1:02}", name=f"{n + 1}栋")
        for ordinal in range(1, FLOORS + 1):
            floor = Floor.objects.create(building=building, ordinal=ordinal, name=f"{ordinal}F")
            for row in range(ROWS):
                west = EAST + 200 * n
                for i in range(a_row):
                    wide = 3 + (i * 7 + row * 3 + ordinal) % 9
                    room = box(west, NORTH + 10 * row, west + wide, NORTH + 10 * row + 10)
                    units.append(Unit(
                        floor=floor, number=f"{ordinal}{row}{i:02}", gross_area_m2=wide * 10,
                        outline=from_metric(room), geometry_source="indicative",
                        exists_from=date(2019, 1, 1), numbered_from=date(2019, 1, 1),
                    ))  # fmt: skip
                    west += wide
    Unit.objects.bulk_create(units)
    return park


def measure(median, on, park):
    units = Unit.objects.of_park(park)
    for wanted in (200, 1000):

        def ask(wanted=wanted):
            return contiguous(units, area_m2=Decimal(wanted), by=on)

        with CaptureQueriesContext(connection) as queries:
            ask()
        seconds, found = median(ask, runs=3)
        exact = sum(one.exact for one in found)
        yield {
            "key": f"contiguous_{wanted}",
            "name": f"adjoining {wanted:,} ㎡ among {units.count():,} free units",
            "seconds": seconds, "value": f"{seconds * 1000:.0f} ms",
            "note": f"{len(queries)} query; {exact} of {len(found)} answers proven, "
                    f"{len(found[0].units)} units the fewest",
        }  # fmt: skip


def against_networkx(median):
    """One storey of 18 rooms: the search beside every set from the smallest up."""
    graph = nx.grid_2d_graph(*GRID)
    weights = {node: 3000 + (node[0] * 3 + node[1] * 7) % 9 * 1000 for node in graph}
    neighbours = {node: set(graph[node]) for node in graph}
    wanted = 60_000

    def enumerated():
        for size in range(1, len(graph) + 1):
            sums = [
                total
                for nodes in combinations(graph, size)
                if (total := sum(weights[n] for n in nodes)) >= wanted
                and nx.is_connected(graph.subgraph(nodes))
            ]
            if sums:
                return size, min(sums)
        return None

    ours, found = median(lambda: smallest_set(weights, neighbours, wanted))
    theirs, answer = median(enumerated, runs=3)
    assert found.exact, found
    assert (len(found.nodes), found.weight) == answer, (found, answer)
    return {
        "key": "contiguous_networkx", "name": f"smallest set of {len(graph)} rooms",
        "seconds": ours, "value": f"{ours * 1000:.2f} ms",
        "note": f"every set with networkx {theirs * 1000:.0f} ms: {theirs / ours:.0f}× slower, "
                f"same answer ({answer[0]} rooms)",
    }  # fmt: skip
