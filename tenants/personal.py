"""What is known of a person: to read, to take away, to delete. No table is forgotten.

Every row that points at the user counts: with ``CASCADE`` it is the person's own and goes with it,
otherwise the person did something, and that is kept with what it was done to.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import FileField
from django.utils.translation import gettext_lazy as _

from parks import notices
from parks.fields import GeometryField
from parks.models import AuditEntry, Notice
from tenants.models import Account, Lease, Tenant, TenantClaim
from tenants.trail import ACTIONS, DOORS

#: Newest rows of one table that an export holds.
MOST_ROWS = 2000
#: Secrets, seals and what belongs to the objects of acts rather than to who did them.
LEFT_OUT = {"key", "token", "digest", "previous_digest", "sha256", "before", "after", "report",
            "options", "session_data"}  # fmt: skip
#: Columns of an audit entry, and their words.
ENTRY = ("at", "action", "object_name", "door", "reason")
WORDS = {"action": ACTIONS, "door": DOORS}
LANGUAGES = dict(settings.LANGUAGES)
#: Columns without words of their own.
HEADINGS = {"details": _("details"), "content": _("what was sent")}
#: Stay when the person goes: nameless, they say what was agreed to and decided.
STAYS = (Account, TenantClaim)

_obstacles: list[Callable[..., Iterable[str]]] = []


def obstacle(question):
    """``question(tenants, on)`` yields why the last member of ``tenants`` cannot be forgotten on ``on``."""
    _obstacles.append(question)
    return question


def obstacles(user, on) -> list[str]:
    alone = alone_in(user)
    return [str(reason) for question in _obstacles for reason in question(alone, on)]


def alone_in(user):
    """The tenants that have no other member who can log in."""
    others = Tenant.users.through.objects.filter(user__is_active=True).exclude(user=user)
    return Tenant.objects.filter(users=user).exclude(pk__in=others.values("tenant"))


@obstacle
def leases_that_run(tenants, on):
    running = Lease.objects.binding().with_state(on).filter(tenant__in=tenants, ends_on__gt=on)
    for lease in running.select_related("tenant").order_by("pk"):
        yield _(
            "You are the only member of %(tenant)s, whose lease %(lease)s still runs. Let a "
            "colleague join first, or delete your account once the lease has ended."
        ) % {"tenant": lease.tenant.name, "lease": lease.number}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """``columns``: ``(name, heading)``; ``rows``: lists of values in that order."""

    key: str
    title: str
    columns: list
    rows: list
    more: bool = False


def relations(user):
    """``(model, field)`` of every foreign key to a user that has rows of ``user``'s."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        model, field = relation.related_model, relation.field
        if model._meta.auto_created or model is Notice:
            continue
        if model._base_manager.filter(**{field.name: user}).exists():
            yield model, field


def is_own(field) -> bool:
    return field.remote_field.on_delete is models.CASCADE


def delete_own(user) -> None:
    """Delete the rows that are the person's own, but for ``STAYS`` that were decided."""
    user.claims.filter(decided_at=None).delete()
    Notice.objects.filter(user=user).delete()
    for model, field in list(relations(user)):
        if is_own(field) and model not in STAYS:
            model._base_manager.filter(**{field.name: user}).delete()


def parts(user) -> list[Part]:
    """Everything, the person's own first."""
    names = {user.username, user.email.lower()} - {""}
    found = [
        _rows(User, User.objects.filter(pk=user.pk),
              ("username", "first_name", "last_name", "email", "date_joined", "last_login")),
        Part("groups", str(_("roles")), [("name", str(_("name")))],
             [[name] for name in user.groups.values_list("name", flat=True)]),
        _rows(Tenant, Tenant.objects.filter(users=user), ("name", "uscc", "kind")),
    ]  # fmt: skip
    pairs = sorted(relations(user), key=lambda pair: (not is_own(pair[1]), pair[0]._meta.label))
    for model, field in pairs:
        rows = model._base_manager.filter(**{field.name: user})
        found.append(_rows(model, rows, ENTRY if model is AuditEntry else None, field))
    told = [
        [notice.raised_on, notices.words(notice)]
        for notice in Notice.objects.filter(user=user).order_by("-pk")[:MOST_ROWS]
    ]
    headings = [("raised_on", str(_("day"))), ("words", str(_("notice")))]
    found.append(Part("notices", str(Notice._meta.verbose_name_plural), headings, told))
    logs = {AccessLog: _("log-ins"), AccessAttempt: _("wrong passwords"),
            AccessFailureLog: _("failed log-ins")}  # fmt: skip
    headings = [("attempt_time", str(_("when"))), ("ip_address", str(_("IP address"))),
                ("user_agent", str(_("browser")))]  # fmt: skip
    for model, title in logs.items():
        part = _rows(
            model, model.objects.filter(username__in=names), [one for one, _heading in headings]
        )
        found.append(replace(part, title=str(title), columns=headings))
    return [part for part in found if part.rows]


def _rows(model, rows, names=None, field=None) -> Part:
    names = names or [one.name for one in model._meta.concrete_fields if _is_told(one)]
    fields = [model._meta.get_field(name) for name in names]
    words = [
        LANGUAGES
        if one.name == "language"
        else WORDS.get(one.name)
        if model is AuditEntry
        else dict(one.flatchoices)
        for one in fields
    ]
    values = list(rows.order_by("-pk").values_list(*names)[: MOST_ROWS + 1])
    shown = [
        [str(choices[value]) if choices and value in choices else value
         for choices, value in zip(words, row, strict=True)]
        for row in values[:MOST_ROWS]
    ]  # fmt: skip
    title = str(model._meta.verbose_name_plural)
    key = model._meta.label_lower
    if field is not None and not is_own(field):
        key = f"{key}.{field.name}"
        if (role := str(field.verbose_name)) != field.name.replace("_", " "):
            title = f"{title} ({role})"
    headings = [(one.name, str(HEADINGS.get(one.name, one.verbose_name))) for one in fields]
    return Part(key, title, headings, shown, len(values) > MOST_ROWS)


def _is_told(field) -> bool:
    return not (
        field.is_relation
        or field.name in LEFT_OUT
        or field.primary_key
        or isinstance(field, (FileField, GeometryField))
        or field.name in getattr(field.model, "hidden_in_trail", ())
    )


def as_data(found) -> dict:
    """The parts for a program: table → list of ``{column: value}``."""
    return {
        part.key: [
            {name: value for (name, _heading), value in zip(part.columns, row, strict=True)}
            for row in part.rows
        ]
        for part in found
    }


@dataclass(frozen=True)
class OwnFile:
    name: str
    size: int
    file: object


def files(user) -> list[OwnFile]:
    """The files the person handed in that are still kept."""
    found = []
    for model, field in relations(user):
        for one in model._meta.concrete_fields:
            if isinstance(one, FileField):
                rows = model._base_manager.filter(**{field.name: user}).exclude(**{one.name: ""})
                found += [
                    OwnFile(_name(row, one), _size(row), getattr(row, one.name))
                    for row in rows.order_by("pk")
                ]
    return found


def _name(row, field) -> str:
    try:
        name = getattr(row, row._meta.get_field("name").attname)
    except FieldDoesNotExist:
        name = getattr(row, field.name).name.rpartition("/")[2]
    return f"{row._meta.model_name}-{row.pk}-{name}"


def _size(row) -> int:
    return getattr(row, "size", 0) or 0
