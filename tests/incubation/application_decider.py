"""One process of the test of two operators who decide at once."""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from incubation import services as incubation
from incubation.models import Application
from parks.errors import RuleViolation
from tests.factories.applications import moment

ACTS = {"approve": incubation.approve_application, "refuse": incubation.refuse_application}


def main(ready, key, act):
    application, on = Application.objects.get(pk=key), date(2026, 6, 30)
    ready()
    try:
        ACTS[act](application=application, opinion="意见", by=AnonymousUser(), at=moment(on), on=on)
    except RuleViolation as refusal:
        return refusal.code
    return act
