"""One process of the test of an application sent twice at once."""

from datetime import UTC, date, datetime

from django.contrib.auth.models import AnonymousUser

from incubation.models import Application
from incubation.services import submit_application
from parks.errors import RuleViolation


def main(ready, key):
    application = Application.objects.get(pk=key)
    ready()
    try:
        submit_application(
            application=application, by=AnonymousUser(), on=date(2026, 6, 10),
            at=datetime(2026, 6, 10, 4, tzinfo=UTC),
        )  # fmt: skip
    except RuleViolation as refusal:
        return refusal.code
    return "sent"
