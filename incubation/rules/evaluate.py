"""Rules over columns: three-valued (Kleene), all subjects at once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from incubation.rules import explain
from incubation.rules.bodies import Criterion, Node, RuleSetBody
from incubation.rules.columns import NEVER
from incubation.rules.registry import METRICS
from incubation.rules.verdict import Verdict

NOT_MET, MET, UNKNOWN = (np.int8(verdict) for verdict in Verdict)

PASSES = {
    ">=": np.greater_equal, ">": np.greater, "<=": np.less_equal, "<": np.less, "==": np.equal,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What a body says of every subject of ``index``; int8 arrays in the order of the index."""

    body: RuleSetBody
    index: pd.Index
    columns: dict
    metrics: dict
    arrays: dict[str, np.ndarray]
    overall: np.ndarray

    def frame(self) -> pd.DataFrame:
        """Subject × code of criterion or group, in the order of the rule set."""
        return pd.DataFrame(self.arrays, index=self.index)

    def position(self, subject_id) -> int:
        return self.index.get_loc(subject_id)

    def verdict(self, position: int) -> Verdict:
        return Verdict(self.overall[position])

    def explain(self, position: int) -> explain.Explanation:
        """Why the subject at ``position`` is judged as it is, criterion by criterion."""
        return explain.explanation(self, position)

    def missing_codes(self, position: int) -> list[str]:
        """Codes of the top-level criteria and groups that are not met (or not known)."""
        return [n.code for n in self.body.nodes if self.arrays[n.code][position] != MET]

    def near(self, limit: int = 1) -> pd.DataFrame:
        """Subjects that miss one to ``limit`` top-level criteria or groups, the nearest first.

        Columns: ``missing`` (how many are not met or not known), ``unknown`` (how many of these
        are not known) and ``gap``: the greatest relative distance of an unmet one from its line
        (0.04 is 4 %), NaN where only unknown ones are missing.
        """
        tops = [self.arrays[node.code] for node in self.body.nodes]
        gaps = [self.gap(node) for node in self.body.nodes]
        frame = pd.DataFrame(
            {
                "missing": np.sum([top != MET for top in tops], axis=0),
                "unknown": np.sum([top == UNKNOWN for top in tops], axis=0),
                "gap": np.fmax.reduce(gaps),
            },
            index=self.index,
        )
        near = frame[frame["missing"].between(1, limit)]
        return near.sort_values(["missing", "unknown", "gap"], kind="stable")

    def gap(self, node: Node) -> np.ndarray:
        """Relative distance of an unmet node from its line; NaN where it is met or unknown.

        Of a group the greatest of its members (all) or the least (any).
        """
        if isinstance(node, Criterion):
            gap = self._criterion_gap(node)
        else:
            reduce = np.fmax.reduce if node.mode == "all" else np.fmin.reduce
            gap = reduce([self.gap(member) for member in node.members])
        return np.where(self.arrays[node.code] == NOT_MET, gap, np.nan)

    def _criterion_gap(self, criterion):
        column = self.columns[criterion.metric]
        if criterion.line is None:
            return np.full(len(self.index), np.nan)
        distance = np.abs(column.distance(criterion.line).astype(float))
        scale = column.denominator * float(max(abs(criterion.line.numerator), 1))
        return np.divide(distance, scale, out=np.full(len(self.index), np.nan), where=scale > 0)

    @cached_property
    def earliest(self) -> dict[str, np.ndarray]:
        """Per code the earliest day an unmet criterion or group could be met; NaT if unknowable.

        All of several: the latest of the unmet ones, unknowable if one of them is. Any of several:
        the earliest that is knowable. ``""`` stands for the whole rule set.
        """
        days = {}
        days[""] = self._latest(self.body.nodes, days)
        return days

    def _earliest(self, node, days):
        if not isinstance(node, Criterion):
            gather = self._latest if node.mode == "all" else self._soonest
            day = gather(node.members, days)
        elif node.line is None:
            day = np.full(len(self.index), NEVER)
        else:
            day = self.columns[node.metric].earliest_for(node.line)
        days[node.code] = np.where(self.arrays[node.code] == MET, NEVER, day)
        return days[node.code]

    def _latest(self, nodes, days):
        """NaT spreads: ``maximum`` keeps it. What is met waits for nothing."""
        past = np.datetime64("0001-01-01", "D")
        each = [
            np.where(self.arrays[node.code] == MET, past, self._earliest(node, days))
            for node in nodes
        ]
        latest = np.maximum.reduce(each)
        return np.where(latest == past, NEVER, latest)

    def _soonest(self, nodes, days):
        """NaT gives way: ``fmin`` takes the known one."""
        return np.fmin.reduce([self._earliest(node, days) for node in nodes])


def evaluate(body: RuleSetBody, columns, index: pd.Index, *, metrics=METRICS) -> Verdicts:
    """Judge every subject of ``index`` by ``body``.

    Parameters
    ----------
    columns : mapping of metric code to Column
        Aligned with ``index``; a ``Columns`` works each out once. Only those the body names are
        asked for.
    """
    arrays = {node.code: None for node, _above in body.walk()}
    tops = [_judge(node, columns, len(index), arrays) for node in body.nodes]
    return Verdicts(body, index, columns, metrics, arrays, _all(tops))


def _judge(node, columns, size, arrays):
    if isinstance(node, Criterion):
        column = columns[node.metric]
        if len(column) != size:
            raise ValueError(f"{node.metric} has {len(column)} values for {size} subjects")
        verdict = _compare(node, column)
    else:
        members = [_judge(member, columns, size, arrays) for member in node.members]
        verdict = (_all if node.mode == "all" else _any)(members)
    arrays[node.code] = verdict
    return verdict


def _compare(criterion, column):
    """A value that is only the least it can be settles what more of it cannot change."""
    if criterion.line is None:
        return np.full(len(column), UNKNOWN)
    distance = column.distance(criterion.line)
    verdict = np.where(PASSES[criterion.operator](distance, 0), MET, NOT_MET)
    settled = {
        ">=": distance >= 0, ">": distance > 0,
        "<=": distance > 0, "<": distance >= 0, "==": distance > 0,
    }[criterion.operator].astype(bool)  # fmt: skip
    return np.where(column.usable & (column.complete | settled), verdict, UNKNOWN).astype(np.int8)


def _all(arrays):
    """Any not met: not met; else any unknown: unknown."""
    stack = np.stack(arrays)
    unknown = np.where((stack == UNKNOWN).any(axis=0), UNKNOWN, MET)
    return np.where((stack == NOT_MET).any(axis=0), NOT_MET, unknown).astype(np.int8)


def _any(arrays):
    """Any met: met; else any unknown: unknown."""
    stack = np.stack(arrays)
    unknown = np.where((stack == UNKNOWN).any(axis=0), UNKNOWN, NOT_MET)
    return np.where((stack == MET).any(axis=0), MET, unknown).astype(np.int8)
