"""Making and correcting tenants."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import refusing
from tenants import uscc as code_rules
from tenants.errors import CodeTaken
from tenants.models import Tenant
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
