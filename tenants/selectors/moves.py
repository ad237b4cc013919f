"""A plan of moves as people read it: who goes from where to where, with area and rent."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from parks.fire import hosts
from tenants.models import Lease, RentUnit, Tenant


@dataclass(frozen=True, slots=True)
class Row:
    """One step as people read it; areas in m², rents as ``(rent, unit)`` or None."""

    kind: str
    tenant: Tenant
    before: Lease | None
    after: Lease | None
    left: tuple
    taken: tuple
    area_before: Decimal | None
    area_after: Decimal | None
    rent_before: tuple | None
    rent_after: tuple | None
    remarks: tuple


def rows_of(plan) -> list[Row]:
    """The steps of a plan; five queries, however many steps."""
    moves = plan.moves.select_related("tenant", "before", "after").order_by("pk")
    places = "lines__unit__floor__building"
    moves = moves.prefetch_related(
        f"before__{places}", f"after__{places}", "before__lines__steps", "after__lines__steps"
    )
    rows = []
    for move in moves:
        gone = _lines_of(move.before, move.ended)
        come = list(move.after.lines.all()) if move.after else []
        rows.append(
            Row(
                move.kind, move.tenant, move.before, move.after,
                tuple(line.unit for line in gone), tuple(line.unit for line in come),
                sum((line.area_m2 for line in gone), Decimal(0)) if move.before else None,
                sum((line.area_m2 for line in come), Decimal(0)) if move.after else None,
                _rent_of_lines(gone), _rent_of_lines(come), tuple(_remarks(gone, come)),
            )
        )  # fmt: skip
    return rows


def _lines_of(lease, ended):
    """The lines that ran until the plan's day."""
    if lease is None:
        return []
    was = ended.get("lines", {})
    return [line for line in lease.lines.all() if was.get(str(line.pk), [None, True])[1]]


def _rent_of_lines(lines):
    """``(rent, its unit)``; None without lines or a common rent."""
    pairs = {(line.rent, line.get_rent_unit_display()) for line in lines}
    if lines and all(line.rent_unit == RentUnit.MONTH for line in lines):
        return sum(line.rent for line in lines), lines[0].get_rent_unit_display()
    return pairs.pop() if len(pairs) == 1 else None


def _remarks(gone, come):
    old = {line.unit.floor.building.fire_class for line in gone} - {""}
    for building in {line.unit.floor.building for line in come}:
        for wanted in sorted(old):
            if not hosts(building.fire_class, wanted):
                yield _("%(building)s may not hold production of class %(wanted)s.") % {
                    "building": building.name, "wanted": wanted,
                }  # fmt: skip
