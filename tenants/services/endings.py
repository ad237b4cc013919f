"""Handing over, ending early and voiding a signed lease."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder
from parks.models import Unit
from parks.services import lock_units
from tenants.errors import LeaseState
from tenants.models import Lease, LeaseLine
from tenants.services.lease_rows import end_lines, locked, locked_all, save, save_all


def _refuse_unsigned(lease):
    if not lease.signed_on:
        raise LeaseState(_("The lease is not signed."))
    if lease.voided_on:
        raise LeaseState(_("The lease is void."))


def _signed(lease) -> Lease:
    lease = locked(lease)
    _refuse_unsigned(lease)
    lock_units([line.unit for line in lease.lines.select_related("unit")])
    return lease


def hand_over_lease(*, lease, on, by, reason="") -> Lease:
    """The tenant took the keys on ``on``: the lease counts as let and rent runs from then.

    With an open start the day lies between the earliest and the latest agreed one. Raises
    ``DatesOutOfOrder``, ``LeaseState``.
    """
    return hand_over_leases([(lease, on)], by=by, reason=reason)[0]


@transaction.atomic
def hand_over_leases(handovers, *, by, reason="") -> list[Lease]:
    """Hand many over: ``(lease, on)``; raises as ``hand_over_lease`` does."""
    leases = locked_all([lease for lease, _on in handovers])
    lines = LeaseLine.objects.filter(lease__in=[lease.pk for lease in leases])
    lock_units([Unit(pk=key) for key in set(lines.values_list("unit", flat=True))])
    acts = []
    for lease, (_given, on) in zip(leases, handovers, strict=True):
        refuse_handover(lease, on)
        acts.append(Act("hand_over", lease, lease.park, snapshot(lease)))
        lease.handed_over_on = on
    save_all(leases, "handed_over_on")
    record_all(acts, by=by, reason=reason)
    return leases


def refuse_handover(lease, on):
    """Raises what stands against handing ``lease`` over on ``on``; asks no database."""
    _refuse_unsigned(lease)
    if lease.handed_over_on:
        raise LeaseState(_("The lease was handed over on %(day)s."), day=lease.handed_over_on)
    if on < lease.signed_on:
        raise DatesOutOfOrder(_("Handing over comes after signing (%(day)s)."), day=lease.signed_on)
    if lease.start_by and not lease.start <= on <= lease.start_by:
        raise DatesOutOfOrder(
            _("The agreed days are %(first)s to %(last)s."), first=lease.start, last=lease.start_by
        )
    if on >= (lease.terminated_on or lease.end):
        raise DatesOutOfOrder(_("The lease has ended by then."))


@transaction.atomic
def terminate_lease(*, lease, on, by, reason="") -> Lease:
    """End a signed lease early: ``on`` is the first day not covered.

    Raises ``LeaseState`` for one already ended and ``DatesOutOfOrder`` outside the term.
    """
    lease = _signed(lease)
    ends_on = lease.terminated_on or lease.end
    if not lease.start <= on < ends_on:
        raise DatesOutOfOrder(
            _("The lease runs from %(start)s and ends on %(end)s anyway; choose a day before "
              "that."),
            start=lease.start,
            end=ends_on,
        )  # fmt: skip
    if lease.handed_over_on and on < lease.handed_over_on:
        raise DatesOutOfOrder(
            _("The lease was handed over on %(day)s and cannot end before."),
            day=lease.handed_over_on,
        )
    before = snapshot(lease)
    end_lines(lease, on)
    lease.terminated_on = on
    save(lease, "terminated_on")
    record("terminate", lease, by=by, park=lease.park, before=before, reason=reason)
    return lease


@transaction.atomic
def void_lease(*, lease, on, by, reason) -> Lease:
    """Declare a lease signed by mistake void, as if it had never bound anyone."""
    lease = _signed(lease)
    before = snapshot(lease)
    lease.voided_on = on
    lease.lines.update(binding=False)
    save(lease, "voided_on")
    record("void", lease, by=by, park=lease.park, before=before, reason=reason)
    return lease
