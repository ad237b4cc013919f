"""Audit entries prepared for people: acts, doors and columns by their names."""

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.models import AuditEntry
from parks.templatetags.space import masked

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
    "rename": _("renamed"), "confirm": _("confirmed"), "merge_tenant": _("merged into another"),
    "take_over": _("taken over in a merge"), "view_personal": _("personal data looked at"),
    "admit": _("admitted"), "extend": _("extended"), "transfer": _("transferred within the stage"),
    "advance": _("went on to the next stage"), "leave": _("left"),
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
    for entry in entries:
        entry.action_label = ACTIONS.get(entry.action, entry.action)
        entry.door_label = DOORS.get(entry.door, entry.door)
        labels = _labels(entry.object_type)
        entry.changes = [
            {
                "label": labels.get(key, key),
                "before": _shown(key, entry.before.get(key)),
                "after": _shown(key, entry.after.get(key)),
            }
            for key in entry.after or entry.before
        ]
    return entries


def _shown(key, value):
    return masked(value) if value and key in PERSONAL else value


def _labels(object_type) -> dict:
    fields = apps.get_model(object_type)._meta.concrete_fields
    return {field.attname: field.verbose_name for field in fields}


def trail_of(obj, user, limit=30) -> list[AuditEntry]:
    """The newest entries about ``obj`` that ``user`` may see."""
    return prepared(AuditEntry.objects.visible_to(user).about(obj)[:limit])


def opinions_on(lease) -> list[AuditEntry]:
    """Who handed the lease in, sent it back or signed it, when and with what words."""
    entries = AuditEntry.objects.about(lease).filter(action__in=["submit", "reject", "sign"])
    return prepared(entries.order_by("sequence"))


def trail_of_tenant(tenant, user, limit=30) -> list[AuditEntry]:
    """As ``trail_of``, with what was written down about the tenant's facts."""
    wanted = Q(object_type=tenant._meta.label_lower, object_id=str(tenant.pk))
    for relation in ("people", "qualifications", "year_figures", "visits"):
        rows = getattr(tenant, relation)
        keys = [str(key) for key in rows.order_by().values_list("pk", flat=True)[:500]]
        wanted |= Q(object_type=rows.model._meta.label_lower, object_id__in=keys)
    return prepared(AuditEntry.objects.visible_to(user).filter(wanted)[:limit])
