"""A lease from draft to signature: draft, submit, reject, sign, renew, amend."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, SomeoneWasFaster, refusing
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
from tenants.services.availability import refuse_any_taken
from tenants.services.tenants import refuse_merged

#: 民法典 705: beyond twenty years a lease is void.
LONGEST_TERM_YEARS = 20
#: A signing day before this is a typing error.
EARLIEST_SIGNING = date(1900, 1, 1)


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


def locked(lease) -> Lease:
    """The lease read afresh and locked until the transaction ends."""
    rows = Lease.objects.select_for_update(of=("self",)).select_related("tenant", "park")
    return rows.get(pk=lease.pk)


def locked_all(leases) -> list[Lease]:
    """The leases as ``locked`` gives them, in the order given; locked in the order of keys."""
    rows = Lease.objects.select_for_update(of=("self",)).select_related("tenant", "park")
    found = {row.pk: row for row in rows.filter(pk__in=[x.pk for x in leases]).order_by("pk")}
    return [found[lease.pk] for lease in leases]


def save(lease, *names):
    """Save the named columns and count the version that ``If-Match`` compares."""
    lease.version += 1
    lease.save(update_fields=[*names, "version"])


def save_all(leases, *names):
    """As ``save``, for many in one update."""
    for lease in leases:
        lease.version += 1
    Lease.objects.bulk_update(leases, [*names, "version"], batch_size=200)


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
    draft = LeaseDraft(
        tenant=tenant, lines=lines, start=start, end=end, number=number, kind=kind,
        previous=previous, rent_free=rent_free, terms=terms,
    )  # fmt: skip
    return draft_leases([draft], by=by, reason=reason)[0]


@transaction.atomic
def draft_leases(drafts, *, by, reason="") -> list[Lease]:
    """Many drafts in a handful of inserts; each is asked and recorded as one alone would be."""
    refuse_merged([draft.tenant for draft in drafts])
    leases, parts = [], []
    for draft in drafts:
        park, number = _park_of(draft.lines), draft.number
        if not number:
            Park.objects.select_for_update().get(pk=park.pk)
            number = next_number(park, draft.start)
        lease = Lease(
            park=park, tenant=draft.tenant, number=number, kind=draft.kind,
            previous=draft.previous, start=draft.start, end=draft.end, **draft.terms,
        )  # fmt: skip
        parts.append(lease_parts(lease, draft.lines, draft.rent_free))
        leases.append(lease)

    def taken():
        return _number_taken(leases)

    with refusing(lease_number_unique=taken, tenants_lease=taken):
        Lease.objects.bulk_create(leases, batch_size=500)
    _save_parts(parts)
    acts = [
        Act("draft", lease, lease.park, after=_terms(lease, lines))
        for lease, (lines, _steps, _frees) in zip(leases, parts, strict=True)
    ]
    record_all(acts, by=by, reason=reason)
    return leases


@transaction.atomic
def redraft_lease(*, lease, lines, by, version=None, rent_free=(), reason="", **terms) -> Lease:
    """Write a draft or rejected lease anew with other lines and terms; raises as a draft does.

    With ``version`` only that version is written over: ``SomeoneWasFaster`` otherwise.
    """
    lease = locked(lease)
    if version is not None and version != lease.version:
        raise SomeoneWasFaster
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
    parts = lease_parts(lease, lines, rent_free)
    with refusing(lease_number_unique=lambda: _number_taken([lease]), tenants_lease=lambda: (
        _number_taken([lease])
    )):  # fmt: skip
        lease.save()
    _save_parts([parts])


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


def _save_parts(parts):
    LeaseLine.objects.bulk_create([r for rows, _s, _f in parts for r in rows], batch_size=500)
    RentStep.objects.bulk_create([s for _r, steps, _f in parts for s in steps], batch_size=500)
    with refusing(rent_free_once_a_day=lambda: DatesOutOfOrder(
        _("Rent-free periods must not overlap.")
    )):  # fmt: skip
        RentFree.objects.bulk_create([f for _r, _s, frees in parts for f in frees], batch_size=500)


def _validate(lease, name):
    for constraint in Lease._meta.constraints:
        if constraint.name == name:
            constraint.validate(Lease, lease)


def _number_taken(leases):
    number = leases[0].number
    if len(leases) > 1:
        numbers = [lease.number for lease in leases]
        taken = Lease.objects.filter(park=leases[0].park, number__in=numbers)
        number = ", ".join(taken.values_list("number", flat=True)[:5]) or number
    return LeaseNumberTaken(
        _("The park already has a lease with the number %(number)s."), number=number
    )


def _terms(lease, lines=None) -> dict:
    """The lease with its lines, for the trail."""
    lines = [
        {
            "unit": line.unit_id, "start": line.start.isoformat(), "end": line.end.isoformat(),
            "area_m2": str(line.area_m2), "rent": str(line.rent), "rent_unit": str(line.rent_unit),
        }
        for line in (lease.lines.all() if lines is None else lines)
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


def sign_lease(*, lease, signed_on, signed_by, today=None, reason="") -> Lease:
    """Make ``lease`` binding.

    An amendment first ends the lease it amends on its own first day. A hold of the same tenant is
    used up. With ``today`` it is signed by then, or ahead by its own start. Raises ``DatesOutOfOrder``, ``LeaseOverlap`` naming the unit and the days already taken, ``UnitHeld``,
    ``UnitClosed``, ``UnitNotThere``, ``LeaseState``.
    """
    return sign_leases([(lease, signed_on)], by=signed_by, today=today, reason=reason)[0]


@transaction.atomic
def sign_leases(signatures, *, by, today=None, reason="") -> list[Lease]:
    """Sign many: ``signatures`` are ``(lease, signed_on)``; raises as ``sign_lease`` does.

    All amendments give way before any lease binds, so that tenants can change places.
    """
    leases = locked_all([lease for lease, _day in signatures])
    for lease, (_given, signed_on) in zip(leases, signatures, strict=True):
        if lease.signed_on:
            raise LeaseState(_("The lease is already signed."))
        if lease.rejected_on:
            raise LeaseState(_("The lease was rejected; change it and hand it in again first."))
        if lease.handed_over_on is None and lease.start_by and signed_on > lease.start_by:
            raise DatesOutOfOrder(_("Sign before the latest start of the lease."))
        if signed_on < EARLIEST_SIGNING:
            raise DatesOutOfOrder(_("No lease was signed before %(day)s."), day=EARLIEST_SIGNING)
        if today and signed_on > max(today, lease.start):
            raise DatesOutOfOrder(
                _("A lease is signed today or earlier, or ahead by the day it starts (%(day)s)."),
                day=lease.start,
            )
    by_key = {lease.pk: lease for lease in leases}
    lines = list(LeaseLine.objects.filter(lease__in=by_key).order_by("start", "pk"))
    if {line.lease_id for line in lines} != set(by_key):
        raise LeaseEmpty(_("A lease needs at least one unit."))
    units = {u.pk: u for u in lock_units([Unit(pk=line.unit_id) for line in lines])}
    gave_way = [
        _give_way(lease.previous, lease)
        for lease in leases
        if lease.kind == Lease.Kind.AMENDMENT and lease.previous
    ]
    wanted = [
        (units[line.unit_id], Period(line.start, line.end), by_key[line.lease_id].tenant)
        for line in lines
    ]
    own_holds = refuse_any_taken(wanted, by=by)
    acts = [Act("sign", lease, lease.park, snapshot(lease)) for lease in leases]
    with refusing(lease_line_once_a_day=lambda: LeaseOverlap(
        _("Someone else has just signed a lease for one of these units. Reload the page.")
    )):  # fmt: skip
        LeaseLine.objects.filter(lease__in=by_key).update(binding=True)
    _use_up(own_holds)
    for lease, (_given, signed_on) in zip(leases, signatures, strict=True):
        lease.signed_on = signed_on
    save_all(leases, "signed_on")
    record_all([*acts, *gave_way], by=by, reason=reason)
    return leases


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
