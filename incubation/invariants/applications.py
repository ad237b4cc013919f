"""What must always be true of applications, their steps and decisions; see ``parks.invariants``."""

from decimal import Decimal

from django.db.models import DateField, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate

from incubation.models import (
    Application,
    ApplicationStep,
    Interest,
    ReviewAssignment,
)
from incubation.workflow import CLOSED, FALLS, State
from parks.invariants import Violation, check, found
from parks.periods import active_q

ENDS = [str(state) for state in CLOSED]
#: Points are kept to a tenth; a mean of several is not.
EXACT = Decimal("0.001")


@check
def steps_follow_one_another():
    """Numbered from 1 without a gap, by day, each from where the one before led or lapsed to."""
    rows = ApplicationStep.objects.order_by("application", "sequence")
    before = None
    for row in rows.defer("content", "opinion").iterator(chunk_size=2000):
        if before is None or before.application_id != row.application_id:
            before = None
        if message := _breach(row, before):
            yield Violation("step_order", f"{row._meta.label} {row.pk}", message)
        before = row


def _breach(row, before) -> str:
    if before is None:
        return "" if (row.sequence, row.source) == (1, "") else "is not the first of its road"
    if row.sequence != before.sequence + 1:
        return "does not follow the one before by number"
    if row.on < before.on:
        return "is of a day before the one before"
    sources = {before.target}
    if before.until and before.until <= row.on and row.act != "lapse":
        sources = {str(FALLS[State(before.target)])}
    return "" if row.source in sources else "does not begin where the one before led"


@check
def applications_are_where_their_steps_led():
    last = ApplicationStep.objects.filter(application=OuterRef("pk")).order_by("-sequence")
    rows = Application.objects.annotate(
        target=Subquery(last.values("target")[:1]), ended=Subquery(last.values("on")[:1])
    )
    odd = rows.filter(
        Q(target=None)
        | Q(target__in=ENDS) & (Q(closed_on=None) | ~Q(closed_on=F("ended")))
        | ~Q(target__in=ENDS) & Q(closed_on__isnull=False)
    )
    yield from found("application_closed", odd, "is closed on another day than its steps say")
    strange = Application.objects.filter(
        Q(call__isnull=False) & ~Q(call__carrier=F("carrier"))
        | Q(previous__isnull=False)
        & (~Q(previous__tenant=F("tenant")) | Q(previous__number__gte=F("number")))
    )
    yield from found("application_of_another", strange, "has the call or earlier one of another")
    other = ApplicationStep.objects.filter(content__isnull=False).exclude(act="submit")
    yield from found("step_content", other, "keeps what was submitted and submits nothing")


@check
def nobody_reviews_against_an_interest():
    """Who has an interest in the applicant since before it was asked is not asked."""
    known = Interest.objects.filter(
        active_q(OuterRef("asked_on")), reviewer=OuterRef("reviewer"),
        tenant=OuterRef("application__tenant"),
    )  # fmt: skip
    rows = ReviewAssignment.objects.filter(submitted_at=None, withdrawn_at=None)
    rows = rows.annotate(asked_on=TruncDate("assigned_at", output_field=DateField()))
    yield from found("review_interest", rows.filter(Exists(known)), "is asked of a rival")


@check
def decisions_rest_on_their_reviews():
    """The points written down with a decision are the mean of two reviews or more."""
    rows = ApplicationStep.objects.filter(act__in=["approve", "refuse"], details__has_key="points")
    for row in rows.defer("content").iterator(chunk_size=500):
        objected = ApplicationStep.objects.filter(
            application=row.application_id, act="object", sequence__lt=row.sequence
        )
        reviews = ReviewAssignment.objects.filter(
            application=row.application_id, round=1 + objected.count(), submitted_at__lte=row.at
        )
        totals = list(reviews.annotate(sum=Sum("scores__points")).values_list("sum", flat=True))
        mean = sum(totals, Decimal(0)) / len(totals) if totals and None not in totals else None
        if len(totals) < 2 or mean is None or abs(mean - Decimal(row.details["points"])) > EXACT:
            yield Violation(
                "decision_points", f"{row._meta.label} {row.pk}",
                "decides by other points than the reviews give",
            )  # fmt: skip
