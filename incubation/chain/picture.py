"""Everything the chain's page shows of a scope, a day and a period, each number with its rows."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from incubation.chain.flows import cohorts, destinations, flows, movements
from incubation.chain.states import states_on
from incubation.chain.stays import stays
from incubation.chain.survival import first_days, survival
from incubation.selectors.chain import existence_frame, residencies_frame


@dataclass(frozen=True)
class ChainScope:
    """``residencies``: those the viewer may see and asked for; the period is ``[since, on]``."""

    residencies: object
    on: date
    since: date


class ChainPicture:
    """Four queries whatever is asked: residencies once, existence of their tenants thrice."""

    def __init__(self, scope: ChainScope):
        self.scope = scope
        self.frame = residencies_frame(scope.residencies, scope.on)

    @cached_property
    def now(self) -> dict:
        found = states_on(self.frame, self.scope.on)
        return {state: rows.index.to_numpy() for state, rows in found.groupby(found)}

    @cached_property
    def graduated(self) -> np.ndarray:
        """Tenants that ever graduated, wherever they are now."""
        return self.frame.loc[self.frame["outcome"] == "graduated", "tenant"].unique()

    @cached_property
    def firms(self) -> dict:
        """Incubated firms of the day by stage."""
        return self._by_stage(self.scope.residencies.incubated_on(self.scope.on))

    @cached_property
    def late(self) -> dict:
        """Tenants over-stayed on the day by stage."""
        return self._by_stage(self.scope.residencies.over_stayed(self.scope.on))

    @staticmethod
    def _by_stage(residencies):
        found = {}
        for stage, tenant in residencies.order_by("pk").values_list("carrier__stage", "tenant_id"):
            found.setdefault(stage, []).append(tenant)
        return {stage: np.array(tenants) for stage, tenants in found.items()}

    @cached_property
    def flows(self):
        return flows(self.frame, self.scope.since, self.scope.on)

    @cached_property
    def movements(self) -> dict:
        return movements(self.frame, self.scope.since, self.scope.on)

    @cached_property
    def destinations(self) -> dict:
        return destinations(self.frame, self.scope.since, self.scope.on)

    @cached_property
    def cohorts(self) -> dict:
        return cohorts(self.frame, self.scope.on)

    @cached_property
    def stays(self) -> dict:
        return stays(self.frame, self.scope.on)

    @cached_property
    def existence(self):
        tenants = self.scope.residencies.order_by().values("tenant")
        return existence_frame(self.frame, tenants, self.scope.on)

    @cached_property
    def survival(self) -> dict:
        on = self.scope.on
        return {
            "entered": survival(first_days(self.frame, on), self.existence, on),
            "graduated": survival(
                first_days(self.frame, on, outcome="graduated"), self.existence, on
            ),
        }

    def tenants(self, cell: str) -> np.ndarray:
        """Keys of the tenants behind the number called ``cell``, such as ``flow:outside:incubator``.

        A name that counts nobody, or nothing at all, has none.
        """
        what, *key = cell.split(":")
        match what, key:
            case "now", [state]:
                found = self.now.get(state)
            case "firms", [stage]:
                found = self.firms.get(stage)
            case "late", [stage]:
                found = self.late.get(stage)
            case "ever", ["graduated"]:
                found = self.graduated
            case "flow", [source, target]:
                found = self.flows.cells.get((source, target))
            case "start" | "end", [state]:
                side = self.flows.at_start if what == "start" else self.flows.at_end
                found = side(state)
            case "movement", [kind, stage]:
                found = self.movements.get((kind, stage))
            case "destination", [place]:
                found = self.destinations.get((place,))
            case "cohort", [year, kind] if year.isascii() and year.isdigit():
                found = self.cohorts.get((int(year), kind))
            case "stay", [stage] if stage in self.stays:
                found = self.stays[stage].tenants
            case "ended", [stage] if stage in self.stays:
                found = self.stays[stage].tenants[self.stays[stage].over]
            case "survival", [since, years, kind] if since in self.survival and kind in (
                "alive",
                "gone",
                "unknown",
            ):
                found = next(
                    (getattr(one, kind) for one in self.survival[since] if str(one.years) == years),
                    None,
                )
            case _:
                found = None
        return np.array([], dtype=int) if found is None else found
