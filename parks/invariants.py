"""What must always be true, asked of the whole database at once.

Each check is a function that yields ``Violation``; ``check`` registers it. ``manage.py verify``
runs them all. Sources: domain notes §4 and §5.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import shapely
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Sum

from parks.audit import broken_links
from parks.constraints import missing_walls, walls
from parks.fields import raw
from parks.models import (
    Building,
    Floor,
    Park,
    Unit,
    UnitChange,
    UnitClosure,
    UnitFormerNumber,
)
from parks.services.changes import AREA_TOLERANCE_M2


@dataclass(frozen=True, slots=True)
class Violation:
    code: str
    subject: str
    message: str

    def __str__(self):
        return f"{self.code}: {self.subject}: {self.message}"


CHECKS: dict[str, Callable[[], Iterable[Violation]]] = {}


def check(function):
    """Register an invariant under its name."""
    CHECKS[function.__name__] = function
    return function


def found(code, rows, message):
    """A violation per row; ``message`` is formatted with the row."""
    for row in rows:
        yield Violation(code, f"{row._meta.label} {row.pk}", message.format(row=row))


@check
def walls_stand():
    for name in missing_walls():
        yield Violation("wall_missing", name, "the database does not hold this wall")


@check
def no_two_periods_share_a_day():
    """Every ``NoOverlap`` once more by a plain join, should a wall have been passed."""
    quote = connection.ops.quote_name
    for model, wall in walls():
        start, end = (quote(model._meta.get_field(n).column) for n in (wall.start, wall.end))
        same = " AND ".join(
            f"a.{c} = b.{c}" for c in (quote(model._meta.get_field(n).column) for n in wall.fields)
        )
        binding = "AND a.binding AND b.binding" if wall.condition else ""
        table = quote(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT a.id, b.id FROM {table} a JOIN {table} b ON {same} AND a.id < b.id "  # noqa: S608
                f"AND (b.{end} IS NULL OR a.{start} < b.{end}) "
                f"AND (a.{end} IS NULL OR b.{start} < a.{end}) {binding}"
            )
            for one, other in cursor.fetchall():
                yield Violation(
                    "overlap",
                    f"{model._meta.label} {one}",
                    f"shares days with {other} ({wall.name})",
                )


@check
def units_in_order():
    bad = Unit.objects.filter(
        Q(exists_to__lte=F("exists_from"))
        | Q(numbered_from__lt=F("exists_from"))
        | Q(gross_area_m2__lte=0)
    )
    return found("unit_dates", bad, "dates out of order or no area")


@check
def closures_within_existence():
    return found(
        "closure_outside_unit", outside_existence(UnitClosure.objects), "unit not there then"
    )


@check
def former_numbers_within_existence():
    bad = UnitFormerNumber.objects.filter(
        Q(start__lt=F("unit__exists_from")) | Q(end__gt=F("unit__numbered_from"))
    )
    return found("former_number_days", bad, "outside the days before the present number")


def outside_existence(rows):
    """Rows with ``unit``, ``start``, ``end`` of which some day lies outside the unit's days."""
    to = "unit__exists_to"
    return rows.filter(
        Q(start__lt=F("unit__exists_from"))
        | Q(**{f"{to}__isnull": False}) & (Q(end__isnull=True) | Q(end__gt=F(to)))
    )


@check
def changes_conserve_area():
    """Σ gross of the units that end = Σ gross of those that begin, ±0.01 m²."""
    standing = UnitChange.objects.standing()
    before = dict(standing.values_list("pk").annotate(Sum("sources__gross_area_m2")))
    after = dict(standing.values_list("pk").annotate(Sum("results__gross_area_m2")))
    for pk, area in before.items():
        area, then = area or Decimal(0), after.get(pk) or Decimal(0)
        if abs(area - then) > AREA_TOLERANCE_M2:
            yield Violation(
                "area_not_conserved", f"parks.UnitChange {pk}", f"{area} became {then} m²"
            )


@check
def changes_meet_on_their_day():
    sources = Unit.objects.filter(ended_by__isnull=False).exclude(
        exists_to=F("ended_by__effective_on"), ended_by__cancelled_on__isnull=True
    )
    yield from found("change_day", sources, "does not end on the day of its split or merge")
    results = Unit.objects.filter(begun_by__isnull=False).exclude(
        exists_from=F("begun_by__effective_on"), begun_by__cancelled_on__isnull=True
    )
    yield from found("change_day", results, "does not begin on the day of its split or merge")
    parts = (
        Unit.objects.filter(ended_by=OuterRef("pk")),
        Unit.objects.filter(begun_by=OuterRef("pk")),
    )
    bare = UnitChange.objects.standing().filter(~Exists(parts[0]) | ~Exists(parts[1]))
    yield from found("change_empty", bare, "has no units before or after")


@check
def geometry_is_sound():
    """Readable, valid, in degrees. Read column by column in one call each."""
    for model, column in (
        (Park, "boundary"),
        (Building, "footprint"),
        (Floor, "outline"),
        (Unit, "outline"),
    ):
        rows = list(
            model.objects.exclude(**{f"{column}__isnull": True})
            .order_by("pk")
            .values_list("pk", raw(column))
        )
        if not rows:
            continue
        blobs = [bytes(blob) for _pk, blob in rows]
        shapes = shapely.from_wkb(np.array(blobs, dtype=object), on_invalid="ignore")
        lost = np.array([shape is None for shape in shapes])
        good = np.zeros(len(shapes), dtype=bool)
        kept = shapes[~lost]
        bounds = shapely.bounds(kept)
        degrees = (np.abs(bounds[:, [0, 2]]) <= 180).all(axis=1) & (
            np.abs(bounds[:, [1, 3]]) <= 90
        ).all(axis=1)
        good[~lost] = shapely.is_valid(kept) & ~shapely.is_empty(kept) & degrees
        for i in np.flatnonzero(~good):
            yield Violation("geometry", f"{model._meta.label} {rows[i][0]}", f"{column} is broken")


@check
def trail_is_whole():
    for sequence, what in broken_links():
        yield Violation("audit_chain", f"parks.AuditEntry {sequence}", what)
