"""One process of ``test_offers_at_once``: offers the unit to each application it is told."""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from incubation.models import Application
from incubation.services import offer_units
from parks.errors import RuleViolation
from parks.models import Unit
from tests.factories.applications import moment

DAY = date(2026, 6, 10)


def main(ready, unit, applications):
    unit, rows = Unit.objects.get(pk=unit), list(Application.objects.filter(pk__in=applications))
    ready()
    outcomes = []
    for application in rows:
        try:
            offer_units(
                application=application, units=[unit], by=AnonymousUser(), at=moment(DAY), on=DAY,
                reason="试",
            )  # fmt: skip
            outcomes.append("offered")
        except RuleViolation as refusal:
            outcomes.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - whatever else happens is the finding
            outcomes.append(f"{type(error).__name__}: {error}")
    return outcomes
