"""The points of an application: those handed in, their mean and spread."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from incubation.models import ReviewAssignment


@dataclass(frozen=True)
class Score:
    """``mean`` and ``spread`` (highest minus lowest) of the ``count`` reviews of the last round.

    Both None without a review. Points are sums over a sheet, 0 to 100.
    """

    count: int
    mean: Decimal | None
    spread: Decimal | None
    pass_points: int

    @property
    def passed(self) -> bool:
        return self.mean is not None and self.mean >= self.pass_points


def round_of(application) -> int:
    """Reviews count anew after each objection."""
    return 1 + application.steps.filter(act="object").count()


def reviews_of(application):
    """The reviews of the present round that stand, in the order they were asked for."""
    rows = ReviewAssignment.objects.filter(application=application, round=round_of(application))
    return rows.standing().order_by("pk")


def score_of(application) -> Score:
    """Over the reviews handed in in the present round; unrounded."""
    rows = reviews_of(application).filter(submitted_at__isnull=False)
    return score_over(rows.select_related("sheet").prefetch_related("scores"))


def score_over(rows) -> Score:
    """Over ``rows``, the reviews of one round that are in, with their sheets and scores."""
    rows = list(rows)
    totals = [row.points for row in rows]
    if not totals:
        return Score(0, None, None, 0)
    return Score(
        len(totals), sum(totals) / len(totals), max(totals) - min(totals),
        max(row.sheet.pass_points for row in rows),
    )  # fmt: skip


def points_by_criterion(assignments) -> dict:
    """``{criterion: {assignment: points}}`` of reviews handed in, in the order of the sheet."""
    found = defaultdict(dict)
    for row in assignments:
        for one in row.scores.all():
            found[one.criterion][row] = one.points
    return dict(sorted(found.items(), key=lambda pair: pair[0].position))
