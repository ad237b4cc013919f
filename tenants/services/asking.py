"""What is asked for a unit while it is vacant, and how a split or merge carries that on."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record_all, snapshot
from parks.errors import UnitNotThere
from parks.periods import Period
from parks.services import lock_units
from tenants.models import AskingRent, RentUnit
from tenants.rent import cents


def set_asking_rent(*, unit, **terms) -> AskingRent | None:
    """``set_asking_rents`` of one unit."""
    return next(iter(set_asking_rents(units=[unit], **terms)), None)


@transaction.atomic
def set_asking_rents(*, units, rent, rent_unit="", start, by, reason="") -> list[AskingRent]:
    """From ``start`` on ``rent`` is asked for each of ``units``; None: the rent is told on request.

    What was asked before ends on that day, and what was to be asked later gives way. Raises
    ``UnitNotThere`` for a unit that does not exist on the day; all are changed or none.
    """
    units = lock_units(units)
    gone = [unit for unit in units if start not in Period(unit.exists_from, unit.exists_to)]
    if gone:
        raise UnitNotThere(
            _("%(units)s: not there on %(day)s. Choose another day, or leave them out."),
            units=", ".join(unit.number for unit in gone), day=start,
        )  # fmt: skip
    rows = [] if rent is None else [
        AskingRent(unit=unit, rent=rent, rent_unit=rent_unit, start=start, end=unit.exists_to)
        for unit in units
    ]  # fmt: skip
    return _replace(units, start, rows, by=by, reason=reason)


def _replace(units, day, rows, *, by, reason):
    """Nothing of before is asked for ``units`` from ``day`` on, but ``rows``."""
    acts = []
    there = AskingRent.objects.select_for_update().filter(unit__in=[unit.pk for unit in units])
    for row in there.exclude(end__lte=day).select_related("unit__floor__building__park").order_by(
        "unit", "start"
    ):  # fmt: skip
        park, before = row.unit.floor.building.park, snapshot(row)
        if row.start >= day:
            acts.append(Act("remove", row, park, before, after={}))
        else:
            row.end = day
            row.save(update_fields=["end"])
            acts.append(Act("end", row, park, before))
    there.filter(start__gte=day).delete()
    return _begin(rows, acts, by=by, reason=reason)


def _begin(rows, acts, *, by, reason):
    for row in rows:
        row.clean_fields()
    AskingRent.objects.bulk_create(rows)
    acts += [Act("ask", row, row.unit.floor.building.park) for row in rows]
    record_all(acts, by=by, reason=reason)
    return rows


def carry_on(change, sources, results, by, reason):
    """After a split or merge the units that follow ask together what those before asked.

    A price by the square metre goes on, as the mean by area where units become one; a sum is
    shared by area. Where they ask in different ways, the rent is told on request.
    """
    day = change.effective_on
    asked = AskingRent.objects.active_on(day).filter(unit__in=[unit.pk for unit in sources])
    found = {row.unit_id: row for row in asked}
    terms = _shared([found.get(unit.pk) for unit in sources], sources, results)
    rows = [
        AskingRent(unit=unit, rent=rent, rent_unit=rent_unit, start=day, end=unit.exists_to)
        for unit, (rent, rent_unit) in zip(results, terms, strict=bool(terms))
    ]  # fmt: skip
    _replace(sources, day, rows, by=by, reason=reason)


def take_back(change, sources, results, by, reason):
    """A cancelled split or merge: the units before go on asking as they did."""
    day = change.effective_on
    _replace(results, day, [], by=by, reason=reason)
    acts = []
    for row in AskingRent.objects.filter(unit__in=[unit.pk for unit in sources], end=day):
        before, row.end = snapshot(row), None
        row.save(update_fields=["end"])
        acts.append(Act("change", row, change.park, before))
    record_all(acts, by=by, reason=reason)


def _shared(asked, sources, results) -> list:
    """``(rent, rent_unit)`` for each of ``results``; none where what is asked cannot be joined."""
    if None in asked or len({row.rent_unit for row in asked}) > 1:
        return []
    rent_unit = asked[0].rent_unit
    if rent_unit != RentUnit.MONTH:
        before = sum(unit.gross_area_m2 for unit in sources)
        sums = sum(
            row.rent * unit.gross_area_m2 for row, unit in zip(asked, sources, strict=True)
        )  # fmt: skip
        return [(cents(sums / before), rent_unit)] * len(results)
    return [
        (rent, rent_unit)
        for rent in _by_area(sum(row.rent for row in asked), results)
    ]  # fmt: skip


def _by_area(total, units) -> list[Decimal]:
    """``total`` shared by area to the cent; what rounding leaves is the last one's."""
    area = sum(unit.gross_area_m2 for unit in units)
    shares = [cents(total * unit.gross_area_m2 / area) for unit in units[:-1]]
    return [*shares, total - sum(shares)]
