"""Do units meet what an application needs? Hard needs only; what is merely wished never excludes.

What is not known of a unit does not meet a need, as for fire classes (``parks.fire``).
"""

from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incubation.matching.needs import CLASSES, MIXED, Needs, hundredths, kind_code, unmet
from parks.models import UnitClosure
from parks.models.space import UnitKind
from parks.periods import FAR_FUTURE
from tenants.models import Hold, LeaseLine
from tenants.selectors.free import MONTHS

#: Code → words; the numbers of a reason are kept beside its code, so that a log can be read in
#: either language.
WORDS = {
    "kind": _("another kind of space than asked for"),
    "area": _("%(has)s ㎡, at least %(wants)s ㎡ asked for"),
    "desks": _("%(has)s desks, %(wants)s asked for"),
    "floor_load": _("floor load %(has)s kN/㎡, %(wants)s asked for"),
    "clear_height": _("clear height %(has)s m, %(wants)s asked for"),
    "power": _("power %(has)s kVA, %(wants)s asked for"),
    "fire_class": _("the building may not hold production of this fire class"),
    "goods_lift": _("no goods lift"),
    "drainage": _("no process drainage"),
    "taken": _("not free from %(first)s to %(end)s without a break"),
    "declined": _("declined it before"),
    "reason": _("%(reason)s"),
}


def words(reason) -> str:
    """A kept ``[code, numbers]`` in the language that is active."""
    code, numbers = reason
    return str(WORDS[code]) % numbers if numbers else str(WORDS[code])


def term_of(application, on) -> tuple:
    """The day a lease would begin, not before ``on``, and its months."""
    return max(on, application.move_in_on or on), application.months or MONTHS


def taken_of(units, on) -> dict:
    """By key of each of ``units`` the sorted ``(start, end)`` on which something takes it from
    ``on`` on; three queries."""
    taken = {unit.pk: [] for unit in units}
    for rows in (LeaseLine.objects.binding(), Hold.objects.binding(), UnitClosure.objects.all()):
        rows = rows.filter(Q(end__isnull=True) | Q(end__gt=on), unit__in=list(taken)).order_by()
        for unit, start, end in rows.values_list("unit", "start", "end"):
            taken[unit].append((start, end or FAR_FUTURE))
    for periods in taken.values():
        periods.sort()
    return taken


def free_from(unit, periods, start, months) -> date | None:
    """The first day not before ``start`` from which a term of ``months`` is free of ``periods``."""
    day = max(start, unit.exists_from)
    for begin, end in periods:
        if begin < day + relativedelta(months=months) and day < end:
            if end == FAR_FUTURE:
                return None
            day = end
    if unit.exists_to and day + relativedelta(months=months) > unit.exists_to:
        return None
    return day


def against(application, units, taken, on) -> list:
    """``[code, numbers]`` of each hard need that ``units`` together do not meet.

    They are free from ``on``, when they would be held, to the end of the term. ``units`` with floor
    and building; ``taken``: as ``taken_of`` says.
    """
    end = end_of(application, on)
    has = has_of(units, min((free_until(unit, taken[unit.pk], on) for unit in units), default=on))
    return list(_told(wants_of(application, end), has, on, end))


def lacking(application, units):
    """Yields ``[code, numbers]`` of each need that ``units`` together never meet."""
    return _told(wants_of(application), has_of(units))


def end_of(application, on) -> date:
    """The first day after the term."""
    start, months = term_of(application, on)
    return start + relativedelta(months=months)


def free_until(unit, periods, on) -> date:
    """The day on which ``unit``, free on ``on``, is taken or ends; ``on`` where it is not free."""
    if unit.exists_from > on:
        return on
    days = [unit.exists_to or FAR_FUTURE]
    days += [max(begin, on) for begin, end in periods if end > on]
    return min(days)


def wants_of(application, end=None) -> Needs:
    """What ``application`` needs, up to the day ``end``."""
    desks = application.desks if application.unit_kind == UnitKind.DESK else 0
    return Needs(
        kind_code(application.unit_kind), hundredths(application.area_min_m2), desks or 0,
        hundredths(application.floor_load_kn_m2), hundredths(application.clear_height_m),
        hundredths(application.power_kva), CLASSES.index(application.fire_class),
        int(application.goods_lift), int(application.drainage), end.toordinal() if end else 0,
    )  # fmt: skip


def has_of(units, until=None) -> Needs:
    """What ``units`` together have, free until the day ``until``; ``units`` with their building."""
    kinds = {kind_code(unit.kind) for unit in units} or {0}

    def least(name):
        return min((hundredths(getattr(unit, name)) for unit in units), default=0)

    return Needs(
        kinds.pop() if len(kinds) == 1 else MIXED,
        sum(hundredths(unit.gross_area_m2) for unit in units), sum(unit.seats for unit in units),
        least("floor_load_kn_m2"), least("clear_height_m"),
        sum(hundredths(unit.power_kva) for unit in units),
        max((CLASSES.index(unit.floor.building.fire_class) for unit in units), default=0),
        int(all(unit.goods_lift for unit in units)), int(all(unit.drainage for unit in units)),
        until.toordinal() if until else 0,
    )  # fmt: skip


def _told(wants, has, on=None, end=None):
    """The needs of ``wants`` that ``has`` does not meet, with the numbers of their words."""
    for code, not_met in unmet(wants, has):
        if not not_met:
            continue
        wanted, there = getattr(wants, code), getattr(has, code)
        if code == "taken":
            numbers = {"first": on.isoformat(), "end": end.isoformat()}
        elif code == "desks":
            numbers = {"has": there, "wants": wanted}
        elif "%(has)s" in WORDS[code]:
            numbers = {"has": _number(there) if there or code == "area" else "—",
                       "wants": _number(wanted)}  # fmt: skip
        else:
            numbers = {}
        yield [code, numbers]


def _number(of_hundredths) -> str:
    return str(Decimal(of_hundredths).scaleb(-2))
