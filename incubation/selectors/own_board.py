"""What concerns the firms of one person on a day: the board of a startup."""

from datetime import timedelta

from django.db.models import Case, F, OuterRef, Subquery, Value, When

from incubation.models import Application, ApplicationStep
from incubation.selectors.figures import own_figures, year_owed
from incubation.selectors.graduation import judged
from incubation.selectors.promises import with_promised
from incubation.selectors.residencies import listed, time_left
from incubation.workflow import CLOSED, State
from parks import notices
from tenants.models import LeaseLine, TenantClaim
from tenants.selectors.facts import own_reports

#: An application that came to its end stays on the board for so many days.
CLOSED_SHOWN_DAYS = 90
MESSAGES_SHOWN = 5
PROBLEMS_SHOWN = 3
#: The applicant must do something.
YOUR_TURN = (State.DRAFT, State.AMENDING, State.HELD)


def own_applications(user, on):
    """With state, ``promised``, and of the last step ``reason`` and ``details``.

    What waits for the applicant stands first.
    """
    last = ApplicationStep.objects.by_day(on).filter(application=OuterRef("pk"))
    last = last.order_by("-sequence")
    over = [str(state) for state in CLOSED]
    rows = Application.objects.filter(tenant__in=user.tenants.values("pk")).with_state(on)
    rows = with_promised(rows).filter(state__isnull=False).exclude(
        state__in=over, state_since__lt=on - timedelta(days=CLOSED_SHOWN_DAYS)
    )  # fmt: skip
    rows = rows.annotate(
        reason=Subquery(last.values("opinion")[:1]),
        details=Subquery(last.values("details")[:1]),
        turn=Case(
            When(state__in=[str(state) for state in YOUR_TURN], then=Value(0)),
            When(state__in=over, then=Value(2)),
            default=Value(1),
        ),
    )
    rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
    return rows.order_by("turn", F("state_until").asc(nulls_last=True), "-state_since", "-pk")


def own_lines(user, on):
    """Space let to the person's tenants on the day or later."""
    lines = LeaseLine.objects.binding().filter(lease__tenant__in=user.tenants.values("pk"))
    lines = lines.filter(end__gt=on).select_related("lease__tenant", "unit__floor__building__park")
    return lines.defer("unit__floor__building__park__boundary").order_by("start", "unit__number")


def own_residencies(user, on):
    """``(residency, time left in words, its standing towards graduation)``."""
    mine = listed(user, on).filter(tenant__in=user.tenants.values("pk")).open_on(on)
    mine = mine.order_by("due", "pk")
    stays = list(mine)
    if not stays:
        return []
    found = {row.pk: row for row in judged(mine, on=on).candidates()}
    return [(stay, time_left(stay, on), found[stay.pk]) for stay in stays]


def own_board(user, on) -> dict:
    messages = notices.standing(user, on).unread_by(user).order_by("-raised_on", "-pk")
    figures = [one for one in own_figures(user, on) if one.owed or one.last]
    return {
        "tenants": list(user.tenants.standing()),
        "claims": TenantClaim.objects.waiting().filter(user=user).select_related("tenant"),
        "applications": own_applications(user, on),
        "lines": own_lines(user, on),
        "stays": own_residencies(user, on),
        "figures": figures,
        "year": year_owed(on),
        "problems": own_reports(user, on).prefetch_related("problems")[:PROBLEMS_SHOWN],
        "messages_told": [
            (one, notices.words(one), notices.kind_of(one)) for one in messages[:MESSAGES_SHOWN]
        ],
        "unread": notices.unread(user, on),
    }
