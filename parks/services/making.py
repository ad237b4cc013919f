"""Making much at once, setting an outline, and giving a park its staff."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record_all, snapshot
from parks.errors import InvalidValue
from parks.geometry import to_wgs84
from parks.models import Building, Floor, GeometrySource, Park, Unit
from parks.numbering import storey_name
from parks.outlines import refuse_bad_outlines
from parks.services.space import (
    FIXED_UNIT_FIELDS,
    correct,
    create_floor,
    create_units,
    park_of,
)

#: Where each kind of record keeps its shape.
SHAPE_OF = {Park: "boundary", Building: "footprint", Floor: "outline", Unit: "outline"}


@transaction.atomic
def create_floors(*, building, ordinals, by, reason="") -> list[Floor]:
    """The storeys ``ordinals``, named 1F, B1 and so on. Raises ``InvalidValue`` for one there is."""
    there = set(building.floors.filter(ordinal__in=ordinals).values_list("ordinal", flat=True))
    if there:
        raise InvalidValue(
            _("The building already has: %(floors)s."),
            floors=", ".join(storey_name(ordinal) for ordinal in sorted(there)),
        )
    return [
        create_floor(
            building=building, ordinal=ordinal, name=storey_name(ordinal), by=by, reason=reason
        )
        for ordinal in ordinals
    ]


def create_alike(*, floor, numbers, exists_from, by, reason="", **fields) -> list[Unit]:
    """Units of one floor that differ in number only; see ``create_units``."""
    units = [
        Unit(floor=floor, number=number, exists_from=exists_from, **fields) for number in numbers
    ]
    return create_units(units, by=by, reason=reason)


@transaction.atomic
def set_outline(obj, shape, *, datum, by, reason=""):
    """Set or replace the shape of a park, building, floor or unit, given on ``datum``.

    What is set by hand is indicative and must fit. Raises ``UnitNotContained``.
    """
    fields = {SHAPE_OF[type(obj)]: to_wgs84(shape, datum)}
    obj = correct(obj, by=by, reason=reason, geometry_source=GeometrySource.INDICATIVE, **fields)
    if isinstance(obj, Unit):
        refuse_bad_outlines([obj])
    return obj


@transaction.atomic
def correct_all(corrections, *, by, reason="") -> int:
    """``(record, fields)`` of one model and one park, each as ``correct``, in a few statements.

    For outlines and words without a rule of their own; the database asks its constraints. Raises
    ``ValidationError`` for a value no record can hold.
    """
    corrections = sorted(corrections, key=lambda pair: pair[0].pk)
    if not corrections:
        return 0
    model, park = type(corrections[0][0]), park_of(corrections[0][0])
    keys = [record.pk for record, _fields in corrections]
    rows = model.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    acts, names = [], set()
    for record, fields in corrections:
        row = found[record.pk]
        before = snapshot(row)
        for name, value in fields.items():
            setattr(row, name, value)
            names.add(name)
        row.clean_fields(exclude=[f.name for f in model._meta.fields if f.name not in fields])
        acts.append(Act("correct", row, park, before))
    if wrong := names & FIXED_UNIT_FIELDS | names & {"gross_area_m2"}:
        raise InvalidValue(
            _("%(fields)s cannot be corrected in place."), fields=", ".join(sorted(wrong))
        )
    model.objects.bulk_update(found.values(), sorted(names), batch_size=200)
    record_all(acts, by=by, reason=reason)
    return len(acts)


@transaction.atomic
def set_staff(*, park, users, by, reason="") -> Park:
    """``users`` are the staff of ``park`` from now on: they see it and act in it by their roles."""
    before = sorted(park.staff.values_list("username", flat=True))
    park.staff.set(users)
    after = sorted(user.username for user in users)
    if before != after:
        act = Act("staff", park, park, {"staff": before}, {"staff": after})
        record_all([act], by=by, reason=reason)
    return park
