"""Moving out of a lease, step by step: asked, inspected, settled, deposit back, address, vacant."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import DatesOutOfOrder, refusing
from tenants.errors import DepositKept, LeaseState, StepOutOfOrder
from tenants.models import Lease, MoveOut
from tenants.services.leases import locked

#: Each step with its column and the columns that must have their day before it.
STEPS = {
    "inspect": ("inspected_on", ("asked_on",)),
    "settle": ("utilities_settled_on", ("asked_on",)),
    "return_deposit": ("deposit_returned_on", ("inspected_on", "utilities_settled_on")),
    "move_address": ("address_moved_on", ("asked_on",)),
    "vacate": ("vacated_on", ("inspected_on",)),
}


@transaction.atomic
def ask_surrender(*, lease, on, today, by, leaves_on=None, reason="") -> MoveOut:
    """Open the move-out of a signed lease.

    ``leaves_on`` is the first day the tenant wants to be gone; it ends nothing by itself. Raises
    ``LeaseState``, ``DatesOutOfOrder``.
    """
    lease = locked(lease)
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
    with refusing(lease_id=_already, tenants_moveout=_already):
        if MoveOut.objects.filter(lease=lease).exists():
            raise _already()
        move_out = MoveOut.objects.create(
            lease=lease, asked_on=on, leaves_on=leaves_on, reason=reason
        )
    record("ask_surrender", move_out, by=by, park=lease.park, reason=reason)
    return move_out


def _already():
    return LeaseState(_("The move-out of this lease is under way already."))


@transaction.atomic
def take_step(
    *, move_out, step, on, today, by, inspection="", deposit_kept=0, deposit_kept_for="", reason=""
) -> MoveOut:
    """Write down that ``step`` of ``STEPS`` was done on ``on``.

    ``inspection`` belongs to "inspect", ``deposit_kept`` and ``deposit_kept_for`` to
    "return_deposit". A unit is vacant once its lease has ended. Raises ``StepOutOfOrder``,
    ``DatesOutOfOrder``, ``DepositKept``, ``LeaseState``.
    """
    lease = locked(Lease(pk=move_out.lease_id))
    move_out = MoveOut.objects.select_for_update().get(pk=move_out.pk)
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
    before = snapshot(move_out)
    setattr(move_out, column, on)
    if step == "inspect":
        move_out.inspection = inspection
    if step == "return_deposit":
        _keep(move_out, lease, deposit_kept, deposit_kept_for)
    move_out.save()
    record(step, move_out, by=by, park=lease.park, before=before, reason=reason)
    return move_out


def _keep(move_out, lease, kept, kept_for):
    if not 0 <= kept <= lease.deposit:
        raise DepositKept(
            _("At most the deposit of %(deposit)s yuan can be kept."), deposit=lease.deposit
        )
    if kept and not kept_for:
        raise DepositKept(_("Say what the kept part of the deposit is for."))
    move_out.deposit_kept, move_out.deposit_kept_for = kept, kept_for
