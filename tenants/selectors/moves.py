"""A plan of moves as people read it: who goes from where to where, with area and rent."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from parks.fire import hosts
from parks.models import Unit
from parks.services.space import OUTLINES
from tenants.models import Lease, Move, RentUnit, Tenant


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

    @property
    def word(self):
        return Move.Kind(self.kind).label


def rows_of(plan) -> list[Row]:
    """The steps of a plan; queries do not grow with them."""
    return rows_of_all([plan])[plan.pk]


def rows_of_all(plans) -> dict[int, list[Row]]:
    """The steps of each plan by its key; eight queries, however many plans."""
    moves = Move.objects.filter(plan__in=plans).select_related("tenant", "before", "after")
    units = Unit.objects.select_related("floor__building").defer(*OUTLINES[:3])
    moves = moves.prefetch_related(
        *(part
          for lease in ("before", "after")
          for part in (Prefetch(f"{lease}__lines__unit", units), f"{lease}__lines__steps")),
        "after__rent_free",
    ).order_by("pk")  # fmt: skip
    rows = {plan.pk: [] for plan in plans}
    for move in moves:
        gone = _lines_of(move.before, move.ended)
        come = list(move.after.lines.all()) if move.after else []
        rows[move.plan_id].append(
            Row(
                move.kind, move.tenant, move.before, move.after,
                tuple(line.unit for line in gone), tuple(line.unit for line in come),
                sum((line.area_m2 for line in gone), Decimal(0)) if move.before else None,
                sum((line.area_m2 for line in come), Decimal(0)) if move.after else None,
                _rent_of_lines(gone), _rent_of_lines(come),
                (*_fire_remarks(gone, come), *_rent_remarks(move, gone, come)),
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


def _fire_remarks(gone, come):
    old = {line.unit.floor.building.fire_class for line in gone} - {""}
    for building in {line.unit.floor.building for line in come}:
        for wanted in sorted(old):
            if not hosts(building.fire_class, wanted):
                yield _("%(building)s may not hold production of class %(wanted)s.") % {
                    "building": building.name, "wanted": wanted,
                }  # fmt: skip


def _rent_remarks(move, gone, come):
    """What the new lease takes over of the steps and the rent-free days, and what it does not."""
    if not move.before or not move.after:
        return
    steps = {step.start: step.rent for line in come for step in line.steps.all()}
    if steps:
        told = ", ".join(f"{day} {_summed(come, day):,.2f}" for day in sorted(steps))
        yield _("Rent steps taken over: %(steps)s.") % {"steps": told}
    elif any(step.start > move.after.start for line in gone for step in line.steps.all()):
        yield _("The later rent steps of %(number)s are not taken over, as a rent was typed.") % {
            "number": move.before.number
        }
    for free in move.after.rent_free.all():
        yield _("Rent-free from %(first)s to %(last)s, as agreed before.") % {
            "first": free.start, "last": free.end - timedelta(days=1),
        }  # fmt: skip


def _summed(lines, day):
    """The rent from the step of ``day`` on: of all lines by the month, else that of each."""
    rents = [step.rent for line in lines for step in line.steps.all() if step.start == day]
    return sum(rents) if lines[0].rent_unit == RentUnit.MONTH else rents[0]
