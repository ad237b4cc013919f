"""Classes of a ratio: breaks by mapclassify, colours of the house, the same for map and legend."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import mapclassify
import numpy as np
from django.utils.translation import gettext_lazy as _

COUNT = 5
RAMP = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")
DIVERGING = ("#b35806", "#f1a340", "#f0f0f0", "#67a9cf", "#2166ac")
NO_VALUE = "#d9d9d9"

#: Upper bounds of the first four classes; fixed, so that days can be compared.
FIXED = {
    "occupancy": (0.5, 0.7, 0.85, 0.95),
    "signed": (0.5, 0.7, 0.85, 0.95),
    "vacancy": (0.05, 0.15, 0.3, 0.5),
}
#: Classes of a change, centred on none; half a point is as good as none.
CHANGE = (-0.05, -0.005, 0.005, 0.05)


@dataclass(frozen=True)
class Scheme:
    label: str
    classifier: Callable | None


SCHEMES = {
    "fixed": Scheme(_("fixed breaks"), None),
    "natural": Scheme(_("natural breaks"), mapclassify.FisherJenks),
    "equal": Scheme(_("equal intervals"), mapclassify.EqualInterval),
    "quantiles": Scheme(_("equal counts"), mapclassify.Quantiles),
}


@dataclass(frozen=True)
class Classes:
    """``breaks`` are the upper bounds (inclusive) of all classes but the last."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    change: bool = False

    def of(self, values) -> np.ndarray:
        """Class numbers 1 …; 0 where there is no value (NaN)."""
        values = np.asarray(values, dtype=float)
        found = np.searchsorted(self.breaks, values, side="left") + 1
        return np.where(np.isnan(values), 0, found)

    def fills(self, values) -> list[str]:
        palette = (NO_VALUE, *self.colours)
        return [palette[number] for number in self.of(values)]

    @property
    def legend(self) -> list[dict]:
        """Rows of ``number``, ``css`` (class in the style sheet), ``label``; no value is last."""
        words = [_share(b, change=self.change) for b in self.breaks]
        labels = [f"≤ {words[0]}"]
        labels += [f"{low} – {high}" for low, high in zip(words, words[1:], strict=False)]
        labels += [f"> {words[-1]}"]
        rows = [
            {"number": i, "css": self._css(colour), "label": label}
            for i, (colour, label) in enumerate(zip(self.colours, labels, strict=True), start=1)
        ]
        return [*rows, {"number": 0, "css": "ramp-0", "label": _("— no value")}]

    def _css(self, colour) -> str:
        palette, name = (DIVERGING, "change") if self.change else (RAMP, "ramp")
        return f"{name}-{palette.index(colour) + 1}"


def _share(value, *, change) -> str:
    return f"{value * 100:+.1f}" if change else f"{value * 100:.1f}%".replace(".0%", "%")


def classify(values, *, ratio, scheme="fixed", change=False) -> Classes:
    """Classes of ``values`` (shares in [0, 1], NaN for none; differences when ``change``).

    A computed scheme has fewer classes when there are fewer distinct values, and falls back to the
    fixed breaks when there is nothing to compute from.
    """
    if change:
        return Classes(CHANGE, DIVERGING, change=True)
    values = np.asarray(values, dtype=float)
    known = values[~np.isnan(values)]
    count = min(COUNT, len(np.unique(known)))
    classifier = SCHEMES[scheme].classifier
    if classifier is None or count < 2:
        return Classes(FIXED[ratio], RAMP)
    with warnings.catch_warnings():
        # Ties leave fewer classes than asked for; that is the wanted answer, not a fault.
        warnings.simplefilter("ignore", UserWarning)
        bins = sorted({float(b) for b in np.round(classifier(known, k=count).bins, 6)})
    breaks = tuple(bins[:-1]) or FIXED[ratio]
    steps = np.linspace(0, COUNT - 1, len(breaks) + 1).round().astype(int)
    return Classes(breaks, tuple(RAMP[i] for i in steps))
