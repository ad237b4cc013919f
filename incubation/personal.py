"""Why the last member of a tenant cannot be forgotten yet (``tenants.personal``)."""

from django.utils.translation import gettext as _

from incubation.models import Application, Residency
from tenants import personal


@personal.obstacle
def applications_under_way(tenants, on):
    rows = Application.objects.filter(tenant__in=tenants, closed_on=None)
    for one in rows.select_related("tenant", "carrier").order_by("pk"):
        yield _(
            "You are the only member of %(tenant)s, whose application %(number)s to %(carrier)s is "
            "under way. Withdraw it first, or let a colleague join."
        ) % {"tenant": one.tenant.name, "number": one.number, "carrier": one.carrier.name}  # fmt: skip


@personal.obstacle
def residencies_open(tenants, on):
    rows = Residency.objects.open_on(on).filter(tenant__in=tenants)
    for one in rows.select_related("tenant", "carrier").order_by("pk"):
        yield _(
            "You are the only member of %(tenant)s, which is incubated in %(carrier)s. Let a "
            "colleague join first, or delete your account once it has left."
        ) % {"tenant": one.tenant.name, "carrier": one.carrier.name}  # fmt: skip
