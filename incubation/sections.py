"""What the chain shows on the pages of units."""

from incubation.models import CarrierSpace
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
