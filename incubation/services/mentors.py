"""Mentors with their firms and sessions, and what a carrier holds for its tenants."""

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import CarrierNotOpen
from incubation.models import EventAttendance, Mentor, MentorPairing, MentorSession, ServiceEvent
from incubation.services import rows
from incubation.services.spaces import refuse_outside
from parks.periods import Period
from tenants.services.tenants import refuse_merged


@transaction.atomic
def add_mentors(values, *, by, reason="") -> list[Mentor]:
    """``values``: those of ``Mentor``. Raises ``FactTaken``, ``CarrierNotOpen``."""
    made = [Mentor(**one) for one in values]
    for row in made:
        refuse_outside(row.carrier, rows.period_of(row))
    return rows.add(made, park=_park, by=by, reason=reason)


def add_mentor(*, carrier, by, reason="", **fields) -> Mentor:
    return add_mentors([fields | {"carrier": carrier}], by=by, reason=reason)[0]


@transaction.atomic
def correct_mentor(*, mentor, by, reason="", **fields) -> Mentor:
    """Raises ``CarrierNotOpen`` when the carrier does not run then or a session lies outside."""
    mentor = rows.locked(mentor)
    rows.change(mentor, fields, park=_park(mentor), by=by, reason=reason)
    refuse_outside(mentor.carrier, rows.period_of(mentor))
    _refuse_sessions_outside(mentor)
    return mentor


def _refuse_sessions_outside(mentor):
    for session in mentor.sessions.all():
        _refuse_outside(mentor, Period(session.on))


@transaction.atomic
def end_mentor(*, mentor, on, by, reason="") -> Mentor:
    """From ``on`` no mentor any more, and of no firm."""
    mentor = rows.locked(mentor)
    park = _park(mentor)
    for pairing in mentor.pairings.overlapping(Period(on)):
        _end_pairing(pairing, on=on, park=park, by=by, reason=reason)
    rows.change(mentor, {"end": on}, park=park, by=by, reason=reason, action="end")
    _refuse_sessions_outside(mentor)
    return mentor


@transaction.atomic
def pair_mentors(values, *, by, reason="") -> list[MentorPairing]:
    """``values``: those of ``MentorPairing``. Raises ``FactTaken``, ``CarrierNotOpen``."""
    made = [MentorPairing(**one) for one in values]
    refuse_merged({row.tenant for row in made})
    for row in made:
        _refuse_outside(row.mentor, Period(row.start))
    return rows.add(made, park=_park_of_mentor, by=by, reason=reason)


def pair_mentor(*, mentor, tenant, by, reason="", **fields) -> MentorPairing:
    return pair_mentors([fields | {"mentor": mentor, "tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def end_pairing(*, pairing, on, by, reason="") -> None:
    """From ``on`` the mentor no longer looks after the tenant; one that never began is gone."""
    pairing = rows.locked(pairing)
    _end_pairing(pairing, on=on, park=_park_of_mentor(pairing), by=by, reason=reason)


def _end_pairing(pairing, *, on, park, by, reason):
    if on <= pairing.start:
        rows.remove(pairing, park=park, by=by, reason=reason)
    else:
        rows.change(pairing, {"end": on}, park=park, by=by, reason=reason, action="end")


@transaction.atomic
def record_sessions(values, *, by, reason="") -> list[MentorSession]:
    """``values``: those of ``MentorSession``, on days on which the mentor is one."""
    made = [MentorSession(**one) for one in values]
    refuse_merged({row.tenant for row in made})
    for row in made:
        _refuse_outside(row.mentor, Period(row.on))
    return rows.add(made, park=_park_of_mentor, by=by, reason=reason)


def record_session(*, mentor, tenant, by, reason="", **fields) -> MentorSession:
    values = fields | {"mentor": mentor, "tenant": tenant}
    return record_sessions([values], by=by, reason=reason)[0]


@transaction.atomic
def remove_session(*, session, by, reason="") -> None:
    session = rows.locked(session)
    rows.remove(session, park=_park_of_mentor(session), by=by, reason=reason)


def _refuse_outside(mentor, period):
    own = Period(mentor.start, mentor.end)
    if period.start not in own:
        raise CarrierNotOpen(
            _("%(mentor)s is a mentor %(period)s; %(day)s is no day of it."),
            mentor=mentor.name, period=own, day=period.start,
        )  # fmt: skip


@transaction.atomic
def record_events(values, *, by, reason="") -> list[ServiceEvent]:
    """``values``: those of ``ServiceEvent``; ``attendance`` in one: people by tenant."""
    values = [dict(one) for one in values]
    lists = [one.pop("attendance", {}) for one in values]
    made = [ServiceEvent(**one) for one in values]
    for row in made:
        refuse_outside(row.carrier, Period(row.on))
    rows.add(made, park=_park, by=by, reason=reason)
    _attend(
        [
            EventAttendance(event=event, tenant=tenant, people=people)
            for event, found in zip(made, lists, strict=True)
            for tenant, people in dict(found).items()
        ],
        by=by, reason=reason,
    )  # fmt: skip
    return made


def record_event(*, carrier, by, reason="", **fields) -> ServiceEvent:
    return record_events([fields | {"carrier": carrier}], by=by, reason=reason)[0]


@transaction.atomic
def correct_event(*, event, by, reason="", attendance=None, **fields) -> ServiceEvent:
    """``attendance``: people by tenant, all of the list; None leaves it as it is."""
    event = rows.locked(event)
    rows.change(event, fields, park=_park(event), by=by, reason=reason)
    refuse_outside(event.carrier, Period(event.on))
    if attendance is None:
        return event
    wanted = dict(attendance)
    for row in event.attendance.select_related("tenant"):
        people = wanted.pop(row.tenant, None)
        if people is None:
            rows.remove(row, park=_park(event), by=by, reason=reason)
        elif people != row.people:
            rows.change(row, {"people": people}, park=_park(event), by=by, reason=reason)
    _attend(
        [EventAttendance(event=event, tenant=one, people=n) for one, n in wanted.items()],
        by=by, reason=reason,
    )  # fmt: skip
    return event


@transaction.atomic
def remove_event(*, event, by, reason="") -> None:
    event = rows.locked(event)
    for row in event.attendance.all():
        rows.remove(row, park=_park(event), by=by, reason=reason)
    rows.remove(event, park=_park(event), by=by, reason=reason)


def _attend(made, *, by, reason):
    refuse_merged({row.tenant for row in made})
    rows.add(made, park=lambda row: row.event.carrier.park, by=by, reason=reason)


def _park(row):
    return row.carrier.park


def _park_of_mentor(row):
    return row.mentor.carrier.park
