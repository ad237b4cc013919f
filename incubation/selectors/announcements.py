"""Whom carriers want to admit, while an objection is in time."""

from incubation.models import Application
from incubation.workflow import State


def announced(on):
    """The applications of the day's public notices, those that end soonest first."""
    rows = Application.objects.in_state(State.NOTICED, on=on)
    rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
    return rows.order_by("state_until", "tenant__name", "pk")
