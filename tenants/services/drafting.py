"""A lease before it binds anybody: drafted, drafted anew, as a renewal, as an amendment."""

from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, SomeoneWasFaster, refusing
from parks.models import Park
from tenants.errors import LeaseEmpty, LeaseNumberTaken, LeaseState, WrongPark
from tenants.models import Lease, LeaseLine, RentFree, RentStep
from tenants.services.lease_rows import locked
from tenants.services.lease_terms import LeaseDraft, LineTerms, lease_parts
from tenants.services.tenants import refuse_merged


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


@transaction.atomic
def discard_draft(*, lease, by, reason) -> None:
    """A lease that was never signed is gone; the trail keeps what it said. Raises ``LeaseState``."""
    lease = locked(lease)
    if lease.signed_on:
        raise LeaseState(_("The lease is signed; declare it void instead."))
    if lease.documents.exists():
        raise LeaseState(_("Papers are kept with the draft; remove them first."))
    before = _terms(lease)
    record_all([Act("remove", lease, lease.park, before, {})], by=by, reason=reason)
    lease.delete()


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


def _save_parts(parts):
    LeaseLine.objects.bulk_create([r for rows, _s, _f in parts for r in rows], batch_size=500)
    RentStep.objects.bulk_create([s for _r, steps, _f in parts for s in steps], batch_size=500)
    with refusing(rent_free_once_a_day=lambda: DatesOutOfOrder(
        _("Rent-free periods must not overlap.")
    )):  # fmt: skip
        RentFree.objects.bulk_create([f for _r, _s, frees in parts for f in frees], batch_size=500)


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
