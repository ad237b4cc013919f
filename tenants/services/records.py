"""Writing many records of tenants at once: qualifications, figures of a year, former names."""

from django.db import transaction

from parks.audit import Act, record_all, snapshot
from tenants.models import TenantFormerName
from tenants.pinyin import initials


@transaction.atomic
def create_records(rows, *, by, reason="") -> list:
    """Save new, unsaved qualifications or year figures, each cleaned and recorded."""
    for row in rows:
        row.clean_fields(exclude=["tenant"])
    type(rows[0]).objects.bulk_create(rows, batch_size=500)
    acts = [Act("create", row, row.tenant.home_park) for row in rows]
    record_all(acts, by=by, reason=reason)
    return rows


@transaction.atomic
def correct_records(changes, *, by, reason="") -> list:
    """``changes``: ``(row, {column: value})`` of one model; saved in one update and recorded."""
    model = type(changes[0][0])
    wanted = {row.pk: values for row, values in changes}
    rows = model.objects.select_for_update(of=("self",)).select_related("tenant__home_park")
    rows = list(rows.filter(pk__in=wanted).order_by("pk"))
    acts, columns = [], set()
    for row in rows:
        before = snapshot(row)
        for name, value in wanted[row.pk].items():
            setattr(row, name, value)
        row.clean_fields(exclude=["tenant"])
        columns |= set(wanted[row.pk])
        acts.append(Act("correct", row, row.tenant.home_park, before))
    model.objects.bulk_update(rows, sorted(columns), batch_size=200)
    record_all(acts, by=by, reason=reason)
    return rows


@transaction.atomic
def add_former_names(rows, *, by, reason="") -> list:
    """Save new, unsaved ``TenantFormerName`` objects; the search finds the tenants by them."""
    for row in rows:
        row.clean_fields(exclude=["tenant"])
    TenantFormerName.objects.bulk_create(rows, batch_size=500)
    tenants = {row.tenant_id: row.tenant for row in rows}
    for tenant in tenants.values():
        names = tenant.former_names.values_list("name", flat=True)
        tenant.initials = initials(tenant.name, *names)
    type(rows[0].tenant).objects.bulk_update(tenants.values(), ["initials"], batch_size=200)
    acts = [Act("create", row, row.tenant.home_park) for row in rows]
    record_all(acts, by=by, reason=reason)
    return rows
