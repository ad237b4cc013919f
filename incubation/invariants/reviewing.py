"""What must always be true of scoring sheets and reviews; see ``parks.invariants``."""

from django.db.models import Count, F, Q, Sum

from incubation.models import ReviewAssignment, ReviewScore, ScoreSheet
from parks.invariants import check, found


@check
def sheets_give_a_hundred_points():
    rows = ScoreSheet.objects.annotate(points=Sum("criteria__weight"))
    odd = rows.filter(Q(points=None) | ~Q(points=100))
    yield from found("sheet_weights", odd, "has weights that do not add up to 100")


@check
def reviews_fit_their_sheet():
    """A review that is in has points for every criterion of its sheet, none above its weight."""
    strange = ReviewScore.objects.exclude(criterion__sheet=F("assignment__sheet"))
    yield from found("score_sheet", strange, "gives points for a criterion of another sheet")
    above = ReviewScore.objects.filter(points__gt=F("criterion__weight"))
    yield from found("score_above", above, "gives more points than the criterion has")
    rows = ReviewAssignment.objects.filter(submitted_at__isnull=False).annotate(
        asked=Count("sheet__criteria", distinct=True),
        given=Count("scores", distinct=True, filter=Q(scores__points__isnull=False)),
    )
    lacking = rows.exclude(asked=F("given"))
    yield from found("review_lacks_points", lacking, "is handed in without points for all criteria")
