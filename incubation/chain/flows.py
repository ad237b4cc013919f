"""How tenants moved along the chain during a period."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from incubation.chain.states import GRADUATED, LEFT, OUTSIDE, STATES, cells_of, states_on

#: What can happen in a period, in the order it is told.
MOVEMENTS = ("entered", "advanced", "transferred", "graduated", "left")


@dataclass(frozen=True)
class Flows:
    """``cells[source, target]``: tenants that stood in ``source`` on the first day and in
    ``target`` on the last; those outside on both are not counted. What stands in a state on the
    last day is what stood there, plus what came, less what went.
    """

    cells: dict

    def at_start(self, state) -> np.ndarray:
        return _together(ids for (source, _), ids in self.cells.items() if source == state)

    def at_end(self, state) -> np.ndarray:
        return _together(ids for (_, target), ids in self.cells.items() if target == state)


def _together(parts) -> np.ndarray:
    parts = list(parts)
    return np.concatenate(parts) if parts else np.array([], dtype=int)


def flows(frame, start, end) -> Flows:
    """``frame``: residencies (``selectors.chain.residencies_frame``); both days count as seen."""
    before, after = states_on(frame, start), states_on(frame, end)
    cells = cells_of([before.to_numpy(), after.to_numpy()], before.index)
    settled = {(OUTSIDE, OUTSIDE), (LEFT, LEFT), (GRADUATED, GRADUATED)}
    return Flows({
        (source, target): cells[source, target]
        for source in STATES for target in STATES
        if (source, target) in cells and (source, target) not in settled
    })  # fmt: skip


def movements(frame, start, end) -> dict:
    """``(movement, stage)`` → tenants, for what happened on the days after ``start`` up to ``end``.

    A tenant that did the same twice is listed twice. Entered: without a residency before.
    """
    start, end = np.datetime64(start, "D"), np.datetime64(end, "D")
    came = frame[(frame["entered"] > start) & (frame["entered"] <= end) & frame["previous"].isna()]
    went = frame[(frame["left"] > start) & (frame["left"] <= end)]
    named = ("advanced", "transferred", "graduated")
    kind = np.where(went["outcome"].isin(named), went["outcome"], "left")
    cells = cells_of([np.full(len(came), "entered"), came["stage"]], came["tenant"])
    return cells | cells_of([kind, went["stage"]], went["tenant"])


def destinations(frame, start, end) -> dict:
    """``(destination,)`` → tenants that graduated on the days after ``start`` up to ``end``."""
    start, end = np.datetime64(start, "D"), np.datetime64(end, "D")
    out = frame[
        (frame["outcome"] == "graduated") & (frame["left"] > start) & (frame["left"] <= end)
    ]
    return cells_of([out["destination"]], out["tenant"])


def cohorts(frame, on) -> dict:
    """``(year, what)`` → tenants by the year they first entered, as of ``on``.

    ``what``: ``entered``, then of those ``incubator`` and ``accelerator`` (ever there),
    ``graduated`` (ever), ``inside`` (on ``on``) and ``left`` (gone without ever graduating).
    """
    frame = frame[frame["entered"] <= np.datetime64(on, "D")]
    if frame.empty:
        return {}
    first = frame.groupby("tenant")["entered"].min()
    year = first.dt.year
    tenants = first.index

    def ever(rows):
        return tenants.isin(rows["tenant"].unique())

    graduated = ever(frame[frame["outcome"] == "graduated"])
    inside = ever(frame[frame["left"].isna()])
    masks = {
        "entered": np.ones(len(tenants), dtype=bool),
        "incubator": ever(frame[frame["stage"] == "incubator"]),
        "accelerator": ever(frame[frame["stage"] == "accelerator"]),
        "graduated": graduated,
        "inside": inside,
        "left": ~graduated & ~inside,
    }
    table = pd.DataFrame({"year": year.to_numpy()}, index=tenants)
    return {
        (int(one), what): rows.index[mask[table["year"].to_numpy() == one]].to_numpy()
        for what, mask in masks.items()
        for one, rows in table.groupby("year")
    }
