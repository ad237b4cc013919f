"""Months to the day and the years of figures, for arrays of days."""

from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np

#: A month counts 31 parts, so that "24 months and a day" is more than 24 months, exactly.
PARTS = 31
#: Month and day by which the figures of the year before are due.
DUE = (3, 31)


def months_between(first, last):
    """Whole months from ``first`` to ``last`` and the days beyond, in 1/31 months.

    A 31st counts as the last day of a shorter month: 2021-02-28 to 2025-02-28 is 48 months.
    """
    whole = _month(last) - _month(first)
    whole = np.where(add_months(first, whole) > last, whole - 1, whole)
    beyond = (last - add_months(first, whole)).astype(np.int64)
    return whole * PARTS + beyond


def add_months(days, months):
    """``days`` + ``months``, on the last day of a month that is too short."""
    within = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    month = days.astype("datetime64[M]") + months
    begin = month.astype("datetime64[D]")
    length = ((month + 1).astype("datetime64[D]") - begin).astype(np.int64)
    return begin + np.minimum(within, length - 1)


def after_months(days, months: Fraction):
    """The first day on which ``months_between(days, day)`` reaches ``months``."""
    whole = floor(months)
    return add_months(days, whole) + ceil((months - whole) * PARTS)


def _month(days):
    return days.astype("datetime64[M]").astype(np.int64)


def due_day(year: int) -> date:
    """By this day the figures of ``year`` are due."""
    return date(year + 1, *DUE)


def due_year(on: date) -> int:
    """The last year whose figures are due by ``on``: until 31 March that of the year before last."""
    return on.year - 1 if on >= due_day(on.year - 1) else on.year - 2


def usable_years(on: date) -> list[int]:
    """Years whose figures tell of ``on``, the newest first: a year that is over, none overdue."""
    return list(range(on.year - 1, due_year(on) - 1, -1))


def a_year_before(on: date) -> date:
    """The day after which the twelve months up to ``on`` begin."""
    return add_months(np.array([on], "datetime64[D]"), -12)[0].item()
