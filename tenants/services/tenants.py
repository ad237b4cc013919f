"""Making, correcting and renaming tenants."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, refusing
from tenants import uscc as code_rules
from tenants.errors import CodeTaken, TenantMerged
from tenants.models import Tenant, TenantFormerName
from tenants.pinyin import initials


@transaction.atomic
def create_tenant(*, name, by, kind=Tenant.Kind.FIRM, uscc=None, reason="", **fields) -> Tenant:
    """A new team or firm.

    ``uscc`` is normalised; ``uscc_override_reason`` in ``fields`` accepts a failing check
    character. Raises ``InvalidCode``, ``CheckDigitFails``, ``CodeTaken``, ``ValidationError``.
    """
    tenant = Tenant(name=name.strip(), kind=kind, uscc=uscc or None, **fields)
    return create_tenants([tenant], by=by, reason=reason)[0]


@transaction.atomic
def create_tenants(tenants, *, by, reason="") -> list[Tenant]:
    """Save new, unsaved ``Tenant`` objects in one insert, each cleaned and recorded."""
    for tenant in tenants:
        _clean(tenant)
    with refusing(tenants_tenant_uscc_key=lambda: _taken(tenants), tenants_tenant=lambda: (
        _taken(tenants)
    )):  # fmt: skip
        Tenant.objects.bulk_create(tenants, batch_size=500)
    record_all([Act("create", t, t.home_park) for t in tenants], by=by, reason=reason)
    return tenants


@transaction.atomic
def correct_tenant(*, tenant, by, reason="", **fields) -> Tenant:
    """Correct columns of a tenant; a team that registered a firm gets kind and code here."""
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    refuse_merged([tenant])
    before = snapshot(tenant)
    for name, value in fields.items():
        setattr(tenant, name, value)
    _clean(tenant)
    with refusing(tenants_tenant_uscc_key=lambda: _taken([tenant]), tenants_tenant=lambda: (
        _taken([tenant])
    )):  # fmt: skip
        tenant.save()
    record("correct", tenant, by=by, park=tenant.home_park, before=before, reason=reason)
    return tenant


@transaction.atomic
def rename_tenant(*, tenant, name, effective_on, on, by, reason="") -> Tenant:
    """The tenant bears ``name`` from ``effective_on``; the old name stays and still finds it.

    ``on`` is today: a change of name is written down once it is in force. Raises
    ``InvalidValue``, ``DatesOutOfOrder``, ``TenantMerged``.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    refuse_merged([tenant])
    name = name.strip()
    if name == tenant.name:
        raise InvalidValue(_("The tenant already bears this name."))
    if effective_on > on:
        raise InvalidValue(_("Record the new name once it is in force: choose a day up to today."))
    if tenant.former_names.filter(until__gt=effective_on).exists():
        raise DatesOutOfOrder(_("The name was changed after that day already."))
    before = snapshot(tenant)
    TenantFormerName.objects.create(tenant=tenant, name=tenant.name, until=effective_on)
    tenant.name = name
    _clean(tenant)
    tenant.save()
    record("rename", tenant, by=by, park=tenant.home_park, before=before, reason=reason)
    return tenant


def refuse_merged(tenants):
    """Nothing new comes to a tenant that was merged into another.

    Locks them, so that a merge at the same moment is either seen or waits. Raises
    ``TenantMerged``.
    """
    keys = {tenant.pk for tenant in tenants}
    rows = Tenant.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    for tenant in rows.select_related("merged_into"):
        if tenant.merged_into_id:
            raise TenantMerged(
                _("%(name)s was merged into %(other)s. Go on with that one."),
                name=tenant.name,
                other=tenant.merged_into.name,
            )


def _clean(tenant):
    if tenant.uscc:
        tenant.uscc = code_rules.checked(tenant.uscc, override_reason=tenant.uscc_override_reason)
    tenant.uscc = tenant.uscc or None
    former = tenant.former_names.values_list("name", flat=True) if tenant.pk else ()
    tenant.initials = initials(tenant.name, *former)
    tenant.clean_fields(exclude=["home_park", "merged_into"])
    if tenant.kind == Tenant.Kind.TEAM and tenant.uscc:
        rule = next(c for c in Tenant._meta.constraints if c.name == "tenant_team_has_no_code")
        raise ValidationError(rule.get_violation_error_message())


def _taken(tenants):
    # Names nobody: the code may belong to a tenant the user must not see.
    codes = [tenant.uscc for tenant in tenants if tenant.uscc]
    code = codes[0]
    if len(codes) > 1:
        known = Tenant.objects.filter(uscc__in=codes).values_list("uscc", flat=True)
        code = ", ".join(known[:5]) or code
    return CodeTaken(
        _("A tenant with the code %(code)s exists already. Search for it and use that one."),
        code=code,
    )
