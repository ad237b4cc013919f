"""Residencies go on and end: extended, left, taken up again, corrected."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import (
    AgreementTaken,
    AlreadyResident,
    DueDay,
    OutcomeRefused,
    ResidencyState,
)
from incubation.models import GraduationReview, Residency, ResidencyExtension
from incubation.services.entering import agreement, locked, refuse_left
from incubation.stay import first_due_on
from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, refusing

Outcome, Destination = Residency.Outcome, Residency.Destination
#: Outcomes of acts of their own.
BY_MOVING = {Outcome.ADVANCED, Outcome.TRANSFERRED}
#: What is corrected here; days of entry and of leaving belong to acts.
CORRECTABLE = {
    "agreement_number", "registered_on", "consent_on", "special_field", "destination_note", "note",
}  # fmt: skip


@dataclass(slots=True)
class Extension:
    """From ``decided_on`` the residency is due on ``due_on``."""

    residency: Residency
    due_on: date
    decided_on: date
    reason: str


@dataclass(slots=True)
class Departure:
    """``left_on`` is the first day the tenant is not there any more."""

    residency: Residency
    left_on: date
    outcome: str
    destination: str
    destination_note: str = ""


def extend_residency(*, residency, due_on, decided_on, reason, by) -> Residency:
    """Raises ``DueDay``, ``ResidencyState``, ``DatesOutOfOrder``, ``InvalidValue``."""
    return extend_residencies([Extension(residency, due_on, decided_on, reason)], by=by)[0]


@transaction.atomic
def extend_residencies(extensions, *, by) -> list[Residency]:
    """Extend many, all or none. Returns the residencies in the order given."""
    rows = locked([one.residency for one in extensions])
    known = _extensions_of(rows)
    made = []
    for one, row in zip(extensions, rows, strict=True):
        _refuse_extension(one, row, known.get(row.pk, []))
        made.append(
            ResidencyExtension(
                residency=row, decided_on=one.decided_on, due_on=one.due_on,
                reason=one.reason.strip(),
            )
        )  # fmt: skip
    ResidencyExtension.objects.bulk_create(made, batch_size=500)
    acts = [Act("extend", one, one.residency.carrier.park) for one in made]
    for reason in dict.fromkeys(one.reason for one in made):
        record_all([act for act in acts if act.obj.reason == reason], by=by, reason=reason)
    return rows


def extension_refusals(extensions) -> list[str]:
    """For each what stands against it, or ""."""
    return _refusals(extensions, _refuse_extension)


def departure_refusals(departures) -> list[str]:
    return _refusals(departures, _refuse_departure)


def _refusals(wanted, refuse):
    known = _extensions_of([one.residency for one in wanted])
    found = []
    for one in wanted:
        try:
            refuse(one, one.residency, known.get(one.residency.pk, []))
        except ValidationError as refusal:
            found.append(refusal.messages[0])
        else:
            found.append("")
    return found


def _extensions_of(rows) -> dict:
    known = {}
    found = ResidencyExtension.objects.filter(residency__in=[row.pk for row in rows])
    for one in found.order_by("decided_on", "pk"):
        known.setdefault(one.residency_id, []).append(one)
    return known


def _refuse_extension(one, row, known):
    refuse_left(row)
    name = {"tenant": row.tenant.name}
    if not one.reason.strip():
        raise InvalidValue(_("Give a reason for the extension."))
    if one.decided_on < row.entered_on:
        raise DatesOutOfOrder(
            _("%(tenant)s entered on %(day)s; an extension is decided then or later."),
            day=row.entered_on, **name,
        )  # fmt: skip
    if known and known[-1].decided_on >= one.decided_on:
        raise DatesOutOfOrder(
            _("%(tenant)s was extended on %(day)s already; a new extension is decided later."),
            day=known[-1].decided_on, **name,
        )  # fmt: skip
    due = known[-1].due_on if known else row.due_on
    if one.due_on <= due:
        raise DueDay(_("%(tenant)s is due on %(due)s; extend to a later day."), due=due, **name)
    if one.due_on <= one.decided_on:
        raise DueDay(_("Extend %(tenant)s to a day after the decision."), **name)


def leave_carrier(
    *, residency, left_on, outcome, destination, by, destination_note="", reason=""
) -> Residency:
    """Raises ``OutcomeRefused``, ``ResidencyState``, ``DatesOutOfOrder``."""
    departure = Departure(residency, left_on, outcome, destination, destination_note)
    return leave_carriers([departure], by=by, reason=reason)[0]


@transaction.atomic
def leave_carriers(departures, *, by, reason="") -> list[Residency]:
    """Let many leave, all or none."""
    rows = locked([one.residency for one in departures])
    known = _extensions_of(rows)
    acts = []
    for one, row in zip(departures, rows, strict=True):
        _refuse_departure(one, row, known.get(row.pk, []))
        acts.append(Act("leave", row, row.carrier.park, snapshot(row)))
        row.left_on, row.outcome = one.left_on, one.outcome
        row.destination, row.destination_note = one.destination, one.destination_note.strip()
        row.clean_fields(exclude=["tenant", "carrier", "previous", "exempted_by"])
    columns = ["left_on", "outcome", "destination", "destination_note"]
    Residency.objects.bulk_update(rows, columns, batch_size=200)
    record_all(acts, by=by, reason=reason)
    return rows


def _refuse_departure(one, row, known):
    refuse_left(row)
    name = {"tenant": row.tenant.name}
    if one.left_on <= row.entered_on:
        raise DatesOutOfOrder(
            _("%(tenant)s entered on %(day)s; it leaves on a later day."),
            day=row.entered_on, **name,
        )  # fmt: skip
    if one.outcome in BY_MOVING:
        raise OutcomeRefused(
            _("Transfer the tenant or let it go on to the next stage: these are acts of their own.")
        )
    if (one.outcome == Outcome.DISSOLVED) != (one.destination == Destination.NONE):
        raise OutcomeRefused(
            _("Who is dissolved goes nowhere; everybody else goes somewhere, be it unknown.")
        )
    decided = [extension.due_on for extension in known if extension.decided_on <= one.left_on]
    due = decided[-1] if decided else row.due_on
    if one.outcome == Outcome.EXPIRED and one.left_on < due:
        raise OutcomeRefused(
            _("%(tenant)s is due on %(due)s; who leaves before does not leave when due. Choose "
              "another outcome."),
            due=due, **name,
        )  # fmt: skip


@transaction.atomic
def reopen_residency(*, residency, by, reason) -> Residency:
    """Take a leaving back: the tenant never left. Raises ``ResidencyState``, ``AlreadyResident``."""
    (row,) = locked([residency])
    if not row.left_on:
        raise ResidencyState(_("%(tenant)s has not left."), tenant=row.tenant.name)
    if row.outcome in BY_MOVING or Residency.objects.filter(previous=row).exists():
        raise ResidencyState(
            _("%(tenant)s went on from here to another carrier, so this residency stays ended."),
            tenant=row.tenant.name,
        )
    if GraduationReview.objects.filter(
        residency=row, decision=GraduationReview.Decision.GRADUATE, revoked_on__isnull=True
    ).exists():
        raise ResidencyState(
            _("%(tenant)s graduated by a review. Revoke that decision; it reopens the residency."),
            tenant=row.tenant.name,
        )
    return _reopened(row, by=by, reason=reason)


def _reopened(row, *, by, reason):
    if row.carrier.closed_on:
        raise ResidencyState(_("%(carrier)s is closed."), carrier=row.carrier.name)
    before = snapshot(row)
    row.left_on, row.outcome, row.destination, row.destination_note = None, "", "", ""
    with refusing(residency_once_a_day=lambda: AlreadyResident(
        _("%(tenant)s has entered a carrier again since.") % {"tenant": row.tenant.name}
    )):  # fmt: skip
        row.save()
    record("reopen", row, by=by, park=row.carrier.park, before=before, reason=reason)
    return row


@transaction.atomic
def withdraw_residency(*, residency, by, reason) -> Residency | None:
    """An entry written down by mistake never was: the trail keeps its row.

    A residency it came from by a transfer or from the stage before goes on and is returned.
    Raises ``ResidencyState`` once something was built upon it, ``InvalidValue``.
    """
    (row,) = locked([residency])
    refuse_left(row)
    if not reason.strip():
        raise InvalidValue(_("Say why the entry is withdrawn."))
    if row.extensions.exists() or row.reviews.exists():
        raise ResidencyState(
            _("%(tenant)s was extended or reviewed here since; let it leave instead."),
            tenant=row.tenant.name,
        )
    record_all([Act("remove", row, row.carrier.park, snapshot(row), {})], by=by, reason=reason)
    before = row.previous
    row.delete()
    if before is None or before.outcome not in BY_MOVING:
        return None
    return _reopened(*locked([before]), by=by, reason=reason)


@transaction.atomic
def correct_residency(*, residency, by, reason, **fields) -> Residency:
    """Correct what was written down wrongly, of ``CORRECTABLE``; the trail keeps the old value.

    Another special field moves the first due day. Raises ``InvalidValue``, ``AgreementTaken``,
    ``DueDay``.
    """
    (row,) = locked([residency])
    if unknown := set(fields) - CORRECTABLE:
        raise InvalidValue(_("Unknown: %(names)s"), names=", ".join(sorted(unknown)))
    if not reason.strip():
        raise InvalidValue(_("Say why it is corrected."))
    if "agreement_number" in fields:
        fields["agreement_number"] = agreement(fields["agreement_number"])
    before = snapshot(row)
    field = fields.get("special_field", row.special_field)
    if field != row.special_field:
        _move_due_day(row, field)
    for name, value in fields.items():
        setattr(row, name, value)
    row.clean_fields(exclude=["tenant", "carrier", "previous", "exempted_by"])
    with refusing(**dict.fromkeys(
        ["residency_agreement_unique", "incubation_residency"],
        lambda: AgreementTaken(
            _("%(carrier)s already has an agreement %(number)s. Use another number."),
            carrier=row.carrier.name, number=row.agreement_number,
        ),
    )):  # fmt: skip
        row.save()
    record("correct", row, by=by, park=row.carrier.park, before=before, reason=reason)
    return row


def _move_due_day(row, special_field):
    """A due day that came with a transfer, or went on with one, was reckoned elsewhere."""
    came = row.previous_id and row.previous.outcome == Outcome.TRANSFERRED
    if came or row.outcome == Outcome.TRANSFERRED:
        raise DueDay(
            _("The due day goes back to the residency before a transfer. Extend instead, with "
              "the reason.")
        )  # fmt: skip
    row.due_on = first_due_on(row.carrier.stage, row.entered_on, special_field)
