"""Metrics of a firm in a carrier: of a residency."""

from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incubation.metrics.calendar import PARTS, months_between
from incubation.metrics.evidence import evidence_of
from incubation.metrics.frames import Frame
from incubation.metrics.known import Fact, TenantsOn
from incubation.rules import Column, Evidence, metric
from tenants.models import Qualification

FEN = 100
MEASURES = "国科发区〔2018〕300号 科技企业孵化器管理办法"
MINISTRY = "工信部科〔2025〕131号 科技型企业孵化器管理办法"
PRODUCT = _("default of this product, to be verified")


def asked(definition):
    """``definition`` with what a table without any record means."""
    return format_lazy(
        "{} {}", definition,
        _(
            "Where nothing of the kind is recorded the firm counts as having none once it was asked:"
            " another record of the kind is there, or its figures of the last year due (by 31 March"
            " of the next) are confirmed. Otherwise the value is unknown."
        ),
    )  # fmt: skip


class FirmsOn:
    """Facts about ``subjects`` (one row a residency) as of a day.

    ``subjects``: id, tenant, at, entered, begun (entry into the stage), left, special, registered.
    """

    def __init__(self, subjects: Frame, records, on):
        self.subjects, self.on, self.day = subjects, on, np.datetime64(on, "D")
        self.index = pd.Index(subjects.id)
        self.tenants = TenantsOn(records, on)
        #: Records read for evidence, by table and key.
        self.kept = {}

        self.begun, self.left = subjects.begun, subjects.left
        self.registered = subjects.registered

    @cached_property
    def founded(self):
        return self.tenants.records.tenants.founded[self.subjects.at]

    def page(self, position):
        """Name of the address and key of the tenant's page."""
        return "tenants:tenant-detail", int(self.subjects.tenant[position])

    def money(self, fact: Fact) -> Column:
        """A fact in fen as a column in yuan."""
        return self.column(replace(fact, denominator=FEN))

    def column(self, fact: Fact) -> Column:
        at = self.subjects.at

        def of(values):
            return values[at] if isinstance(values, np.ndarray) and values.ndim else values

        earliest = fact.earliest
        return Column.of(
            fact.value[at], of(fact.denominator), known=fact.known[at], complete=of(fact.complete),
            earliest=(lambda line: fact.earliest(line)[at]) if callable(earliest) else of(earliest),
            missing=lambda position: fact.missing(at[position]),
        )  # fmt: skip

    def behind(self, fact: Fact, subject_id):
        at = self.subjects.at[self.index.get_loc(subject_id)]
        frame = fact.behind
        return evidence_of(frame[frame.at == at], within=frame, kept=self.kept)


def behind(name, *args):
    """The records behind the fact ``name`` of ``TenantsOn``."""

    def rows(world, subject_id):
        fact = getattr(world.tenants, name)
        return world.behind(fact(*args) if args else fact, subject_id)

    return rows


def subject_rows(*parts):
    """What the residency itself and the tenant say: ``parts`` are ``(label, column)``."""

    def rows(world, subject_id):
        position = world.index.get_loc(subject_id)
        found = [(label, getattr(world, column)[position]) for label, column in parts]
        return [
            Evidence(str(label), str(day), day.item(), *world.page(position))
            for label, day in found if not np.isnat(day)
        ]  # fmt: skip

    return rows


@metric(
    "science_sme", subject="firm", unit="yesno", label=_("science and technology SME"),
    definition=asked(_("On the list of science and technology SMEs (科技型中小企业) on the day.")),
    source=MEASURES, rows=behind("held", Qualification.Kind.SCIENCE_SME),
)  # fmt: skip
def science_sme(world):
    return world.column(world.tenants.held(Qualification.Kind.SCIENCE_SME))


@metric(
    "high_tech", subject="firm", unit="yesno", label=_("high-tech enterprise"),
    definition=asked(
        _(
            "A high-tech enterprise (高新技术企业) on the day, the day of granting included, that of"
            " lapsing not."
        )
    ),
    source=MEASURES, rows=behind("held", Qualification.Kind.HIGH_TECH),
)  # fmt: skip
def high_tech(world):
    return world.column(world.tenants.held(Qualification.Kind.HIGH_TECH))


@metric(
    "registered_inside", subject="firm", unit="yesno", label=_("registered in the carrier"),
    definition=_(
        "The registered address is in the carrier by the day. Unknown where no such day is recorded."
    ),
    source=MEASURES, rows=subject_rows((_("registered in the carrier since"), "registered")),
)  # fmt: skip
def registered_inside(world):
    since = world.registered
    return Column.of(
        (since <= world.day).astype(np.int64), known=~np.isnat(since), earliest=since,
        missing=lambda position: gettext("the day of registering in the carrier is not recorded"),
    )  # fmt: skip


@metric(
    "months_founded_at_entry", subject="firm", unit="months",
    label=_("months from founding to entry"),
    definition=_(
        "Whole months from the day of founding to the entry into the stage (transfers within the"
        " stage go on counting), and days beyond: founded on 2022-01-10, entered on 2024-01-10 is"
        " 24 months, a day later is more. Founded after entry counts 0. Unknown without a day of"
        " founding."
    ),
    source=MEASURES, rows=subject_rows((_("founded on"), "founded"), (_("entered on"), "begun")),
)  # fmt: skip
def months_founded_at_entry(world):
    founded, known = world.founded, ~np.isnat(world.founded)
    first = np.where(known, np.minimum(founded, world.begun), world.begun)
    return Column.of(
        months_between(first, world.begun), PARTS, known=known,
        missing=lambda position: gettext("the day of founding is not recorded"),
    )  # fmt: skip


@metric(
    "months_stayed", subject="firm", unit="months", label=_("months in the stage"),
    definition=_(
        "Whole months and days beyond from the entry into the stage (transfers within the stage go"
        " on counting) to the day, or to the day of leaving."
    ),
    source=MEASURES, rows=subject_rows((_("entered on"), "begun"), (_("left on"), "left")),
)  # fmt: skip
def months_stayed(world):
    until = np.minimum(np.where(np.isnat(world.left), world.day, world.left), world.day)
    return Column.of(months_between(np.minimum(world.begun, until), until), PARTS)


@metric(
    "special_field", subject="firm", unit="yesno", label=_("field with 60 months"),
    definition=_(
        "The residency was admitted in biomedicine, modern agriculture or integrated circuits."
    ),
    source=MEASURES,
)  # fmt: skip
def special_field(world):
    return Column.of((world.subjects.special != "").astype(np.int64))


@metric(
    "venture_total_yuan", subject="firm", unit="yuan", label=_("angel and venture money"),
    definition=asked(_("Σ of angel and venture money recorded up to the day, in yuan.")),
    source=MEASURES, rows=behind("venture_total"),
)  # fmt: skip
def venture_total_yuan(world):
    return world.money(world.tenants.venture_total)


@metric(
    "revenue_two_years_yuan", subject="firm", unit="yuan",
    label=_("revenue of two consecutive years"),
    definition=_(
        "The greatest revenue of two consecutive years together, in yuan; of years that are over,"
        " confirmed by the day. While a year since entry whose figures are due (by 31 March of the"
        " next) is not confirmed, the value is the least it can be."
    ),
    source=MEASURES, rows=behind("best_two_years"),
)  # fmt: skip
def revenue_two_years_yuan(world):
    return world.money(world.tenants.best_two_years)


@metric(
    "merged_or_listed", subject="firm", unit="yesno", label=_("merged, acquired or listed"),
    definition=asked(_("Merged, acquired, or listed at home or abroad by the day.")),
    source=MEASURES, rows=behind("merged_or_listed"),
)  # fmt: skip
def merged_or_listed(world):
    return world.column(world.tenants.merged_or_listed)


@metric(
    "graduated_from_incubator", subject="firm", unit="yesno", label=_("graduated from an incubator"),
    definition=_("A residency in an incubator ended by the day with graduation as its outcome."),
    source=PRODUCT, rows=behind("graduated_from_incubator"),
)  # fmt: skip
def graduated_from_incubator(world):
    return world.column(world.tenants.graduated_from_incubator)


@metric(
    "revenue_growth_share", subject="firm", unit="share", part="yuan", part_scale=100, base="yuan",
    label=_("growth of revenue"),
    definition=_(
        "(Revenue of a year − revenue of the year before) ÷ revenue of the year before; of the newest"
        " year that is over and has both confirmed, no older than the last year due (by 31 March of"
        " the next)."
    ),
    source=PRODUCT, rows=behind("growth", "revenue"),
)  # fmt: skip
def revenue_growth_share(world):
    return world.column(world.tenants.growth("revenue"))


@metric(
    "ip_held", subject="firm", unit="count", label=_("valid IP held"),
    definition=_(
        "Rights granted by the day and not lapsed. Where none was ever recorded by name, the number"
        " in the newest confirmed figures, no older than the last year due; else unknown."
    ),
    source=PRODUCT, rows=behind("ip_held"),
)  # fmt: skip
def ip_held(world):
    return world.column(world.tenants.ip_held)
