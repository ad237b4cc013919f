"""Tenants enter carriers: admitted, or from a residency before within a stage or to the next."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from incubation.errors import (
    AgreementTaken,
    AlreadyResident,
    CarrierNotOpen,
    DueDay,
    EntryConditionsNotMet,
    ExemptionByNobody,
    ResidencyState,
    StageOrder,
)
from incubation.models import Carrier, Residency, ResidencyExtension, Stage
from incubation.rules import Verdict
from incubation.selectors.entry import judged, unmet_conditions
from incubation.stay import first_due_on
from parks.audit import Act, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, refusing
from parks.services.rehearsal import rehearsal
from tenants.services.tenants import refuse_merged


@dataclass(slots=True)
class Entry:
    """A tenant enters ``carrier`` on ``entered_on``; ``previous``: the residency it comes from.

    ``due_on``: None reckons it from the stage. ``exempted_by``: None is whoever records it.
    """

    tenant: object
    carrier: Carrier
    agreement_number: str
    entered_on: date
    special_field: str = ""
    registered_on: date | None = None
    consent_on: date | None = None
    exemption_reason: str = ""
    exempted_by: object = None
    note: str = ""
    previous: Residency | None = None
    due_on: date | None = None


@dataclass(slots=True)
class Move:
    """``residency`` goes on in ``carrier`` from ``on_day``, its first day there."""

    residency: Residency
    carrier: Carrier
    on_day: date
    agreement_number: str
    special_field: str | None = None
    registered_on: date | None = None
    exemption_reason: str = ""
    exempted_by: object = None


@transaction.atomic
def admit_tenant(
    *, tenant, carrier, agreement_number, entered_on, by, on, reason="", **fields
) -> Residency:
    """Admit ``tenant`` on ``entered_on``; ``on`` is today, ``fields`` the others of ``Entry``.

    Raises ``CarrierNotOpen``, ``AlreadyResident``, ``AgreementTaken``, ``TenantMerged``,
    ``EntryConditionsNotMet``, ``ExemptionByNobody``, ``DatesOutOfOrder``.
    """
    entry = Entry(tenant, carrier, agreement_number, entered_on, **fields)
    return admit_tenants([entry], by=by, on=on, reason=reason)[0]


@transaction.atomic
def admit_tenants(entries, *, by, on, reason="") -> list[Residency]:
    """As ``admit_tenant`` for many, all or none; what is not met of one is named with it."""
    for entry in entries:
        for day in (entry.registered_on, entry.consent_on):
            if day and day > on:
                raise DatesOutOfOrder(
                    _("%(day)s has not come yet: record it once it has happened."), day=day
                )
    return _enter(entries, "admit", by=by, reason=reason)


def transfer_residency(
    *, residency, carrier, on_day, agreement_number, by, reason, **fields
) -> Residency:
    """Go on in another carrier of the same stage: the due day stays. Returns the new residency.

    Raises as ``admit_tenant`` does, ``StageOrder``, ``ResidencyState``, and ``DueDay`` for one
    that is due by then.
    """
    move = Move(residency, carrier, on_day, agreement_number, **fields)
    return transfer_residencies([move], by=by, reason=reason)[0]


def advance_residency(
    *, residency, carrier, on_day, agreement_number, by, reason="", **fields
) -> Residency:
    """Go on to a carrier of the next stage, with a due day of its own."""
    move = Move(residency, carrier, on_day, agreement_number, **fields)
    return advance_residencies([move], by=by, reason=reason)[0]


@transaction.atomic
def transfer_residencies(moves, *, by, reason) -> list[Residency]:
    acts, entries = _transferred(moves)
    record_all(acts, by=by, reason=reason)
    rows = _enter(entries, "transfer", by=by, reason=reason)
    _extended_again(rows, by=by)
    return rows


def _extended_again(rows, *, by):
    """What was decided after the day of the transfer goes on with the residency."""
    before = {row.previous_id: row for row in rows}
    later = ResidencyExtension.objects.filter(residency__in=before).order_by("decided_on", "pk")
    made = [
        ResidencyExtension(residency=row, decided_on=one.decided_on, due_on=one.due_on,
                           reason=one.reason)
        for one in later
        if one.decided_on > (row := before[one.residency_id]).entered_on
    ]  # fmt: skip
    ResidencyExtension.objects.bulk_create(made, batch_size=500)
    for one in made:
        record_all([Act("extend", one, one.residency.carrier.park)], by=by, reason=one.reason)


@transaction.atomic
def advance_residencies(moves, *, by, reason="") -> list[Residency]:
    acts, entries = _advanced(moves)
    record_all(acts, by=by, reason=reason)
    return _enter(entries, "advance", by=by, reason=reason)


@dataclass(frozen=True)
class Preview:
    """What an entry would be; nothing of it is kept. ``explanations``: one a rule set."""

    residency: Residency
    explanations: list

    @property
    def unmet(self) -> bool:
        return any(f.verdict == Verdict.NOT_MET for one in self.explanations for f in one.findings)


def preview_admission(entry, *, by) -> Preview:
    """Judged as every residency is, so it stands for a moment and is taken back.

    Raises as ``admit_tenant`` does, but for the conditions.
    """
    with rehearsal():
        (row,) = _placed([entry], by)
        return Preview(row, judged([row])[row.pk])


def preview_move(move, *, advance, by) -> Preview:
    """As ``preview_admission`` for a transfer, which has no conditions, or the next stage."""
    with rehearsal():
        _acts, entries = _advanced([move]) if advance else _transferred([move])
        (row,) = _placed(entries, by)
        return Preview(row, judged([row])[row.pk] if advance else [])


def _transferred(moves):
    rows, dues = _locked_for(moves), _dues(moves)
    for move, row in zip(moves, rows, strict=True):
        if move.carrier.stage != row.carrier.stage:
            raise StageOrder(
                _("%(carrier)s is no carrier of the same stage; a transfer stays within one."),
                carrier=move.carrier.name,
            )
        if move.carrier.pk == row.carrier_id:
            raise StageOrder(_("The tenant is in %(carrier)s already."), carrier=row.carrier.name)
        if dues[row.pk] <= move.on_day:
            raise DueDay(
                _("%(tenant)s is due on %(due)s and keeps this day. Extend first, then transfer."),
                tenant=row.tenant.name, due=dues[row.pk],
            )  # fmt: skip
    return _ended(moves, rows, Residency.Outcome.TRANSFERRED, dues)


def _advanced(moves):
    rows = _locked_for(moves)
    for move, row in zip(moves, rows, strict=True):
        refuse_no_step_up(row.carrier, move.carrier)
    return _ended(moves, rows, Residency.Outcome.ADVANCED)


def refuse_no_step_up(carrier, next_carrier):
    """Raises ``StageOrder`` unless ``next_carrier`` is of the stage that follows ``carrier``'s."""
    following = Stage(carrier.stage).following
    if following is None:
        raise StageOrder(
            _("%(stage)s is the last stage; what follows is graduation."),
            stage=Stage(carrier.stage).label,
        )
    if next_carrier.stage != following:
        raise StageOrder(
            _("After %(stage)s comes %(following)s; %(carrier)s is no carrier of that stage."),
            stage=Stage(carrier.stage).label, following=following.label,
            carrier=next_carrier.name,
        )  # fmt: skip


def locked(residencies) -> list[Residency]:
    """The rows locked for a change, in the order given, with tenant and carrier."""
    rows = Residency.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
    found = {row.pk: row for row in rows.filter(pk__in=[one.pk for one in residencies])}
    return [found[one.pk] for one in residencies]


def _locked_for(moves):
    """Locks in the order of every act here: tenants, carriers, residencies."""
    refuse_merged([move.residency.tenant for move in moves])
    _locked_carriers({move.carrier.pk for move in moves})
    return locked([move.residency for move in moves])


def _locked_carriers(keys) -> dict:
    rows = Carrier.objects.select_for_update(of=("self",)).select_related("park")
    return rows.defer("park__boundary").order_by("pk").in_bulk(keys)


def _dues(moves) -> dict:
    """When each residency is due as decided by the day of its move."""
    dues = {}
    for day in {move.on_day for move in moves}:
        keys = [move.residency.pk for move in moves if move.on_day == day]
        dues |= dict(Residency.objects.with_due(day).filter(pk__in=keys).values_list("pk", "due"))
    return dues


def _ended(moves, rows, outcome, dues=None):
    """Each residency ends on the day the next one begins: the acts, and the entries to come."""
    acts, entries = [], []
    for move, row in zip(moves, rows, strict=True):
        refuse_left(row)
        if move.on_day <= row.entered_on:
            raise DatesOutOfOrder(
                _("%(tenant)s entered on %(day)s; choose a later day."),
                tenant=row.tenant.name, day=row.entered_on,
            )  # fmt: skip
        acts.append(Act("leave", row, row.carrier.park, snapshot(row)))
        row.left_on, row.outcome = move.on_day, outcome
        row.destination, row.destination_note = Residency.Destination.CARRIER, move.carrier.name
        entries.append(Entry(
            row.tenant, move.carrier, move.agreement_number, move.on_day,
            special_field=row.special_field if move.special_field is None else move.special_field,
            registered_on=move.registered_on, consent_on=row.consent_on,
            exemption_reason=move.exemption_reason, exempted_by=move.exempted_by,
            previous=row, due_on=dues and dues[row.pk],
        ))  # fmt: skip
    columns = ["left_on", "outcome", "destination", "destination_note"]
    Residency.objects.bulk_update(rows, columns, batch_size=200)
    return acts, entries


def refuse_left(residency):
    if residency.left_on:
        raise ResidencyState(
            _("%(tenant)s left %(carrier)s on %(day)s."),
            tenant=residency.tenant.name, carrier=residency.carrier.name, day=residency.left_on,
        )  # fmt: skip


def _enter(entries, action, *, by, reason):
    rows = _placed(entries, by)
    _refuse_unmet([row for row in rows if action != "transfer"])
    record_all([Act(action, row, row.carrier.park) for row in rows], by=by, reason=reason)
    return rows


def _placed(entries, by):
    """The residencies of ``entries``, saved, unless something other than a condition says no."""
    refuse_merged([entry.tenant for entry in entries])
    carriers = _locked_carriers({entry.carrier.pk for entry in entries})
    rows = [_row(entry, carriers[entry.carrier.pk], by) for entry in entries]
    for row in rows:
        _refuse_closed(row)
        row.clean_fields(exclude=["tenant", "carrier", "previous", "exempted_by"])
    _refuse_residents(rows)
    _refuse_agreements(rows)
    with refusing(
        residency_once_a_day=lambda: AlreadyResident(_("The tenant is a resident then already.")),
        residency_agreement_unique=lambda: _agreement_taken(rows[0]),
        incubation_residency=lambda: _agreement_taken(rows[0]),
    ):
        Residency.objects.bulk_create(rows, batch_size=200)
    return rows


def _row(entry, carrier, by) -> Residency:
    exempted_by = None
    exemption_reason = entry.exemption_reason.strip()
    if exemption_reason:
        exempted_by = entry.exempted_by or by
        if exempted_by is None or not exempted_by.is_authenticated:
            raise ExemptionByNobody(_("An exemption is recorded with a person's name. Log in."))
    before = entry.previous
    if before and (before.tenant_id != entry.tenant.pk or not before.left_on
                   or before.left_on > entry.entered_on):  # fmt: skip
        raise InvalidValue(_("The residency before is another tenant's or ends later."))
    return Residency(
        tenant=entry.tenant, carrier=carrier, previous=before,
        agreement_number=agreement(entry.agreement_number), entered_on=entry.entered_on,
        due_on=entry.due_on or first_due_on(carrier.stage, entry.entered_on, entry.special_field),
        special_field=entry.special_field, registered_on=entry.registered_on,
        consent_on=entry.consent_on, exempted_by=exempted_by, exemption_reason=exemption_reason,
        note=entry.note,
    )  # fmt: skip


def agreement(number) -> str:
    if not (number := number.strip()):
        raise InvalidValue(_("Write the number of the incubation agreement."))
    return number


def _refuse_closed(row):
    carrier = row.carrier
    if row.entered_on < carrier.opened_on:
        raise CarrierNotOpen(
            _("%(carrier)s opens on %(day)s. Choose that day or a later one."),
            carrier=carrier.name, day=carrier.opened_on,
        )  # fmt: skip
    if carrier.closed_on:
        raise CarrierNotOpen(
            _("%(carrier)s closes on %(day)s; nobody enters it any more."),
            carrier=carrier.name, day=carrier.closed_on,
        )  # fmt: skip


def _refuse_residents(rows):
    """A new residency is open: whatever of the tenant's ends later, or begins later, is in the way."""
    first = {row.tenant_id: row.entered_on for row in rows}
    theirs = Residency.objects.filter(tenant__in=first)
    for other in theirs.select_related("tenant", "carrier").order_by("entered_on"):
        if other.left_on is None or other.left_on > first[other.tenant_id]:
            raise AlreadyResident(
                _("%(tenant)s is a resident of %(carrier)s from %(day)s on. Let it leave there "
                  "first, or choose a later day."),
                tenant=other.tenant.name, carrier=other.carrier.name, day=other.entered_on,
            )  # fmt: skip


def _refuse_agreements(rows):
    wanted = Q(pk__in=[])
    seen = set()
    for row in rows:
        key = (row.carrier_id, row.agreement_number)
        if key in seen:
            raise _agreement_taken(row)
        seen.add(key)
    for carrier in {row.carrier_id for row in rows}:
        numbers = [row.agreement_number for row in rows if row.carrier_id == carrier]
        wanted |= Q(carrier=carrier, agreement_number__in=numbers)
    if taken := Residency.objects.filter(wanted).select_related("carrier").first():
        raise _agreement_taken(taken)


def _agreement_taken(row):
    return AgreementTaken(
        _("%(carrier)s already has an agreement %(number)s. Use another number."),
        carrier=row.carrier.name, number=row.agreement_number,
    )  # fmt: skip


def _refuse_unmet(rows):
    """The rows stand in this transaction, so they are judged as every residency is."""
    for row, findings in unmet_conditions(rows).items():
        if not row.exempted_by_id:
            raise EntryConditionsNotMet(
                _("%(tenant)s does not meet: %(conditions)s. Say why it may enter all the same."),
                tenant=row.tenant.name, conditions="; ".join(findings),
            )  # fmt: skip
