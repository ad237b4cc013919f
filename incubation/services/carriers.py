"""Carriers: their life, what changed about them, who recognised them, their figures."""

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubation.errors import CarrierInUse, CarrierNotOpen
from incubation.models import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierYear,
    Residency,
)
from incubation.services import rows
from incubation.services.spaces import record_area_changes, refuse_outside, release_spaces
from parks.errors import DatesOutOfOrder, InvalidValue
from parks.periods import Period

What = CarrierChange.What
#: Rows that belong to a carrier while it runs, with the column of their first day.
FIRST_DAYS = {
    "spaces": "start", "recognitions": "start", "mentors": "start", "events": "on",
    "residencies": "entered_on",
}  # fmt: skip


@transaction.atomic
def create_carriers(carriers, *, by, reason="") -> list[Carrier]:
    """Save new, unsaved ``Carrier`` objects in one insert."""
    return rows.add(carriers, park=lambda one: one.park, by=by, reason=reason)


def create_carrier(*, by, reason="", **fields) -> Carrier:
    """A carrier of ``park`` that runs since ``opened_on``.

    Raises ``FactTaken`` for a name the park knows, ``InvalidValue``, ``ValidationError``.
    """
    return create_carriers([Carrier(**fields)], by=by, reason=reason)[0]


@transaction.atomic
def correct_carrier(*, carrier, by, reason="", **fields) -> Carrier:
    """What was written down wrong; what became another is ``change_carrier``.

    The change that led to a name, operator or place is corrected with it. Raises
    ``CarrierNotOpen`` when something is recorded of days before a later ``opened_on``.
    """
    carrier = rows.locked(carrier)
    rows.change(carrier, fields, park=carrier.park, by=by, reason=reason)
    first = min((day for day in _days_of(carrier) if day), default=carrier.opened_on)
    if first < carrier.opened_on:
        raise CarrierNotOpen(
            _("Something of this carrier is recorded since %(day)s; it ran by then."), day=first
        )
    for what in {What.NAME, What.OPERATOR, What.ADDRESS} & set(fields):
        newest = carrier.changes.filter(what=what).order_by("-effective_on").first()
        if newest and newest.after != fields[what]:
            after = {"after": fields[what]}
            rows.change(newest, after, park=carrier.park, by=by, reason=reason)
    return carrier


def _days_of(carrier):
    """The first day of each kind of row that belongs to the carrier, None where there is none."""
    for relation, day in FIRST_DAYS.items():
        yield getattr(carrier, relation).aggregate(first=Min(day))["first"]


@transaction.atomic
def change_carrier(*, carrier, what, after, effective_on, on, by, reason="") -> CarrierChange:
    """Name, operator or place is ``after`` from ``effective_on``; the one before is kept.

    ``on`` is today: a change is written down once it is in force. Raises ``DatesOutOfOrder``,
    ``CarrierNotOpen``, ``FactTaken``, ``InvalidValue``.
    """
    carrier = rows.locked(carrier)
    if what not in (What.NAME, What.OPERATOR, What.ADDRESS):
        raise InvalidValue(_("The area changes with the space; assign or release units."))
    if effective_on > on:
        raise DatesOutOfOrder(
            _("Write a change down once it is in force: choose a day up to today.")
        )
    refuse_outside(carrier, Period(effective_on))
    later = CarrierChange.objects.filter(carrier=carrier, what=what, effective_on__gt=effective_on)
    if newest := later.order_by("-effective_on").first():
        raise DatesOutOfOrder(
            _("A later change of %(day)s is already recorded; choose a day after it."),
            day=newest.effective_on,
        )
    before, after = getattr(carrier, what), " ".join(after.split())
    if before == after:
        raise InvalidValue(_("Nothing changes: it is already “%(after)s”."), after=after)
    rows.change(carrier, {what: after}, park=carrier.park, by=by, reason=reason, action="change")
    made = CarrierChange(
        carrier=carrier, what=what, effective_on=effective_on, before=before, after=after
    )
    return rows.add([made], park=_park, by=by, reason=reason)[0]


@transaction.atomic
def report_change(*, change, reported_on, number, by, reason="") -> CarrierChange:
    """The change was reported on a day; called again, the day or number is corrected."""
    change = rows.locked(change)
    fields = {"reported_on": reported_on, "report_number": number}
    return rows.change(change, fields, park=_park(change), by=by, reason=reason, action="report")


@transaction.atomic
def close_carrier(*, carrier, on, by, reason="") -> Carrier:
    """The carrier runs no more from ``on``: its space, recognitions and mentors end with it.

    Raises ``CarrierInUse`` while tenants reside in it from ``on``, ``DatesOutOfOrder``.
    """
    carrier = rows.locked(carrier)
    if carrier.closed_on:
        raise CarrierNotOpen(
            _("The carrier closed on %(day)s."), day=carrier.closed_on
        )  # fmt: skip
    if on <= carrier.opened_on:
        raise DatesOutOfOrder(_("A carrier closes after the day it opened."))
    open_then = Residency.objects.filter(carrier=carrier).exclude(left_on__lte=on)
    if number := open_then.count():
        raise CarrierInUse(
            ngettext(
                "%(number)s tenant still resides in it then. Let it leave or transfer it first.",
                "%(number)s tenants still reside in it then. Let them leave or transfer them first.",
                number,
            ),
            number=number,
        )
    for relation, day in FIRST_DAYS.items():
        if (
            relation != "spaces"
            and getattr(carrier, relation).filter(**{f"{day}__gte": on}).exists()
        ):
            raise CarrierInUse(
                _("Something of this carrier is recorded on that day or later: %(what)s."),
                what=getattr(carrier, relation).model._meta.verbose_name_plural,
            )
    open_spaces = [s for s in carrier.spaces.all() if s.end is None or s.end > on]
    release_spaces(spaces=open_spaces, on=on, by=by, reason=reason)
    for row in [*carrier.recognitions.all(), *carrier.mentors.all()]:
        if row.end is None or row.end > on:
            rows.change(row, {"end": on}, park=carrier.park, by=by, reason=reason, action="end")
    return rows.change(
        carrier, {"closed_on": on}, park=carrier.park, by=by, reason=reason, action="close"
    )


@transaction.atomic
def record_recognitions(values, *, by, reason="") -> list[CarrierRecognition]:
    """``values``: those of ``CarrierRecognition``. Changes of the area since then are to report.

    Raises ``FactTaken`` for two at one level on a day, ``CarrierNotOpen``.
    """
    made = [CarrierRecognition(**one) for one in values]
    for row in made:
        refuse_outside(row.carrier, rows.period_of(row))
    rows.add(made, park=_park, by=by, reason=reason)
    days = {}
    for row in made:
        for start, end in row.carrier.spaces.values_list("start", "end"):
            days.setdefault(row.carrier, set()).update(
                day for day in (start, end)
                if day and row.start < day and (row.end is None or day < row.end)
            )  # fmt: skip
    record_area_changes(days, by=by, reason=reason)
    return made


def record_recognition(*, carrier, by, reason="", **fields) -> CarrierRecognition:
    return record_recognitions([fields | {"carrier": carrier}], by=by, reason=reason)[0]


@transaction.atomic
def end_recognition(*, recognition, on, by, reason="") -> CarrierRecognition:
    """``on`` is the first day on which it is recognised no more."""
    recognition = rows.locked(recognition)
    return rows.change(
        recognition, {"end": on}, park=_park(recognition), by=by, reason=reason, action="end"
    )


@transaction.atomic
def record_grades(values, *, by, reason="") -> list[CarrierGrade]:
    """``values``: those of ``CarrierGrade``. Raises ``FactTaken``."""
    return rows.add([CarrierGrade(**one) for one in values], park=_park, by=by, reason=reason)


def record_grade(*, carrier, by, reason="", **fields) -> CarrierGrade:
    return record_grades([fields | {"carrier": carrier}], by=by, reason=reason)[0]


@transaction.atomic
def correct_grade(*, grade, by, reason="", values) -> CarrierGrade:
    """``grade``: a ``CarrierGrade``; ``values``: its ``grade`` (A to D) and ``note``."""
    row = rows.locked(grade)
    return rows.change(row, values, park=_park(row), by=by, reason=reason)


@transaction.atomic
def record_carrier_years(values, *, by, reason="") -> list[CarrierYear]:
    """``values``: those of ``CarrierYear``, money in yuan. Raises ``FactTaken``."""
    return rows.add([CarrierYear(**one) for one in values], park=_park, by=by, reason=reason)


def record_carrier_year(*, carrier, by, reason="", **fields) -> CarrierYear:
    return record_carrier_years([fields | {"carrier": carrier}], by=by, reason=reason)[0]


@transaction.atomic
def correct_carrier_year(*, year, by, reason="", **fields) -> CarrierYear:
    """``year``: a ``CarrierYear``; the year itself stays."""
    row = rows.locked(year)
    return rows.change(row, fields, park=_park(row), by=by, reason=reason)


def _park(row):
    return row.carrier.park
