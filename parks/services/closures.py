"""Taking a unit off the market for dated reasons, and back."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import (
    ClosureOverlap,
    DatesOutOfOrder,
    UnitInTheWay,
    UnitNotThere,
    refusing,
)
from parks.models import Unit, UnitClosure
from parks.obstacles import obstacles
from parks.periods import Period
from parks.services.space import lock_units, park_of


@transaction.atomic
def close_unit(*, unit, reason, start, by, end=None, note="") -> UnitClosure:
    """Close ``unit`` on ``[start, end)`` as out of use, own use, public service or sold.

    Raises ``UnitNotThere``, ``UnitInTheWay`` (a lease or hold then), ``ClosureOverlap``.
    """
    (unit,) = lock_units([unit])
    if end is not None and end <= start:
        raise DatesOutOfOrder(_("The last day must not lie before the first."))
    period = Period(start, end)
    existence = Period(unit.exists_from, unit.exists_to)
    if not period.within(existence):
        raise UnitNotThere(
            _("%(unit)s exists %(period)s only."), unit=unit.number, period=existence
        )
    if reasons := obstacles(Unit.objects.filter(pk=unit.pk), period, by=by):
        raise UnitInTheWay(
            _("%(unit)s is needed on these days: %(reasons)s."),
            unit=unit.number,
            reasons="; ".join(reasons),
        )
    closure = UnitClosure(unit=unit, reason=reason, start=start, end=end, note=note)
    closure.clean_fields()
    with refusing(closure_once_a_day=lambda: _already_closed(unit, period)):
        closure.save()
    record("close", closure, by=by, park=park_of(unit), reason=note)
    return closure


def _already_closed(unit, period):
    clash = UnitClosure.objects.filter(unit=unit).overlapping(period).first()
    return ClosureOverlap(
        _("%(unit)s is already closed (%(reason)s, %(period)s). Choose other days or end that "
          "closure first."),
        unit=unit.number,
        reason=clash.get_reason_display(),
        period=Period(clash.start, clash.end),
    )  # fmt: skip


@transaction.atomic
def reopen_unit(*, closure, on, by, reason="") -> UnitClosure:
    """End the closure on day ``on``; one that has not begun by then is removed.

    Returns the closure as it was saved last (without a key once removed). Raises
    ``DatesOutOfOrder`` when it ends earlier anyway.
    """
    closure = UnitClosure.objects.select_for_update().get(pk=closure.pk)
    (unit,) = lock_units([closure.unit])
    if closure.end is not None and closure.end <= on:
        raise DatesOutOfOrder(_("This closure already ends on %(day)s."), day=closure.end)
    before = snapshot(closure)
    if on <= closure.start:
        record("reopen", closure, by=by, park=park_of(unit), before=before, after={}, reason=reason)
        closure.delete()
    else:
        closure.end = on
        closure.save(update_fields=["end"])
        record("reopen", closure, by=by, park=park_of(unit), before=before, reason=reason)
    return closure
