"""Splitting and merging units on an effective day, past or planned (domain notes §4)."""

from decimal import Decimal

import shapely
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from parks import followers
from parks.audit import Act, record_all, snapshot
from parks.errors import (
    AreaNotConserved,
    InvalidValue,
    PlanAlreadyOpen,
    TooLate,
    UnitInTheWay,
    UnitNotThere,
)
from parks.models import Unit, UnitChange, UnitClosure
from parks.obstacles import obstacles
from parks.outlines import refuse_bad_outlines
from parks.periods import Period
from parks.services.space import create_units, lock_units, park_of

#: Σ gross area is kept to within this, in m².
AREA_TOLERANCE_M2 = Decimal("0.01")

#: What a part takes over from the unit it came from unless it says otherwise.
INHERITED = (
    "kind", "tenure", "area_source", "clear_height_m", "floor_load_kn_m2", "column_grid",
    "goods_lift", "drainage", "listed", "geometry_source",
)  # fmt: skip
#: Added up by a merge where every source knows it.
SUMMED = ("gross_area_m2", "net_area_m2", "shared_area_m2", "billable_area_m2", "power_kva")


@transaction.atomic
def split_unit(*, unit, into, effective_on, on, by, reason="") -> UnitChange:
    """End ``unit`` on ``effective_on`` and begin its parts that day.

    ``into``: at least two mappings with ``number`` and ``gross_area_m2``; other unit fields may be
    given, the rest is taken over. ``on`` is today.

    Raises ``AreaNotConserved``, ``UnitNotThere``, ``PlanAlreadyOpen``, ``UnitInTheWay``,
    ``NumberTaken``, ``UnitNotContained``.
    """
    if len(into) < 2:
        raise InvalidValue(_("A split needs at least two parts."))
    (unit,) = lock_units([unit])
    parts = [
        Unit(
            **{
                **{name: getattr(unit, name) for name in INHERITED},
                **part,
                "floor": unit.floor,
                "exists_from": effective_on,
            }
        )
        for part in into
    ]
    return _change(UnitChange.Kind.SPLIT, [unit], parts, effective_on, on, by, reason)


@transaction.atomic
def merge_units(*, units, number, effective_on, on, by, reason="", **fields) -> UnitChange:
    """End ``units`` of one floor on ``effective_on`` and begin one unit called ``number``.

    Areas, power and desks add up; other fields follow the largest unit unless given. Raises as
    ``split_unit``.
    """
    units = lock_units(units)
    if len(units) < 2:
        raise InvalidValue(_("A merge needs at least two units."))
    if len({unit.floor_id for unit in units}) > 1:
        raise InvalidValue(_("Only units of one floor can be merged."))
    largest = max(units, key=lambda unit: unit.gross_area_m2)
    values = {name: getattr(largest, name) for name in INHERITED}
    for name in SUMMED:
        parts = [getattr(unit, name) for unit in units]
        values[name] = None if None in parts else sum(parts)
    values["seats"] = sum(unit.seats for unit in units)
    outlines = [unit.outline for unit in units]
    if None not in outlines:
        values["outline"] = shapely.union_all(outlines)
    values |= fields | {"number": number, "floor": largest.floor, "exists_from": effective_on}
    return _change(UnitChange.Kind.MERGE, units, [Unit(**values)], effective_on, on, by, reason)


def _change(kind, sources, results, effective_on, on, by, reason):
    park = park_of(sources[0])
    for unit in sources:
        _refuse_unless_free(unit, effective_on, by)
    for unit in results:
        unit.clean_fields(exclude=["floor", "begun_by", "ended_by", "numbered_from"])
    before_m2 = sum(unit.gross_area_m2 for unit in sources)
    after_m2 = sum(unit.gross_area_m2 for unit in results)
    if abs(before_m2 - after_m2) > AREA_TOLERANCE_M2:
        raise AreaNotConserved(
            _("The parts have %(after)s m² together, the units before have %(before)s m²: "
              "%(difference)s m² too much or too little. Change the areas so that they add up."),
            before=before_m2,
            after=after_m2,
            difference=after_m2 - before_m2,
        )  # fmt: skip
    change = UnitChange.objects.create(
        park=park, kind=kind, effective_on=effective_on, planned_on=on, reason=reason
    )
    acts = []
    for unit in sources:
        before = snapshot(unit)
        unit.exists_to, unit.ended_by = effective_on, change
        unit.save(update_fields=["exists_to", "ended_by"])
        acts.append(Act(f"{kind}_end", unit, park, before))
    for unit in results:
        unit.begun_by = change
    create_units(results, by=by, reason=reason)
    refuse_bad_outlines(results, sources=sources)
    followers.begin(change, sources, results, by=by, reason=reason)
    record_all([Act(str(kind), change, park), *acts], by=by, reason=reason)
    return change


def _refuse_unless_free(unit, effective_on, by):
    if unit.ended_by_id:
        raise PlanAlreadyOpen(
            _("%(unit)s already ends on %(day)s by another split or merge. "
              "Cancel that plan first."),
            unit=unit.number,
            day=unit.exists_to,
        )  # fmt: skip
    if effective_on <= unit.numbered_from or (unit.exists_to and unit.exists_to <= effective_on):
        raise UnitNotThere(
            _("%(unit)s exists %(period)s; the day must lie after its first day, with the unit "
              "still there."),
            unit=unit.number,
            period=Period(unit.exists_from, unit.exists_to),
        )  # fmt: skip
    period = Period(effective_on)
    reasons = [
        _("%(reason)s %(period)s") % {
            "reason": closure.get_reason_display(), "period": Period(closure.start, closure.end),
        }
        for closure in UnitClosure.objects.filter(unit=unit).overlapping(period)
    ] + obstacles(Unit.objects.filter(pk=unit.pk), period, by=by)  # fmt: skip
    if reasons:
        raise UnitInTheWay(
            _("%(unit)s is still needed after %(day)s: %(reasons)s."),
            unit=unit.number,
            day=effective_on,
            reasons="; ".join(reasons),
        )


@transaction.atomic
def cancel_change(*, change, on, by, reason="") -> UnitChange:
    """Take back a split or merge before its day: the units go on, the planned ones never begin.

    Raises ``TooLate`` from the effective day on, ``PlanAlreadyOpen`` when a later plan builds on
    it and ``UnitInTheWay`` when a planned unit is already let, held or drafted.
    """
    change = UnitChange.objects.select_for_update().get(pk=change.pk)
    if change.cancelled_on:
        raise TooLate(_("This plan is already cancelled."))
    if change.effective_on <= on:
        raise TooLate(
            _("The change took effect on %(day)s; record the opposite change instead."),
            day=change.effective_on,
        )
    results = lock_units(change.results.all())
    sources = lock_units(change.sources.all())
    later = next((unit for unit in results if unit.ended_by_id), None)
    if later:
        raise PlanAlreadyOpen(
            _("%(unit)s is itself split or merged on %(day)s. Cancel that plan first."),
            unit=later.number,
            day=later.exists_to,
        )
    acts = [
        Act("cancel_begin", unit, change.park, before=snapshot(unit), after={}) for unit in results
    ]
    planned = Unit.objects.filter(pk__in=[unit.pk for unit in results])
    reasons = obstacles(planned, Period(change.effective_on), by=by)
    try:
        if not reasons:
            followers.cancel(change, sources, results, by=by, reason=reason)
            planned.delete()
    except ProtectedError:
        reasons = [_("a draft, hold or closure uses a planned unit")]
    if reasons:
        raise UnitInTheWay(
            _("The planned units are already in use: %(reasons)s."), reasons="; ".join(reasons)
        )
    for unit in sources:
        before = snapshot(unit)
        unit.exists_to = unit.ended_by = None
        unit.save(update_fields=["exists_to", "ended_by"])
        acts.append(Act("cancel_end", unit, change.park, before))
    before = snapshot(change)
    change.cancelled_on = on
    change.save(update_fields=["cancelled_on"])
    acts.append(Act("cancel", change, change.park, before))
    record_all(acts, by=by, reason=reason)
    return change
