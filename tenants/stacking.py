"""The stacking plan as cells on lines of columns: pure layout and colours, no database.

A line has ``COLUMNS`` columns. A cell is as wide as its area at the scale of its building, where
the largest floor fills a line, and never narrower than ``NARROWEST``: a floor whose cells then
need more than a line goes on on the next. So a desk and 88,000 m² stand side by side, both legible.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.states import UnitState

COLUMNS = 96
#: Columns a letter and a short number need.
NARROWEST = 5
#: Bounds of the time left, in whole months; beyond the last one more class.
MONTHS_LEFT = (3, 6, 12, 24)
#: The shown year and this many after it have a colour of their own; later ones share the last.
YEARS_AHEAD = 4
#: Years of the table of what falls vacant, the shown one included; later ones are added up.
YEARS_SHOWN = 10
DAYS_A_YEAR = Decimal("365.25")
#: Marks of a split and a merge, as the states have letters.
CHANGE_LETTERS = {"split": "拆", "merge": "并"}


class Colouring(TextChoices):
    STATE = "state", gettext_lazy("state")
    YEAR = "year", gettext_lazy("year of expiry")
    MONTHS = "months", gettext_lazy("time to expiry")


@dataclass(slots=True)
class Cell:
    """A unit of the day. ``until``: first day no binding lease covers, None for one not let."""

    pk: int
    floor: int
    number: str
    area: Decimal
    state: str
    tenant: str = ""
    until: date | None = None
    mark: str = ""
    css: str = ""
    text: str = ""
    span: int = 0

    @property
    def last(self) -> date | None:
        return self.until and self.until - timedelta(days=1)

    @property
    def name_parts(self) -> tuple[str, str, str]:
        """The tenant's name as region, what tells it apart, and legal form."""
        return name_parts(self.tenant)


_NAME = re.compile(
    r"^((?:湖南省?|长沙市?|望城区?)*)(.{2,}?)((?:股份|责任)?有限(?:责任)?公司(?:[（(].*[)）])?)?$"
)


def name_parts(name: str) -> tuple[str, str, str]:
    """长沙湘芯智能科技有限公司 → (长沙, 湘芯智能科技, 有限公司): a narrow cell shows the middle."""
    found = _NAME.match(name)
    return (found[1], found[2], found[3] or "") if found else ("", name, "")


def in_order(cell):
    """Numbers as people count: 2-9 before 2-10."""
    words = re.split(r"(\d+)", cell.number)
    return [int(word) if word.isdecimal() else word for word in words], cell.pk


# --- widths -------------------------------------------------------------------------------------


def spans(areas, full) -> list[int]:
    """Columns of each of ``areas`` where ``full`` (of the largest floor) fills a line.

    Each at least ``NARROWEST`` and at most a line. What narrow ones gain, the wide ones of the
    floor give as long as they can, so a floor keeps its length.
    """
    widths = [float(area / full) * COLUMNS for area in areas]
    target = sum(widths)
    narrow = [width <= NARROWEST for width in widths]
    while True:
        wide = sum(w for w, small in zip(widths, narrow, strict=True) if not small)
        left = target - NARROWEST * sum(narrow)
        share = max(left, 0) / wide if wide else 0
        fresh = [
            small or width * share <= NARROWEST for width, small in zip(widths, narrow, strict=True)
        ]
        if fresh == narrow:
            break
        narrow = fresh
    exact = [
        NARROWEST if small else width * share for width, small in zip(widths, narrow, strict=True)
    ]
    return _rounded(exact)


def _rounded(exact) -> list[int]:
    """Whole numbers by the largest remainder: their sum is the rounded sum of ``exact``."""
    floors = [int(value + 1e-9) for value in exact]
    missing = round(sum(exact)) - sum(floors)
    order = sorted(range(len(exact)), key=lambda i: floors[i] - exact[i])
    for i in order[: max(missing, 0)]:
        floors[i] += 1
    return floors


def lines(cells, full) -> list[list[Cell]]:
    """``cells`` with their ``span``, in order, on as few lines as that takes."""
    result, room = [], 0
    for cell, span in zip(cells, spans([cell.area for cell in cells], full), strict=True):
        cell.span = min(span, COLUMNS)
        if cell.span > room:
            result.append([])
            room = COLUMNS
        result[-1].append(cell)
        room -= cell.span
    return result


# --- colours and letters ------------------------------------------------------------------------


def months_between(on: date, until: date) -> int:
    """Whole months from ``on`` to ``until``; the day itself decides the last one."""
    return (until.year - on.year) * 12 + until.month - on.month - (until.day < on.day)


def colour(cell, by, on):
    """Set class and text of ``cell``: the state's, or those of the day its letting ends.

    What is not let keeps the letter of its state on a pale ground in the colourings by expiry.
    """
    state = UnitState(cell.state)
    if by == Colouring.STATE:
        cell.css, cell.text = state.value, state.letter
    elif cell.until is None:
        cell.css, cell.text = "none", state.letter
    elif by == Colouring.YEAR:
        cell.css, cell.text = _year_class(cell.last.year, on), str(cell.last.year)
    else:
        months = months_between(on, cell.until)
        cell.css, cell.text = _months_class(months), _("%(n)s mo") % {"n": months}


def _year_class(year, on):
    return f"r{min(year - on.year, YEARS_AHEAD + 1)}"


def _months_class(months):
    return f"r{sum(months >= bound for bound in MONTHS_LEFT)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend with what stands in that colour."""

    css: str
    letter: str
    label: str
    count: int
    area: Decimal


def legend(cells, by, on) -> list[Entry]:
    """Every class of the colouring in its order, with count and m² of coloured ``cells``."""
    count, area = defaultdict(int), defaultdict(Decimal)
    for cell in cells:
        count[cell.css] += 1
        area[cell.css] += cell.area
    return [
        Entry(css, letter, label, count[css], area[css]) for css, letter, label in _classes(by, on)
    ]


def _classes(by, on):
    if by == Colouring.STATE:
        return [(state.value, state.letter, str(state.label)) for state in UnitState]
    if by == Colouring.YEAR:
        years = [on.year + i for i in range(YEARS_AHEAD + 1)]
        known = [(_year_class(year, on), str(year), str(year)) for year in years]
        later = _("%(year)s and later") % {"year": years[-1] + 1}
        known.append((f"r{YEARS_AHEAD + 1}", f"{years[-1] + 1}+", later))
    else:
        bounds = (0, *MONTHS_LEFT)
        known = [
            (f"r{i}", f"<{end}", _("%(start)s to under %(end)s months") % {"start": start, "end": end})
            for i, (start, end) in enumerate(zip(bounds, MONTHS_LEFT, strict=False))
        ]  # fmt: skip
        last = MONTHS_LEFT[-1]
        known.append((f"r{len(MONTHS_LEFT)}", f"{last}+", _("%(start)s months and more") % {"start": last}))  # fmt: skip
    return [*known, ("none", "", _("not let"))]


# --- what ends when -----------------------------------------------------------------------------


def let_until(lines, on) -> date | None:
    """First day after ``on`` that the chain of ``lines`` (``(start, end)``) leaves uncovered.

    None when nothing covers ``on``. A line that follows without a gap carries on.
    """
    until = None
    for start, end in sorted(lines):
        if until is None and start <= on < end or until is not None and start <= until < end:
            until = end
    return until


def walt(cells, on) -> Decimal | None:
    """Σ (m² let × days to the end of the letting) ÷ Σ m² let, in years; None when nothing is let."""
    let = [cell for cell in cells if cell.state == UnitState.LET and cell.until]
    area = sum((cell.area for cell in let), Decimal(0))
    if not area:
        return None
    return sum(cell.area * (cell.until - on).days for cell in let) / area / DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class Year:
    """``area`` m² in ``count`` units are let for the last time in ``label``; ``share`` of the largest."""

    label: str
    area: Decimal
    count: int
    share: float = 0


def falling_vacant(cells, on) -> list[Year]:
    """What falls vacant, by the year of the last let day; [] when nothing is let."""
    area, count = defaultdict(Decimal), defaultdict(int)
    last = on.year + YEARS_SHOWN
    for cell in cells:
        if cell.until:
            year = min(cell.last.year, last)
            area[year] += cell.area
            count[year] += 1
    if not count:
        return []
    most = max(area.values())
    return [
        Year(
            _("%(year)s and later") % {"year": year} if year == last else str(year),
            area[year], count[year], float(area[year] / most),
        )
        for year in range(on.year, max(count) + 1)
    ]  # fmt: skip
