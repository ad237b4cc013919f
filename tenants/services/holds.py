"""Keeping a unit for someone for some days."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import DatesOutOfOrder, refusing
from parks.periods import Period
from parks.services import lock_units
from tenants.errors import HoldOverlap, LeaseState
from tenants.models import Hold
from tenants.services.availability import refuse_unless_free
from tenants.services.tenants import refuse_merged

_keepers = []


def keeper(keeps):
    """``keeps(hold)`` raises a ``RuleViolation`` while something above needs the hold."""
    _keepers.append(keeps)
    return keeps


@transaction.atomic
def hold_unit(*, unit, start, end, by, tenant=None, applicant="", note="") -> Hold:
    """Hold ``unit`` on ``[start, end)`` for a tenant or, in words, an applicant.

    Raises ``HoldOverlap``, ``LeaseOverlap``, ``UnitClosed``, ``UnitNotThere``.
    """
    (unit,) = lock_units([unit])
    refuse_merged([tenant] if tenant else [])
    if end <= start:
        raise DatesOutOfOrder(_("The hold must end after it starts."))
    period = Period(start, end)
    refuse_unless_free([(unit, period)], by=by)
    hold = Hold(unit=unit, tenant=tenant, applicant=applicant, start=start, end=end, note=note)
    hold.full_clean(validate_constraints=False)
    Hold._meta.constraints[-1].validate(Hold, hold)
    with refusing(hold_once_a_day=lambda: _already_held(unit, period)):
        hold.save()
    record("hold", hold, by=by, park=unit.floor.building.park, reason=note)
    return hold


def _already_held(unit, period):
    clash = Hold.objects.binding().overlapping(period).filter(unit=unit).first()
    return HoldOverlap(
        _("%(unit)s is already held %(period)s. Choose other days or release that hold."),
        unit=unit.number,
        period=Period(clash.start, clash.end),
    )


@transaction.atomic
def extend_hold(*, hold, end, by, reason="") -> Hold:
    """Keep the unit until ``end``, later than now; raises as ``hold_unit`` does."""
    (unit,) = lock_units([hold.unit])
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if not hold.binding:
        raise LeaseState(_("The hold has already ended."))
    if end <= hold.end:
        raise DatesOutOfOrder(_("The hold lasts until then anyway."))
    added = Period(hold.end, end)
    refuse_unless_free([(unit, added)], by=by)
    before = snapshot(hold)
    hold.end = end
    with refusing(hold_once_a_day=lambda: _already_held(unit, added)):
        hold.save(update_fields=["end"])
    record("extend", hold, by=by, park=unit.floor.building.park, before=before, reason=reason)
    return hold


@transaction.atomic
def release_hold(*, hold, on, by, reason="") -> Hold:
    """Let the unit go on day ``on``; a hold that has not begun binds no more.

    Raises what its ``keeper`` raises.
    """
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if not hold.binding or hold.end <= on:
        raise LeaseState(_("The hold has already ended."))
    for keeps in _keepers:
        keeps(hold)
    before = snapshot(hold)
    if on <= hold.start:
        hold.binding = False
    else:
        hold.end = on
    hold.save(update_fields=["binding", "end"])
    record("release", hold, by=by, park=hold.unit.floor.building.park, before=before, reason=reason)
    return hold
