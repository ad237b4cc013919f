"""How long tenants stay in a stage, most of them being still in it (Kaplan–Meier, by SciPy)."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import CensoredData, ecdf

#: Mean days of a month, to show days as months.
MONTH_DAYS = 365.2425 / 12


@dataclass(frozen=True)
class Stays:
    """Spells in one stage. ``months``: days ÷ 30.44 at which the curve steps; ``share`` of spells
    that last longer, with a 95 % interval; ``tenants`` and ``over``: one entry per spell.
    """

    tenants: np.ndarray
    days: np.ndarray
    over: np.ndarray
    months: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def ended(self) -> int:
        return int(self.over.sum())

    @property
    def median(self) -> float | None:
        """Months after which half have left; None while more than half are still in."""
        below = np.flatnonzero(self.share <= 0.5)
        return float(self.months[below[0]]) if below.size else None

    def at_risk(self, months) -> int:
        """Spells that are known to have lasted at least so long."""
        return int((self.days >= months * MONTH_DAYS).sum())

    def lasting(self, months) -> float | None:
        """Share that lasts longer than so many months; None beyond the longest spell."""
        if not self.days.size or months * MONTH_DAYS > self.days.max():
            return None
        place = np.searchsorted(self.months, months, side="right") - 1
        return float(self.share[place]) if place >= 0 else 1.0


def spells(frame, on) -> pd.DataFrame:
    """One row per unbroken stay of a tenant in a stage up to ``on``: tenant, stage, days, over.

    A move to another carrier of the stage does not break it.
    """
    frame = frame[frame["entered"] < np.datetime64(on, "D")].sort_values(["tenant", "entered"])
    same = (
        (frame["tenant"] == frame["tenant"].shift())
        & (frame["stage"] == frame["stage"].shift())
        & (frame["entered"] == frame["left"].shift())
    )
    number = (~same).cumsum()
    last = frame["left"].fillna(pd.Timestamp(on))
    found = pd.DataFrame({
        "tenant": frame["tenant"].groupby(number).first(),
        "stage": frame["stage"].groupby(number).first(),
        "start": frame["entered"].groupby(number).first(),
        "end": last.groupby(number).last(),
        "over": frame["left"].notna().groupby(number).last(),
    })  # fmt: skip
    found["days"] = (found["end"] - found["start"]).dt.days
    return found


def stays(frame, on) -> dict[str, Stays]:
    """``Stays`` by stage; a stage nobody was in is not there."""
    return {stage: _curve(rows) for stage, rows in spells(frame, on).groupby("stage", sort=False)}


def _curve(rows) -> Stays:
    days, over = rows["days"].to_numpy(dtype=float), rows["over"].to_numpy(dtype=bool)
    nothing = np.array([])
    months = share = low = high = nothing
    if over.any():
        curve = ecdf(CensoredData(uncensored=days[over], right=days[~over])).sf
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            # While all or none are in, the interval's formula divides nothing by nothing.
            warnings.simplefilter("ignore", RuntimeWarning)
            interval = curve.confidence_interval(method="log-log")
        months, share = curve.quantiles / MONTH_DAYS, curve.probabilities
        low = np.where(np.isnan(interval.low.probabilities), share, interval.low.probabilities)
        high = np.where(np.isnan(interval.high.probabilities), share, interval.high.probabilities)
    return Stays(rows["tenant"].to_numpy(), days, over, months, share, low, high)
