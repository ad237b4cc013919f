"""Making, correcting and renaming tenants."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
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
    return _save(tenant, "create", None, by, reason)


@transaction.atomic
def correct_tenant(*, tenant, by, reason="", **fields) -> Tenant:
    """Correct columns of a tenant; a team that registered a firm gets kind and code here."""
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    refuse_merged([tenant])
    before = snapshot(tenant)
    for name, value in fields.items():
        setattr(tenant, name, value)
    return _save(tenant, "correct", before, by, reason)


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
    return _save(tenant, "rename", before, by, reason)


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


def _save(tenant, action, before, by, reason):
    if tenant.uscc:
        tenant.uscc = code_rules.checked(tenant.uscc, override_reason=tenant.uscc_override_reason)
    tenant.uscc = tenant.uscc or None
    former = tenant.former_names.values_list("name", flat=True) if tenant.pk else ()
    tenant.initials = initials(tenant.name, *former)
    tenant.full_clean(validate_unique=False)

    def taken():
        # Names nobody: the code may belong to a tenant the user must not see.
        return CodeTaken(
            _("A tenant with the code %(code)s exists already. Search for it and use that one."),
            code=tenant.uscc,
        )

    with refusing(tenants_tenant_uscc_key=taken, tenants_tenant=taken):
        tenant.save()
    record(action, tenant, by=by, park=tenant.home_park, before=before, reason=reason)
    return tenant
