"""From an offer to moving in: agreement and lease drafted from what is known, signed, moved in."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import LeaseUnsigned
from incubation.models import Application, Offer
from incubation.selectors.intake import intake_of
from incubation.selectors.placing import rents_asked
from incubation.services.applications import step
from incubation.services.entering import admit_tenant
from incubation.services.offers import (
    TAKEN,
    answer,
    keep_units,
    lock_carrier,
    standing_offer,
)
from incubation.services.residencies import withdraw_residency
from incubation.workflow import State
from parks.audit import record, snapshot
from tenants.errors import UnitHeld
from tenants.services.drafting import discard_draft, draft_lease
from tenants.services.lease_terms import LineTerms
from tenants.services.signing import sign_lease


def offered_units(offer) -> list:
    rows = offer.units.select_related("hold__unit__floor__building__park").order_by("hold__unit")
    return [one.hold.unit for one in rows]


@transaction.atomic
def convert_application(
    *, application, agreement_number, start, end, by, at, on, rents=None, lease_number="",
    deposit=Decimal(0), property_fee_m2_month=Decimal(0), rent_free=(), registered_on=None,
    consent_on=None, exemption_reason="", note="", opinion="",
) -> Application:  # fmt: skip
    """Admit the applicant from ``start`` on and draft the lease ``[start, end)`` of the held units.

    Nothing is typed twice: tenant, carrier, special field and units come from the application and
    its offer. ``rents``: ``(rent, rent_unit)`` by key of a unit, where they differ from
    ``rents_asked``. The units stay held for the carrier's days to sign. Raises what
    ``admit_tenant`` and ``draft_lease`` raise, ``OfferState``, ``ApplicationState``.
    """
    lock_carrier(application)
    offer = standing_offer(application)
    step(application=application, act="convert", by=by, at=at, on=on, opinion=opinion,
         details={"agreement": agreement_number})  # fmt: skip
    units = offered_units(offer)
    if not offer.answer:
        answer(offer, Offer.Answer.ACCEPTED, by=by, on=on)
    residency = admit_tenant(
        tenant=application.tenant, carrier=application.carrier, agreement_number=agreement_number,
        entered_on=start, by=by, on=on, special_field=application.special_field,
        registered_on=registered_on, consent_on=consent_on, exemption_reason=exemption_reason,
    )  # fmt: skip
    terms = rents_asked(application, units, start) | (rents or {})
    lines = [
        LineTerms(unit=unit, rent=terms[unit.pk][0], rent_unit=terms[unit.pk][1]) for unit in units
    ]
    lease = draft_lease(
        tenant=application.tenant, lines=lines, start=start, end=end, by=by, number=lease_number,
        rent_free=rent_free, deposit=deposit, property_fee_m2_month=property_fee_m2_month,
        note=note,
    )  # fmt: skip
    keep_units(offer, on + timedelta(days=intake_of(application.carrier).sign_days), by=by)
    _remember(application, by=by, residency=residency, lease=lease)
    return application


def _remember(application, *, by, **values):
    row = Application.objects.select_related("carrier__park").get(pk=application.pk)
    before = snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
        setattr(application, name, value)
    row.save(update_fields=list(values))
    record("change", row, by=by, park=row.carrier.park, before=before)


@transaction.atomic
def move_in(*, application, by, at, on, signed_on=None, opinion="") -> Application:
    """The lease is signed, unless it is already, and the applicant has moved in.

    ``signed_on`` defaults to ``on``. Raises ``LeaseUnsigned`` before the lease starts, and where
    the units are no longer free because their hold lapsed while it was not signed.
    """
    lock_carrier(application)
    step(application=application, act="move_in", by=by, at=at, on=on, opinion=opinion)
    application.refresh_from_db(fields=["lease"])
    lease = application.lease
    if lease is None:
        raise LeaseUnsigned(
            _("The lease of this application is gone. Let the signing fail and offer anew.")
        )
    if lease.start > on:
        raise LeaseUnsigned(
            _("The lease starts on %(day)s. Sign it now on its page, and record the moving in "
              "then."), day=lease.start,
        )  # fmt: skip
    if not lease.signed_on:
        try:
            sign_lease(lease=lease, signed_on=signed_on or on, signed_by=by, today=on)
        except (*TAKEN, UnitHeld) as refusal:
            raise LeaseUnsigned(
                _("%(why)s The hold for this application had ended. Let the signing fail with a "
                  "reason; the application stays approved and gets another offer."),
                why=" ".join(refusal.messages),
            ) from refusal  # fmt: skip
    return application


@transaction.atomic
def abandon_signing(*, application, opinion, by, at, on, approved=False) -> Application:
    """Signing failed: residency and draft are taken back, the units let go.

    With ``approved`` the application stays approved, as when its space was lost, and may get
    another offer; otherwise it ends. Raises ``LeaseUnsigned`` once the lease is signed.
    """
    lock_carrier(application)
    application.refresh_from_db(fields=["lease", "residency"])
    lease, residency = application.lease, application.residency
    if lease and lease.signed_on and not lease.voided_on:
        raise LeaseUnsigned(
            _("The lease %(number)s is signed. Declare it void first, or record the moving in."),
            number=lease.number,
        )
    step(
        application=application, act="abandon", by=by, at=at, on=on, opinion=opinion,
        target=State.APPROVED if approved else State.LAPSED,
    )  # fmt: skip
    _remember(application, by=by, residency=None, lease=None)
    if residency:
        withdraw_residency(residency=residency, by=by, reason=opinion)
    if lease and not lease.signed_on:
        discard_draft(lease=lease, by=by, reason=opinion)
    return application
