"""Occupancy over time in one sweep over the dated records."""

from datetime import date
from decimal import Decimal

import numpy as np
from dateutil.relativedelta import relativedelta
from django.db.models import F, Q

from parks.models import UnitClosure
from parks.periods import FAR_FUTURE
from parks.ratios import Ratio
from tenants.models import LeaseLine
from tenants.querysets import let_from

STEPS = {
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
    "week": relativedelta(weeks=1),
    "day": relativedelta(days=1),
}


def sample_days(start: date, end: date, step: str) -> list[date]:
    """``start``, ``start`` + step, … up to and including ``end``; months never drift."""
    days, count = [], 0
    while (day := start + STEPS[step] * count) <= end:
        days.append(day)
        count += 1
    return days


def occupancy_series(units, start, end, step="month", *, scope="") -> list[Ratio]:
    """``occupancy`` of ``units`` on each sample day, in three queries whatever the length.

    Every period of lettable or let area becomes one step up and one step down; a running sum over
    the sorted steps is read off at the sample days. Sums are whole square centimetre-hundreds
    (0.01 m²), so the result equals ``occupancy`` day by day. Source: domain notes §7.
    """
    days = sample_days(start, end, step)
    area = "gross_area_m2"
    existing = units.order_by().values_list("exists_from", "exists_to", area)
    closures = UnitClosure.objects.filter(unit__in=units.order_by().values("pk")).order_by()
    lines = (
        LeaseLine.objects.binding()
        .filter(unit__in=units.order_by().values("pk"))
        .order_by()
        .annotate(let_from=let_from("lease__"))
        .filter(Q(end__gt=F("let_from")))
    )
    lettable = [(a, b, c) for a, b, c in existing] + [
        (a, b, -c) for a, b, c in closures.values_list("start", "end", f"unit__{area}")
    ]
    let = list(lines.values_list("let_from", "end", f"unit__{area}"))
    denominators, numerators = _read_off(lettable, days), _read_off(let, days)
    return [
        Ratio("occupancy", n, d, "m²", day, scope)
        for day, n, d in zip(days, numerators, denominators, strict=True)
    ]


def _read_off(periods, days) -> list[Decimal]:
    """Σ area of the periods covering each day. ``periods``: ``(start, end or None, area)``."""
    if not periods:
        return [Decimal(0)] * len(days)
    starts, ends, areas = zip(*periods, strict=True)
    hundredths = np.array([int(area * 100) for area in areas], dtype=np.int64)
    at = np.array(
        [*(d.toordinal() for d in starts), *((d or FAR_FUTURE).toordinal() for d in ends)]
    )
    order = np.argsort(at, kind="stable")
    running = np.concatenate([[0], np.cumsum(np.concatenate([hundredths, -hundredths])[order])])
    position = np.searchsorted(at[order], [day.toordinal() for day in days], side="right")
    return [Decimal(int(value)) / 100 for value in running[position]]
