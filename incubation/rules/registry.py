"""Metrics: named functions with a unit, a definition and a source. Adding one is one place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from incubation.rules.units import QUOTIENTS, SCALES

SUBJECTS = ("carrier", "firm")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record behind a value; ``url_name`` and ``pk`` lead to it where it has a page."""

    label: str
    value: str
    day: date | None = None
    url_name: str = ""
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A fact that criteria may ask for.

    Attributes
    ----------
    function : world -> Column
        The value for all subjects of ``world`` at once.
    rows : (world, subject id) -> list of Evidence
        The records behind one value.
    part : str
        The unit a gap is told in: of a quotient that of its numerator ("firms", "m2", "yuan").
    part_scale : int
        How much of the numerator is one ``part``: per 1,000 m² a firm counts 100,000.
    base : str
        The unit of a quotient's denominator, counted in its own scale; empty of other values.
    """

    code: str
    subject: str
    unit: str
    label: str
    definition: str
    source: str
    function: Callable
    rows: Callable
    part: str
    part_scale: int
    base: str = ""

    @property
    def step(self) -> int:
        """How much the numerator grows by the smallest step there is: one firm, 0.01 m², one fen."""
        return self.part_scale // SCALES[self.part]


METRICS: dict[str, Metric] = {}


def no_rows(world, subject_id):
    return []


def metric(
    code, *, subject, unit, label, definition, source, rows=no_rows, part=None, part_scale=None,
    base="", registry=METRICS,
):  # fmt: skip
    """Decorate ``world -> Column`` and enter it under ``code``; the name becomes the Metric.

    A share or ratio names the ``part`` its numerator counts.
    """
    if code in registry:
        raise ValueError(f"Metric {code!r} is there already")
    if subject not in SUBJECTS or unit not in SCALES:
        raise ValueError(f"Metric {code!r}: subject {subject!r}, unit {unit!r}")
    if unit in QUOTIENTS and part is None:
        raise ValueError(f"Metric {code!r}: a {unit} says in which part its gap is told")
    part = part or unit
    part_scale = part_scale or SCALES[part]
    if part_scale % SCALES[part]:
        raise ValueError(f"Metric {code!r}: {part_scale} is not a whole number of steps")

    def enter(function):
        registry[code] = Metric(
            code, subject, unit, label, definition, source, function, rows, part, part_scale, base
        )
        return registry[code]

    return enter
