"""What a lease is told to say, and the rules that it keeps by itself; nothing is saved here."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from parks.errors import DatesOutOfOrder
from parks.models import Unit
from parks.periods import Period
from tenants.errors import TermTooLong
from tenants.models import Lease, LeaseLine, RentFree, RentStep, RentUnit

#: 民法典 705: beyond twenty years a lease is void.
LONGEST_TERM_YEARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTerms:
    """One unit on a lease. ``start``/``end`` default to the lease's, ``area_m2`` to the unit's
    billable or else gross area. ``steps``: ``(day, rent)`` pairs in the same ``rent_unit``.
    """

    unit: Unit
    rent: Decimal = Decimal(0)
    rent_unit: str = RentUnit.M2_MONTH
    area_m2: Decimal | None = None
    start: date | None = None
    end: date | None = None
    steps: tuple = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseDraft:
    """What ``draft_lease`` is told, for many at once; ``terms`` are other columns of ``Lease``."""

    tenant: object
    lines: list
    start: date
    end: date
    number: str = ""
    kind: str = Lease.Kind.NEW
    previous: Lease | None = None
    rent_free: tuple = ()
    terms: dict = field(default_factory=dict)


def lease_parts(lease, lines, rent_free):
    """The unsaved lines, rent steps and rent-free periods of ``lease``, every rule asked."""
    if lease.end <= lease.start:
        raise DatesOutOfOrder(_("The lease must end after it starts."))
    if lease.end > lease.start + relativedelta(years=LONGEST_TERM_YEARS):
        raise TermTooLong(
            _("A lease runs at most %(years)s years (Civil Code, article 705)."),
            years=LONGEST_TERM_YEARS,
        )
    term = Period(lease.start, lease.end)
    lease.clean_fields(exclude=["park", "tenant", "previous"])
    if lease.start_by:
        _validate(lease, "lease_start_by_in_term")
    rows = []
    for terms in lines:
        unit = terms.unit
        line = LeaseLine(
            lease=lease,
            unit=unit,
            start=terms.start or lease.start,
            end=terms.end or lease.end,
            area_m2=terms.area_m2 if terms.area_m2 is not None else (
                unit.billable_area_m2 or unit.gross_area_m2
            ),
            rent=terms.rent,
            rent_unit=terms.rent_unit,
        )  # fmt: skip
        if line.end <= line.start or not Period(line.start, line.end).within(term):
            raise DatesOutOfOrder(
                _("The days of %(unit)s must lie within the lease (%(term)s)."),
                unit=unit.number,
                term=term,
            )
        line.clean_fields(exclude=["lease", "unit"])
        rows.append(line)
    steps = [
        RentStep(line=row, start=day, rent=rent)
        for row, terms in zip(rows, lines, strict=True)
        for day, rent in terms.steps
    ]
    for step in steps:
        step.clean_fields(exclude=["line"])
        if not step.line.start < step.start < step.line.end:
            raise DatesOutOfOrder(
                _("The rent step of %(day)s lies outside the lease."), day=step.start
            )
    frees = [RentFree(lease=lease, start=a, end=b) for a, b in rent_free]
    for free in frees:
        if free.end <= free.start or not Period(free.start, free.end).within(term):
            raise DatesOutOfOrder(_("Rent-free days must lie within the lease."))
    return rows, steps, frees


def _validate(lease, name):
    for constraint in Lease._meta.constraints:
        if constraint.name == name:
            constraint.validate(Lease, lease)
