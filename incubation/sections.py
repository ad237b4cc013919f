"""What the chain shows on the pages of units and of residencies."""

from incubation.models import Carrier, CarrierSpace, GraduationReview
from incubation.selectors.follow_ups import cells_of
from incubation.selectors.readiness import standings
from parks.sections import Section, register


@register("unit")
def carrier_of_unit(unit, user, on):
    """Which carrier uses the unit, on the day and at other times."""
    return _carriers(unit, user, on, "incubation/_unit_carrier.html")


@register("unit-panel")
def carrier_in_panel(unit, user, on):
    return _carriers(unit, user, on, "incubation/_unit_carrier_panel.html")


def _carriers(unit, user, on, template):
    if not user.has_perm("incubation.view_chain"):
        return None
    spaces = CarrierSpace.objects.visible_to(user).filter(unit=unit).select_related("carrier")
    rows = [
        (one, one.start <= on and (one.end is None or on < one.end))
        for one in spaces.order_by("-start")
    ]
    return Section(template, {"carrier_spaces": rows}) if rows else None


@register("carrier")
def readiness_of_carrier(carrier, user, on):
    """How far the carrier is from the rule set that fits it."""
    if not user.has_perm("incubation.view_chain"):
        return None
    found = standings(Carrier.objects.filter(pk=carrier.pk), on)[0]
    return Section("incubation/_carrier_readiness.html", {"standing": found})


@register("residency")
def graduation_of_residency(residency, user, on):
    """The evidence of the day, the reviews, and for a graduate its years since."""
    reviews = GraduationReview.objects.filter(residency=residency, on__lte=on).defer("evidence")
    graduated = (
        residency.outcome == residency.Outcome.GRADUATED
        and residency.left_on <= on
        and user.has_perm("incubation.view_chain")
    )
    return Section("incubation/_residency_graduation.html", {
        "reviews": reviews, "cells": cells_of(residency, on=on) if graduated else [],
    })  # fmt: skip
