"""Carriers as of a day: their space, their incubated firms, their figures."""

from fractions import Fraction
from functools import cached_property, partial

import numpy as np
import pandas as pd
from django.utils.translation import gettext, ngettext

from incubation.metrics.calendar import (
    a_year_before,
    after_months,
    due_day,
    due_year,
    usable_years,
)
from incubation.metrics.evidence import evidence_of
from incubation.metrics.frames import FAR, NONE, Frame, ends, first_day, tally
from incubation.metrics.known import Fact, TenantsOn
from incubation.models import CarrierSpace, CarrierYear
from incubation.rules import Column, Evidence
from incubation.rules.columns import NEVER
from incubation.rules.units import SCALES, printed

TENANTS = CarrierSpace.Purpose.TENANTS
SERVICE = CarrierSpace.Purpose.PUBLIC_SERVICE
#: So many names stand in a sentence about what is missing.
NAMES = 3


class CarriersOn:
    """Facts about the carriers of ``facts`` (a gathering) as of day ``on``, in their order."""

    def __init__(self, facts, on):
        self.facts, self.on, self.day = facts, on, np.datetime64(on, "D")
        self.index = pd.Index(facts.carriers.id)
        self.tenants = TenantsOn(facts.records, on)
        #: Records read for evidence, by table and key.
        self.kept = {}
        self.since = np.datetime64(a_year_before(on), "D")

    def __len__(self):
        return len(self.index)

    def position(self, carrier_id):
        return self.index.get_loc(carrier_id)

    # Firms

    @cached_property
    def incubated(self) -> Frame:
        found = self.facts.incubated
        return found[found.on == self.day]

    @cached_property
    def firms(self):
        return tally(self.incubated.at, len(self))

    def share_of_firms(self, fact: Fact) -> Column:
        """Firms of which ``fact`` is so ÷ incubated firms; the least, while some are unknown."""
        firms = self.incubated
        unknown = firms[~fact.known[firms.tenant_at]]
        return Column.of(
            tally(firms.at[fact.yes[firms.tenant_at]], len(self)), self.firms,
            complete=tally(unknown.at, len(self)) == 0,
            missing=partial(self._names, unknown, fact),
        )  # fmt: skip

    def rows_of_firms(self, fact: Fact, carrier_id):
        """Each incubated firm with whether ``fact`` is so."""
        mine = self.incubated[self.incubated.at == self.position(carrier_id)]
        words = [gettext("no"), gettext("yes"), gettext("unknown")]
        rows = [
            (2 if not fact.known[at] else int(fact.yes[at]), str(self._name(at)), int(tenant))
            for at, tenant in zip(mine.tenant_at, mine.tenant, strict=True)
        ]
        order = (1, 2, 0)
        return [
            Evidence(name, words[so], None, "tenants:tenant-detail", tenant)
            for so, name, tenant in sorted(rows, key=lambda row: (order.index(row[0]), row[1]))
        ]

    def _name(self, at):
        return self.facts.records.tenants.name[at]

    def _names(self, unknown, fact, position):
        """Which firms are not known, and why."""
        mine = unknown.tenant_at[unknown.at == position]
        if not len(mine):
            return gettext("nothing recorded")
        names = [str(self._name(at)) for at in mine[:NAMES]]
        count = ngettext("%(n)s firm", "%(n)s firms", len(mine)) % {"n": len(mine)}
        listed = gettext(", ").join(names) + (" …" if len(mine) > NAMES else "")
        return gettext("%(count)s unknown (%(names)s): %(why)s") % {
            "count": count, "names": listed, "why": fact.missing(mine[0]),
        }  # fmt: skip

    # Residents of the twelve months up to the day

    @cached_property
    def residents(self) -> Frame:
        """Residencies open on a day of the twelve months up to the day."""
        found = self.facts.residencies
        last = ends(found.left) - np.timedelta64(1, "D")
        return found[(found.entered <= self.day) & (last > self.since)]

    def tenants_of(self, residencies):
        """How many different tenants each carrier has among ``residencies``."""
        pairs = np.unique(np.stack([residencies.at, residencies.tenant_at]), axis=1)
        return tally(pairs[0].astype(np.int64), len(self))

    # Space

    @cached_property
    def spaces(self) -> Frame:
        """Space of the day: assigned, its unit there and not sold."""
        found = self.facts.spaces
        there = found.covering(self.day) & found.covering(self.day, start="begins", end="ends")
        sales = self.facts.sales
        sold = sales.unit[sales.covering(self.day)]
        return found[there & ~np.isin(found.unit, sold)]

    def area(self, *purposes):
        """Σ gross area in 0.01 m², of all space or of that for ``purposes``."""
        spaces = self.spaces
        if purposes:
            spaces = spaces[np.isin(spaces.purpose, purposes)]
        return tally(spaces.at, len(self), spaces.area)

    @cached_property
    def used(self) -> Frame:
        """Lines let on the day, in space for tenants, to a firm the same carrier incubates."""
        spaces = self.spaces[self.spaces.purpose == TENANTS]
        spaces = spaces[np.argsort(spaces.unit)]
        lines = self.facts.lines
        lines = lines[lines.covering(self.day)]
        if not len(spaces) or not len(lines):
            return lines[:0].with_(at=np.zeros(0, np.int64))
        place = np.searchsorted(spaces.unit, lines.unit).clip(max=len(spaces) - 1)
        inside = spaces.unit[place] == lines.unit
        lines = lines.with_(at=spaces.at[place])[inside]
        lines = lines.with_(tenant_at=self.facts.records.position(lines.tenant))
        firms, width = self.incubated, max(len(self.tenants), 1)
        ours = np.isin(
            lines.at * width + lines.tenant_at, firms.at * width + firms.tenant_at
        )  # fmt: skip
        return lines[ours]

    def area_by(self, threshold):
        """The day on which space already assigned for later days brings the area to the line."""
        found = self.facts.spaces
        begin = np.maximum(found.start, found.begins)
        end = np.minimum(ends(found.end), ends(found.ends))
        real = begin < end
        at = np.concatenate([found.at[real], found.at[real]])
        days = np.concatenate([begin[real], end[real]])
        step = np.concatenate([found.area[real], -found.area[real]])
        later = (days > self.day) & (days < FAR)
        order = np.lexsort((days[later], at[later]))
        at, days, step = at[later][order], days[later][order], step[later][order]
        run = np.cumsum(step)
        before = np.concatenate([[0], run])[np.searchsorted(at, at)]
        total = self.area()[at] + run - before
        whole_day = np.append((at[1:] != at[:-1]) | (days[1:] != days[:-1]), True)[: len(at)]
        reached = whole_day & (total * threshold.denominator >= threshold.numerator * 100)
        return first_day(at[reached], days[reached], len(self))

    # Figures of years

    @cached_property
    def figures(self) -> Frame:
        """Figures of years that are over."""
        found = self.facts.years
        return found[found.year < self.on.year]

    def figure(self, name, year):
        mine = self.figures[self.figures.year == year]
        values = np.full(len(self), NONE)
        values[mine.at] = getattr(mine, name)
        return values

    def newest(self, *names):
        """The figures of the newest usable year that has all of ``names``, and that year.

        ``NONE`` and the last year due where no usable year has them.
        """
        values = [np.full(len(self), NONE) for _name in names]
        used = np.full(len(self), due_year(self.on))
        for year in usable_years(self.on):
            found = [self.figure(name, year) for name in names]
            fits = (values[0] == NONE) & np.all([one != NONE for one in found], axis=0)
            for value, one in zip(values, found, strict=True):
                value[fits] = one[fits]
            used[fits] = year
        return *values, used

    def of_year(self, name, *, unit="count", times=1, denominator=None) -> Column:
        """The figure ``name`` of the newest usable year as a column."""
        value, used = self.newest(name)
        known = value != NONE
        return Column.of(
            np.where(known, value, 0) * times,
            SCALES[unit] if denominator is None else denominator, known=known,
            earliest=self.next_due(used, known), missing=partial(self.not_recorded, (name,)),
        )  # fmt: skip

    def next_due(self, used, known):
        """The day by which the figures of the year after ``used`` are due."""
        days = (used + 2 - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 2
        return np.where(known, days.astype("datetime64[D]") + 30, NEVER)

    def not_recorded(self, names, position):
        fields = [str(CarrierYear._meta.get_field(name).verbose_name) for name in names]
        return gettext("not recorded for %(year)s: %(what)s") % {
            "year": due_year(self.on), "what": gettext(", ").join(fields),
        }  # fmt: skip

    def rows_of_year(self, names, carrier_id, units):
        """The figures used, each under its name."""
        *values, used = self.newest(*names)
        at = self.position(carrier_id)
        if values[0][at] == NONE:
            return []
        return [
            Evidence(
                f"{used[at]} {CarrierYear._meta.get_field(name).verbose_name}",
                printed(_fraction(value[at], unit), unit), due_day(int(used[at])),
            )
            for name, value, unit in zip(names, values, units, strict=True)
        ]  # fmt: skip

    @cached_property
    def statistics_complete(self):
        """The statistics of the last year due were handed in, true and complete."""
        return self.figure("statistics_complete", due_year(self.on)) == 1

    # Records

    def behind(self, frame: Frame, carrier_id):
        return evidence_of(frame[frame.at == self.position(carrier_id)], kept=self.kept)

    def months_by(self, threshold):
        return after_months(self.facts.carriers.opened, threshold)


def _fraction(value, unit):
    return Fraction(int(value), SCALES[unit])
