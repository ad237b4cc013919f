"""What the viewer may see of one unit on the day; beside the floor plan."""

from incubation.models import CarrierSpace, Residency
from parks.models import Unit
from parks.states import UnitState
from tenants.models import Lease, LeaseLine
from tenants.selectors import annotate_state


def unit_panel(user, pk, on, *, floor=None) -> dict | None:
    """``unit`` (with state and place), ``lease``, ``line``, ``former`` numbers; None when the unit
    is not the viewer's, not on ``floor`` or does not exist on the day. Six queries at most.

    For a unit signed ahead the lease is the next one. ``residency`` is that of the tenant let
    there in a carrier of the unit's park, with its ``due`` day; ``space`` the use of the unit by a
    carrier.
    """
    units = Unit.objects.visible_to(user)
    if floor is not None:
        units = units.filter(floor=floor)
    unit = annotate_state(units, on).with_number_on(on).with_place().filter(pk=pk).first()
    if unit is None:
        return None
    line = None
    if user.has_perm("tenants.view_lease") and unit.state in ("let", "signed"):
        lines = LeaseLine.objects.binding().visible_to(user).filter(unit=unit, end__gt=on)
        line = lines.order_by("start").first()
    lease = None
    if line is not None:
        leases = Lease.objects.visible_to(user).with_state(on).select_related("tenant")
        lease = leases.get(pk=line.lease_id)
    residency = space = None
    if user.has_perm("incubation.view_chain"):
        spaces = CarrierSpace.objects.visible_to(user).active_on(on).select_related("carrier")
        space = spaces.filter(unit=unit).first()
        if unit.state == UnitState.LET:
            rows = Residency.objects.visible_to(user).with_due(on).open_on(on)
            rows = rows.filter(tenant=unit.tenant_id, carrier__park=unit.floor.building.park_id)
            residency = rows.select_related("carrier").first()
    return {
        "unit": unit, "line": line, "lease": lease, "former": list(unit.former_numbers.all()),
        "residency": residency, "space": space, "over": bool(residency and residency.due <= on),
    }  # fmt: skip
