"""Rows that have a ``tenant``: added in bulk, corrected and removed, each act in the trail."""

from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, refusing
from tenants.errors import EvidenceMissing, FactTaken
from tenants.models import Document
from tenants.services.tenants import refuse_merged


def _taken():
    return FactTaken(_("This is already recorded. Correct that entry instead."))


def _unproven():
    return EvidenceMissing(_("Say what proves it: give a number or a file."))


#: Constraint, or table whose uniqueness SQLite names instead → the refusal.
REFUSALS = {
    **dict.fromkeys(
        ("qualification_once_a_day", "tenants_qualification", "year_figure_once",
         "tenants_yearfigure", "ip_number_once", "tenants_intellectualproperty",
         "corporate_event_once", "tenants_corporateevent"),
        _taken,
    ),
    **dict.fromkeys(("funding_proven", "ip_proven", "corporate_event_proven"), _unproven),
    "qualification_in_order": lambda: DatesOutOfOrder(
        _("A qualification must lapse after it is granted.")
    ),
    "ip_in_order": lambda: DatesOutOfOrder(_("It is applied for, then granted, then lapses.")),
    "ip_has_a_day": lambda: InvalidValue(_("Say when it was applied for or granted.")),
    "funding_of_some_money": lambda: InvalidValue(_("The amount must be above zero.")),
}  # fmt: skip


def add_rows(rows, *, by, reason=""):
    """Check, insert and write down new rows of one model; [] for none."""
    if not rows:
        return []
    refuse_merged({row.tenant for row in rows})
    for row in rows:
        row.full_clean(exclude=["tenant", "document"], validate_unique=False,
                       validate_constraints=False)  # fmt: skip
    _own_files(rows)
    with refusing(**REFUSALS):
        type(rows[0]).objects.bulk_create(rows, batch_size=500)
    acts = [Act("create", row, row.tenant.home_park) for row in rows]
    record_all(acts, by=by, reason=reason)
    return rows


def correct_row(row, fields, *, by, reason, action="correct", tenant=None):
    """Change columns of a row; the row is read again and locked."""
    row = type(row).objects.select_for_update().get(pk=row.pk)
    tenant = tenant or row.tenant
    refuse_merged([tenant])
    before = snapshot(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean(validate_unique=False, validate_constraints=False)
    _own_files([row])
    with refusing(**REFUSALS):
        row.save()
    record(action, row, by=by, park=tenant.home_park, before=before, reason=reason)
    return row


def remove_row(row, *, by, reason):
    """Take a row away; the trail keeps what it said."""
    row = type(row).objects.select_for_update().get(pk=row.pk)
    record("remove", row, by=by, park=row.tenant.home_park, before=snapshot(row), after={},
           reason=reason)  # fmt: skip
    row.delete()


def _own_files(rows):
    """The file that proves a fact is kept among the documents of its tenant."""
    wanted = [row for row in rows if getattr(row, "document_id", None)]
    if not wanted:
        return
    kept = Document.objects.kept().filter(pk__in={row.document_id for row in wanted})
    owners = dict(kept.values_list("pk", "tenant_id"))
    if any(owners.get(row.document_id) != row.tenant_id for row in wanted):
        raise InvalidValue(_("Choose a file among the documents of the tenant."))
