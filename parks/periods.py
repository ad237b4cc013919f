"""Whole-day periods ``[start, end)`` and the queries every dated record shares."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

FAR_FUTURE = date.max


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days ``[start, end)``; ``end=None`` is open-ended."""

    start: date
    end: date | None = None

    def __post_init__(self):
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a period needs at least one day: [{self.start}, {self.end})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def __str__(self):
        """As people read it: both days included."""
        if self.end is None:
            return _("from %(start)s on") % {"start": self.start}
        last = date.fromordinal(self.end.toordinal() - 1)
        return f"{self.start} – {last}"

    def overlaps(self, other: "Period") -> bool:
        return self.start < (other.end or FAR_FUTURE) and other.start < (self.end or FAR_FUTURE)

    def within(self, other: "Period") -> bool:
        """True when every day of this period is a day of ``other``."""
        return other.start <= self.start and (self.end or FAR_FUTURE) <= (other.end or FAR_FUTURE)


def active_q(on, *, start="start", end="end") -> Q:
    """Condition: the record's ``[start, end)`` covers day ``on``."""
    return Q(**{f"{start}__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on}))


def overlap_q(period: Period, *, start="start", end="end") -> Q:
    """Condition: the record's ``[start, end)`` shares at least one day with ``period``."""
    condition = Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": period.start})
    if period.end is not None:
        condition &= Q(**{f"{start}__lt": period.end})
    return condition


class PeriodQuerySet(models.QuerySet):
    """For any model with ``start``/``end`` dates meaning ``[start, end)``."""

    def active_on(self, on):
        return self.filter(active_q(on))

    def overlapping(self, period: Period):
        return self.filter(overlap_q(period))


def period_check(name, *, start="start", end="end"):
    """The database refuses a period without a day."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": models.F(start)}),
        violation_error_code="period_order",
    )
