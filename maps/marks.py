"""Marks of the layers of the chain: each class with its word, colour, letter and pattern. Pure.

Stages have the colours of ``tokens.css``; letters carry them in black and white, hatching says
that a carrier's space has no resident.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from dateutil.relativedelta import relativedelta
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incubation.models import Stage
from maps.classes import NO_VALUE, RAMP

WHITE, INK = "#ffffff", "#14202b"


@dataclass(frozen=True)
class Mark:
    """``hatched``: space of a carrier without a resident."""

    code: str
    label: str
    colour: str
    letter: str = ""
    hatched: bool = False

    @property
    def ink(self) -> str:
        """Colour of a letter that can be read on ``colour``; as ``draw.js`` chooses it."""
        red, green, blue = (int(self.colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
        return WHITE if light < 0.18 and not self.hatched else INK

    @property
    def empty(self) -> "Mark":
        label = format_lazy("{} · {}", self.label, _("space without a resident"))
        return replace(self, code=f"{self.code}-empty", label=label, hatched=True)


NONE = Mark("none", _("no resident, no carrier's space"), NO_VALUE, "—")
NO_STAGE = Mark("none", _("nobody in residence"), NO_VALUE, "—")
EMPTY = Mark("empty", _("carrier's space without a resident"), "#8c8c8c", "○", hatched=True)
STAGE_MARKS = {
    Stage.MAKERSPACE.value: Mark("makerspace", Stage.MAKERSPACE.label, "#F0A202", "众"),
    Stage.INCUBATOR.value: Mark("incubator", Stage.INCUBATOR.label, "#2E86AB", "孵"),
    Stage.ACCELERATOR.value: Mark("accelerator", Stage.ACCELERATOR.label, "#6A4C93", "加"),
}
#: Okabe and Ito's, without black: told apart by the colour-blind.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")


def carrier_marks(carriers: Iterable[tuple[int, str]]) -> dict[int, Mark]:
    """A mark for each ``(key, name)``: letters A … Z in their order, colours by turns."""
    return {
        key: Mark(f"carrier-{key}", name, PALETTE[i % len(PALETTE)], chr(65 + i % 26))
        for i, (key, name) in enumerate(carriers)
    }


@dataclass(frozen=True)
class DueClasses:
    """Classes of due days by whole months from the day shown (``months``: negative are past).

    A class holds the due days up to its bound, the last one all later ones.
    """

    months: tuple[int, ...]
    marks: tuple[Mark, ...]

    def of(self, due: Iterable[date], on: date) -> list[Mark]:
        bounds = np.array([on + relativedelta(months=n) for n in self.months], "datetime64[D]")
        days = np.array(list(due), "datetime64[D]")
        return [self.marks[i] for i in np.searchsorted(bounds, days, side="left")]


#: A residency whose due day is the day shown is over-stayed: it was to be left by then.
OVER_STAY = DueClasses(
    (-12, -3, 0),
    (
        Mark("over-12", _("over-stay of 12 months and more"), "#7f3b08", "超"),
        Mark("over-3", _("over-stay of 3 to 12 months"), "#e08214", "逾"),
        Mark("over-0", _("over-stay of less than 3 months"), "#fdb863", "到"),
        Mark("in-time", _("within its time"), RAMP[1], "在"),
    ),
)
MONTHS_TO_DUE = DueClasses(
    (0, 3, 6, 12, 24),
    (
        Mark("over", _("over-stay"), "#b35806", "超"),
        Mark("due-3", _("due within 3 months"), RAMP[4], "3"),
        Mark("due-6", _("due in 3 to 6 months"), RAMP[3], "6"),
        Mark("due-12", _("due in 6 to 12 months"), RAMP[2], "12"),
        Mark("due-24", _("due in 12 to 24 months"), RAMP[1], "24"),
        Mark("due-later", _("due in more than 24 months"), RAMP[0], "＞"),
    ),
)


@dataclass(frozen=True)
class CountClasses:
    """Five classes of a count on the ramp; ``breaks`` are the upper bounds of all but the last."""

    breaks: tuple[int, int, int, int]

    @property
    def marks(self) -> list[Mark]:
        lows = [0, *(bound + 1 for bound in self.breaks)]
        labels = [
            str(low) if low == high else f"{low} – {high}"
            for low, high in zip(lows, self.breaks, strict=False)
        ]
        labels.append(f"≥ {lows[-1]}")
        return [
            Mark(f"count-{low}", label, colour)
            for low, label, colour in zip(lows, labels, RAMP, strict=True)
        ]

    def of(self, counts) -> list[Mark]:
        marks = self.marks
        return [marks[i] for i in np.searchsorted(self.breaks, np.asarray(counts), side="left")]


FEW, SOME = CountClasses((0, 1, 2, 4)), CountClasses((0, 2, 5, 10))
