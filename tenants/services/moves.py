"""Several tenants' moves on one day: planned together or not at all, and cancelled before it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, TooLate, refusing
from parks.models import Park
from parks.periods import Period
from parks.services import lock_units
from tenants.errors import LeaseEmpty, LeaseOverlap, LeaseState, WrongPark
from tenants.models import Hold, Lease, LeaseLine, Move, MovePlan, RentUnit, Tenant
from tenants.selectors.moves import Row, rows_of
from tenants.services.availability import refuse_unless_free
from tenants.services.endings import terminate_lease, void_lease
from tenants.services.leases import (
    LineTerms,
    amend_lease,
    draft_lease,
    end_lines,
    locked,
    save,
    sign_lease,
)

#: A new lease of a plan runs this long unless told, years.
YEARS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One tenant's step. ``before``: the lease it leaves; ``units``: all it has afterwards.

    Only ``before``: leaves. Both: moves; rent and end are taken over unless given. Only ``units``
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


@transaction.atomic
def plan_moves(*, park, steps, effective_on, on, by, reason="") -> MovePlan:
    """End and begin every lease of ``steps`` on ``effective_on``, or none of them.

    All lines that end are cut first, then all that begin are bound, so chains and swaps work.
    Raises what drafting, signing and ending a lease raise, ``TooLate`` for a day before ``on``,
    ``WrongPark``, ``InvalidValue``.
    """
    if effective_on < on:
        raise TooLate(_("The day of the moves has passed. Choose %(day)s or later."), day=on)
    if not steps:
        raise LeaseEmpty(_("Add at least one tenant that leaves, moves or comes."))
    Park.objects.select_for_update().get(pk=park.pk)
    befores = {s.before.pk: locked(s.before) for s in sorted(
        (s for s in steps if s.before), key=lambda s: s.before.pk)}  # fmt: skip
    _refuse_odd(steps, park)
    lines = list(LeaseLine.objects.filter(lease__in=befores).select_related("unit"))
    lock_units([line.unit for line in lines] + [unit for step in steps for unit in step.units])
    for lease in befores.values():
        _refuse_not_running(lease, effective_on)
    plan = MovePlan.objects.create(
        park=park, effective_on=effective_on, planned_on=on, reason=reason
    )
    moves = []
    for step in steps:
        before = befores[step.before.pk] if step.before else None
        tenant = before.tenant if before else step.tenant
        move = Move(plan=plan, kind=step.kind, tenant=tenant, before=before)
        move.ended = _kept(before, lines, step.units, tenant)
        if step.units:
            move.after = _draft(step, before, tenant, effective_on, by, reason)
        moves.append(move)
    for move in moves:
        if move.kind == Move.Kind.LEAVE:
            terminate_lease(lease=move.before, on=effective_on, by=by, reason=reason)
        elif move.before:
            end_lines(move.before, effective_on)
    for move in moves:
        if move.after:
            move.after = sign_lease(lease=move.after, signed_on=on, signed_by=by, reason=reason)
    Move.objects.bulk_create(moves)
    record("plan", plan, by=by, park=park, reason=reason)
    return plan


def _refuse_odd(steps, park):
    """What no plan can hold: nobody, a lease or a unit twice, another park."""
    leases, units = set(), set()
    for step in steps:
        if step.before is None and (step.tenant is None or not step.units):
            raise InvalidValue(_("Say which lease ends, or which tenant comes to which units."))
        if step.before is not None:
            if step.before.pk in leases:
                raise InvalidValue(
                    _("Lease %(number)s stands in the plan twice. Keep one line."),
                    number=step.before.number,
                )
            leases.add(step.before.pk)
            if step.before.park_id != park.pk:
                raise WrongPark(_("All leases and units of a plan lie in one park."))
        for unit in step.units:
            if unit.pk in units:
                raise LeaseOverlap(
                    _("%(unit)s is given to two tenants of the plan. Choose another unit for one."),
                    unit=unit.number,
                )
            units.add(unit.pk)
            if unit.floor.building.park_id != park.pk:
                raise WrongPark(_("All leases and units of a plan lie in one park."))


def _refuse_not_running(lease, day):
    ends_on = lease.terminated_on or lease.end
    if not lease.signed_on or lease.voided_on or not lease.start < day < ends_on:
        raise LeaseState(
            _("Lease %(number)s does not run on both sides of %(day)s (it runs %(period)s). Choose "
              "another day, or leave it out."),
            number=lease.number, day=day, period=Period(lease.start, ends_on)
            if ends_on > lease.start else lease.start,
        )  # fmt: skip
    if lease.handed_over_on and lease.handed_over_on >= day:
        raise DatesOutOfOrder(
            _("Lease %(number)s was handed over on %(day)s and cannot end before."),
            number=lease.number, day=lease.handed_over_on,
        )  # fmt: skip


def _kept(before, lines, units, tenant) -> dict:
    """What the step will cut short, as it is now."""
    own = Hold.objects.binding().filter(unit__in=units, tenant=tenant) if units else ()
    kept = {"holds": {str(h.pk): [h.end, h.binding] for h in own}}
    if before:
        kept["terminated_on"] = before.terminated_on
        kept["lines"] = {
            str(line.pk): [line.end, line.binding] for line in lines if line.lease_id == before.pk
        }
    return kept


def _draft(step, before, tenant, day, by, reason) -> Lease:
    if before is None:
        terms = _terms(step.units, step.rent or Decimal(0), step.rent_unit)
        end = step.end or day + relativedelta(years=YEARS)
        return draft_lease(tenant=tenant, lines=terms, start=day, end=end, by=by, reason=reason)
    rent, unit = (step.rent, step.rent_unit) if step.rent is not None else rent_of(before, day)
    return amend_lease(
        lease=before, effective_on=day, end=step.end or before.terminated_on or before.end, by=by,
        lines=_terms(step.units, rent, unit), reason=reason,
    )  # fmt: skip


def _terms(units, rent, rent_unit) -> list[LineTerms]:
    """A rent by area holds for every unit; one by month is shared out by area, to the cent."""
    if rent_unit != RentUnit.MONTH:
        return [LineTerms(unit=unit, rent=rent, rent_unit=rent_unit) for unit in units]
    whole = sum(area_of(unit) for unit in units)
    parts = [(rent * area_of(unit) / whole).quantize(Decimal("0.01")) for unit in units[:-1]]
    parts.append(rent - sum(parts))
    return [
        LineTerms(unit=unit, rent=part, rent_unit=rent_unit)
        for unit, part in zip(units, parts, strict=True)
    ]


def area_of(unit) -> Decimal:
    return unit.billable_area_m2 or unit.gross_area_m2


def rent_of(lease, day) -> tuple[Decimal, str]:
    """The rent in force on ``day`` with its unit: of all units by month, else the mean by area."""
    rows = []
    for line in lease.lines.prefetch_related("steps"):
        if line.start <= day < line.end:
            rents = [line.rent, *(step.rent for step in line.steps.all() if step.start <= day)]
            rows.append((rents[-1], line.area_m2, line.rent_unit))
    kinds = {kind for _rent, _area, kind in rows}
    if len(kinds) != 1:
        raise InvalidValue(
            _("The units of %(number)s have no common rent to take over. Type the rent."),
            number=lease.number,
        )
    kind = kinds.pop()
    if kind == RentUnit.MONTH:
        return sum(rent for rent, _area, _kind in rows), kind
    area = sum(area for _rent, area, _kind in rows)
    if len({rent for rent, _area, _kind in rows}) == 1 or not area:
        return rows[0][0], kind
    mean = sum(rent * size for rent, size, _kind in rows) / area
    return mean.quantize(Decimal("0.0001")), kind


class _Undo(Exception):  # noqa: N818 - carries the preview out of the transaction
    pass


def preview_moves(**plan) -> list[Row]:
    """What ``plan_moves`` would do, row by row; nothing is kept. Raises what it raises."""
    rows = []
    try:
        with transaction.atomic():
            rows = rows_of(plan_moves(**plan))
            raise _Undo
    except _Undo:
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
