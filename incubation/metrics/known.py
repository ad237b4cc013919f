"""What is known of each tenant on a day.

A table in which nothing at all stands about a tenant says nothing; it counts as empty once the
tenant was asked: another record of that table is there by the day, or its figures of the last year
that is due are confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import numpy as np
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incubation.metrics.calendar import due_day, due_year, usable_years
from incubation.metrics.frames import NONE, Frame, ends, first_day, tally
from incubation.metrics.records import TenantRecords
from incubation.rules.columns import NEVER
from tenants.models import CorporateEvent, Funding, IntellectualProperty, Qualification

EQUITY = (Funding.Kind.ANGEL, Funding.Kind.VENTURE, Funding.Kind.EQUITY)
VENTURE = (Funding.Kind.ANGEL, Funding.Kind.VENTURE)
FINANCING = (*EQUITY, Funding.Kind.LOAN)
OWN = (CorporateEvent.Kind.MERGED, CorporateEvent.Kind.ACQUIRED, CorporateEvent.Kind.LISTED)
PATENTS = (
    IntellectualProperty.Kind.INVENTION, IntellectualProperty.Kind.UTILITY,
    IntellectualProperty.Kind.DESIGN,
)  # fmt: skip
#: 131号: revenue or R&D spending grew by more than a fifth.
GROWTH = 5


@dataclass(frozen=True, eq=False)
class Fact:
    """A value for each tenant, in the order of ``TenantRecords.ids``.

    ``behind`` are the records that made the values; ``earliest`` and ``missing`` as in ``Column``.
    """

    value: np.ndarray
    known: np.ndarray
    missing: Callable[[int], str]
    behind: Frame
    denominator: np.ndarray | int = 1
    complete: np.ndarray | bool = True
    earliest: np.ndarray | Callable = NEVER

    @property
    def yes(self):
        return self.known & (self.value > 0)


class TenantsOn:
    """Facts about the tenants of ``records`` as of day ``on``."""

    def __init__(self, records: TenantRecords, on: date):
        self.records, self.on, self.day = records, on, np.datetime64(on, "D")

    def __len__(self):
        return len(self.records)

    @cached_property
    def confirmed(self) -> Frame:
        """Figures of years that are over, confirmed by the day."""
        figures = self.records.figures
        return figures[(figures.confirmed <= self.day) & (figures.year < self.on.year)]

    @cached_property
    def figures_asked(self):
        figures = self.confirmed
        return self._any(figures[figures.year >= due_year(self.on)])

    def held(self, kind) -> Fact:
        """Whether the tenant holds the qualification ``kind``."""
        table = self.records.qualifications
        behind = table[(table.kind == kind) & table.covering(self.day)]
        label = Qualification.Kind(kind).label
        later = table[(table.kind == kind) & (table.start > self.day)]
        return self._yes_or_no(
            behind, table[table.start <= self.day], what=label,
            earliest=first_day(later.at, later.start, len(self)),
        )  # fmt: skip

    @cached_property
    def merged_or_listed(self) -> Fact:
        table = self.records.events
        ours = np.isin(table.kind, OWN)
        later = table[ours & (table.on > self.day)]
        return self._yes_or_no(
            table[ours & (table.on <= self.day)], table[table.on <= self.day],
            what=_("merger or listing"),
            earliest=first_day(later.at, later.on, len(self)),
        )  # fmt: skip

    @cached_property
    def venture_total(self) -> Fact:
        """Angel and venture money up to the day, in fen."""
        table = self.records.fundings
        ours = np.isin(table.kind, VENTURE)
        behind = table[ours & (table.on <= self.day)]
        total = tally(behind.at, len(self), behind.amount)
        known = (total > 0) | self._asked(table[table.on <= self.day])
        return Fact(
            total, known, self._nothing(_("funding")), behind,
            earliest=partial(self._money_by, table[ours & (table.on > self.day)], total),
        )  # fmt: skip

    def _money_by(self, later, total, threshold):
        """The day on which money already recorded for later days brings the total to the line."""
        run = np.cumsum(later.amount)
        before = np.concatenate([[0], run])[np.searchsorted(later.at, later.at)]
        reached = (run - before + total[later.at]) * threshold.denominator >= (
            threshold.numerator * 100
        )
        return first_day(later.at[reached], later.on[reached], len(self))

    def financed(self, kinds=FINANCING, source="", since=None) -> Fact:
        """Whether money of one of ``kinds`` came by the day, after ``since`` if given."""
        table = self.records.fundings
        past = table.on <= self.day
        ours = past & np.isin(table.kind, kinds)
        if source:
            ours &= table.source == source
        if since:
            ours &= table.on > np.datetime64(since, "D")
        return self._yes_or_no(table[ours], table[past], what=_("funding"))

    @cached_property
    def patent_applicant(self) -> Fact:
        """Whether it applied for a patent by the day.

        Figures that count applications say nothing of patents where no right stands by name.
        """
        table = self.records.rights
        past = (table.applied <= self.day) | (table.granted <= self.day)
        fact = self._yes_or_no(
            table[past & np.isin(table.kind, PATENTS)], table[past], what=_("patent")
        )
        counted = self._any(self.confirmed[self.confirmed.ip_applied > 0])
        return Fact(
            fact.value, fact.known & (fact.yes | self._any(table[past]) | ~counted), fact.missing,
            fact.behind,
        )  # fmt: skip

    @cached_property
    def ip_held(self) -> Fact:
        """Valid rights on the day; where none was ever recorded, as the newest figures count them."""
        table = self.records.rights
        valid = table[(table.granted <= self.day) & (ends(table.end) > self.day)]
        later = table[table.granted > self.day]
        by_name = self._any(table[(table.granted <= self.day) | (table.applied <= self.day)])
        counted = self.newest("ip_held")
        value = np.where(by_name, tally(valid.at, len(self)), np.maximum(counted, 0))
        return Fact(
            value, by_name | (counted != NONE), self._nothing(_("intellectual property")),
            valid, earliest=first_day(later.at, later.granted, len(self)),
        )  # fmt: skip

    @cached_property
    def ip_holder(self) -> Fact:
        held = self.ip_held
        return Fact(np.minimum(held.value, 1), held.known, held.missing, held.behind)

    def figure(self, name, year):
        """The confirmed figure of a year, ``NONE`` where there is none."""
        figures = self.confirmed[self.confirmed.year == year]
        values = np.full(len(self), NONE)
        values[figures.at] = getattr(figures, name)
        return values

    def newest(self, name):
        """The figure of the newest usable year that has it."""
        values = np.full(len(self), NONE)
        for year in usable_years(self.on):
            values = np.where(values == NONE, self.figure(name, year), values)
        return values

    def growth(self, name) -> Fact:
        """Increase over the year before, of the newest usable year that has both figures."""
        value = np.full(len(self), NONE)
        before = np.zeros(len(self), np.int64)
        for year in usable_years(self.on):
            now, then = self.figure(name, year), self.figure(name, year - 1)
            fits = (value == NONE) & (now != NONE) & (then != NONE) & (then > 0)
            value[fits], before[fits] = (now - then)[fits], then[fits]
        known = value != NONE
        figures = self.confirmed
        newest = figures[figures.year >= due_year(self.on) - 1]
        return Fact(
            np.where(known, value, 0), known, self._no_figures, newest,
            denominator=np.where(known, before, 1),
            earliest=np.datetime64(due_day(due_year(self.on) + 1), "D"),
        )  # fmt: skip

    @cached_property
    def growing(self) -> Fact:
        """Whether revenue or R&D spending grew by more than 20 %."""
        revenue, rd = self.growth("revenue"), self.growth("rd")
        grew = [fact.known & (fact.value * GROWTH > fact.denominator) for fact in (revenue, rd)]
        either = grew[0] | grew[1]
        return Fact(
            either.astype(np.int64), either | (revenue.known & rd.known), self._no_figures,
            revenue.behind,
        )  # fmt: skip

    @cached_property
    def best_two_years(self) -> Fact:
        """The greatest revenue of two consecutive years together, in fen.

        Complete when every year since the one of entry whose figures are due is confirmed.
        """
        figures = self.confirmed[self.confirmed.revenue != NONE]
        at, year, revenue = figures.at, figures.year, figures.revenue
        pair = (at[1:] == at[:-1]) & (year[1:] == year[:-1] + 1)
        best = np.full(len(self), NONE)
        np.maximum.at(best, at[1:][pair], (revenue[1:] + revenue[:-1])[pair])
        last = due_year(self.on)
        entered = self.entry_year
        due = np.maximum(last - entered + 1, 0)
        kept = tally(at[(year >= entered[at]) & (year <= last)], len(self))
        founded = self.records.tenants.founded
        too_young = ~np.isnat(founded) & (_year(founded) >= last)
        complete = kept >= due
        known = (best != NONE) | too_young
        soon = complete | (due < 2)
        return Fact(
            np.where(best == NONE, 0, best), known, partial(self._years_missing, entered), figures,
            complete=complete | too_young,
            earliest=np.where(soon, np.datetime64(due_day(last + 1), "D"), NEVER),
        )  # fmt: skip

    @cached_property
    def entry_year(self):
        """The year of the tenant's first residency, that of the day where there is none."""
        found = self.records.residencies
        first = first_day(found.at, found.entered, len(self))
        return np.where(np.isnat(first), self.on.year, _year(first))

    @cached_property
    def graduated_from_incubator(self) -> Fact:
        found = self.records.residencies
        ours = (found.outcome == "graduated") & (found.stage == "incubator")
        behind = found[ours & (found.left <= self.day)]
        later = found[ours & (found.left > self.day)]
        return Fact(
            self._any(behind).astype(np.int64), np.full(len(self), True), lambda position: "",
            behind, earliest=first_day(later.at, later.left, len(self)),
        )  # fmt: skip

    def _yes_or_no(self, behind, table, *, what, earliest=NEVER):
        yes = self._any(behind)
        return Fact(
            yes.astype(np.int64), yes | self._asked(table), self._nothing(what), behind,
            earliest=earliest,
        )  # fmt: skip

    def _any(self, table):
        return tally(table.at, len(self)) > 0

    def _asked(self, table):
        return self.figures_asked | self._any(table)

    def _nothing(self, what):
        def words(position):
            return gettext("nothing recorded: %(what)s; figures of %(year)s not confirmed") % {
                "what": what, "year": due_year(self.on),
            }  # fmt: skip

        return words

    def _no_figures(self, position):
        year = due_year(self.on)
        return gettext("figures of %(before)s and %(year)s not both confirmed") % {
            "before": year - 1, "year": year,
        }  # fmt: skip

    def _years_missing(self, entered, position):
        figures = self.confirmed
        mine = figures[(figures.at == position) & (figures.revenue != NONE)]
        wanted = range(int(entered[position]), due_year(self.on) + 1)
        lacking = [str(year) for year in wanted if year not in set(mine.year.tolist())]
        if not lacking:
            return gettext("two years' revenue; that of %(year)s is due by %(day)s") % {
                "year": due_year(self.on) + 1, "day": due_day(due_year(self.on) + 1),
            }  # fmt: skip
        return gettext("revenue of %(years)s not confirmed") % {"years": ", ".join(lacking)}


def _year(days):
    return days.astype("datetime64[Y]").astype(np.int64) + 1970
