"""Moving out of a lease, step by step: asked, inspected, settled, deposit back, address, vacant."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, refusing
from tenants.errors import DepositKept, LeaseState, StepOutOfOrder
from tenants.models import Lease, MoveOut
from tenants.services.lease_rows import locked, locked_all

#: Each step with its column and the columns that must have their day before it.
STEPS = {
    "inspect": ("inspected_on", ("asked_on",)),
    "settle": ("utilities_settled_on", ("asked_on",)),
    "return_deposit": ("deposit_returned_on", ("inspected_on", "utilities_settled_on")),
    "move_address": ("address_moved_on", ("asked_on",)),
    "vacate": ("vacated_on", ("inspected_on",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A move-out told in one go; ``steps``: ``(step, day, values)`` in the order they were done."""

    lease: Lease
    asked_on: date
    leaves_on: date | None = None
    reason: str = ""
    steps: tuple = field(default=())


@transaction.atomic
def ask_surrender(*, lease, on, today, by, leaves_on=None, reason="") -> MoveOut:
    """Open the move-out of a signed lease.

    ``leaves_on`` is the first day the tenant wants to be gone; it ends nothing by itself. Raises
    ``LeaseState``, ``DatesOutOfOrder``.
    """
    lease = locked(lease)
    move_out = _asked(lease, on, leaves_on, reason, today)
    with refusing(lease_id=_already, tenants_moveout=_already):
        if MoveOut.objects.filter(lease=lease).exists():
            raise _already()
        move_out.save(force_insert=True)
    record("ask_surrender", move_out, by=by, park=lease.park, reason=reason)
    return move_out


@transaction.atomic
def record_move_outs(leavings, *, today, by) -> list[MoveOut]:
    """Write down many ``Leaving`` as they went, each under the rules of the single steps."""
    leases = {lease.pk: lease for lease in locked_all([one.lease for one in leavings])}
    move_outs = []
    for one in leavings:
        lease = leases[one.lease.pk]
        move_out = _asked(lease, one.asked_on, one.leaves_on, one.reason, today)
        for step, day, values in one.steps:
            _take(move_out, lease, step, day, today, **values)
        move_outs.append(move_out)
    with refusing(lease_id=_already, tenants_moveout=_already):
        if MoveOut.objects.filter(lease__in=leases).exists():
            raise _already()
        MoveOut.objects.bulk_create(move_outs, batch_size=500)
    record_all([Act("record_move_out", one, one.lease.park) for one in move_outs], by=by)
    return move_outs


def _asked(lease, on, leaves_on, reason, today) -> MoveOut:
    if not lease.signed_on or lease.voided_on:
        raise LeaseState(_("Only a signed lease can be moved out of."))
    if on < lease.signed_on or on > today:
        raise DatesOutOfOrder(
            _("The day lies between signing (%(first)s) and today."), first=lease.signed_on
        )
    if leaves_on and leaves_on < max(on, lease.start):
        raise DatesOutOfOrder(
            _("The tenant can leave on %(day)s at the earliest."), day=max(on, lease.start)
        )
    return MoveOut(lease=lease, asked_on=on, leaves_on=leaves_on, reason=reason)


def _already():
    return LeaseState(_("The move-out of this lease is under way already."))


@transaction.atomic
def take_step(*, move_out, step, on, today, by, reason="", **values) -> MoveOut:
    """Write down that ``step`` of ``STEPS`` was done on ``on``.

    ``inspection`` belongs to "inspect", ``deposit_kept`` and ``deposit_kept_for`` to
    "return_deposit". A unit is vacant once its lease has ended. Raises ``StepOutOfOrder``,
    ``DatesOutOfOrder``, ``DepositKept``, ``LeaseState``.
    """
    lease = locked(Lease(pk=move_out.lease_id))
    move_out = MoveOut.objects.select_for_update().get(pk=move_out.pk)
    before = snapshot(move_out)
    _take(move_out, lease, step, on, today, **values)
    move_out.save()
    record(step, move_out, by=by, park=lease.park, before=before, reason=reason)
    return move_out


def _take(move_out, lease, step, on, today, inspection="", deposit_kept=0, deposit_kept_for=""):
    column, needed = STEPS[step]
    if getattr(move_out, column):
        raise StepOutOfOrder(_("This step is done already."))
    days = [getattr(move_out, name) for name in needed]
    if None in days:
        missing = MoveOut._meta.get_field(needed[days.index(None)]).verbose_name
        raise StepOutOfOrder(_("First comes: %(step)s."), step=missing)
    if not max(days) <= on <= today:
        raise DatesOutOfOrder(
            _("The day lies between %(first)s and today, %(today)s."), first=max(days), today=today
        )
    if step == "vacate" and (lease.terminated_on or lease.end) > on:
        raise LeaseState(
            _("The lease runs until %(day)s; end it early first."),
            day=lease.terminated_on or lease.end,
        )
    setattr(move_out, column, on)
    if step == "inspect":
        move_out.inspection = inspection
    if step == "return_deposit":
        _keep(move_out, lease, deposit_kept, deposit_kept_for)


def _keep(move_out, lease, kept, kept_for):
    if not 0 <= kept <= lease.deposit:
        raise DepositKept(
            _("At most the deposit of %(deposit)s yuan can be kept."), deposit=lease.deposit
        )
    if kept and not kept_for:
        raise DepositKept(_("Say what the kept part of the deposit is for."))
    move_out.deposit_kept, move_out.deposit_kept_for = kept, kept_for
