"""One fact about many subjects, as exact fractions."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from django.utils.translation import gettext

from incubation.rules.registry import METRICS

NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True, eq=False)
class Column:
    """A metric over the subjects of an index, in its order.

    Attributes
    ----------
    numerator, denominator : int64 arrays
        The value is their quotient: areas in 0.01 m² over 100, money in fen over 100, months in
        days of 1/31 over 31, counts over 1, quotients over what they are a quotient of. A
        denominator of 0 is an unknown value, never 0 %.
    known : bool array
        False: nothing is recorded that would give a value.
    complete : bool array
        False: records are missing, the value is the least it can be.
    earliest : datetime64[D] array, or a function of the threshold (Fraction) giving one
        The earliest day on which the value could reach the threshold; NaT where nobody knows.
    missing : function of a position
        Words for what is not recorded about the subject at that position.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    known: np.ndarray
    complete: np.ndarray
    earliest: np.ndarray | Callable[[Fraction], np.ndarray]
    missing: Callable[[int], str]

    @classmethod
    def of(
        cls, numerator, denominator=1, *, known=True, complete=True, earliest=NEVER, missing=None
    ):
        """A column of whole numbers; what is given once is true of every subject."""
        numerator = _whole(numerator)
        shape = numerator.shape
        if not callable(earliest):
            earliest = np.broadcast_to(np.asarray(earliest, "datetime64[D]"), shape)
        return cls(
            numerator=numerator,
            denominator=np.broadcast_to(_whole(denominator), shape),
            known=np.broadcast_to(np.asarray(known, bool), shape),
            complete=np.broadcast_to(np.asarray(complete, bool), shape),
            earliest=earliest,
            missing=missing or (lambda position: gettext("nothing recorded")),
        )

    def __len__(self):
        return len(self.numerator)

    @property
    def usable(self) -> np.ndarray:
        """Where there is a value at all."""
        return self.known & (self.denominator > 0)

    def value(self, position: int) -> Fraction | None:
        if not self.usable[position]:
            return None
        return Fraction(int(self.numerator[position]), int(self.denominator[position]))

    def distance(self, threshold: Fraction) -> np.ndarray:
        """``value − threshold`` times a positive number, in whole numbers: exact in its sign.

        int64 where the products fit, Python's integers where they do not.
        """
        numerator, denominator = self.numerator, self.denominator
        p, q = threshold.numerator, threshold.denominator
        if _greatest(numerator) * q + _greatest(denominator) * abs(p) >= 2**63:
            numerator, denominator = numerator.astype(object), denominator.astype(object)
        return numerator * q - denominator * p

    def earliest_for(self, threshold: Fraction) -> np.ndarray:
        return self.earliest(threshold) if callable(self.earliest) else self.earliest


class Columns(dict):
    """Columns by code of metric; each is worked out from ``world`` when first asked for."""

    def __init__(self, world, metrics=METRICS):
        super().__init__()
        self.world, self.metrics = world, metrics

    def __missing__(self, code):
        column = self[code] = self.metrics[code].function(self.world)
        return column


def _whole(values):
    """``values`` as int64; fractions of a counted part are refused, not rounded."""
    array = np.asarray(values)
    if array.dtype.kind not in "iub":
        raise TypeError(f"A column counts in whole numbers, not in {array.dtype}")
    return array.astype(np.int64)


def _greatest(array):
    """The greatest absolute value, as an integer of Python; 0 of an empty array."""
    return max(int(array.max()), -int(array.min())) if array.size else 0
