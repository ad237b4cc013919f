"""Per carrier and month the area that serves incubation and the area that does not.

财政部 税务总局 科技部 教育部公告2023年第42号: what a national or provincial carrier uses itself or lets
to those incubated is exempt from property and land-use tax from 2024-01-01 to 2027-12-31. Which day
of a month counts the notice does not say: the mean of all days is this product's default (待核).
Areas are gross areas of units, so that the parts of a month add up.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from incubation.models import (
    CarrierRecognition,
    CarrierSpace,
    Level,
    Residency,
    ResidencyExtension,
    Stage,
)
from incubation.spells import first_of_month, spells_of
from parks.periods import FAR_FUTURE, Period
from tenants.models import Document, LeaseLine
from tenants.querysets import let_from

DOCUMENT = "财政部 税务总局 科技部 教育部公告2023年第42号"
#: The months the notice covers.
FIRST, END = date(2024, 1, 1), date(2028, 1, 1)
#: Whose space is exempt. Accelerators are not named there; as incubators they count by this
#: product's default (待核).
LEVELS = {
    Stage.MAKERSPACE: {Level.NATIONAL},
    Stage.INCUBATOR: {Level.NATIONAL, Level.PROVINCIAL},
    Stage.ACCELERATOR: {Level.NATIONAL, Level.PROVINCIAL},
}


class DayRule(TextChoices):
    """Which day of a month counts."""

    MEAN = "mean", _("mean of all days")
    FIRST = "first", _("first day")
    LAST = "last", _("last day")


class Part(TextChoices):
    """What a unit of a carrier serves on a day."""

    OWN = "own", _("own use")
    FIRMS = "firms", _("let to incubated firms")
    TEAMS = "teams", _("let to teams under agreement")
    OTHERS = "others", _("let to others")
    VACANT = "vacant", _("not let")


EXEMPT = (Part.OWN, Part.FIRMS, Part.TEAMS)


@dataclass(slots=True)
class Piece:
    """A unit of a carrier that serves one part on ``[start, end)``."""

    space: CarrierSpace
    part: Part
    start: date
    end: date
    line: LeaseLine | None = None
    residency: Residency | None = None

    @property
    def area(self) -> Decimal:
        return self.space.unit.gross_area_m2

    def days_in(self, month: Period) -> int:
        return max((min(self.end, month.end) - max(self.start, month.start)).days, 0)

    def counted(self, month: Period, rule: str) -> Decimal:
        """m² that count in the month."""
        if rule == DayRule.MEAN:
            return self.area * self.days_in(month) / (month.end - month.start).days
        last = month.end - timedelta(days=1)
        day = month.start if rule == DayRule.FIRST else last
        return self.area if self.start <= day < self.end else Decimal(0)

    @property
    def without_file(self) -> bool:
        """A paper to keep is not among the documents: the lease or the agreement."""
        let = self.part in (Part.FIRMS, Part.TEAMS)
        return let and not (self.line.contract_kept and self.residency.agreement_kept)


@dataclass(slots=True)
class Month:
    """A carrier's month: m² by part; ``eligible``: its space is exempt in this month."""

    carrier: object
    period: Period
    eligible: bool
    parts: dict
    without_file: int

    @property
    def whole(self) -> Decimal:
        return sum(self.parts.values(), start=Decimal(0))

    @property
    def exempt(self) -> Decimal:
        return (
            sum((self.parts[part] for part in EXEMPT), Decimal(0)) if self.eligible else Decimal(0)
        )

    @property
    def incubated(self) -> Decimal:
        return self.parts[Part.FIRMS] + self.parts[Part.TEAMS]


def tax_months(carriers, months, rule) -> list[Month]:
    """Every month of every carrier that has space in it; five queries, however many."""
    carriers = list(carriers)
    by_carrier = defaultdict(list)
    for piece in pieces(carriers, Period(months[0].start, months[-1].end)):
        by_carrier[piece.space.carrier_id].append(piece)
    held = recognitions(carriers)
    found = []
    for carrier in carriers:
        for period in months:
            parts, without_file = dict.fromkeys(Part, Decimal(0)), 0
            for piece in by_carrier[carrier.pk]:
                if counted := piece.counted(period, rule):
                    parts[piece.part] += counted
                    without_file += piece.without_file
            if any(parts.values()):
                eligible = is_eligible(carrier.stage, held[carrier.pk], period)
                found.append(Month(carrier, period, eligible, parts, without_file))
    return found


def recognitions(carriers) -> dict[int, list]:
    found = defaultdict(list)
    for one in CarrierRecognition.objects.filter(carrier__in=carriers):
        found[one.carrier_id].append(one)
    return found


def is_eligible(stage, held, month: Period) -> bool:
    """Recognised so that the month's space is exempt.

    From the month after that of the recognition, for those recognised before 2024 from 2024-01 on;
    to the month in which the recognition ends.
    """
    return FIRST <= month.start < END and any(
        one.level in LEVELS[stage]
        and (one.start < FIRST or first_of_month(one.start) < month.start)
        and (one.end is None or month.start <= first_of_month(one.end))
        for one in held
    )


def pieces(carriers, period: Period) -> list[Piece]:
    """What each unit of ``carriers`` served, cut where it became another; four queries."""
    spaces = list(
        CarrierSpace.objects.filter(carrier__in=carriers).overlapping(period)
        .select_related("carrier", "unit__floor__building")
        .defer("unit__outline", "unit__floor__outline", "unit__floor__building__footprint")
        .order_by("carrier", "unit__floor__building__code", "unit__floor__ordinal", "unit__number")
    )  # fmt: skip
    lines = _lines([space.unit_id for space in spaces], period)
    spells = _spells(carriers)
    found = []
    for space in spaces:
        end = min(space.end or FAR_FUTURE, period.end)
        own = lines[space.unit_id]
        cuts = {max(space.start, period.start), end}
        for line in own:
            cuts |= {line.let_from, line.end}
            for spell, _residency in spells[space.carrier_id, line.lease.tenant_id]:
                cuts |= {spell.start, spell.end}
        cuts = sorted(cut for cut in cuts if max(space.start, period.start) <= cut <= end)
        for start, until in zip(cuts, cuts[1:], strict=False):
            found.append(_piece(space, start, until, own, spells))
    return found


def _piece(space, start, end, lines, spells) -> Piece:
    line = next((one for one in lines if one.let_from <= start < one.end), None)
    if line is None:
        own = space.purpose != CarrierSpace.Purpose.TENANTS
        return Piece(space, Part.OWN if own else Part.VACANT, start, end)
    for spell, residency in spells[space.carrier_id, line.lease.tenant_id]:
        if spell.start <= start < spell.end:
            part = Part.FIRMS if spell.firm else Part.TEAMS
            return Piece(space, part, start, end, line, residency)
    return Piece(space, Part.OTHERS, start, end, line)


def _lines(units, period) -> dict[int, list]:
    """Binding lines of each unit with ``let_from`` and ``contract_kept``."""
    kept = Document.objects.filter(kind=Document.Kind.CONTRACT, removed_at=None)
    rows = (
        LeaseLine.objects.binding().overlapping(period).filter(unit__in=set(units))
        .annotate(let_from=let_from("lease__", "start"),
                  contract_kept=Exists(kept.filter(lease=OuterRef("lease"))))
        .select_related("lease__tenant").order_by("start")
    )  # fmt: skip
    found = defaultdict(list)
    for line in rows:
        found[line.unit_id].append(line)
    return found


def _spells(carriers) -> dict[tuple, list]:
    """Of each (carrier, tenant) the spells with their residency and its ``agreement_kept``."""
    kept = Document.objects.filter(kind=Document.Kind.CONTRACT, removed_at=None)
    residencies = (
        Residency.objects.filter(carrier__in=carriers).select_related("tenant")
        .annotate(agreement_kept=Exists(kept.filter(tenant=OuterRef("tenant"))))
    )  # fmt: skip
    extensions = defaultdict(list)
    for one in ResidencyExtension.objects.filter(residency__carrier__in=carriers):
        extensions[one.residency_id].append(one)
    found = defaultdict(list)
    for residency in residencies:
        for spell in spells_of(residency, extensions[residency.pk]):
            found[residency.carrier_id, residency.tenant_id].append((spell, residency))
    return found
