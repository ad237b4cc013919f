"""The yearly figures that residents owe (domain notes §11): who is to hand them in, until when."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Case, CharField, DateField, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from incubation.models import Residency
from tenants.models import Tenant, YearFigure
from tenants.selectors.facts import year_table
from tenants.tasks import DaysAfter

#: Of a firm's own years, the newest.
YEARS_SHOWN = 4


class FigureState(models.TextChoices):
    """Sorted downwards by key, those of whom something is wanted stand first."""

    MISSING = "missing", _("not handed in")
    ASKED = "returned", _("correction asked for")
    HANDED = "handed", _("waits for confirmation")
    CONFIRMED = "confirmed", _("figures are confirmed")


#: The firm must still do something.
OPEN = (FigureState.MISSING.value, FigureState.ASKED.value)


def year_owed(on) -> int:
    """The last year that is over."""
    return on.year - 1


def last_day_of(year) -> date:
    return date(year, 12, 31)


def due_day(park, year) -> date:
    """The last day on which the figures of ``year`` are in time."""
    return last_day_of(year) + timedelta(days=park.figures_due_days)


def owing(user, year):
    """Residencies open at the end of ``year`` of firms founded by then: each owes its figures.

    Adds ``figures_due``, ``figure`` (key), ``figure_state``, ``handed_in_on``, ``asked_again``.
    """
    end = last_day_of(year)
    founded = Q(tenant__founded_on__isnull=True) | Q(tenant__founded_on__lte=end)
    rows = Residency.objects.visible_to(user).open_on(end)
    rows = rows.filter(founded, tenant__kind=Tenant.Kind.FIRM)
    known = YearFigure.objects.filter(tenant=OuterRef("tenant"), year=year)

    def of_figure(name):
        return Subquery(known.values(name)[:1])

    due = DaysAfter(Value(end, DateField()), F("carrier__park__figures_due_days"))
    return rows.annotate(
        figures_due=due,
        figure=of_figure("pk"),
        confirmed_on=of_figure("confirmed_on"),
        handed_in_on=of_figure("handed_in_on"),
        asked_again=of_figure("asked_again"),
    ).annotate(
        figure_state=Case(
            When(figure=None, then=Value(FigureState.MISSING.value)),
            When(confirmed_on__isnull=False, then=Value(FigureState.CONFIRMED.value)),
            When(~Q(asked_again=""), then=Value(FigureState.ASKED.value)),
            default=Value(FigureState.HANDED.value),
            output_field=CharField(),
        )
    )


def with_numbers(rows, year):
    """Adds what was handed in of ``year``, and the revenue of the year before."""
    of_year = YearFigure.objects.filter(tenant=OuterRef("tenant"))
    this, before = of_year.filter(year=year), of_year.filter(year=year - 1)
    return rows.annotate(
        revenue=Subquery(this.values("revenue")[:1]),
        revenue_before=Subquery(before.values("revenue")[:1]),
        rd_spending=Subquery(this.values("rd_spending")[:1]),
        staff=Subquery(this.values("staff")[:1]),
    )


def still_owing(user, year):
    return owing(user, year).filter(figure_state__in=OPEN)


@dataclass(frozen=True)
class OwnFigures:
    """``owed``: the residency that asks for the year, or None; ``last``: its figures, or None."""

    tenant: Tenant
    owed: Residency | None
    last: YearFigure | None
    years: list
    table: list

    @property
    def open(self):
        """The firm may still hand in or correct."""
        return self.last is None or self.last.confirmed_on is None


def own_figures(user, on) -> list[OwnFigures]:
    """The figures of the last year over, and those before, of each tenant of ``user``."""
    tenants, year = list(user.tenants.standing().order_by("name", "pk")), year_owed(on)
    owed = owing(user, year).filter(tenant__in=tenants).select_related("carrier")
    owed = {row.tenant_id: row for row in owed}
    known = {}
    rows = YearFigure.objects.filter(tenant__in=tenants, year__lte=year)
    for figure in rows.order_by("-year"):
        known.setdefault(figure.tenant_id, []).append(figure)
    found = []
    for tenant in tenants:
        mine = known.get(tenant.pk, [])
        last = next((one for one in mine if one.year == year), None)
        years, table = year_table(mine[:YEARS_SHOWN])
        found.append(OwnFigures(tenant, owed.get(tenant.pk), last, years, table))
    return found
