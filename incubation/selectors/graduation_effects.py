"""What a graduation does: to the residency, the carrier's counts and exempt area, and the leases."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from incubation.models import CarrierSpace, Residency
from incubation.selectors.tax_months import Part, is_eligible, pieces, recognitions
from incubation.spells import first_of_month
from incubation.stay import first_due_on
from parks.periods import Period
from tenants.models import Lease, LeaseLine


def leases_in_carrier(residency, *, on) -> list[Lease]:
    """The firm's leases of space in the carrier on ``on``, with ``here`` and ``elsewhere`` in m²."""
    units = CarrierSpace.objects.active_on(on).filter(carrier=residency.carrier_id).values("unit")
    lines = (
        LeaseLine.objects.binding()
        .active_on(on)
        .filter(unit__in=units, lease__tenant=residency.tenant_id)
    )
    here = {}
    for line in lines:
        here.setdefault(line.lease_id, []).append(line)
    leases = Lease.objects.filter(pk__in=here).with_state(on).with_area().order_by("pk")
    for lease in leases:
        lease.here = sum((line.area_m2 for line in here[lease.pk]), Decimal(0))
        whole = LeaseLine.objects.binding().active_on(on).filter(lease=lease)
        lease.elsewhere = sum(whole.values_list("area_m2", flat=True), Decimal(0)) - lease.here
    return list(leases)


def leases_ended_with(review) -> list[Lease]:
    """The firm's leases of the carrier's space that ended early on the day it graduated."""
    units = CarrierSpace.objects.filter(carrier=review.residency.carrier_id).values("unit")
    ended = Lease.objects.binding().filter(
        tenant=review.residency.tenant_id, terminated_on=review.graduates_on
    )
    return list(ended.filter(lines__unit__in=units).distinct().order_by("pk"))


@dataclass(frozen=True)
class CarrierDay:
    """Incubated firms of a carrier on a day and the area let to those under agreement, in m².

    ``exempt``: this area is exempt from tax in the month of the day (``selectors.tax_months``).
    """

    firms: int
    area_m2: Decimal
    exempt: bool
    firm_counts: bool
    firm_area_m2: Decimal


def carrier_day(residency, *, on) -> CarrierDay:
    """As if the residency went on that day: what the carrier counts, and the firm's part in it."""
    carrier = residency.carrier
    incubated = Residency.objects.filter(carrier=carrier).incubated_on(on)
    firms = set(incubated.values_list("tenant", flat=True))
    let = [
        piece
        for piece in pieces([carrier], Period(on, on + timedelta(days=1)))
        if piece.part in (Part.FIRMS, Part.TEAMS)
    ]
    month = Period(first_of_month(on), first_of_month(on) + relativedelta(months=1))
    return CarrierDay(
        firms=len(firms),
        area_m2=sum((piece.area for piece in let), Decimal(0)),
        exempt=is_eligible(carrier.stage, recognitions([carrier])[carrier.pk], month),
        firm_counts=residency.tenant_id in firms,
        firm_area_m2=sum(
            (p.area for p in let if p.residency.tenant_id == residency.tenant_id), Decimal(0)
        ),
    )


def graduation_consequences(residency, *, graduates_on, end_lease=False, next_carrier=None) -> list:
    """What graduating on a day does, in sentences; nothing is changed."""
    carrier, firm = residency.carrier, residency.tenant.name
    told = [
        _("The residency of %(firm)s in %(carrier)s ends: %(day)s is the first day without it.")
        % {"firm": firm, "carrier": carrier.name, "day": graduates_on}
    ]
    day = carrier_day(residency, on=graduates_on)
    told.append(_incubated(day, firm, carrier, graduates_on))
    told.append(_exempt(day, carrier, graduates_on))
    leases = leases_in_carrier(residency, on=graduates_on)
    told += [_lease(lease, graduates_on, end_lease) for lease in leases]
    if not leases:
        told.append(_("No lease of the firm runs in the carrier on that day."))
    if next_carrier is not None:
        due = first_due_on(next_carrier.stage, graduates_on, residency.special_field)
        told.append(
            _("%(firm)s is admitted to %(carrier)s on the same day; it is due there on %(due)s.")
            % {"firm": firm, "carrier": next_carrier.name, "due": due}
        )
    told.append(
        _("The firm is asked how it fares on each of the next five anniversaries; it agreed to "
          "being reported on by name.")
        if residency.consent_on
        else _("The firm is asked how it fares on each of the next five anniversaries; without "
               "its consent only sums are reported.")
    )  # fmt: skip
    return told


def _incubated(day, firm, carrier, on):
    if not day.firm_counts:
        return _("%(firm)s does not count as an incubated firm on %(day)s (a team, or due by "
                 "then): the %(n)s incubated firms of %(carrier)s stay as many.") % {
            "firm": firm, "day": on, "n": day.firms, "carrier": carrier.name,
        }  # fmt: skip
    return _("Incubated firms of %(carrier)s from %(day)s: %(before)s → %(after)s.") % {
        "carrier": carrier.name, "day": on, "before": day.firms, "after": day.firms - 1,
    }  # fmt: skip


def _exempt(day, carrier, on):
    figures = {
        "carrier": carrier.name, "day": on, "before": f"{day.area_m2:,.2f}",
        "after": f"{day.area_m2 - day.firm_area_m2:,.2f}", "own": f"{day.firm_area_m2:,.2f}",
    }  # fmt: skip
    if not day.exempt:
        return _("Area of %(carrier)s let to incubated firms from %(day)s: %(before)s → %(after)s "
                 "m² (−%(own)s). Its space is not exempt from tax in that month.") % figures  # fmt: skip
    return _("Tax-exempt area of %(carrier)s let to incubated firms from %(day)s: %(before)s → "
             "%(after)s m² (−%(own)s; 公告2023年第42号).") % figures  # fmt: skip


def _lease(lease, on, end_lease):
    figures = {
        "number": lease.number, "here": f"{lease.here:,.2f}", "day": on,
        "last": lease.ends_on - timedelta(days=1), "elsewhere": f"{lease.elsewhere:,.2f}",
    }  # fmt: skip
    if not end_lease:
        return _(
            "Lease %(number)s (%(here)s m² here) runs on to %(last)s as an ordinary lease."
        ) % (figures)
    told = _("Lease %(number)s ends early: %(day)s is the first day without it; %(here)s m² fall "
             "vacant.") % figures  # fmt: skip
    if lease.elsewhere:
        told += " " + _("It also covers %(elsewhere)s m² outside the carrier, which end too.") % (
            figures
        )
    return told
