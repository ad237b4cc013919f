"""What became of graduates: one by one with their consent, else in sums of three or more."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from incubation.models import FollowUp, Residency
from incubation.rules.units import printed
from incubation.services.follow_ups import YEARS, due_on

#: Figures of firms without consent are added up when there are at least so many of them.
SMALLEST_GROUP = 3


def may_be_named(residency) -> bool:
    """The firm agreed to being reported on by itself and has not withdrawn that."""
    return residency.consent_on is not None


@dataclass
class Sum:
    """A sum over firms that hides small groups.

    ``firms``: how many are in it; ``left_out``: how many without consent are not, because they
    are fewer than three and could be told from the sum.
    """

    firms: int = 0
    left_out: int = 0
    total: Decimal = Decimal(0)
    counts: Counter = field(default_factory=Counter)

    @property
    def known(self):
        return bool(self.firms)


def summed(rows, value) -> Sum:
    """``value(follow-up)``: a number, or a word to be counted; None and "" are not known."""
    given = [(row, value(row)) for row in rows if value(row) not in (None, "")]
    open_ = [one for row, one in given if may_be_named(row.residency)]
    closed = [one for row, one in given if not may_be_named(row.residency)]
    hidden = 0 < len(closed) < SMALLEST_GROUP
    used = open_ if hidden else open_ + closed
    result = Sum(firms=len(used), left_out=len(closed) if hidden else 0)
    for one in used:
        if isinstance(one, str | bool):
            result.counts[one] += 1
        else:
            result.total += one
    return result


@dataclass(frozen=True)
class YearOfGraduates:
    """One year after graduation: whose year has come, who is recorded, and the sums."""

    year: int
    due: int
    recorded: int
    missing: int
    exists: Sum
    places: Sum
    jobs: Sum
    revenue: Sum

    @property
    def still_there(self):
        return self.exists.counts[True]

    @property
    def revenue_words(self):
        return printed(Fraction(self.revenue.total), "yuan")

    @property
    def place_counts(self):
        """``(place, firms)`` in the order of the places."""
        return [
            (place.label, self.places.counts[place])
            for place in FollowUp.Place
            if self.places.counts[place]
        ]


def years_of_graduates(residencies, *, on) -> list[YearOfGraduates]:
    """The sums of each of the five years over ``residencies`` (graduates); two queries."""
    keys = residencies.graduated_by(on).order_by().values("pk")
    graduates = list(Residency.objects.filter(pk__in=keys).only("left_on", "consent_on"))
    rows = FollowUp.objects.filter(residency__in=keys, recorded_on__lte=on)
    by_year, gone = {}, {}
    for row in rows.select_related("residency"):
        by_year.setdefault(row.year, []).append(row)
        if row.in_existence is False:
            gone[row.residency_id] = min(row.year, gone.get(row.residency_id, row.year))
    made = []
    for year in YEARS:
        known = by_year.get(year, [])
        have = {row.residency_id for row in known}
        asked = [one for one in graduates if due_on(one, year) <= on]
        missing = sum(one.pk not in have and gone.get(one.pk, year) >= year for one in asked)
        made.append(
            YearOfGraduates(
                year=year, due=len(asked), recorded=len(known), missing=missing,
                exists=summed(known, lambda row: row.in_existence),
                places=summed(known, lambda row: row.place),
                jobs=summed(known, lambda row: row.jobs),
                revenue=summed(known, lambda row: row.revenue),
            )
        )  # fmt: skip
    return made


@dataclass(frozen=True)
class Cell:
    """A graduate's year on the matrix: ``state`` is recorded, missing, coming or gone."""

    year: int
    state: str
    due_on: object
    follow_up: FollowUp | None = None
    shown: bool = False


def cells_of(residency, *, on) -> list[Cell]:
    """``residency`` with ``follow_ups`` prefetched."""
    known = {row.year: row for row in residency.follow_ups.all() if row.recorded_on <= on}
    gone = min((y for y, row in known.items() if row.in_existence is False), default=None)
    cells = []
    for year in YEARS:
        due = due_on(residency, year)
        row = known.get(year)
        if row is not None:
            state = "recorded"
        elif gone is not None and year > gone:
            state = "gone"
        else:
            state = "missing" if due <= on else "coming"
        cells.append(Cell(year, state, due, row, row is not None and may_be_named(residency)))
    return cells
