"""Residencies as lists and pages show them on a day."""

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incubation.models import Residency, ResidencyExtension


class ResidencyState(models.TextChoices):
    """Derived for a day, never stored."""

    PLANNED = "planned", gettext_lazy("enters later")
    IN = "in", gettext_lazy("in residence")
    OVER = "over", gettext_lazy("over-stay")
    LEFT = "left", gettext_lazy("left")


def with_state(rows, on):
    """Adds ``due`` and ``state`` of the day."""
    state = ResidencyState
    return rows.with_due(on).annotate(
        state=Case(
            When(entered_on__gt=on, then=Value(state.PLANNED.value)),
            When(left_on__lte=on, then=Value(state.LEFT.value)),
            When(due__lte=on, then=Value(state.OVER.value)),
            default=Value(state.IN.value),
            output_field=models.CharField(),
        )
    )


def listed(user, on):
    """What ``user`` may see, with ``due``, ``state`` and ``extended`` (times, by the day)."""
    extensions = ResidencyExtension.objects.filter(
        Q(decided_on__lte=on), residency=OuterRef("pk")
    ).order_by().values("residency").annotate(n=Count("pk")).values("n")  # fmt: skip
    rows = with_state(Residency.objects.visible_to(user), on)
    rows = rows.annotate(extended=Coalesce(Subquery(extensions, IntegerField()), 0))
    return rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")


def days_left(residency, on) -> int | None:
    """Days from ``on`` to the due day, negative after it; None for one that is not there."""
    if residency.state in (ResidencyState.LEFT, ResidencyState.PLANNED):
        return None
    return (residency.due - on).days


def time_left(residency, on) -> str:
    """Whole months and days to the due day in words; "" where none is left."""
    if not (days_left(residency, on) or 0) > 0:
        return ""
    left = relativedelta(residency.due, on)
    months, days = left.years * 12 + left.months, left.days
    if not months:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    told = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    if not days:
        return told
    return _("%(months)s and %(days)s") % {
        "months": told, "days": ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
    }  # fmt: skip


def left_by(residency, on) -> bool:
    return residency.left_on is not None and residency.left_on <= on
