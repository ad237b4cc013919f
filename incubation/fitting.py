"""Do units meet what an application needs? Hard needs only; what is merely wished never excludes.

What is not known of a unit does not meet a need, as for fire classes (``parks.fire``).
"""

from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.fire import hosts
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
    found = list(lacking(application, units))
    start, months = term_of(application, on)
    end = start + relativedelta(months=months)
    if any(not _free(unit, taken[unit.pk], on, end) for unit in units):
        found.append(["taken", {"first": on.isoformat(), "end": end.isoformat()}])
    return found


def _free(unit, periods, start, end) -> bool:
    there = unit.exists_from <= start and (unit.exists_to is None or end <= unit.exists_to)
    return there and not any(begin < end and start < over for begin, over in periods)


def lacking(wants, units):
    """Yields ``[code, numbers]`` of each need that ``units`` together never meet."""
    if wants.unit_kind and any(unit.kind != wants.unit_kind for unit in units):
        yield ["kind", {}]
    area = sum((unit.gross_area_m2 for unit in units), start=Decimal(0))
    if wants.area_min_m2 and area < wants.area_min_m2:
        yield ["area", {"has": str(area), "wants": str(wants.area_min_m2)}]
    seats = sum(unit.seats for unit in units)
    if wants.unit_kind == UnitKind.DESK and wants.desks and seats < wants.desks:
        yield ["desks", {"has": seats, "wants": wants.desks}]
    for code, name in (("floor_load", "floor_load_kn_m2"), ("clear_height", "clear_height_m")):
        if need := getattr(wants, name):
            least = min((getattr(unit, name) or Decimal(0) for unit in units), default=Decimal(0))
            if least < need:
                yield [code, {"has": str(least or "—"), "wants": str(need)}]
    if wants.power_kva:
        power = sum((unit.power_kva or Decimal(0) for unit in units), start=Decimal(0))
        if power < wants.power_kva:
            yield ["power", {"has": str(power or "—"), "wants": str(wants.power_kva)}]
    if not all(hosts(unit.floor.building.fire_class, wants.fire_class) for unit in units):
        yield ["fire_class", {}]
    for name in ("goods_lift", "drainage"):
        if getattr(wants, name) and not all(getattr(unit, name) for unit in units):
            yield [name, {}]
