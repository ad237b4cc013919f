"""A lease from draft to signature: draft, submit, reject, sign, renew, amend."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, refusing
from parks.models import Park, Unit
from parks.periods import Period
from parks.services import lock_units
from tenants.errors import (
    LeaseEmpty,
    LeaseNumberTaken,
    LeaseOverlap,
    LeaseState,
    TermTooLong,
    WrongPark,
)
from tenants.models import Lease, LeaseLine, RentFree, RentStep, RentUnit
from tenants.services.availability import refuse_unless_free
from tenants.services.tenants import refuse_merged

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


def locked(lease) -> Lease:
    """The lease read afresh and locked until the transaction ends."""
    rows = Lease.objects.select_for_update(of=("self",)).select_related("tenant", "park")
    return rows.get(pk=lease.pk)


def save(lease, *names):
    """Save the named columns and count the version that ``If-Match`` compares."""
    lease.version += 1
    lease.save(update_fields=[*names, "version"])


def next_number(park, start) -> str:
    """The park's next free ``<code>-<year>-<nnnn>``; the park row must be locked."""
    prefix = f"{park.code}-{start.year}-"
    taken = Lease.objects.filter(park=park, number__startswith=prefix)
    longest_first = taken.order_by(Length("number").desc(), "-number").values_list(
        "number", flat=True
    )
    tails = (number[len(prefix) :] for number in longest_first.iterator(chunk_size=20))
    newest = next((int(tail) for tail in tails if tail.isdecimal()), 0)
    return f"{prefix}{newest + 1:04d}"


@transaction.atomic
def draft_lease(
    *, tenant, lines, start, end, by, number="", kind=Lease.Kind.NEW, previous=None,
    rent_free=(), reason="", **terms,
) -> Lease:  # fmt: skip
    """A draft: written down, binding nobody.

    ``lines``: ``LineTerms``; ``rent_free``: ``(start, end)`` pairs; ``terms``: other columns of
    ``Lease`` (``start_by``, ``deposit``, ``property_fee_m2_month``, ``note``). An empty
    ``number`` gets the park's next one. Raises ``LeaseEmpty``, ``WrongPark``, ``TermTooLong``,
    ``DatesOutOfOrder``, ``LeaseNumberTaken``, ``ValidationError``.
    """
    refuse_merged([tenant])
    park = _park_of(lines)
    if not number:
        Park.objects.select_for_update().get(pk=park.pk)
        number = next_number(park, start)
    lease = Lease(
        park=park, tenant=tenant, number=number, kind=kind, previous=previous, start=start,
        end=end, **terms,
    )  # fmt: skip
    _write(lease, lines, rent_free)
    record("draft", lease, by=by, park=park, after=_terms(lease), reason=reason)
    return lease


@transaction.atomic
def redraft_lease(*, lease, lines, by, rent_free=(), reason="", **terms) -> Lease:
    """Write a draft or rejected lease anew with other lines and terms; raises as a draft does."""
    lease = locked(lease)
    if lease.signed_on:
        raise LeaseState(_("The lease is signed; amend it instead."))
    before = _terms(lease)
    lease.lines.all().delete()
    lease.rent_free.all().delete()
    for name, value in (terms | {"submitted_on": None, "rejected_on": None}).items():
        setattr(lease, name, value)
    lease.version += 1
    if _park_of(lines).pk != lease.park_id:
        raise WrongPark(_("All units of a lease lie in one park."))
    _write(lease, lines, rent_free)
    record("redraft", lease, by=by, park=lease.park, before=before, after=_terms(lease),
           reason=reason)  # fmt: skip
    return lease


def _park_of(lines):
    if not lines:
        raise LeaseEmpty(_("A lease needs at least one unit."))
    parks = {line.unit.floor.building.park for line in lines}
    if len(parks) > 1:
        raise WrongPark(_("All units of a lease lie in one park."))
    return parks.pop()


def _write(lease, lines, rent_free):
    if lease.end <= lease.start:
        raise DatesOutOfOrder(_("The lease must end after it starts."))
    if lease.end > lease.start + relativedelta(years=LONGEST_TERM_YEARS):
        raise TermTooLong(
            _("A lease runs at most %(years)s years (Civil Code, article 705)."),
            years=LONGEST_TERM_YEARS,
        )
    term = Period(lease.start, lease.end)
    lease.full_clean(validate_unique=False, validate_constraints=False)
    for constraint in ("lease_start_by_in_term",):
        _validate(lease, constraint)
    with refusing(lease_number_unique=lambda: _number_taken(lease), tenants_lease=lambda: (
        _number_taken(lease)
    )):  # fmt: skip
        lease.save()
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
    LeaseLine.objects.bulk_create(rows)
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
    RentStep.objects.bulk_create(steps)
    frees = [RentFree(lease=lease, start=a, end=b) for a, b in rent_free]
    for free in frees:
        if free.end <= free.start or not Period(free.start, free.end).within(term):
            raise DatesOutOfOrder(_("Rent-free days must lie within the lease."))
    with refusing(rent_free_once_a_day=lambda: DatesOutOfOrder(
        _("Rent-free periods must not overlap.")
    )):  # fmt: skip
        RentFree.objects.bulk_create(frees)


def _validate(lease, name):
    for constraint in Lease._meta.constraints:
        if constraint.name == name:
            constraint.validate(Lease, lease)


def _number_taken(lease):
    return LeaseNumberTaken(
        _("The park already has a lease with the number %(number)s."), number=lease.number
    )


def _terms(lease) -> dict:
    """The lease with its lines, for the trail."""
    lines = [
        {
            "unit": line.unit_id, "start": line.start.isoformat(), "end": line.end.isoformat(),
            "area_m2": str(line.area_m2), "rent": str(line.rent), "rent_unit": str(line.rent_unit),
        }
        for line in lease.lines.all()
    ]  # fmt: skip
    return snapshot(lease) | {"lines": lines}


@transaction.atomic
def submit_lease(*, lease, on, by, reason="") -> Lease:
    """Hand a draft in for approval."""
    lease = locked(lease)
    if lease.signed_on or (lease.submitted_on and not lease.rejected_on):
        raise LeaseState(_("Only a draft or a rejected lease can be handed in."))
    before = snapshot(lease)
    lease.submitted_on, lease.rejected_on = on, None
    save(lease, "submitted_on", "rejected_on")
    record("submit", lease, by=by, park=lease.park, before=before, reason=reason)
    return lease


@transaction.atomic
def reject_lease(*, lease, on, by, reason) -> Lease:
    """Send a lease in approval back with a reason."""
    lease = locked(lease)
    if lease.signed_on or not lease.submitted_on or lease.rejected_on:
        raise LeaseState(_("Only a lease in approval can be rejected."))
    before = snapshot(lease)
    lease.rejected_on = on
    save(lease, "rejected_on")
    record("reject", lease, by=by, park=lease.park, before=before, reason=reason)
    return lease


@transaction.atomic
def sign_lease(*, lease, signed_on, signed_by, reason="") -> Lease:
    """Make ``lease`` binding.

    An amendment first ends the lease it amends on its own first day. A hold of the same tenant is
    used up. Raises ``LeaseOverlap`` naming the unit and the days already taken, ``UnitHeld``,
    ``UnitClosed``, ``UnitNotThere``, ``LeaseState``.
    """
    lease = locked(lease)
    if lease.signed_on:
        raise LeaseState(_("The lease is already signed."))
    if lease.rejected_on:
        raise LeaseState(_("The lease was rejected; change it and hand it in again first."))
    if lease.handed_over_on is None and lease.start_by and signed_on > lease.start_by:
        raise DatesOutOfOrder(_("Sign before the latest start of the lease."))
    lines = list(lease.lines.order_by("start", "pk"))
    if not lines:
        raise LeaseEmpty(_("A lease needs at least one unit."))
    units = {unit.pk: unit for unit in lock_units([line.unit for line in lines])}
    acts = []
    if lease.kind == Lease.Kind.AMENDMENT and lease.previous:
        acts.append(_give_way(lease.previous, lease))
    wanted = [(units[line.unit_id], Period(line.start, line.end)) for line in lines]
    own_holds = refuse_unless_free(wanted, by=signed_by, tenant=lease.tenant)
    before = snapshot(lease)
    with refusing(lease_line_once_a_day=lambda: LeaseOverlap(
        _("Someone else has just signed a lease for one of these units. Reload the page.")
    )):  # fmt: skip
        lease.lines.update(binding=True)
    _use_up(own_holds)
    lease.signed_on = signed_on
    save(lease, "signed_on")
    acts.insert(0, Act("sign", lease, lease.park, before))
    record_all(acts, by=signed_by, reason=reason)
    return lease


def _use_up(holds):
    """The tenant's own holds end where its lease begins."""
    for hold, period in holds:
        if hold.start < period.start:
            hold.end = period.start
        else:
            hold.binding = False
        hold.save(update_fields=["end", "binding"])


def end_lines(lease, on):
    """Cut the binding lines at day ``on``; those that would begin later bind no more."""
    lease.lines.filter(start__gte=on).update(binding=False)
    lease.lines.filter(binding=True, end__gt=on).update(end=on)


def _give_way(previous, lease) -> Act:
    previous = locked(previous)
    ends_on = previous.terminated_on or previous.end
    if not previous.signed_on or previous.voided_on or not previous.start <= lease.start < ends_on:
        raise LeaseState(
            _("%(number)s is not running on %(day)s, so it cannot be amended from then."),
            number=previous.number,
            day=lease.start,
        )
    before = snapshot(previous)
    previous.terminated_on = lease.start
    end_lines(previous, lease.start)
    save(previous, "terminated_on")
    return Act("amended", previous, previous.park, before)


def _following(lease, *, kind, start, end, by, number, lines, reason, terms):
    if not lease.signed_on or lease.voided_on:
        raise LeaseState(_("Only a signed lease can be renewed or amended."))
    if lines is None:
        lines = [
            LineTerms(unit=line.unit, rent=line.rent, rent_unit=line.rent_unit,
                      area_m2=line.area_m2)
            for line in lease.lines.binding().select_related("unit__floor__building__park")
            if line.end == (lease.terminated_on or lease.end)
            or kind == Lease.Kind.AMENDMENT and line.start <= start < line.end
        ]  # fmt: skip
    inherited = {
        "deposit": lease.deposit, "property_fee_m2_month": lease.property_fee_m2_month,
    }  # fmt: skip
    return draft_lease(
        tenant=lease.tenant, lines=lines, start=start, end=end, by=by, number=number, kind=kind,
        previous=lease, reason=reason, **(inherited | terms),
    )  # fmt: skip


@transaction.atomic
def renew_lease(*, lease, end, by, start=None, number="", lines=None, reason="", **terms) -> Lease:
    """Draft the renewal of ``lease``: from where it ends, with its units and rents unless given."""
    lease = locked(lease)
    return _following(
        lease, kind=Lease.Kind.RENEWAL, start=start or lease.terminated_on or lease.end, end=end,
        by=by, number=number, lines=lines, reason=reason, terms=terms,
    )  # fmt: skip


@transaction.atomic
def amend_lease(
    *, lease, effective_on, by, end=None, number="", lines=None, reason="", **terms
) -> Lease:
    """Draft an amendment that takes the place of ``lease`` from ``effective_on`` once signed."""
    lease = locked(lease)
    return _following(
        lease, kind=Lease.Kind.AMENDMENT, start=effective_on, end=end or lease.end, by=by,
        number=number, lines=lines, reason=reason, terms=terms,
    )  # fmt: skip
