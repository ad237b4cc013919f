"""Adjoining vacant units that could be merged, for those whom no single unit fits."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from incubation.matching.needs import kind_code
from parks.connected import components, connected_sets, smallest_set
from parks.neighbours import neighbours_alike

#: Units of a set that are tried in every way; where more are needed, the fewest that do.
TRIED = 4
#: Sets of one floor, the fewest units first.
OF_FLOOR = 100
#: Steps of the search for the fewest, for all floors and for one.
WORK, WORK_OF_FLOOR = 20_000, 1_500


@dataclass(frozen=True, slots=True)
class Together:
    """``columns`` of units that adjoin. ``least``: area in hundredths of a m² and desks of the
    smallest that can be left out so that the others still adjoin."""

    columns: tuple
    least: tuple


def needed(wanted, there, least):
    """``there`` is enough for ``wanted``, and without ``least`` it is not: no unit is to spare."""
    return (there - least < wanted) & (wanted <= there)


def mergeable(unit) -> tuple:
    """What units that become one have in common: a merge keeps floor, kind and carrier."""
    return unit.floor_id, unit.kind, unit.carrier.pk


def sets_of(applications, units, wants, has, on) -> list[Together]:
    """The sets of ``units`` free on ``on`` of which one of ``applications`` can spare none.

    ``units`` with outline and ``carrier``; ``wants`` and ``has``: of each, as arrays.
    """
    if not applications:
        return []
    free = np.flatnonzero(has.taken > on.toordinal()).tolist()
    found = neighbours_alike([units[m] for m in free], mergeable)
    near = {free[m]: {free[other] for other in others} for m, others in found.items()}
    floors = defaultdict(list)
    for m in sorted(near):
        floors[mergeable(units[m])].append(m)
    carriers = np.array([row.carrier_id for row in applications])
    by_area = np.where(wants.desks > 0, 0, wants.area)
    sets, work = [], WORK
    for (_floor, kind, carrier), there in floors.items():
        asking = (carriers == carrier) & np.isin(wants.kind, (0, kind_code(kind)))
        floor = _Floor(there, near, [
            (sizes, np.unique(wanted[asking & (wanted > 0)]))
            for sizes, wanted in ((has.area, by_area), (has.desks, wants.desks))
        ])  # fmt: skip
        work -= floor.search(work)
        sets += floor.sets.values()
    return sets


class _Floor:
    """``measures``: ``(size of each unit, sizes wanted together)``, by area and by desks."""

    def __init__(self, there, near, measures):
        self.there, self.near, self.measures, self.sets = there, near, measures, {}

    def search(self, work) -> int:
        """Fills ``sets``; returns the steps taken of at most ``work``."""
        tried = connected_sets(
            self.there, self.near, most=TRIED, limit=OF_FLOOR, full=self.enough_for_all
        )
        for columns in tried:
            self.add(columns)
        steps = 0
        for sizes, wanted in self.measures:
            for one in self.unserved(sizes, wanted):
                weights = {m: int(sizes[m]) for m in self.there if 0 < sizes[m] < one}
                limit = min(WORK_OF_FLOOR, work - steps)
                answer = smallest_set(weights, self.near, int(one), work=limit)
                if answer:
                    steps += answer.work
                    self.add(answer.nodes)
        return steps

    def enough_for_all(self, columns) -> bool:
        return all(
            sizes[list(columns)].sum() >= wanted.max(initial=0) for sizes, wanted in self.measures
        )

    def add(self, columns):
        ends = [
            m for m in columns
            if len(list(components(set(columns) - {m}, self.near))) == 1
        ]  # fmt: skip
        least = tuple(int(sizes[ends].min()) for sizes, _wanted in self.measures)
        if any(
            needed(wanted, sizes[list(columns)].sum(), end).any()
            for (sizes, wanted), end in zip(self.measures, least, strict=True)
        ):
            self.sets[columns] = Together(columns, least)

    def unserved(self, sizes, wanted):
        """Sizes that none alone and none of the sets tried gives, and all together do."""
        most = max(
            (sizes[list(columns)].sum() for columns in [*self.sets, *((m,) for m in self.there)]),
            default=0,
        )
        return [one for one in wanted if most < one <= sizes[self.there].sum()]
