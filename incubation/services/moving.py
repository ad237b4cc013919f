"""Tenants go on from one carrier to another: within a stage, or to the next."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import DueDay, StageOrder
from incubation.models import Carrier, Residency, ResidencyExtension, Stage
from incubation.selectors.entry import judged
from incubation.services.entering import (
    Entry,
    Preview,
    enter,
    locked,
    locked_carriers,
    placed,
    refuse_left,
)
from parks.audit import Act, record_all, snapshot
from parks.errors import DatesOutOfOrder
from parks.services.rehearsal import rehearsal
from tenants.services.tenants import refuse_merged


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
    rows = enter(entries, "transfer", by=by, reason=reason)
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
    return enter(entries, "advance", by=by, reason=reason)


def preview_move(move, *, advance, by) -> Preview:
    """As ``preview_admission`` for a transfer, which has no conditions, or the next stage."""
    with rehearsal():
        _acts, entries = _advanced([move]) if advance else _transferred([move])
        (row,) = placed(entries, by)
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


def _locked_for(moves):
    """Locks in the order of every act here: tenants, carriers, residencies."""
    refuse_merged([move.residency.tenant for move in moves])
    locked_carriers({move.carrier.pk for move in moves})
    return locked([move.residency for move in moves])


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
