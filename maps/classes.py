"""Cutting ratios into five classes, lowest first, with the breaks that stand beside the legend."""

from dataclasses import dataclass

import mapclassify
import numpy as np

#: Upper bounds of the default classes: the same on every day, so that days can be compared.
FIXED = (0.5, 0.7, 0.85, 0.95, 1.0)
COUNT = 5
RAMP = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")
NO_VALUE = "#d9d9d9"


@dataclass(frozen=True, slots=True)
class Classes:
    """``bounds``: upper bound of each class; ``of[i]``: class 1…5 of value i, 0 for no value."""

    bounds: tuple
    of: np.ndarray

    def legend(self) -> list[dict]:
        lows = (0.0, *self.bounds[:-1])
        return [
            {"number": i + 1, "low": low, "high": high, "colour": RAMP[i]}
            for i, (low, high) in enumerate(zip(lows, self.bounds, strict=True))
        ]


def classify(values, scheme="fixed") -> Classes:
    """``values``: ratios in [0, 1] or None. ``scheme``: fixed, quantiles or fisher.

    Too few different values for five classes fall back to the fixed breaks.
    """
    numbers = np.array([np.nan if v is None else float(v) for v in values])
    known = numbers[~np.isnan(numbers)]
    distinct = np.unique(known)
    bounds = FIXED
    if scheme != "fixed" and len(distinct) > COUNT:
        cut = {"quantiles": mapclassify.Quantiles, "fisher": mapclassify.FisherJenks}[scheme]
        bounds = tuple(float(b) for b in cut(known, k=COUNT).bins)
    of = np.zeros(len(numbers), dtype=int)
    of[~np.isnan(numbers)] = np.minimum(np.searchsorted(bounds, known, side="left"), COUNT - 1) + 1
    return Classes(bounds, of)
