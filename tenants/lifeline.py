"""The life of a unit as bars on a line of time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from parks.states import UnitState
from tenants.selectors.state import CLOSED_STATES

#: Width of the drawing; its page scrolls when the screen is narrower.
WIDTH = 1000
#: What is shown after the day of a unit without an end.
AHEAD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Bar:
    """A period in one state: ``x`` and ``width`` in the drawing, ``label`` in words."""

    x: float
    width: float
    state: str
    label: str


@dataclass(frozen=True, slots=True)
class Life:
    bars: list
    years: list
    now: float | None
    width: int = WIDTH


def lifeline(unit, *, lines, holds, closures, on) -> Life:
    """The binding lines, standing holds and closures of ``unit`` from its first day on.

    It ends with the unit, or a year after ``on`` or after the last period. Rows need ``start``
    and ``end``; lines their ``lease`` with its ``tenant``.
    """
    spans = [
        (line, UnitState.SIGNED if line.start > on else UnitState.LET, line.lease.tenant.name)
        for line in lines if line.binding
    ]  # fmt: skip
    spans += [
        (hold, UnitState.HELD, hold.tenant.name if hold.tenant else hold.applicant)
        for hold in holds if hold.binding
    ]  # fmt: skip
    spans += [(one, CLOSED_STATES[one.reason], one.get_reason_display()) for one in closures]
    first = unit.exists_from
    ends = [span.end for span, _state, _name in spans if span.end]
    last = unit.exists_to or max([on, *ends]) + AHEAD

    def at(day):
        share = (min(max(day, first), last) - first) / (last - first)
        return round(share * WIDTH, 1)

    bars = []
    for span, state, name in spans:
        x, right = at(span.start), at(span.end or last)
        until = span.end - timedelta(days=1) if span.end else "…"
        label = _("%(state)s %(start)s – %(end)s: %(name)s") % {
            "state": state.label, "start": span.start, "end": until, "name": name,
        }  # fmt: skip
        bars.append(Bar(x, max(right - x, 1), state.value, label))
    years = [(at(date(year, 1, 1)), year) for year in range(first.year + 1, last.year + 1)]
    return Life(bars, years, at(on) if first <= on < last else None)
