"""Is a unit free on these days? Asked while its row is locked, so the answer holds."""

from django.utils.translation import gettext as _

from parks.errors import UnitNotThere
from parks.models import UnitClosure
from parks.periods import Period
from tenants.errors import LeaseOverlap, UnitClosed, UnitHeld
from tenants.models import Hold, LeaseLine
from tenants.obstacles import name_of_lease


def refuse_unless_there(unit, period):
    """Raises ``UnitNotThere`` unless the unit exists on every day of ``period``."""
    existence = Period(unit.exists_from, unit.exists_to)
    if not period.within(existence):
        raise UnitNotThere(
            _("%(unit)s exists %(period)s only."), unit=unit.number, period=existence
        )


def refuse_unless_free(unit, period, *, by):
    """Raises ``UnitNotThere``, ``LeaseOverlap`` or ``UnitClosed`` naming the days in the way."""
    refuse_unless_there(unit, period)
    lines = LeaseLine.objects.binding().overlapping(period).filter(unit=unit)
    if line := lines.select_related("lease__tenant").order_by("start").first():
        raise LeaseOverlap(
            _("%(unit)s is already let %(period)s by %(lease)s. Choose other days or another "
              "unit."),
            unit=unit.number,
            period=Period(line.start, line.end),
            lease=name_of_lease(line.lease, by),
        )  # fmt: skip
    if closure := UnitClosure.objects.filter(unit=unit).overlapping(period).first():
        raise UnitClosed(
            _("%(unit)s is closed %(period)s (%(reason)s)."),
            unit=unit.number,
            period=Period(closure.start, closure.end),
            reason=closure.get_reason_display(),
        )


def refuse_if_held(unit, period, *, tenant):
    """Raises ``UnitHeld`` when someone other than ``tenant`` holds the unit then."""
    holds = Hold.objects.binding().overlapping(period).filter(unit=unit)
    # A hold in words has no tenant: exclude() on NULL would leave it out.
    for hold in holds.select_related("tenant").order_by("start"):
        if hold.tenant_id != tenant.pk:
            raise UnitHeld(
                _("%(unit)s is held for %(whose)s %(period)s. Release the hold first."),
                unit=unit.number,
                whose=hold.tenant or hold.applicant,
                period=Period(hold.start, hold.end),
            )
