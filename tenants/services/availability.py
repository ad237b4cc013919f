"""Is a unit free on these days? Asked while its row is locked, so the answer holds."""

from collections import defaultdict

from django.utils.translation import gettext as _

from parks.errors import UnitNotThere
from parks.models import UnitClosure
from parks.periods import Period
from tenants.errors import LeaseOverlap, UnitClosed, UnitHeld
from tenants.models import Hold, LeaseLine
from tenants.obstacles import name_of_lease


def refuse_unless_there(unit, period):
    """Raises ``UnitNotThere`` unless the unit exists on every day of ``period``."""
    if not period.within(Period(unit.exists_from, unit.exists_to)):
        raise _not_there(unit)


def _not_there(unit):
    return UnitNotThere(
        _("%(unit)s exists %(period)s only."),
        unit=unit.number,
        period=Period(unit.exists_from, unit.exists_to),
    )


def refuse_unless_free(wanted, *, by, tenant=None):
    """As ``refuse_any_taken`` for ``(unit, period)`` pairs wanted by one ``tenant``."""
    return refuse_any_taken([(unit, period, tenant) for unit, period in wanted], by=by)


def refuse_any_taken(wanted, *, by):
    """Raises ``UnitNotThere``, ``LeaseOverlap``, ``UnitClosed`` or ``UnitHeld`` naming the days.

    ``wanted``: ``(unit, period, tenant)`` with locked units. A hold of ``tenant`` is no obstacle;
    with ``tenant`` None holds are not asked about (their own wall keeps them apart). Returns the
    tenants' own holds in the way. Three queries, however many units.
    """
    own = []
    for refusal in _refusals(wanted, by, own):
        raise refusal
    return own


def refusals_of_taken(wanted, *, by) -> list:
    """Everything that ``refuse_any_taken`` could raise, not only the first."""
    return list(_refusals(wanted, by, []))


def _refusals(wanted, by, own):
    """Yields each refusal; adds the tenants' own holds to ``own``."""
    if not wanted:
        return
    for unit, period, _tenant in wanted:
        if not period.within(Period(unit.exists_from, unit.exists_to)):
            yield _not_there(unit)
    for unit, _period, _tenant, line in _clashes(
        LeaseLine.objects.binding().select_related("lease__tenant"), wanted
    ):
        yield LeaseOverlap(
            _(
                "%(unit)s is already let %(period)s by %(lease)s. Choose other days or another "
                "unit."
            ),
            unit=unit.number,
            period=Period(line.start, line.end),
            lease=name_of_lease(line.lease, by),
        )
    for unit, _period, _tenant, closure in _clashes(UnitClosure.objects.all(), wanted):
        yield UnitClosed(
            _("%(unit)s is closed %(period)s (%(reason)s)."),
            unit=unit.number,
            period=Period(closure.start, closure.end),
            reason=closure.get_reason_display(),
        )
    wanted = [row for row in wanted if row[2] is not None]
    if not wanted:
        return
    holds = Hold.objects.binding().select_related("tenant")
    for unit, period, tenant, hold in _clashes(holds, wanted):
        if hold.tenant_id != tenant.pk:
            yield UnitHeld(
                _("%(unit)s is held for %(whose)s %(period)s. Release the hold first."),
                unit=unit.number,
                whose=hold.tenant or hold.applicant,
                period=Period(hold.start, hold.end),
            )
        else:
            own.append((hold, period))


def _clashes(rows, wanted):
    """``(unit, period, tenant, row)`` for every row that shares a day with a period of its unit."""
    ends = [period.end for _unit, period, _tenant in wanted]
    whole = Period(
        min(period.start for _unit, period, _tenant in wanted),
        None if None in ends else max(ends),
    )
    keys = [unit.pk for unit, _period, _tenant in wanted]
    rows = rows.filter(unit__in=keys).overlapping(whole).order_by()
    of_unit = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.start):
        of_unit[row.unit_id].append(row)
    for unit, period, tenant in wanted:
        for row in of_unit[unit.pk]:
            if period.overlaps(Period(row.start, row.end)):
                yield unit, period, tenant, row
