"""What a lease that moves takes along: its rent, the steps still to come, the rent-free days."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from parks.errors import InvalidValue
from tenants.models import RentUnit
from tenants.services.lease_terms import LineTerms


def rents_of(lease, day) -> tuple[str, list[tuple[date, Decimal]]]:
    """The rent unit of the lines in force on ``day`` and ``(day, rent)``, then each later step.

    A rent by the month is that of all lines, one by area their mean. Raises ``InvalidValue`` when
    the lines are priced in different units.
    """
    lines = list(lease.lines.binding().active_on(day).prefetch_related("steps"))
    kinds = {line.rent_unit for line in lines}
    if len(kinds) != 1:
        raise InvalidValue(
            _("The units of %(number)s have no common rent to take over. Type the rent."),
            number=lease.number,
        )
    kind = kinds.pop()
    days = {step.start for line in lines for step in line.steps.all() if step.start > day}
    return kind, [(one, _rent_on(lines, kind, one)) for one in (day, *sorted(days))]


def _rent_on(lines, kind, day) -> Decimal:
    rents = [
        [line.rent, *(step.rent for step in line.steps.all() if step.start <= day)][-1]
        for line in lines
    ]
    if kind == RentUnit.MONTH:
        return sum(rents)
    area = sum(line.area_m2 for line in lines)
    if len(set(rents)) == 1 or not area:
        return rents[0]
    mean = sum(rent * line.area_m2 for rent, line in zip(rents, lines, strict=True)) / area
    return mean.quantize(Decimal("0.0001"))


def rent_free_from(lease, day, end) -> tuple:
    """The rent-free days of ``lease`` within ``[day, end)``, as ``(start, end)`` pairs."""
    pairs = [(max(one.start, day), min(one.end, end)) for one in lease.rent_free.all()]
    return tuple((first, last) for first, last in pairs if first < last)


def line_terms(units, rent_unit, rents) -> list[LineTerms]:
    """The ``units`` at ``rents``, ``(day, rent)`` pairs of which the first holds at the start.

    A rent by area holds for every unit; one by month is shared out by area, to the cent.
    """
    shared = [_shared(rent, units, rent_unit) for _day, rent in rents]
    later = [day for day, _rent in rents[1:]]
    return [
        LineTerms(
            unit=unit, rent=own[0], rent_unit=rent_unit,
            steps=tuple(zip(later, own[1:], strict=True)),
        )
        for unit, *own in zip(units, *shared, strict=True)
    ]  # fmt: skip


def _shared(rent, units, rent_unit) -> list[Decimal]:
    if rent_unit != RentUnit.MONTH:
        return [rent] * len(units)
    areas = [unit.billable_area_m2 or unit.gross_area_m2 for unit in units]
    parts = [(rent * area / sum(areas)).quantize(Decimal("0.01")) for area in areas[:-1]]
    return [*parts, rent - sum(parts)]
