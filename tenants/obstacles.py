"""Leases and holds that need a unit past the day it is to end (see ``parks.obstacles``)."""

from django.utils.translation import gettext as _

from parks import obstacles
from parks.periods import Period
from tenants.models import Hold, Lease, LeaseLine


def name_of_lease(lease, by) -> str:
    """The lease by number and tenant to those who may see it, else only that there is one."""
    if by is None or Lease.objects.visible_to(by).filter(pk=lease.pk).exists():
        return _("lease %(number)s (%(tenant)s)") % {
            "number": lease.number, "tenant": lease.tenant.name,
        }  # fmt: skip
    return _("another lease")


@obstacles.register
def leases_in_the_way(units, period, by):
    lines = LeaseLine.objects.binding().overlapping(period).filter(unit__in=units)
    for line in lines.select_related("lease__tenant").order_by("start"):
        yield f"{name_of_lease(line.lease, by)} {Period(line.start, line.end)}"


@obstacles.register
def holds_in_the_way(units, period, by):
    holds = Hold.objects.binding().overlapping(period).filter(unit__in=units)
    for hold in holds.select_related("tenant").order_by("start"):
        whose = hold.tenant or hold.applicant
        if by is not None and not Hold.objects.visible_to(by).filter(pk=hold.pk).exists():
            whose = _("someone")
        yield _("held for %(whose)s %(period)s") % {
            "whose": whose, "period": Period(hold.start, hold.end),
        }  # fmt: skip
