"""Two records of one tenant become one. What was written in the trail stays as it was."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record_all, snapshot
from parks.errors import InvalidValue, refusing
from tenants import merging
from tenants.errors import MergeRefused, TenantMerged
from tenants.models import (
    CorporateEvent,
    Funding,
    IntellectualProperty,
    Qualification,
    Tenant,
    TenantFormerName,
    TenantPerson,
    YearFigure,
)
from tenants.pinyin import initials
from tenants.services.fact_rows import REFUSALS

#: Columns a person chooses between; the reason of a code goes with the code.
CHOICES = (
    "name", "kind", "uscc", "founded_on", "field", "industry_code", "chain", "contact_name",
    "contact_phone", "home_park", "external_id",
)  # fmt: skip
#: What makes two rows of a model the same thing.
SAME = {
    Qualification: ("kind", "start"),
    YearFigure: ("year",),
    TenantFormerName: ("name", "until"),
    TenantPerson: ("role", "name", "phone", "email"),
    Funding: ("kind", "on", "amount", "investor"),
    IntellectualProperty: ("kind", "identity"),
    CorporateEvent: ("kind", "on"),
}


@dataclass(frozen=True)
class Conflict:
    """Both rows say something else about ``field`` of the same thing, named ``about``."""

    about: str
    field: str
    mine: object
    other: object


def owned_by_tenants():
    """``(model, name of its field)`` of every table that points at a tenant, members included."""
    return [
        (relation.related_model, relation.field.name)
        for relation in Tenant._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.one_to_many and relation.related_model is not Tenant
    ]


def conflicts(keep, other) -> list[Conflict]:
    """Where both know another value of the same year, qualification, right or event."""
    found = []
    for model in (YearFigure, Qualification, IntellectualProperty, CorporateEvent):
        for mine, theirs in _pairs(model, keep, other):
            found += [
                Conflict(
                    str(theirs).removeprefix(str(other)).strip(), field.verbose_name,
                    getattr(mine, field.name), getattr(theirs, field.name),
                )
                for field in _values(model)
                if field.name != "document" and getattr(mine, field.name) not in (None, "")
                and getattr(theirs, field.name) not in (None, "")
                and getattr(mine, field.name) != getattr(theirs, field.name)
            ]  # fmt: skip
    return found


@transaction.atomic
def merge_tenants(*, keep, other, on, by, reason, take=(), prefer_other=False) -> Tenant:
    """``other`` is merged into ``keep`` on day ``on``: everything of it becomes ``keep``'s.

    ``take``: the ``CHOICES`` whose value comes from ``other``; a blank one of ``keep`` is filled
    anyway. Of the same year or qualification the row of ``keep`` stays (with ``prefer_other``
    that of ``other``), its blanks filled from the other row, which the trail keeps. ``other``
    keeps its row and its name finds ``keep``. Raises ``TenantMerged``, ``InvalidValue``,
    ``MergeRefused`` where both hold what one tenant cannot hold twice.
    """
    rows = Tenant.objects.select_for_update().order_by("pk").in_bulk([keep.pk, other.pk])
    if len(rows) < 2:
        raise InvalidValue(_("Choose two different tenants."))
    keep, other = rows[keep.pk], rows[other.pk]
    for one in (keep, other):
        if one.merged_into_id:
            raise TenantMerged(_("%(name)s is merged into another already."), name=one.name)
    if unknown := set(take) - set(CHOICES):
        raise InvalidValue(_("Unknown: %(names)s"), names=", ".join(sorted(unknown)))
    if found := merging.obstacles(keep, other):
        raise MergeRefused(" ".join(found))
    before = snapshot(keep), snapshot(other)
    acts = merging.unite(keep, other)
    for model in SAME:
        acts += _same_once(model, keep, other, prefer_other)
    for model, name in owned_by_tenants():
        if model is not Tenant.users.through:
            acts += _hand_over(model, name, keep, other)
    keep.users.add(*other.users.all())
    other.users.clear()
    Tenant.objects.filter(merged_into=other).update(merged_into=keep)
    _choose(keep, other, set(take))
    other.merged_into, other.merged_on, other.initials = keep, on, ""
    other.save()
    _keep_names(keep, {before[0]["name"], before[1]["name"]} - {keep.name})
    keep.initials = initials(keep.name, *keep.former_names.values_list("name", flat=True))
    keep.full_clean(validate_unique=False)
    keep.save()
    acts += [
        Act("correct", keep, keep.home_park, before[0]),
        Act("merge_tenant", other, other.home_park, before[1]),
    ]
    record_all(acts, by=by, reason=reason)
    return keep


def _choose(keep, other, take):
    for name in CHOICES:
        mine, theirs = getattr(keep, name), getattr(other, name)
        if name in take or mine in (None, "") and theirs not in (None, ""):
            setattr(keep, name, theirs)
            if name == "uscc":
                keep.uscc_override_reason = other.uscc_override_reason
                if theirs:
                    other.uscc, other.uscc_override_reason = None, ""
    if keep.uscc:
        keep.kind = Tenant.Kind.FIRM


def _keep_names(keep, names):
    known = set(keep.former_names.values_list("name", flat=True))
    TenantFormerName.objects.bulk_create(
        [TenantFormerName(tenant=keep, name=name) for name in sorted(names - known)]
    )


def _pairs(model, keep, other):
    """``(row of keep, row of other)`` about the same thing."""
    key = SAME[model]
    mine = {tuple(getattr(row, k) for k in key): row for row in model.objects.filter(tenant=keep)}
    for row in model.objects.filter(tenant=other):
        if found := mine.get(tuple(getattr(row, k) for k in key)):
            yield found, row


def _values(model):
    return [
        field for field in model._meta.concrete_fields
        if field.name not in {"id", "tenant", "confirmed_on", *SAME[model]}
    ]  # fmt: skip


def _same_once(model, keep, other, prefer_other):
    """One row of each thing: the surviving one takes what it did not know."""
    acts = []
    for mine, theirs in _pairs(model, keep, other):
        before, park = snapshot(mine), keep.home_park
        for field in _values(model):
            here, there = getattr(mine, field.name), getattr(theirs, field.name)
            if there not in (None, "") and (prefer_other or here in (None, "")):
                setattr(mine, field.name, there)
        if snapshot(mine) != before:
            if model is YearFigure:
                mine.confirmed_on = None
            with refusing(**REFUSALS):
                mine.save()
            acts.append(Act("take_over", mine, park, before))
        acts.append(Act("remove", theirs, park, snapshot(theirs), {}))
    # ``remove`` names the row by its key, so it is written down before the row goes.
    model.objects.filter(pk__in=[act.obj.pk for act in acts if act.action == "remove"]).delete()
    return acts


def moved(other) -> list[tuple]:
    """``(plural name of a model, how many rows of it)`` that a merge takes over from ``other``."""
    counted = [
        (model._meta.verbose_name_plural, model.objects.filter(**{name: other}).count())
        for model, name in owned_by_tenants()
        if model is not Tenant.users.through
    ]
    return [(label, count) for label, count in counted if count]


def _hand_over(model, name, keep, other):
    rows = list(model.objects.filter(**{name: other}))
    model.objects.filter(pk__in=[row.pk for row in rows]).update(**{name: keep})
    acts = []
    for row in rows:
        old = snapshot(row)
        setattr(row, name, keep)
        park = getattr(row, "park", None) or keep.home_park
        acts.append(Act("take_over", row, park, old))
    return acts
