"""Many leases renewed at once: the same change for each, all or none."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parks.periods import Period
from tenants.errors import RenewalRefused
from tenants.models import Lease
from tenants.rent import cents
from tenants.services.availability import refuse_unless_free
from tenants.services.drafting import renew_lease
from tenants.services.lease_terms import LineTerms
from tenants.services.signing import submit_lease

#: So many leases fit one page and one transaction.
MOST_RENEWALS = 200


@dataclass(slots=True)
class Renewal:
    """What a renewal would be: ``lines`` of ``(line, old rent, new rent)``; ``refusal`` says why not."""

    lease: Lease
    start: date
    end: date
    lines: list
    refusal: str = ""


def raised(rent, percent) -> Decimal:
    """``rent`` changed by ``percent``, half up to 0.01 yuan."""
    return cents(rent * (100 + percent) / 100)


def preview_renewals(*, leases, by, months=None, end=None, percent=Decimal(0)) -> list[Renewal]:
    """The renewal of each lease: by ``months``, or until ``end`` (first day not covered)."""
    following = set(
        Lease.objects.filter(previous__in=[lease.pk for lease in leases], voided_on=None)
        .filter(kind=Lease.Kind.RENEWAL)
        .values_list("previous", flat=True)
    )
    found = []
    for lease in leases:
        start = lease.terminated_on or lease.end
        stop = end or start + relativedelta(months=months)
        lines = [
            (line, _last_rent(line), raised(_last_rent(line), percent))
            for line in lease.lines.all()
            if line.binding and line.end == start
        ]
        renewal = Renewal(lease, start, stop, lines)
        renewal.refusal = _refusal(renewal, lease.pk in following, by)
        found.append(renewal)
    return found


def _last_rent(line):
    steps = sorted((step.start, step.rent) for step in line.steps.all() if step.start < line.end)
    return steps[-1][1] if steps else line.rent


def _refusal(renewal, renewed, by) -> str:
    lease = renewal.lease
    if not lease.signed_on or lease.voided_on:
        return _("Only a signed lease can be renewed or amended.")
    if lease.terminated_on:
        return _("The lease was ended early.")
    if renewed:
        return _("A renewal is there already.")
    if not renewal.lines:
        return _("No unit of the lease runs to its end.")
    if renewal.end <= renewal.start:
        return _("The renewal must end after %(day)s.") % {"day": renewal.start - timedelta(days=1)}
    wanted = [(line.unit, Period(renewal.start, renewal.end)) for line, _old, _new in renewal.lines]
    try:
        refuse_unless_free(wanted, by=by, tenant=lease.tenant)
    except ValidationError as refusal:
        return refusal.messages[0]
    return ""


@transaction.atomic
def renew_leases(
    *, leases, by, on, months=None, end=None, percent=Decimal(0), submit=False, reason=""
) -> list[Lease]:
    """Draft the renewal of every lease, or of none; with ``submit`` hand them in on ``on``.

    Raises ``RenewalRefused`` naming the first lease that cannot be renewed, and what
    ``renew_lease`` raises.
    """
    made = []
    for one in preview_renewals(leases=leases, by=by, months=months, end=end, percent=percent):
        if one.refusal:
            raise RenewalRefused(
                _("%(number)s: %(refusal)s"), number=one.lease.number, refusal=one.refusal
            )
        lines = [
            LineTerms(unit=line.unit, rent=rent, rent_unit=line.rent_unit, area_m2=line.area_m2)
            for line, _old, rent in one.lines
        ]
        new = renew_lease(lease=one.lease, end=one.end, lines=lines, by=by, reason=reason)
        made.append(submit_lease(lease=new, on=on, by=by, reason=reason) if submit else new)
    return made
