"""One process of ``test_starting_at_once``: begins an application of each tenant it is told."""

from incubation.models import Carrier
from tenants.models import Tenant
from tests.factories.applications import make_application


def main(ready, carrier, tenants):
    carrier, rows = Carrier.objects.get(pk=carrier), list(Tenant.objects.filter(pk__in=tenants))
    ready()
    return [make_application(tenant=tenant, carrier=carrier).number for tenant in rows]
