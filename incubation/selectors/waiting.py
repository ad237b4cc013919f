"""The waiting list of a carrier for a kind of space: places, and the earliest plausible days."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dateutil.relativedelta import relativedelta

from incubation.fitting import free_from, lacking, taken_of, term_of
from incubation.models import CarrierSpace, WaitingEntry
from parks.models import Unit
from parks.periods import active_q


def queue_of(carrier, unit_kind, on) -> list[WaitingEntry]:
    """Who waits on ``on``, the longest first, each with its ``place`` from 1."""
    entries = WaitingEntry.objects.waiting_on(on).filter(carrier=carrier, unit_kind=unit_kind)
    return next(iter(queues_of(entries)), [])


def queues_of(entries) -> list[list[WaitingEntry]]:
    """``entries`` as queues, one a carrier and kind of space, by carrier; one query."""
    rows = entries.select_related("application__tenant", "carrier__park")
    rows = rows.defer("carrier__park__boundary").order_by(
        "carrier__park__code", "carrier__name", "carrier", "unit_kind", "joined_at", "pk"
    )
    queues = [
        list(queue)
        for _key, queue in groupby(rows, key=lambda row: (row.carrier_id, row.unit_kind))
    ]
    for queue in queues:
        for place, entry in enumerate(queue, start=1):
            entry.place = place
    return queues


def units_of(carrier, on):
    """The units that the carrier has for tenants on ``on``, with their place."""
    spaces = _spaces(on).filter(carrier=carrier)
    rows = Unit.objects.existing_on(on).filter(pk__in=spaces.values("unit"))
    return rows.with_place().defer(
        "outline", "floor__outline", "floor__building__footprint", "floor__building__park__boundary"
    )


def _spaces(on):
    return CarrierSpace.objects.filter(active_q(on), purpose=CarrierSpace.Purpose.TENANTS)


@dataclass(frozen=True, slots=True)
class Plausible:
    """``unit`` is free from ``day`` for the term, when all before in the queue have theirs."""

    day: date
    unit: Unit


def earliest_days(queues, on) -> dict[int, Plausible | None]:
    """For each entry of ``queues`` the earliest plausible day, or None where no unit of the carrier
    meets the needs.

    From the days that leases, holds and closures really end: each in the order of its queue takes
    the unit that is free for it first. One unit each; adjoining ones together are not reckoned.
    Four queries.
    """
    if not queues:
        return {}
    spaces = _spaces(on).filter(carrier__in={queue[0].carrier_id for queue in queues})
    spaces = spaces.select_related("unit__floor__building").defer(
        "unit__outline", "unit__floor__outline", "unit__floor__building__footprint"
    )
    of_queue = {}
    for one in spaces.order_by("unit"):
        of_queue.setdefault((one.carrier_id, one.unit.kind), []).append(one.unit)
    taken = taken_of([unit for units in of_queue.values() for unit in units], on)
    found = {}
    for queue in queues:
        units = of_queue.get((queue[0].carrier_id, queue[0].unit_kind), ())
        for entry in queue:
            found[entry.pk] = _first(entry.application, units, taken, on)
    return found


def _first(wants, units, taken, on) -> Plausible | None:
    """The unit that is free first for ``wants``; it is taken from then on."""
    start, months = term_of(wants, on)
    days = [
        (day, unit.gross_area_m2, unit.pk, unit)
        for unit in units
        if not any(lacking(wants, [unit]))
        and (day := free_from(unit, taken[unit.pk], start, months))
    ]
    if not days:
        return None
    day, _area, _key, unit = min(days)
    taken[unit.pk].append((day, day + relativedelta(months=months)))
    taken[unit.pk].sort()
    return Plausible(day, unit)


@dataclass(frozen=True, slots=True)
class Waits:
    """``entry`` with its ``place`` among ``count``; both None of one that does not wait."""

    entry: WaitingEntry | None
    plausible: Plausible | None
    count: int


def waits(application, on) -> Waits:
    """Where ``application`` stands in the queue for what it wants on ``on``, and until when."""
    queue = queue_of(application.carrier, application.unit_kind, on)
    entry = next((one for one in queue if one.application_id == application.pk), None)
    plausible = earliest_days([queue], on).get(entry.pk) if entry else None
    return Waits(entry, plausible, len(queue))
