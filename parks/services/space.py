"""Making and correcting parks, buildings, floors and units."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, NumberTaken, PlaceTaken, refusing
from parks.models import Building, Floor, Park, Unit, UnitFormerNumber

#: Set by acts of their own, never corrected in place.
FIXED_UNIT_FIELDS = {
    "floor", "number", "numbered_from", "exists_from", "exists_to", "begun_by", "ended_by",
}  # fmt: skip
#: Geometry that an act on dates and numbers need not read.
OUTLINES = (
    "outline",
    "floor__outline",
    "floor__building__footprint",
    "floor__building__park__boundary",
)


def lock_units(units):
    """The units, freshly read with their place and locked until the transaction ends.

    Always in the order of their keys, so that two acts on the same units wait and never deadlock.
    """
    keys = sorted({unit.pk for unit in units})
    rows = Unit.objects.select_for_update(of=("self",)).with_place().defer(*OUTLINES)
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _create(obj, *, park, by, reason):
    obj.full_clean()
    obj.save(force_insert=True)
    record("create", obj, by=by, park=park or obj, reason=reason)
    return obj


@transaction.atomic
def create_park(*, by, reason="", **fields) -> Park:
    """A new park. Raises ``ValidationError`` naming the fields that are wrong."""
    return _create(Park(**fields), park=None, by=by, reason=reason)


@transaction.atomic
def create_building(*, park, by, reason="", **fields) -> Building:
    return _create(Building(park=park, **fields), park=park, by=by, reason=reason)


@transaction.atomic
def create_floor(*, building, by, reason="", **fields) -> Floor:
    floor = Floor(building=building, **fields)
    return _create(floor, park=building.park, by=by, reason=reason)


@transaction.atomic
def create_places(places, *, by, reason="") -> list:
    """Save new, unsaved buildings (or floors, all of one kind) in one insert, each recorded.

    Raises ``ValidationError`` for a bad value and ``PlaceTaken`` for a code of the park, or a
    storey of the building, that is there already.
    """
    for place in places:
        place.clean_fields(exclude=["park", "building", "footprint", "outline"])

    def taken():
        return PlaceTaken(
            _("One of these is there already: %(names)s."),
            names=", ".join(str(place) for place in places[:5]),
        )

    with refusing(
        building_code_unique=taken, parks_building=taken,
        floor_ordinal_unique=taken, parks_floor=taken,
    ):  # fmt: skip
        type(places[0]).objects.bulk_create(places, batch_size=500)
    record_all([Act("create", place, park_of(place)) for place in places], by=by, reason=reason)
    return places


def number_taken(number=""):
    return NumberTaken(
        _("Another unit of this floor bears the number %(number)s on some of these days. "
          "Choose another number."),
        number=number,
    )  # fmt: skip


@transaction.atomic
def create_units(units, *, by, reason="") -> list[Unit]:
    """Save new, unsaved ``Unit`` objects in one insert, each cleaned and recorded.

    ``numbered_from`` defaults to ``exists_from``. Raises ``ValidationError`` for a bad value and
    ``NumberTaken`` when two units of a floor would bear one number on a day.
    """
    for unit in units:
        unit.numbered_from = unit.numbered_from or unit.exists_from
        unit.clean_fields(exclude=["floor", "begun_by", "ended_by"])
        if unit.gross_area_m2 <= 0:
            raise InvalidValue(
                _("The gross area of %(number)s must be above zero."), number=unit.number
            )
    with refusing(
        unit_number_once_a_day=lambda: number_taken(", ".join(u.number for u in units[:5]))
    ):
        units = Unit.objects.bulk_create(units, batch_size=500)
    acts = [Act("create", unit, unit.floor.building.park) for unit in units]
    record_all(acts, by=by, reason=reason)
    return units


def create_unit(*, floor, number, exists_from, by, reason="", **fields) -> Unit:
    """A new unit on ``floor`` from ``exists_from``; see ``create_units``."""
    unit = Unit(floor=floor, number=number, exists_from=exists_from, **fields)
    return create_units([unit], by=by, reason=reason)[0]


@transaction.atomic
def correct(obj, *, by, reason="", **fields):
    """Correct columns of a park, building, floor or unit that are not acts of their own.

    Raises ``InvalidValue`` for a column that another act sets, or for the gross area of a unit
    that a split or merge counted.
    """
    model = type(obj)
    # The place is read before the lock: PostgreSQL cannot lock the outer side of a join.
    obj = model.objects.select_for_update().get(pk=obj.pk)
    if model is Unit:
        refuse_fixed(obj, fields)
    before = snapshot(obj)
    for name, value in fields.items():
        setattr(obj, name, value)
    obj.full_clean()
    obj.save(update_fields=list(fields))
    record("correct", obj, by=by, park=park_of(obj), before=before, reason=reason)
    return obj


def refuse_fixed(unit, fields):
    """Raises ``InvalidValue`` for columns of a unit that other acts set or have counted."""
    if fixed := FIXED_UNIT_FIELDS & set(fields):
        raise InvalidValue(
            _("%(fields)s cannot be corrected in place."), fields=", ".join(sorted(fixed))
        )
    area = fields.get("gross_area_m2", unit.gross_area_m2)
    if area != unit.gross_area_m2 and (unit.begun_by_id or unit.ended_by_id):
        raise InvalidValue(
            _("The gross area of %(number)s was counted in a split or merge and stays as it "
              "is."),
            number=unit.number,
        )  # fmt: skip
    if area <= 0:
        raise InvalidValue(
            _("The gross area of %(number)s must be above zero."), number=unit.number
        )


@transaction.atomic
def correct_units(changes, *, by, reason="") -> list[Unit]:
    """As ``correct``, for many units in one update: ``(unit, {column: value})``."""
    wanted = {unit.pk: fields for unit, fields in changes}
    units, acts = lock_units([unit for unit, _fields in changes]), []
    for unit in units:
        refuse_fixed(unit, wanted[unit.pk])
        before = stored(unit)
        for name, value in wanted[unit.pk].items():
            setattr(unit, name, value)
        unit.clean_fields(exclude=["floor", "begun_by", "ended_by", "outline"])
        acts.append(Act("correct", unit, park_of(unit), before, stored(unit)))
    columns = sorted(set().union(*wanted.values()))
    Unit.objects.bulk_update(units, columns, batch_size=200)
    record_all(acts, by=by, reason=reason)
    return units


def stored(unit) -> dict:
    """The unit's snapshot without its outline, which ``lock_units`` leaves unread."""
    fields = [f.attname for f in Unit._meta.concrete_fields if f.name != "outline"]
    return json.loads(json.dumps({n: getattr(unit, n) for n in fields}, cls=DjangoJSONEncoder))


def park_of(obj) -> Park:
    if isinstance(obj, Unit):
        return obj.floor.building.park
    if isinstance(obj, Floor):
        return obj.building.park
    return obj if isinstance(obj, Park) else obj.park


@transaction.atomic
def renumber_unit(*, unit, number, on, by, reason="") -> Unit:
    """From day ``on`` the unit bears ``number``; the number before still finds it."""
    (unit,) = lock_units([unit])
    if number == unit.number:
        raise InvalidValue(_("The unit already bears the number %(number)s."), number=number)
    if on <= unit.numbered_from or (unit.exists_to and on >= unit.exists_to):
        raise DatesOutOfOrder(
            _("A new number must begin after %(start)s, while the unit exists."),
            start=unit.numbered_from,
        )
    before = snapshot(unit)
    UnitFormerNumber.objects.create(unit=unit, number=unit.number, start=unit.numbered_from, end=on)
    unit.number, unit.numbered_from = number, on
    unit.clean_fields()
    with refusing(unit_number_once_a_day=lambda: number_taken(number)):
        unit.save(update_fields=["number", "numbered_from"])
    record("renumber", unit, by=by, park=park_of(unit), before=before, reason=reason)
    return unit
