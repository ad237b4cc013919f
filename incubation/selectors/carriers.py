"""What is told about one carrier as of a day."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import Q

from incubation.models import Carrier, CarrierGrade, CarrierSpace, CarrierYear
from parks.models import AuditEntry
from tenants.trail import prepared

Purpose = CarrierSpace.Purpose
Grade = CarrierGrade.Grade
#: The document that says what two failed evaluations in a row cost.
GRADES_DOCUMENT = "国科发区〔2018〕300号"
#: What of a ``CarrierYear`` is a number or an answer.
YEAR_FIELDS = [
    field for field in CarrierYear._meta.concrete_fields
    if field.name not in ("id", "carrier", "year", "evidence", "note")
]  # fmt: skip


@dataclass(slots=True)
class Use:
    """Space of one purpose, or of all."""

    label: str
    area: Decimal = Decimal(0)
    units: int = 0
    seats: int = 0


def uses_of(carrier, on):
    """``(uses, whole, spaces)``: the space of the day by purpose, together, and its rows."""
    spaces = list(
        carrier.spaces.active_on(on)
        .select_related("unit__floor__building")
        .defer("unit__outline", "unit__floor__outline", "unit__floor__building__footprint")
        .order_by("unit__floor__building__code", "unit__floor__ordinal", "unit__number")
    )
    uses = {purpose: Use(str(purpose.label)) for purpose in Purpose}
    whole = Use("")
    for one in spaces:
        for use in (uses[one.purpose], whole):
            use.area += one.unit.gross_area_m2
            use.units += 1
            use.seats += one.unit.seats
    return list(uses.values()), whole, spaces


def recognitions_of(carrier, on):
    """``(recognition, held on the day, grades, failed)`` each; grades are those of its level.

    ``failed``: the pairs of years in a row with grade D, while the recognition stood.
    """
    grades = defaultdict(list)
    for one in carrier.grades.order_by("year"):
        grades[one.level].append(one)
    found = []
    for one in carrier.recognitions.order_by("start"):
        own = [
            grade for grade in grades[one.level]
            if one.start.year <= grade.year and (one.end is None or grade.year <= one.end.year)
        ]  # fmt: skip
        held = one.start <= on and (one.end is None or on < one.end)
        found.append((one, held, own, failed_in_a_row(own)))
    return found


def failed_in_a_row(grades) -> list[tuple[int, int]]:
    """Years next to each other that both have a D; ``grades`` of one level by year."""
    failed = [one.year for one in grades if one.grade == Grade.D]
    return [(first, then) for first, then in pairwise(failed) if then == first + 1]


def year_table(years):
    """``(years, rows)``: the newest year first; a row is ``(label, kind, values)``.

    ``kind``: money, number or answer.
    """
    years = sorted(years, key=lambda one: -one.year)
    kinds = {"DecimalField": "money", "BooleanField": "answer"}
    return years, [
        (field.verbose_name, kinds.get(field.get_internal_type(), "number"),
         [getattr(one, field.name) for one in years])
        for field in YEAR_FIELDS
    ]  # fmt: skip


def changes_of(carrier, on):
    """``(change, state)``: reported, open, overdue, or none where there is no duty to report."""
    open_ = {one.pk for one in carrier.changes.to_report(on)}
    duty = {one.pk for one in carrier.changes.recognised_then()}
    return [
        (one, "none" if one.pk not in duty else "reported" if one.pk not in open_
         else "overdue" if one.report_by < on else "open")
        for one in carrier.changes.filter(effective_on__lte=on)
    ]  # fmt: skip


def carriers_of(units, on) -> dict[int, Carrier]:
    """The carrier of each unit that has one on ``on``; one query. ``units``: their keys."""
    found = CarrierSpace.objects.active_on(on).filter(unit__in=list(units))
    return {one.unit_id: one.carrier for one in found.select_related("carrier")}


def trail_of_carrier(carrier, user, limit=30) -> list[AuditEntry]:
    """The newest entries about the carrier and its rows that ``user`` may see."""
    wanted = Q(object_type=carrier._meta.label_lower, object_id=str(carrier.pk))
    for relation in ("recognitions", "grades", "changes", "years", "spaces", "mentors", "events"):
        rows = getattr(carrier, relation)
        keys = [str(key) for key in rows.order_by("-pk").values_list("pk", flat=True)[:500]]
        wanted |= Q(object_type=rows.model._meta.label_lower, object_id__in=keys)
    return prepared(AuditEntry.objects.visible_to(user).filter(wanted)[:limit])
