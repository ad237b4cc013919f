"""Let, signed and vacant shares of lettable space, each with its parts (domain notes §7)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from parks.ratios import Ratio
from tenants.models import LeaseLine
from tenants.selectors.state import let_on, with_day_joins

#: What a share counts: column summed (None counts rows) and the unit it is given in.
MEASURES = {
    "area": ("gross_area_m2", "m²"),
    "units": (None, _("units")),
    "desks": ("seats", _("desks")),
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Lettable space of a scope on a day and what of it is let or under a binding lease.

    ``gross`` counts everything, ``lettable`` leaves out closed units, ``let`` is let on the day,
    ``signed`` is under a binding lease begun or not (signed by that day).
    """

    on: date
    unit: str
    gross: Decimal
    lettable: Decimal
    let: Decimal
    signed: Decimal
    count: int
    scope: str = ""

    @classmethod
    def together(cls, parts, on, *, scope="") -> "Shares":
        """The shares of scopes that have no unit in common; None among ``parts`` is no unit."""
        parts = [part for part in parts if part is not None]
        names = ("gross", "lettable", "let", "signed", "count")
        sums = {name: sum((getattr(part, name) for part in parts), Decimal(0)) for name in names}
        sums["count"] = int(sums["count"])
        unit = parts[0].unit if parts else str(MEASURES["area"][1])
        return cls(on=on, unit=unit, scope=scope, **sums)

    @property
    def occupancy(self) -> Ratio:
        return self._ratio("occupancy", self.let)

    @property
    def signed_ratio(self) -> Ratio:
        return self._ratio("signed", self.signed)

    @property
    def vacancy(self) -> Ratio:
        return self._ratio("vacancy", self.lettable - self.signed)

    def ratio(self, code) -> Ratio:
        """``code`` is occupancy, signed or vacancy."""
        return self.signed_ratio if code == "signed" else getattr(self, code)

    def _ratio(self, code, numerator):
        return Ratio(
            code, Decimal(numerator), Decimal(self.lettable), self.unit, self.on, self.scope
        )


def _sums(on, measure):
    """Aggregates over units joined by ``with_day_joins``."""
    column, _unit = MEASURES[measure]
    ahead = Exists(
        LeaseLine.objects.binding().filter(
            unit=OuterRef("pk"), start__gt=on, lease__signed_on__lte=on
        )
    )
    opened = Q(closure__isnull=True)
    filters = {
        "gross": Q(),
        "lettable": opened,
        "let": opened & let_on(on),
        "signed": opened & (Q(line__isnull=False) | Q(ahead)),
    }
    if column is None:
        return {name: Count("pk", filter=condition) for name, condition in filters.items()}
    zero = Value(Decimal(0) if column == "gross_area_m2" else 0)
    return {
        name: Coalesce(Sum(column, filter=condition), zero) for name, condition in filters.items()
    }


def _exact(row, measure) -> dict:
    """SQLite adds decimals as floating numbers: bring sums of hundredths back to hundredths."""
    if MEASURES[measure][0] != "gross_area_m2":
        return row
    return {
        name: value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def shares(units, on, *, measure="area", scope="") -> Shares:
    """The shares of ``units`` (a UnitQuerySet; those not existing on ``on`` are ignored).

    One query. ``measure``: "area" in m², "units" or "desks".
    """
    row = with_day_joins(units.order_by(), on).aggregate(**_sums(on, measure), count=Count("pk"))
    return Shares(on=on, unit=str(MEASURES[measure][1]), scope=scope, **_exact(row, measure))


def ratios_by(units, on, *, by, measure="area") -> dict[int, Shares]:
    """``shares`` for each value of the path ``by``: ``floor``, ``floor__building``, … One query.

    Groups without a unit on that day are absent.
    """
    rows = (
        with_day_joins(units.order_by(), on)
        .values(by)
        .annotate(**_sums(on, measure), count=Count("pk"))
    )
    unit = str(MEASURES[measure][1])
    return {row.pop(by): Shares(on=on, unit=unit, **_exact(row, measure)) for row in rows}


def occupancy(units, on, *, measure="area", scope="") -> Ratio:
    """Share of the lettable area of ``units`` that is let on ``on`` (出租率).

    Parameters
    ----------
    units : UnitQuerySet
        The scope; units that do not exist on ``on`` are ignored.
    on : datetime.date
        As-of day. A line counts from the day it counts as let up to, not including, its end.

    Returns
    -------
    Ratio
        ``numerator`` and ``denominator`` in m² (Decimal), ``value`` in [0, 1] or None for an
        empty denominator.

    Source: domain notes §7.
    """
    return shares(units, on, measure=measure, scope=scope).occupancy


def signed(units, on, *, measure="area", scope="") -> Ratio:
    """Share under a binding lease, begun or not (签约率); see ``occupancy``."""
    return shares(units, on, measure=measure, scope=scope).signed_ratio


def vacancy(units, on, *, measure="area", scope="") -> Ratio:
    """1 − the signed share (空置率); see ``occupancy``."""
    return shares(units, on, measure=measure, scope=scope).vacancy
