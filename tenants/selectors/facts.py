"""Questions about what is known of tenants."""

import hashlib
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from tenants.models import Visit, VisitProblem, YearFigure

#: ``(smaller, larger)``: columns of a year of which the first is part of the second.
PARTS = (
    ("staff_degree", "staff"), ("staff_graduates", "staff"), ("ip_granted", "ip_applied"),
    ("rd_spending", "revenue"), ("exports", "revenue"),
)  # fmt: skip
NUMBERS = [
    field for field in YearFigure._meta.concrete_fields
    if field.get_internal_type() in ("DecimalField", "PositiveIntegerField")
]  # fmt: skip


def remarks(figure) -> list[str]:
    """What looks wrong with the figures of a year; nothing is refused for it (domain notes §11)."""
    label = {field.name: field.verbose_name for field in NUMBERS}
    return [
        _("%(part)s exceeds %(whole)s") % {"part": label[part], "whole": label[whole]}
        for part, whole in PARTS
        if (getattr(figure, part) or 0) > (getattr(figure, whole) or 0)
        and getattr(figure, whole) is not None
    ]


#: Money that grew or shrank by such a factor in a year was often typed in another unit.
JUMP = 10


def jumps(figure, before) -> list[str]:
    """Money that differs from that of the year ``before`` as if by the unit, in words."""
    found = []
    for field in NUMBERS:
        now, then = getattr(figure, field.name), before and getattr(before, field.name)
        if field.get_internal_type() != "DecimalField" or not now or not then:
            continue
        if abs(now) >= JUMP * abs(then) or JUMP * abs(now) <= abs(then):
            found.append(
                _("%(what)s: %(now)s, the year before %(then)s; look at the unit")
                % {"what": field.verbose_name, "now": f"{now:,.2f}", "then": f"{then:,.2f}"}
            )
    return found


def numbers_sealed(figure) -> str:
    """A mark of what the figures say, so that what is confirmed is what was shown."""
    numbers = [getattr(figure, field.name) for field in NUMBERS]
    said = [value if value is None else Decimal(value).normalize() for value in numbers]
    said += [figure.number, figure.document_id, figure.note]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def year_table(figures):
    """``(figures by year, [(label, is money, values in the order of the years)])``, known rows only."""
    figures = sorted(figures, key=lambda figure: figure.year)
    rows = []
    for field in NUMBERS:
        values = [getattr(figure, field.name) for figure in figures]
        if any(value is not None for value in values):
            rows.append((field.verbose_name, field.get_internal_type() == "DecimalField", values))
    return figures, rows


def visit_counts(visits, on) -> dict:
    """Firms visited, visits, problems found and solved up to ``on`` (domain notes §1.7)."""
    visits = visits.filter(on__lte=on).order_by()
    return visits.aggregate(firms=Count("tenant", distinct=True), visits=Count("pk")) | (
        VisitProblem.objects.filter(visit__in=visits.values("pk")).aggregate(
            problems=Count("pk"), solved=Count("pk", filter=Q(solved_on__lte=on))
        )
    )


def own_reports(user, on):
    """Visits with the problems that members of the person's tenants reported, open ones first."""
    rows = Visit.objects.filter(tenant__in=user.tenants.values("pk"), on__lte=on)
    return rows.reported().with_problems(on).order_by("-has_open", "-on", "-pk")
