"""Several tenants' moves on one day: planned together or not at all, and cancelled before it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, TooLate, refusing
from parks.models import Park
from parks.periods import Period
from parks.services import lock_units, rehearsal
from tenants.errors import LeaseEmpty, LeaseOverlap, LeaseState, MovesRefused, WrongPark
from tenants.models import Hold, Lease, LeaseLine, Move, MovePlan, RentUnit, Tenant
from tenants.selectors.moves import Row, rows_of
from tenants.services.availability import refusals_of_taken, refuse_unless_free
from tenants.services.drafting import amend_lease, draft_lease
from tenants.services.endings import terminate_lease, void_lease
from tenants.services.lease_rows import end_lines, locked, save
from tenants.services.rents_taken_over import line_terms, rent_free_from, rents_of
from tenants.services.signing import sign_leases

#: A new lease of a plan runs this long unless told, years.
YEARS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tenant's step. ``before``: the lease it leaves; ``units``: all it has afterwards.

    Only ``before``: leaves. Both: moves; the rent with its steps and the end are taken over unless
    given, rent-free days always. Only ``units``
    with ``tenant``: comes. ``end``: first day not covered.
    """

    before: Lease | None = None
    tenant: Tenant | None = None
    units: tuple = ()
    rent: Decimal | None = None
    rent_unit: str = RentUnit.M2_MONTH
    end: date | None = None

    @property
    def kind(self) -> str:
        if not self.units:
            return Move.Kind.LEAVE
        return Move.Kind.MOVE if self.before else Move.Kind.TAKE

    @property
    def whose(self) -> Tenant | None:
        return self.before.tenant if self.before else self.tenant

    def end_from(self, day) -> date:
        """The first day its new lease does not cover."""
        if self.end or not self.before:
            return self.end or day + relativedelta(years=YEARS)
        return self.before.terminated_on or self.before.end


@transaction.atomic
def plan_moves(*, park, steps, effective_on, on, by, reason="") -> MovePlan:
    """End and begin every lease of ``steps`` on ``effective_on``, or none of them.

    All lines that end are cut first, then all that begin are bound, so chains and swaps work.
    Raises ``TooLate`` for a day before ``on``, ``LeaseEmpty`` without steps; otherwise the one
    thing that stands against the plan, or ``MovesRefused`` with every one of them.
    """
    if effective_on < on:
        raise TooLate(_("The day of the moves has passed. Choose %(day)s or later."), day=on)
    if not steps:
        raise LeaseEmpty(_("Add at least one tenant that leaves, moves or comes."))
    Park.objects.select_for_update().get(pk=park.pk)
    befores = {s.before.pk: locked(s.before) for s in sorted(
        (s for s in steps if s.before), key=lambda s: s.before.pk)}  # fmt: skip
    steps = [replace(s, before=befores[s.before.pk]) if s.before else s for s in steps]
    lines = list(LeaseLine.objects.filter(lease__in=befores).select_related("unit"))
    units = lock_units([line.unit for line in lines] + [u for step in steps for u in step.units])
    moves = [
        Move(kind=step.kind, tenant=step.whose, before=step.before, ended=_kept(step, lines))
        for step in steps
    ]
    refusals = [*_oddities(steps, park), *_not_running(befores.values(), effective_on)]
    if not refusals:
        for step, move in zip(steps, moves, strict=True):
            try:
                move.after = _draft(step, effective_on, by, reason) if step.units else None
            except ValidationError as refusal:
                refusals.append(refusal)
    for lease in befores.values():
        end_lines(lease, effective_on)
    refusals += refusals_of_taken(list(_wanted(steps, units, effective_on)), by=by)
    if refusals:
        raise refusals[0] if len(refusals) == 1 else MovesRefused(refusals)
    for move in moves:
        if move.kind == Move.Kind.LEAVE:
            terminate_lease(lease=move.before, on=effective_on, by=by, reason=reason)
    sign_leases([(move.after, on) for move in moves if move.after], by=by, reason=reason)
    plan = MovePlan.objects.create(
        park=park, effective_on=effective_on, planned_on=on, reason=reason
    )
    for move in moves:
        move.plan = plan
    Move.objects.bulk_create(moves)
    record("plan", plan, by=by, park=park, reason=reason)
    return plan


def _oddities(steps, park):
    """What no plan can hold: nobody, a lease or a unit twice, another park."""
    leases, units, elsewhere = set(), set(), False
    for step in steps:
        if step.before is None and (step.tenant is None or not step.units):
            yield InvalidValue(_("Say which lease ends, or which tenant comes to which units."))
        if step.before is not None:
            if step.before.pk in leases:
                yield InvalidValue(
                    _("Lease %(number)s stands in the plan twice. Keep one line."),
                    number=step.before.number,
                )
            leases.add(step.before.pk)
            elsewhere |= step.before.park_id != park.pk
        for unit in step.units:
            if unit.pk in units:
                yield LeaseOverlap(
                    _("%(unit)s is given to two tenants of the plan. Choose another unit for one."),
                    unit=unit.number,
                )
            units.add(unit.pk)
            elsewhere |= unit.floor.building.park_id != park.pk
    if elsewhere:
        yield WrongPark(_("All leases and units of a plan lie in one park."))


def _not_running(leases, day):
    for lease in leases:
        ends_on = lease.terminated_on or lease.end
        if not lease.signed_on or lease.voided_on or not lease.start < day < ends_on:
            yield LeaseState(
                _("Lease %(number)s does not run on both sides of %(day)s (it runs %(period)s). "
                  "Choose another day, or leave it out."),
                number=lease.number, day=day, period=Period(lease.start, ends_on)
                if ends_on > lease.start else lease.start,
            )  # fmt: skip
        elif lease.handed_over_on and lease.handed_over_on >= day:
            yield DatesOutOfOrder(
                _("Lease %(number)s was handed over on %(day)s and cannot end before."),
                number=lease.number, day=lease.handed_over_on,
            )  # fmt: skip


def _kept(step, lines) -> dict:
    """What the step will cut short, as it is now."""
    own = Hold.objects.binding().filter(unit__in=step.units, tenant=step.whose)
    kept = {"holds": {str(h.pk): [h.end, h.binding] for h in own} if step.units else {}}
    if step.before:
        kept["terminated_on"] = step.before.terminated_on
        kept["lines"] = {
            str(line.pk): [line.end, line.binding]
            for line in lines
            if line.lease_id == step.before.pk
        }
    return kept


def _wanted(steps, units, day):
    """``(unit, period, tenant)`` of what begins; ``units``: the locked rows."""
    rows = {unit.pk: unit for unit in units}
    for step in steps:
        end = step.end_from(day)
        if end > day:
            yield from ((rows[unit.pk], Period(day, end), step.whose) for unit in step.units)


def _draft(step, day, by, reason) -> Lease:
    before, end = step.before, step.end_from(day)
    kind, rents = step.rent_unit, [(day, step.rent or Decimal(0))]
    if before and step.rent is None:
        kind, rents = rents_of(before, day)
    lines = line_terms(step.units, kind, [pair for pair in rents if pair[0] < end])
    if before is None:
        return draft_lease(
            tenant=step.tenant, lines=lines, start=day, end=end, by=by, reason=reason
        )
    return amend_lease(
        lease=before, effective_on=day, end=end, by=by, lines=lines,
        rent_free=rent_free_from(before, day, end), reason=reason,
    )  # fmt: skip


def preview_moves(**plan) -> list[Row]:
    """What ``plan_moves`` would do, row by row; nothing is kept. Raises what it raises."""
    with rehearsal():
        rows = rows_of(plan_moves(**plan))
    return rows


@transaction.atomic
def cancel_moves(*, plan, on, by, reason="") -> MovePlan:
    """Void what the plan began and give back what it ended; only before its day.

    Raises ``TooLate``, ``LeaseState`` when something builds on it already, and whatever stands on
    the units given back (``LeaseOverlap``, ``UnitHeld``, ``UnitClosed``, ``UnitNotThere``).
    """
    plan = MovePlan.objects.select_for_update(of=("self",)).select_related("park").get(pk=plan.pk)
    if plan.cancelled_on:
        raise LeaseState(_("The plan was cancelled on %(day)s."), day=plan.cancelled_on)
    if on >= plan.effective_on:
        raise TooLate(_("The moves took effect on %(day)s; plan new ones."), day=plan.effective_on)
    before_plan = snapshot(plan)
    moves = list(plan.moves.select_related("before", "after", "tenant"))
    for move in moves:
        if move.after:
            _refuse_built_on(move.after)
            void_lease(lease=move.after, on=on, by=by, reason=reason or _("plan cancelled"))
    given_back = [_give_back(move, by) for move in moves if move.before]
    for move in moves:
        for pk, (end, binding) in move.ended.get("holds", {}).items():
            Hold.objects.filter(pk=pk, unit__in=_units(move)).update(end=end, binding=binding)
    for lease, before in given_back:
        record("restore", lease, by=by, park=plan.park, before=before, reason=reason)
    plan.cancelled_on = on
    plan.save(update_fields=["cancelled_on"])
    record("cancel", plan, by=by, park=plan.park, before=before_plan, reason=reason)
    return plan


def _units(move):
    return move.after.lines.values("unit") if move.after else ()


def _refuse_built_on(after):
    later = Lease.objects.filter(previous=after, voided_on__isnull=True).first()
    if later or after.terminated_on or after.voided_on or after.handed_over_on:
        raise LeaseState(
            _("Lease %(number)s of the plan was changed since%(later)s. Take that back first."),
            number=after.number, later=f" ({later.number})" if later else "",
        )  # fmt: skip


def _give_back(move, by):
    lease = locked(move.before)
    before = snapshot(lease)
    was = move.ended["lines"]
    lines = list(lease.lines.filter(pk__in=was).select_related("unit"))
    units = {unit.pk: unit for unit in lock_units([line.unit for line in lines])}
    wanted = []
    for line in lines:
        end, binding = was[str(line.pk)]
        end = date.fromisoformat(end)
        if binding and (end > line.end or not line.binding):
            start = line.end if line.binding else line.start
            wanted.append((units[line.unit_id], Period(start, end)))
        line.end, line.binding = end, binding
    if wanted:
        refuse_unless_free(wanted, by=by, tenant=lease.tenant)
    with refusing(lease_line_once_a_day=lambda: LeaseOverlap(
        _("A unit of %(number)s has been let again meanwhile. End that lease first."),
        number=lease.number,
    )):  # fmt: skip
        LeaseLine.objects.bulk_update(lines, ["end", "binding"])
    day = move.ended["terminated_on"]
    lease.terminated_on = date.fromisoformat(day) if day else None
    save(lease, "terminated_on")
    return lease, before
