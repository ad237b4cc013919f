"""One process of ``test_concurrency``: signs the leases it is told to, all at the same moment."""

from django.contrib.auth.models import AnonymousUser

from parks.errors import RuleViolation
from tenants.models import Lease
from tenants.services import sign_lease


def main(ready, *keys):
    leases = list(Lease.objects.filter(pk__in=keys))
    ready()
    outcomes = []
    for lease in leases:
        try:
            sign_lease(lease=lease, signed_on=lease.start, signed_by=AnonymousUser())
            outcomes.append("signed")
        except RuleViolation as refusal:
            outcomes.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - whatever else happens is the finding
            outcomes.append(f"{type(error).__name__}: {error}")
    return outcomes
