"""From a draft to a lease that binds: handed in, sent back, signed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, refusing
from parks.models import Unit
from parks.periods import Period
from parks.services import lock_units
from tenants.errors import LeaseEmpty, LeaseOverlap, LeaseState
from tenants.models import Lease, LeaseLine
from tenants.services.availability import refuse_any_taken
from tenants.services.lease_rows import end_lines, locked, locked_all, save, save_all

#: A signing day before this is a typing error.
EARLIEST_SIGNING = date(1900, 1, 1)


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


def _use_up(holds):
    """The tenant's own holds end where its lease begins."""
    for hold, period in holds:
        if hold.start < period.start:
            hold.end = period.start
        else:
            hold.binding = False
        hold.save(update_fields=["end", "binding"])
