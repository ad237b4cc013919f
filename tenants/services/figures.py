"""The figures of a year from the firm itself: handed in, asked for again, confirmed by the park."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.errors import InvalidValue
from parks.models import Park
from parks.telling import tell
from tenants.errors import FiguresChanged, FiguresConfirmed
from tenants.models import LeaseLine, YearFigure
from tenants.selectors.facts import NUMBERS, numbers_sealed
from tenants.services.fact_rows import add_rows, correct_row

ADDRESS = "/my/figures/"


def park_of(tenant, on) -> Park | None:
    """The park that cares for the tenant: the one of its record, else of its newest lease."""
    if tenant.home_park_id:
        return tenant.home_park
    lines = LeaseLine.objects.binding().active_on(on).filter(lease__tenant=tenant)
    line = lines.select_related("lease__park").order_by("-start", "-pk").first()
    return line and line.lease.park


@transaction.atomic
def hand_in_figures(*, tenant, year, by, on, **fields) -> YearFigure:
    """What the firm says of ``year``, first or again; it counts once the park has confirmed it.

    ``fields``: columns of ``YearFigure``, money in yuan. Raises ``FiguresConfirmed``,
    ``InvalidValue`` for a year that is not over or without a number, ``TenantMerged``.
    """
    if year >= on.year:
        raise InvalidValue(_("Figures of a year are handed in once it is over."))
    if not any(fields.get(column.name) is not None for column in NUMBERS):
        raise InvalidValue(_("Fill in at least one number; zero is a number, empty is unknown."))
    handed = fields | {"handed_in_by": by, "handed_in_on": on, "asked_again": ""}
    found = YearFigure.objects.select_for_update().filter(tenant=tenant, year=year).first()
    if found is None:
        figure = add_rows([YearFigure(tenant=tenant, year=year, **handed)], by=by)[0]
    elif found.confirmed_on:
        raise FiguresConfirmed(
            _("The figures of %(year)s are confirmed. Ask your park to correct them."), year=year
        )
    else:
        figure = correct_row(found, handed, by=by, reason="", action="submit")
    tell(
        kind="figures-handed-in", park=park_of(tenant, on), about=figure.pk, on=on,
        url=f"/figures/?year={year}", params={"title": str(year), "who": tenant.name},
        replacing=True,
    )  # fmt: skip
    return figure


@transaction.atomic
def confirm_figures(*, seen, by, on) -> list[YearFigure]:
    """Confirm figures as they were shown, all or none; ``seen``: key → ``numbers_sealed``.

    Those confirmed already stay as they are. Raises ``FiguresChanged`` where a firm handed in
    others meanwhile.
    """
    rows = YearFigure.objects.select_for_update(of=("self",)).select_related("tenant__home_park")
    rows = list(rows.filter(pk__in=seen).order_by("pk"))
    changed = [row.tenant.name for row in rows if numbers_sealed(row) != seen[row.pk]]
    if changed:
        raise FiguresChanged(
            _("Handed in anew meanwhile, look at them again: %(names)s."), names=", ".join(changed)
        )  # fmt: skip
    open_ = [row for row in rows if row.confirmed_on is None]
    return [confirm_figure(figure=row, by=by, on=on) for row in open_]


@transaction.atomic
def confirm_figure(*, figure, on, by, reason="") -> YearFigure:
    fields = {"confirmed_on": on, "asked_again": ""}
    figure = correct_row(figure, fields, by=by, reason=reason, action="confirm")
    return _told(figure, "figures-confirmed", on)


@transaction.atomic
def ask_figures_again(*, figure, what, by, on) -> YearFigure:
    """The firm is to correct what it handed in; ``what`` says which numbers and why."""
    if figure.confirmed_on:
        raise FiguresConfirmed(_("These figures are confirmed already."))
    if not what.strip():
        raise InvalidValue(_("Say what is to be corrected; the firm reads it."))
    figure = correct_row(
        figure, {"asked_again": what.strip()}, by=by, reason=what, action="ask_again"
    )
    return _told(figure, "figures-asked-again", on)


def _told(figure, kind, on):
    tell(
        kind=kind, about=figure.pk, on=on, url=ADDRESS,
        users=figure.tenant.users.filter(is_active=True).order_by("pk"),
        params={"title": str(figure.year), "who": figure.tenant.name, "reason": figure.asked_again},
    )  # fmt: skip
    return figure
