"""Taking an applied import back: its entries of the trail are walked backwards.

What it made is deleted, what it changed gets its columns of before, in chunks like the applying;
every step is an entry of its own and takes the acts it answers off the upload, so the acts that
are left always tell what still stands, and an undo that was cut off goes on where it stopped.
"""

import json
from collections import defaultdict
from itertools import groupby

from django.apps import apps
from django.core.serializers import deserialize
from django.db import models, transaction
from django.db.models import ProtectedError, prefetch_related_objects
from django.utils.translation import gettext as _

from parks import audit, work
from parks.errors import RuleViolation
from parks.models import AuditEntry, UnitFormerNumber
from tenants.models import Hold, Lease, LeaseLine, RentFree, RentStep, TenantFormerName

NAMED = 5
MADE = ("create", "draft", "close", "hold", "ask")
#: Rows without acts of their own that go with what they belong to.
PARTS = (LeaseLine, RentStep, RentFree, TenantFormerName, UnitFormerNumber)


class BuiltUpon(RuleViolation):
    """Something later rests on what the import made or changed."""

    code = "built_upon"


def undo(upload, *, by, reason="", progress=None):
    """Undo ``upload``, already claimed. Raises ``BuiltUpon`` naming what came later."""
    if names := built_upon(upload):
        refusal = BuiltUpon(
            _("This cannot be undone any more, because later acts build on it: %(names)s."),
            names="; ".join(names),
        )
        work.finish(upload, failure=refusal)
        raise refusal
    applied = bool(upload.applied_at)
    take_back(upload, by=by, reason=reason, progress=progress)
    work.finish(upload, "undone_at" if applied else "")


def take_back(upload, *, by, reason="", progress=None):
    """Undo the acts; what somebody built on meanwhile halts it. Raises ``BuiltUpon``."""
    try:
        undo_acts(upload, by=by, reason=reason, progress=progress)
    except ProtectedError as error:
        refusal = BuiltUpon(
            _("This cannot be undone any more, because later acts build on it: %(names)s."),
            names="; ".join(str(row) for row in list(error.protected_objects)[:NAMED]),
        )
        work.halt(upload, failure=refusal)
        raise refusal from None


def built_upon(upload) -> list[str]:
    """What rests on the import, in words; at most ``NAMED``."""
    entries = list(upload.acts.values_list(
        "entry__sequence", "entry__action", "entry__object_type", "entry__object_id"
    ))  # fmt: skip
    if not entries:
        return []
    touched, made = defaultdict(set), defaultdict(set)
    for _sequence, action, kind, key in entries:
        touched[kind].add(key)
        if action in MADE:
            made[kind].add(int(key))
    own = {sequence for sequence, *_rest in entries}
    first = min(own)
    named = []
    later = AuditEntry.objects.filter(sequence__gt=first, object_type__in=touched)
    answered = {"undo"}
    last_own = {}
    for sequence, _action, kind, key in entries:
        last_own[kind, key] = max(sequence, last_own.get((kind, key), 0))
    for entry in later.exclude(action__in=answered).order_by("sequence").iterator():
        known = last_own.get((entry.object_type, entry.object_id))
        if known and entry.sequence > known and entry.sequence not in own:
            named.append(f"{entry.object_name} ({entry.action})")
            if len(named) >= NAMED:
                return named
    for kind, keys in made.items():
        model = apps.get_model(kind)
        for relation in model._meta.related_objects:
            other = relation.related_model
            if (
                other in PARTS
                and other is not LeaseLine
                or relation.many_to_many
                or relation.on_delete is models.SET_NULL
            ):
                continue
            mine = made.get(other._meta.label_lower, set())
            rows = other._base_manager.filter(**{f"{relation.field.name}__in": keys})
            if other is LeaseLine:
                rows = rows.exclude(lease__in=made.get("tenants.lease", ()))
            for row in rows.only("pk", relation.field.attname).iterator():
                if row.pk not in mine:
                    named.append(f"{other._meta.verbose_name} {other._base_manager.get(pk=row.pk)}")
                    if len(named) >= NAMED:
                        return named
    return named


def undo_acts(upload, *, by, reason="", progress=None):
    """Undo every act that stands, newest first, in chunks."""
    reason = reason or _("import of %(name)s taken back") % {"name": upload.name}
    total, done, pace = upload.acts.count(), 0, work.Pace()
    work.beat(upload, done=0, total=total)
    newest = upload.acts.select_related("entry__park").order_by("-entry__sequence")
    while acts := list(newest.defer("entry__park__boundary")[: pace.size]):
        with pace.chunk(), transaction.atomic(), audit.door("import"):
            _undo_chunk(upload, acts, by, reason)
            done += len(acts)
            work.beat(upload, done=done)
        if progress:
            progress(done, total)


def _undo_chunk(upload, acts, by, reason):
    answers = []
    for (kind, made), run in groupby(
        acts, key=lambda act: (act.entry.object_type, act.entry.action in MADE)
    ):
        answers += (_delete if made else _put_back)(upload, apps.get_model(kind), list(run))
    audit.record_all(answers, by=by, reason=reason)
    upload.acts.filter(pk__in=[act.pk for act in acts]).delete()


def _delete(_upload, model, acts):
    """Delete what the acts made, all of one model; the entries tell what is gone."""
    found = model._base_manager.in_bulk([int(act.entry.object_id) for act in acts])
    prefetch_related_objects(list(found.values()), *_named_after(model))
    answers = [
        audit.Act("undo", found[key], act.entry.park, audit.snapshot(found[key]), {})
        for act in acts if (key := int(act.entry.object_id)) in found
    ]  # fmt: skip
    if model is Lease:
        # An amendment in the file points to the lease before it, which may go first.
        Lease.objects.filter(previous__in=found).update(previous=None)
    model._base_manager.filter(pk__in=found).delete()
    return answers


def _named_after(model) -> set[str]:
    """Whose names a row bears in its own: they may go in the same chunk."""
    return {"tenant", "unit", "lease"} & {field.name for field in model._meta.concrete_fields}


def _put_back(upload, model, acts):
    answers, rows = [], model._base_manager.select_related(*_named_after(model) or [None])
    for act in acts:
        obj = rows.filter(pk=act.entry.object_id).first()
        if obj is not None:
            before = audit.snapshot(obj)
            _restore(upload, obj, act.entry)
            answers.append(audit.Act("undo", obj, act.entry.park, before, audit.snapshot(obj)))
    return answers


def _restore(upload, obj, entry):
    fields = {field.attname: field for field in obj._meta.concrete_fields}
    names = [name for name in entry.before if name in fields]
    for name in names:
        setattr(obj, name, fields[name].to_python(entry.before[name]))
    obj.save(update_fields=names)
    if entry.action == "renumber":
        obj.former_numbers.filter(start=obj.numbered_from, number=obj.number).delete()
    if isinstance(obj, Lease):
        _restore_lease(upload, obj)


def _restore_lease(upload, lease):
    """The lines as they were before the import touched the lease; holds it used up bind again."""
    kept = upload.options.get("kept", {}).get(str(lease.pk))
    if kept is not None:
        lease.lines.all().delete()
        lease.rent_free.all().delete()
        for row in deserialize("json", kept):
            row.save()
    elif lease.signed_on is None:
        lease.lines.update(binding=False)
    if lease.signed_on is None:
        units = lease.lines.values("unit")
        holds = upload.options.get("holds", {})
        for hold in Hold.objects.filter(pk__in=holds, unit__in=units, tenant=lease.tenant_id):
            hold.end = json.loads(json.dumps(holds[str(hold.pk)][0]))
            hold.binding = holds[str(hold.pk)][1]
            hold.save(update_fields=["end", "binding"])
