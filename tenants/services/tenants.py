"""Making and correcting tenants."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
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
    return _save(tenant, "create", None, by, reason)


@transaction.atomic
def correct_tenant(*, tenant, by, reason="", **fields) -> Tenant:
    """Correct columns of a tenant; a team that registered a firm gets kind and code here."""
    tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    before = snapshot(tenant)
    for name, value in fields.items():
        setattr(tenant, name, value)
    return _save(tenant, "correct", before, by, reason)


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
