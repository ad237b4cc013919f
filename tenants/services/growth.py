"""How a tenant grows: money it was given, intellectual property, mergers and listings.

The plural acts write many rows at once; the single ones call them. Each row needs what proves
it, a ``number`` or a ``document`` of the tenant. All raise ``EvidenceMissing``, ``FactTaken``,
``DatesOutOfOrder``, ``InvalidValue``, ``TenantMerged``, ``ValidationError``.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.errors import InvalidValue
from tenants.models import CorporateEvent, Funding, IntellectualProperty
from tenants.services.fact_rows import add_rows, correct_row, remove_row


@transaction.atomic
def record_fundings(rows, *, by, reason="") -> list[Funding]:
    """``rows``: values of ``Funding``, each with its ``tenant``; amounts in yuan."""
    return add_rows([Funding(**row) for row in rows], by=by, reason=reason)


def record_funding(*, tenant, by, reason="", **fields) -> Funding:
    return record_fundings([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_funding(*, funding, by, reason="", **fields) -> Funding:
    return correct_row(funding, fields, by=by, reason=reason)


@transaction.atomic
def remove_funding(*, funding, by, reason):
    _remove(funding, by=by, reason=reason)


@transaction.atomic
def record_intellectual_properties(rows, *, by, reason="") -> list[IntellectualProperty]:
    """``rows``: values of ``IntellectualProperty``; ``end`` is the first day no longer covered."""
    return add_rows([IntellectualProperty(**row) for row in rows], by=by, reason=reason)


def record_intellectual_property(*, tenant, by, reason="", **fields) -> IntellectualProperty:
    rows = [fields | {"tenant": tenant}]
    return record_intellectual_properties(rows, by=by, reason=reason)[0]


@transaction.atomic
def correct_intellectual_property(
    *, intellectual_property, by, reason="", **fields
) -> IntellectualProperty:
    return correct_row(intellectual_property, fields, by=by, reason=reason)


@transaction.atomic
def remove_intellectual_property(*, intellectual_property, by, reason):
    _remove(intellectual_property, by=by, reason=reason)


@transaction.atomic
def record_corporate_events(rows, *, by, reason="") -> list[CorporateEvent]:
    """``rows``: values of ``CorporateEvent``, each with its ``tenant``."""
    return add_rows([CorporateEvent(**row) for row in rows], by=by, reason=reason)


def record_corporate_event(*, tenant, by, reason="", **fields) -> CorporateEvent:
    return record_corporate_events([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_corporate_event(*, corporate_event, by, reason="", **fields) -> CorporateEvent:
    return correct_row(corporate_event, fields, by=by, reason=reason)


@transaction.atomic
def remove_corporate_event(*, corporate_event, by, reason):
    _remove(corporate_event, by=by, reason=reason)


def _remove(row, *, by, reason):
    if not reason.strip():
        raise InvalidValue(_("Say why it is removed."))
    remove_row(row, by=by, reason=reason)
