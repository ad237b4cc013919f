"""One process of ``test_residencies_at_once``: admits a tenant to each carrier it is told."""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from incubation.models import Carrier
from incubation.services import admit_tenant
from parks.errors import RuleViolation
from tenants.models import Tenant


def main(ready, tenant, carriers):
    tenant, rows = Tenant.objects.get(pk=tenant), list(Carrier.objects.filter(pk__in=carriers))
    ready()
    outcomes = []
    for carrier in rows:
        try:
            admit_tenant(
                tenant=tenant, carrier=carrier, agreement_number="FH-1",
                entered_on=date(2024, 1, 10), by=AnonymousUser(), on=date(2026, 6, 30),
            )  # fmt: skip
            outcomes.append("admitted")
        except RuleViolation as refusal:
            outcomes.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - whatever else happens is the finding
            outcomes.append(f"{type(error).__name__}: {error}")
    return outcomes
