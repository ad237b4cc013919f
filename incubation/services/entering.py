"""Tenants enter carriers; what every entry needs, an admission or the other side of a move."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from incubation.errors import (
    AgreementTaken,
    AlreadyResident,
    CarrierNotOpen,
    EntryConditionsNotMet,
    ExemptionByNobody,
    ResidencyState,
)
from incubation.models import Carrier, Residency
from incubation.rules import Verdict
from incubation.selectors.entry import judged, unmet_conditions
from incubation.stay import first_due_on
from parks.audit import Act, record_all
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
    return enter(entries, "admit", by=by, reason=reason)


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
        (row,) = placed([entry], by)
        return Preview(row, judged([row])[row.pk])


def locked(residencies) -> list[Residency]:
    """The rows locked for a change, in the order given, with tenant and carrier."""
    rows = Residency.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
    found = {row.pk: row for row in rows.filter(pk__in=[one.pk for one in residencies])}
    return [found[one.pk] for one in residencies]


def locked_carriers(keys) -> dict:
    rows = Carrier.objects.select_for_update(of=("self",)).select_related("park")
    return rows.defer("park__boundary").order_by("pk").in_bulk(keys)


def refuse_left(residency):
    if residency.left_on:
        raise ResidencyState(
            _("%(tenant)s left %(carrier)s on %(day)s."),
            tenant=residency.tenant.name, carrier=residency.carrier.name, day=residency.left_on,
        )  # fmt: skip


def enter(entries, action, *, by, reason):
    rows = placed(entries, by)
    _refuse_unmet([row for row in rows if action != "transfer"])
    record_all([Act(action, row, row.carrier.park) for row in rows], by=by, reason=reason)
    return rows


def placed(entries, by):
    """The residencies of ``entries``, saved, unless something other than a condition says no."""
    refuse_merged([entry.tenant for entry in entries])
    carriers = locked_carriers({entry.carrier.pk for entry in entries})
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
