"""The waiting list of a carrier for a kind of space: places, and the earliest plausible days."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from incubation.fitting import free_from, lacking, taken_of, term_of
from incubation.models import CarrierSpace, WaitingEntry
from parks.models import Unit
from parks.periods import active_q


def queue_of(carrier, unit_kind, on) -> list[WaitingEntry]:
    """Who waits on ``on``, the longest first, each with its ``place`` from 1."""
    rows = WaitingEntry.objects.waiting_on(on).filter(carrier=carrier, unit_kind=unit_kind)
    rows = rows.select_related("application__tenant").order_by("joined_at", "pk")
    queue = list(rows)
    for place, entry in enumerate(queue, start=1):
        entry.place, entry.carrier = place, carrier
    return queue


def units_of(carrier, on):
    """The units that the carrier has for tenants on ``on``, with their place."""
    spaces = CarrierSpace.objects.filter(active_q(on), carrier=carrier)
    spaces = spaces.filter(purpose=CarrierSpace.Purpose.TENANTS)
    rows = Unit.objects.existing_on(on).filter(pk__in=spaces.values("unit"))
    return rows.with_place().defer(
        "outline", "floor__outline", "floor__building__footprint", "floor__building__park__boundary"
    )


@dataclass(frozen=True, slots=True)
class Plausible:
    """``unit`` is free from ``day`` for the term, when all before in the queue have theirs."""

    day: date
    unit: Unit


def earliest_days(queue, on) -> dict[int, Plausible | None]:
    """For each entry of one queue the earliest plausible day, or None where no unit of the carrier
    meets the needs.

    From the days that leases, holds and closures really end: each in the order of the queue takes
    the unit that is free for it first. One unit each; adjoining ones together are not reckoned.
    A bounded number of queries.
    """
    if not queue:
        return {}
    units = list(units_of(queue[0].carrier, on).filter(kind=queue[0].unit_kind).order_by("pk"))
    taken = taken_of(units, on)
    found = {}
    for entry in queue:
        wants = entry.application
        start, months = term_of(wants, on)
        days = [
            (day, unit.gross_area_m2, unit.pk, unit)
            for unit in units
            if not any(lacking(wants, [unit]))
            and (day := free_from(unit, taken[unit.pk], start, months))
        ]
        if not days:
            found[entry.pk] = None
            continue
        day, _area, _key, unit = min(days)
        found[entry.pk] = Plausible(day, unit)
        taken[unit.pk].append((day, day + relativedelta(months=months)))
        taken[unit.pk].sort()
    return found


def earliest_day(entry, on) -> Plausible | None:
    """As ``earliest_days`` for one entry that waits on ``on``."""
    return earliest_days(queue_of(entry.carrier, entry.unit_kind, on), on).get(entry.pk)
