"""Who did what, when, through which door, before and after: append-only and chained by hash."""

import hashlib
import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from parks.fields import GeometryField
from parks.models import AuditEntry, AuditHead, UploadAct

_door: ContextVar[str] = ContextVar("door", default="command")
_upload: ContextVar = ContextVar("upload", default=None)


@contextmanager
def door(name: str):
    """Acts inside come through ``name``: ``page``, ``api``, ``import`` or ``command``."""
    token = _door.set(name)
    try:
        yield
    finally:
        _door.reset(token)


@contextmanager
def applying(upload):
    """Acts inside come from ``upload``: they go through ``import`` and are listed as its acts."""
    token = _upload.set(upload)
    try:
        with door("import"):
            yield
    finally:
        _upload.reset(token)


def snapshot(obj) -> dict:
    """The object's own columns as JSON values; a geometry as its WKB digest."""
    values = {}
    for field in obj._meta.concrete_fields:
        value = getattr(obj, field.attname)
        if isinstance(field, GeometryField) and value is not None:
            value = "wkb:" + hashlib.sha256(value.wkb).hexdigest()[:16]
        if isinstance(value, FieldFile):
            value = value.name
        values[field.attname] = value
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


@dataclass
class Act:
    """One thing to write down; ``before``/``after`` hold only what changed."""

    action: str
    obj: object
    park: object = None
    before: dict | None = None
    after: dict | None = None


def changed(before: dict, after: dict) -> tuple[dict, dict]:
    """The differing columns of both; an empty ``after`` means the object is gone."""
    if not after:
        return before, {}
    keys = [key for key in after if before.get(key) != after[key]]
    return {k: before[k] for k in keys if k in before}, {k: after[k] for k in keys}


def record(action, obj, *, by, park=None, before=None, after=None, reason=""):
    """Append one entry. ``before``: an earlier ``snapshot``, None for something new.

    ``after`` defaults to the object's snapshot now; only differing values are kept.
    """
    return record_all([Act(action, obj, park, before, after)], by=by, reason=reason)[0]


@transaction.atomic
def record_all(acts, *, by, reason=""):
    """Append one entry per act in a single insert; returns the entries, in order."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    at = timezone.now()
    user = by if by is not None and by.is_authenticated else None
    entries = []
    for act in acts:
        before, after = changed(
            act.before or {}, snapshot(act.obj) if act.after is None else act.after
        )
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=at,
            actor=user,
            actor_name=user.get_username() if user else "",
            door=_door.get(),
            action=act.action,
            object_type=act.obj._meta.label_lower,
            object_id=str(act.obj.pk),
            object_name=str(act.obj)[:200],
            park=act.park,
            before=before,
            after=after,
            reason=str(reason),
            previous_digest=head.digest,
        )
        entry.digest = digest(entry)
        head.sequence, head.digest = entry.sequence, entry.digest
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    if upload := _upload.get():
        UploadAct.objects.bulk_create(
            [UploadAct(upload=upload, entry=entry) for entry in entries], batch_size=500
        )
    head.save(update_fields=["sequence", "digest"])
    return entries


def digest(entry) -> str:
    """SHA-256 over every column of the entry and the digest before it."""
    values = [
        entry.sequence,
        entry.at.timestamp(),
        entry.actor_id,
        entry.actor_name,
        entry.door,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.object_name,
        entry.park_id,
        entry.before,
        entry.after,
        entry.reason,
        entry.previous_digest,
    ]
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links():
    """Yield ``(sequence, what)`` for every entry changed, missing or added outside the trail."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            yield expected, "missing"
        elif entry.previous_digest != previous:
            yield entry.sequence, "does not follow the entry before it"
        if entry.digest != digest(entry):
            yield entry.sequence, "changed"
        previous, expected = entry.digest, entry.sequence + 1
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.sequence, head.digest) != (expected - 1, previous):
        yield expected, "missing at the end"
