"""In which periods a residency counts, where a question is about many days and not about one.

The same meaning as ``ResidencyQuerySet.incubated_on``, told as periods.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from parks.periods import FAR_FUTURE, Period


@dataclass(frozen=True, slots=True)
class Spell:
    """Open and not yet due on ``[start, end)``; ``firm``: as a firm, else as a team."""

    start: date
    end: date
    firm: bool


def spells_of(residency, extensions) -> list[Spell]:
    """``extensions`` of the residency in any order; ``residency.tenant`` is read."""
    close = residency.left_on or FAR_FUTURE
    decided = sorted(extensions, key=lambda one: (one.decided_on, one.pk))
    found, since, due = [], residency.entered_on, residency.due_on
    for one in decided:
        found.append((since, min(one.decided_on, due, close)))
        since, due = max(since, one.decided_on), one.due_on
    found.append((since, min(due, close)))
    return [
        spell for start, end in _joined(found)
        for spell in _by_kind(residency.tenant, start, end)
    ]  # fmt: skip


def _joined(periods):
    """Without the empty ones; those that touch become one."""
    joined = []
    for start, end in periods:
        if end <= start:
            continue
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _by_kind(tenant, start, end):
    """A firm counts as one from the day it was founded, before that as a team."""
    if tenant.kind != tenant.Kind.FIRM:
        return [Spell(start, end, firm=False)]
    founded = tenant.founded_on or start
    if founded <= start:
        return [Spell(start, end, firm=True)]
    if founded >= end:
        return [Spell(start, end, firm=False)]
    return [Spell(start, founded, firm=False), Spell(founded, end, firm=True)]


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after that of ``day``."""
    return first_of_month(first_of_month(day) + timedelta(days=31))


def months_between(first: date, last: date) -> list[Period]:
    """Every calendar month from that of ``first`` to that of ``last``."""
    months, start = [], first_of_month(first)
    while start <= last:
        months.append(Period(start, next_month(start)))
        start = next_month(start)
    return months
