"""Records as columns: arrays of one length, exact and ready to be counted.

Days are ``datetime64[D]`` (NaT: none), money counts in fen, areas in 0.01 m², numbers in int64 with
``NONE`` for what is not recorded, choices are texts.
"""

from dataclasses import dataclass

import numpy as np
from django.db.models import BigIntegerField, F, TextField
from django.db.models.functions import Cast, Round

#: A number that is not recorded.
NONE = np.iinfo(np.int64).min
#: The day no open period reaches.
FAR = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as a path or an expression."""

    source: object

    @property
    def expression(self):
        return Cast(self.source, TextField())

    @staticmethod
    def array(values):
        return np.array(values, dtype="datetime64[D]")


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or yes/no; nullable."""

    source: object

    @property
    def expression(self):
        return F(self.source) if isinstance(self.source, str) else self.source

    @staticmethod
    def array(values):
        return np.array([NONE if value is None else value for value in values], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Hundredths(Number):
    """A decimal of two places, counted in hundredths: no fraction is left to round."""

    @property
    def expression(self):
        return Cast(Round(F(self.source) * 100), BigIntegerField())


@dataclass(frozen=True, slots=True)
class Text(Number):
    @staticmethod
    def array(values):
        return np.array(values, dtype=str)


@dataclass(frozen=True, slots=True)
class Name(Text):
    """A long text, kept as it is."""

    @staticmethod
    def array(values):
        return np.array(values, dtype=object)


class Frame:
    """Records of ``model`` as columns: ``frame.start`` is an array, ``frame[mask]`` those of a mask."""

    def __init__(self, columns, model=None):
        self.columns, self.model = columns, model

    def __getattr__(self, name):
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, mask):
        return Frame({name: values[mask] for name, values in self.columns.items()}, self.model)

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def with_(self, **columns):
        return Frame(self.columns | columns, self.model)

    def covering(self, day, *, start="start", end="end"):
        """Mask of the records whose ``[start, end)`` covers ``day``."""
        return (self.columns[start] <= day) & (ends(self.columns[end]) > day)


def read(rows, **kinds) -> Frame:
    """The records of queryset ``rows`` in one query: ``column=Day("start")`` and so on."""
    names = [f"column_{name}" for name in kinds]
    expressions = dict(zip(names, (kind.expression for kind in kinds.values()), strict=True))
    found = list(rows.order_by().annotate(**expressions).values_list(*names))
    columns = zip(*found, strict=True) if found else ([] for _ in kinds)
    return Frame(
        {
            name: kind.array(list(values))
            for (name, kind), values in zip(kinds.items(), columns, strict=True)
        },
        rows.model,
    )


def ends(days):
    """Last days not covered, an open end as far away as can be."""
    return np.where(np.isnat(days), FAR, days)


def tally(at, size, amount=None):
    """Σ ``amount`` (else the count) of the records at each of ``size`` positions, exactly."""
    if amount is None:
        return np.bincount(at, minlength=size).astype(np.int64)
    total = np.zeros(size, np.int64)
    np.add.at(total, at, amount)
    return total


def first_day(at, days, size):
    """The earliest of ``days`` at each position, NaT where there is none."""
    first = np.full(size, FAR)
    np.minimum.at(first, at, days)
    return np.where(first == FAR, np.datetime64("NaT", "D"), first)
