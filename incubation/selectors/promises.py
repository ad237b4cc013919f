"""The days promised for a step, who is late, and how long each stage usually takes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Case, DateField, ExpressionWrapper, F, IntegerField, When
from django.db.models.functions import Coalesce

from incubation.models import ApplicationStep, Intake
from incubation.next_steps import STAGE_OF, STAGES
from incubation.selectors.intake import intake_of
from incubation.workflow import PROMISED
from tenants.tasks import DaysAfter

#: Fewer passages than this say nothing about what is usual.
ENOUGH = 3
#: What is usual is what was usual in so many days.
LOOK_BACK = 730


def promised_by(application):
    """The last day promised for what the carrier does now; None where nothing is promised.

    ``application`` with its state (``with_state``).
    """
    if not (days := PROMISED.get(application.state)):
        return None
    return application.state_since + timedelta(days=getattr(intake_of(application.carrier), days))


def with_promised(rows):
    """Adds ``promised`` as ``promised_by`` says it; ``rows`` with their state."""
    days = Case(*(
        When(state=str(state), then=Coalesce(
            f"carrier__intake__{name}", Intake._meta.get_field(name).default,
        ))
        for state, name in PROMISED.items()
    ), output_field=IntegerField())  # fmt: skip
    return rows.annotate(promised=ExpressionWrapper(
        DaysAfter(F("state_since"), days), output_field=DateField()
    ))  # fmt: skip


def late(rows, on):
    """Those whose promised day has passed before ``on``; adds ``promised``."""
    return with_promised(rows).filter(promised__lt=on)


@dataclass(frozen=True)
class Passage:
    """A stage of an application: ``place`` is past, now or later; ``usual`` days, None if unknown."""

    label: str
    place: str
    days: int | None
    usual: int | None


def usual_days(carrier, on) -> dict[int, int]:
    """By the number of the stage in ``STAGES`` the median days of those that passed it by ``on``."""
    rows = ApplicationStep.objects.filter(
        application__carrier=carrier, on__lte=on, on__gt=on - timedelta(days=LOOK_BACK)
    )
    rows = rows.order_by("application", "sequence").values_list("application", "target", "on")
    taken, before = defaultdict(list), None
    for application, target, day in rows:
        stage = STAGE_OF.get(target)
        if before and before[0] == application:
            if before[1] == stage:
                continue
            if stage is not None:
                taken[before[1]].append((day - before[2]).days)
        before = (application, stage, day)
    return {
        stage: round(median(days)) for stage, days in taken.items()
        if stage is not None and len(days) >= ENOUGH
    }  # fmt: skip


def road_of(application, on) -> list[Passage]:
    """The stages of the application with its place; closed ones stop where they ended."""
    intake, usual = intake_of(application.carrier), usual_days(application.carrier, on)
    now = STAGE_OF.get(application.state)
    found = []
    for number, stage in enumerate(STAGES):
        days = getattr(intake, stage.days) if stage.days else None
        if stage.days == "notice_days" and not days and number != now:
            continue
        place = "later" if now is None or number > now else "past" if number < now else "now"
        found.append(Passage(stage.label, place, days, usual.get(number)))
    return found
