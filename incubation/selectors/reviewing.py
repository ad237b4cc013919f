"""Who could review an application, who must not and why, and what a viewer may see of the points."""

from dataclasses import dataclass

from django.db.models import Count, Q

from incubation.models import (
    Interest,
    InterestKind,
    MentorPairing,
    ReviewAssignment,
    Reviewer,
    ScoreSheet,
)
from incubation.selectors.scores import points_by_criterion, round_of, score_of
from parks.models import Park
from parks.periods import active_q


def sheet_for(intake, on) -> ScoreSheet:
    """The carrier's own sheet, else the newest in use on ``on``."""
    if intake.sheet_id:
        return intake.sheet
    rows = ScoreSheet.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))
    return rows.latest("pk")


def conflicts_of(application, reviewers, on) -> dict:
    """For each reviewer the ``(kind, detail)`` of every interest known on ``on``; empty: none.

    Declared or known interests in the applicant or its name; working for it (account or code);
    working for who runs another park, a competitor of the carrier's operator; advising it as a
    paired mentor. A fixed number of queries.
    """
    reviewers = list(reviewers)
    tenant, carrier = application.tenant, application.carrier
    found = {one: [] for one in reviewers}
    by_key = {one.pk: one for one in reviewers}
    members = set(tenant.users.values_list("pk", flat=True))
    rivals = set(
        Park.objects.exclude(pk=carrier.park_id).exclude(operator="")
        .exclude(operator=carrier.park.operator).values_list("operator", flat=True)
    )  # fmt: skip
    staff = dict(
        Park.staff.through.objects.filter(user__in=[one.user_id for one in reviewers])
        .exclude(park=carrier.park_id).exclude(park__operator=carrier.park.operator)
        .values_list("user_id", "park__operator")
    )  # fmt: skip
    advised = set(
        MentorPairing.objects.filter(active_q(on), tenant=tenant)
        .values_list("mentor__name", flat=True)
    )  # fmt: skip
    for one in reviewers:
        if one.user_id in members:
            found[one].append((InterestKind.SAME_FIRM.value, tenant.name))
        elif (
            tenant.uscc and one.organisation_uscc == tenant.uscc or one.organisation == tenant.name
        ):
            found[one].append((InterestKind.SAME_FIRM.value, one.organisation))
        if one.organisation in rivals:
            found[one].append((InterestKind.COMPETITOR.value, one.organisation))
        elif one.user_id in staff:
            found[one].append((InterestKind.COMPETITOR.value, staff[one.user_id]))
        if one.name in advised:
            found[one].append((InterestKind.ADVISER.value, one.name))
    interests = Interest.objects.filter(active_q(on), reviewer__in=by_key)
    interests = interests.filter(Q(tenant=tenant) | Q(tenant=None, organisation=tenant.name))
    for row in interests:
        found[by_key[row.reviewer_id]].append((row.kind, row.note or row.get_source_display()))
    return found


@dataclass(frozen=True)
class Proposal:
    """``reviewers``: those proposed, the least busy first; ``conflicts``: who is left out and why."""

    reviewers: list
    others: list
    conflicts: dict


def propose_reviewers(application, *, count, on) -> Proposal:
    """The ``count`` reviewers with the fewest open reviews and no interest; ties by name.

    Whoever has as many reviews as it takes at once, or is asked already, is left out.
    """
    asked = application.assignments.filter(round=round_of(application)).values("reviewer")
    open_ones = Count(
        "assignments",
        filter=Q(assignments__submitted_at__isnull=True, assignments__withdrawn_at__isnull=True),
    )
    rows = Reviewer.objects.active_on(on).filter(user__is_active=True).exclude(pk__in=asked)
    rows = list(rows.annotate(load=open_ones).select_related("user").order_by("load", "name", "pk"))
    conflicts = conflicts_of(application, rows, on)
    able = [one for one in rows if not conflicts[one] and one.load < one.most_open]
    return Proposal(able[:count], able[count:], {one: why for one, why in conflicts.items() if why})


@dataclass(frozen=True)
class Summary:
    """``hidden``: how many handed-in reviews the viewer may not see yet; ``score`` is None then."""

    assignments: list
    points: dict
    score: object
    hidden: int


def review_summary(application, viewer) -> Summary:
    """Reviewers see others' points once their own are in; applicants see none of them."""
    rows = ReviewAssignment.objects.filter(application=application).standing()
    rows = list(
        rows.select_related("reviewer", "sheet").prefetch_related("scores__criterion")
        .order_by("round", "pk")
    )  # fmt: skip
    if viewer.has_perm("parks.view_park"):
        seen = rows
    else:
        own = [one for one in rows if one.reviewer.user_id == viewer.pk]
        done = bool(own) and all(one.submitted_at for one in own)
        seen = rows if done else own
    handed = [one for one in seen if one.submitted_at]
    hidden = sum(1 for one in rows if one.submitted_at) - len(handed)
    return Summary(
        seen, points_by_criterion(handed), None if hidden else score_of(application), hidden
    )
