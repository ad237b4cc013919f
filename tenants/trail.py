"""Audit entries prepared for people: acts, doors and columns by their names."""

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.models import AuditEntry
from parks.templatetags.space import masked
from tenants.models import Document

ACTIONS = {
    "create": _("created"), "correct": _("corrected"), "renumber": _("renumbered"),
    "split": _("split"), "merge": _("merged"), "split_end": _("ended by a split"),
    "merge_end": _("ended by a merge"), "cancel": _("plan cancelled"),
    "cancel_begin": _("planned unit withdrawn"), "cancel_end": _("goes on after all"),
    "close": _("closed"), "reopen": _("reopened"), "draft": _("drafted"),
    "redraft": _("rewritten"), "submit": _("handed in"), "reject": _("rejected"),
    "sign": _("signed"), "amended": _("gave way to an amendment"), "hand_over": _("handed over"),
    "terminate": _("ended early"), "void": _("declared void"), "hold": _("held"),
    "release": _("released"), "copy": _("copied"), "undo": _("taken back"), "staff": _("staff set"),
    "ask_surrender": _("surrender asked"), "record_move_out": _("move-out recorded"),
    "inspect": _("inspected"), "settle": _("utilities settled"),
    "return_deposit": _("deposit back"), "move_address": _("registered address moved out"),
    "vacate": _("unit vacant"), "add": _("added"), "remove": _("removed"),
    "rename": _("renamed"), "confirm": _("confirmed"), "ask_again": _("asked to be corrected"),
    "merge_tenant": _("merged into another"),
    "take_over": _("taken over in a merge"), "view_personal": _("personal data looked at"),
    "admit": _("admitted"), "extend": _("extended"), "transfer": _("transferred within the stage"),
    "advance": _("went on to the next stage"), "leave": _("left"),
    "assign": _("given to a carrier"), "change": _("changed"), "report": _("report recorded"),
    "end": _("ended"), "ask": _("rent asked"),
    "open_review": _("review opened"), "decide_review": _("decided"),
    "revoke_decision": _("decision revoked"), "consent": _("consent given"),
    "withdraw_consent": _("consent withdrawn"),
    "register": _("signed up"), "join": _("joined"), "claim": _("claimed"),
    "refuse_claim": _("claim refused"), "remove_member": _("member removed"),
    "erase": _("account deleted"),
    "export_personal": _("personal data exported"), "export_ledger": _("ledger exported"),
}  # fmt: skip
#: Columns with personal data: the trail shows them masked.
PERSONAL = {"contact_phone", "phone", "email"}
DOORS = {
    "page": _("page"), "api": _("API"), "import": _("import"), "command": _("command"),
}  # fmt: skip


def prepared(entries) -> list[AuditEntry]:
    """The entries with ``action_label``, ``door_label`` and ``changes`` (label, before, after)."""
    entries = list(entries)
    files = _names_of_files(entries)
    for entry in entries:
        entry.action_label = ACTIONS.get(entry.action, entry.action)
        entry.door_label = DOORS.get(entry.door, entry.door)
        fields = _fields(entry.object_type)
        entry.changes = [
            {
                "label": fields[key].verbose_name if key in fields else key,
                "before": _shown(fields.get(key), key, entry.before.get(key), files),
                "after": _shown(fields.get(key), key, entry.after.get(key), files),
            }
            for key in entry.after or entry.before
        ]
    return entries


def _shown(field, key, value, files):
    if value is not None and key in getattr(getattr(field, "model", None), "hidden_in_trail", ()):
        return "***"  # the model lets the trail tell only that it changed
    if not value:
        return value
    if key in PERSONAL:
        return masked(value)
    if key == "document_id":
        return files.get(value, value)
    if field is not None and field.choices and not isinstance(value, (list, dict)):
        return dict(field.flatchoices).get(value, value)
    return value


def _names_of_files(entries) -> dict:
    """Names of the files that the entries speak of, in one query if there are any."""
    keys = {
        values["document_id"]
        for entry in entries
        for values in (entry.before, entry.after)
        if values.get("document_id")
    }
    return dict(Document.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}


def _fields(object_type) -> dict:
    return {field.attname: field for field in apps.get_model(object_type)._meta.concrete_fields}


def tell_history(*groups) -> None:
    """Give every row ``entered`` (the entry of its making, or None) and ``corrections``, oldest first.

    One query for all rows of all models. Who sees a row sees who wrote what in it.
    """
    rows = {
        (row._meta.label_lower, str(row.pk)): row for group in groups for row in group
    }  # fmt: skip
    wanted = Q(pk__in=[])
    for label in {label for label, _key in rows}:
        keys = [key for one, key in rows if one == label]
        wanted |= Q(object_type=label, object_id__in=keys)
    for row in rows.values():
        row.entered, row.corrections = None, []
    for entry in prepared(AuditEntry.objects.filter(wanted).order_by("sequence")):
        row = rows[entry.object_type, entry.object_id]
        if entry.action == "create":
            row.entered = entry
        else:
            row.corrections.append(entry)


def trail_of(obj, user, limit=30) -> list[AuditEntry]:
    """The newest entries about ``obj`` that ``user`` may see."""
    return prepared(AuditEntry.objects.visible_to(user).about(obj)[:limit])


def opinions_on(lease) -> list[AuditEntry]:
    """Who handed the lease in, sent it back or signed it, when and with what words."""
    entries = AuditEntry.objects.about(lease).filter(action__in=["submit", "reject", "sign"])
    return prepared(entries.order_by("sequence"))


#: What is known of a tenant beside its own columns.
FACTS = ("people", "qualifications", "year_figures", "visits", "fundings", "intellectual_property",
         "corporate_events")  # fmt: skip


def trail_of_tenant(tenant, user, limit=30) -> list[AuditEntry]:
    """As ``trail_of``, with what was written down about the tenant's facts, removed ones too."""
    wanted = Q(object_type=tenant._meta.label_lower, object_id=str(tenant.pk))
    labels = []
    for relation in FACTS:
        rows = getattr(tenant, relation)
        keys = [str(key) for key in rows.order_by().values_list("pk", flat=True)[:500]]
        labels.append(rows.model._meta.label_lower)
        wanted |= Q(object_type=labels[-1], object_id__in=keys)
    wanted |= Q(object_type__in=labels, action="remove", before__tenant_id=tenant.pk)
    return prepared(AuditEntry.objects.visible_to(user).filter(wanted)[:limit])
