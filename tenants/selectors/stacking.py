"""The units of a park on a day for its stacking plan, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from parks.models import Floor, Unit, UnitClosure
from parks.states import UnitState
from tenants import stacking
from tenants.models import Hold, LeaseLine
from tenants.selectors.occupancy import Shares, ratios_by
from tenants.selectors.state import CLOSED_STATES, annotate_state


@dataclass(slots=True)
class FloorRow:
    floor: Floor
    shares: Shares | None
    lines: list


@dataclass(slots=True)
class Panel:
    """A building: its floors from the top."""

    building: object
    shares: Shares | None
    floors: list


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that happens to a unit after the day; ``letter`` marks its cell."""

    day: date
    letter: str
    label: str
    pk: int
    number: str
    who: str = ""


@dataclass(slots=True)
class Plan:
    panels: list
    cells: list
    shares: Shares
    coming: list


def stacking_plan(park, on, *, building=None) -> Plan:
    """The plan of ``park`` (of one ``building`` of it) as of ``on``; seven queries, however large."""
    units = Unit.objects.of_park(park)
    floors = Floor.objects.filter(building__park=park)
    if building:
        units, floors = units.filter(floor__building=building), floors.filter(building=building)
    known, coming = _lines_and_events(units, on)
    cells, rows = [], defaultdict(list)
    for pk, floor, number, area, state, tenant in (
        annotate_state(units, on).with_number_on(on)
        .values_list("pk", "floor_id", "number_on", "gross_area_m2", "state", "tenant_name")
    ):  # fmt: skip
        until = stacking.let_until(known[pk], on) if state == UnitState.LET else None
        cell = stacking.Cell(pk, floor, number, area, state, tenant or "", until)
        if events := coming.get(pk):
            cell.mark = f"{events[0].letter} {events[0].day}"
        cells.append(cell)
        rows[floor].append(cell)
    by_floor = ratios_by(units, on, by="floor")
    panels = {}
    for floor in floors.select_related("building").defer(
        "outline", "building__footprint"
    ).order_by("building__code", "building", "-ordinal"):  # fmt: skip
        panel = panels.setdefault(floor.building_id, Panel(floor.building, None, []))
        rows[floor.pk].sort(key=stacking.in_order)
        panel.floors.append(FloorRow(floor, by_floor.get(floor.pk), []))
    for panel in panels.values():
        panel.shares = Shares.together([row.shares for row in panel.floors], on)
        areas = [sum((c.area for c in rows[row.floor.pk]), Decimal(0)) for row in panel.floors]
        full = max(areas)
        for row in panel.floors:
            row.lines = stacking.lines(rows[row.floor.pk], full) if full else []
    events = sorted((e for some in coming.values() for e in some), key=lambda e: (e.day, e.number))
    whole = Shares.together(by_floor.values(), on, scope=park.code)
    return Plan(list(panels.values()), cells, whole, events)


def _lines_and_events(units, on):
    """Of each unit: ``(start, end)`` of the lines known by ``on``, and what is coming, by day."""
    known, coming = defaultdict(list), defaultdict(list)
    lines = LeaseLine.objects.binding().filter(unit__in=units.values("pk"), end__gt=on)
    for pk, number, start, end, signed_on, tenant in lines.values_list(
        "unit", "unit__number", "start", "end", "lease__signed_on", "lease__tenant__name"
    ):
        if signed_on <= on or start <= on:
            known[pk].append((start, end))
        if start > on:
            letter, label = UnitState.SIGNED.letter, _("lease begins")
            coming[pk].append(Coming(start, letter, label, pk, number, tenant))
    closures = UnitClosure.objects.filter(unit__in=units.values("pk"), start__gt=on)
    for pk, number, start, reason in closures.values_list(
        "unit", "unit__number", "start", "reason"
    ):
        letter = CLOSED_STATES[reason].letter
        label = str(UnitClosure.Reason(reason).label)
        coming[pk].append(Coming(start, letter, label, pk, number))
    holds = Hold.objects.binding().filter(unit__in=units.values("pk"), start__gt=on)
    for pk, number, start, tenant, applicant in holds.values_list(
        "unit", "unit__number", "start", "tenant__name", "applicant"
    ):
        label = str(UnitState.HELD.label)
        event = Coming(start, UnitState.HELD.letter, label, pk, number, tenant or applicant)
        coming[pk].append(event)
    ending = units.filter(exists_to__gt=on, ended_by__isnull=False).select_related("ended_by")
    for unit in ending.defer("outline").prefetch_related("ended_by__results"):
        change = unit.ended_by
        letter, label = stacking.CHANGE_LETTERS[change.kind], change.get_kind_display()
        into = "、".join(result.number for result in change.results.all())
        coming[unit.pk].append(
            Coming(change.effective_on, letter, label, unit.pk, unit.number, f"→ {into}")
        )
    for events in coming.values():
        events.sort(key=lambda event: event.day)
    return known, coming
