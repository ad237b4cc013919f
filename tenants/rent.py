"""What a lease costs, month by month. Pure: no database, no clock.

Rent is reckoned per line and calendar month and rounded once there, half up, to 0.01 yuan. A unit
priced by the month owes a part month by its days: days ÷ days of that month; one priced by the
day owes its days. Rent-free days owe no rent, the property fee runs on. A line costs from the day
it counts as let: its first day, or with an open start the handing over, at the latest
``start_by``.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from dateutil.relativedelta import relativedelta

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One line on ``[start, end)``; ``steps``: ``(day, rent)`` in the same unit of rent."""

    name: str
    start: date
    end: date
    area_m2: Decimal
    rent: Decimal
    rent_unit: str
    steps: tuple = ()
    fee_m2_month: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charge:
    """What one line owes for ``[start, end)``, days of one calendar month; yuan."""

    name: str
    start: date
    end: date
    rent: Decimal
    fee: Decimal

    @property
    def days(self):
        return (self.end - self.start).days

    @property
    def total(self):
        return self.rent + self.fee


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    charges: list

    @property
    def rent(self):
        return sum((one.rent for one in self.charges), Decimal(0))

    @property
    def fee(self):
        return sum((one.fee for one in self.charges), Decimal(0))

    @property
    def total(self):
        return self.rent + self.fee


def cents(value) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def months(start: date, end: date) -> Iterator[tuple[date, date]]:
    """``[start, end)`` cut at the first day of every month."""
    while start < end:
        following = start.replace(day=1) + timedelta(days=monthrange(start.year, start.month)[1])
        yield start, min(following, end)
        start = following


def charges(terms: Terms, rent_free=()) -> Iterator[Charge]:
    """The line's charges in order of months; ``rent_free``: disjoint ``(start, end)`` pairs."""
    for start, end in months(terms.start, terms.end):
        in_month = monthrange(start.year, start.month)[1]
        price = _rent_days(terms, start, end, rent_free)
        if terms.rent_unit != "month":
            price *= terms.area_m2
        if terms.rent_unit != "m2_day":
            price /= in_month
        fee = terms.area_m2 * terms.fee_m2_month * (end - start).days / in_month
        yield Charge(terms.name, start, end, cents(price), cents(fee))


def _rent_days(terms, start, end, rent_free) -> Decimal:
    """Σ rent × days over the pieces of ``[start, end)`` with one rent."""
    marks = [(terms.start, terms.rent), *sorted(terms.steps), (terms.end, None)]
    total = Decimal(0)
    for (first, rent), (following, _rent) in zip(marks, marks[1:], strict=False):
        first, following = max(first, start), min(following, end)
        if first < following:
            free = sum(_shared(first, following, a, b) for a, b in rent_free)
            total += rent * ((following - first).days - free)
    return total


def _shared(a, b, c, d) -> int:
    return max(0, (min(b, d) - max(a, c)).days)


def terms_of(lease) -> list[Terms]:
    """The terms of a lease's lines; those a signed lease no longer binds cost nothing."""
    begins = lease.handed_over_on or lease.start_by or lease.start
    found = []
    for line in lease.lines.all():
        start = max(line.start, begins)
        if start < line.end and (line.binding or not lease.signed_on):
            # Steps before the first charged day set the rent it starts with.
            steps = tuple((step.start, step.rent) for step in line.steps.all())
            past = [pair for pair in sorted(steps) if pair[0] <= start]
            found.append(Terms(
                name=line.unit.number, start=start, end=line.end, area_m2=line.area_m2,
                rent=past[-1][1] if past else line.rent, rent_unit=line.rent_unit,
                steps=tuple(pair for pair in sorted(steps) if start < pair[0] < line.end),
                fee_m2_month=lease.property_fee_m2_month,
            ))  # fmt: skip
    return found


def schedule(lease) -> list[Charge]:
    """Every charge of the lease, by month and then by line."""
    free = [(one.start, one.end) for one in lease.rent_free.all()]
    rows = [charge for terms in terms_of(lease) for charge in charges(terms, free)]
    return sorted(rows, key=lambda one: (one.start.year, one.start.month))


def by_year(rows) -> list[Year]:
    return [Year(year, list(some)) for year, some in groupby(rows, lambda one: one.start.year)]


def escalated(rent, start, end, *, every, percent) -> tuple:
    """Steps every ``every`` months before ``end``, each ``percent`` above the one before.

    Half up to 0.01 yuan; the rent before rounding carries on.
    """
    steps, factor, month = [], Decimal(1), every
    while (day := start + relativedelta(months=month)) < end:
        factor *= 1 + Decimal(percent) / 100
        steps.append((day, cents(rent * factor)))
        month += every
    return tuple(steps)


def monthly(rent, rent_unit, area_m2) -> Decimal:
    """A full month's rent, for deposits; a price by the day counts 365 ÷ 12 days."""
    if rent_unit == "month":
        return cents(rent)
    return cents(rent * area_m2 * (Decimal(365) / 12 if rent_unit == "m2_day" else 1))
