"""Reviews on the page of an application: who is asked, what they gave, who was left out and why."""

from incubation.selectors.intake import intake_of
from incubation.selectors.reviewing import conflicts_of, review_summary, words_of
from incubation.selectors.scores import round_of
from incubation.workflow import State
from parks.sections import Section, register


@register("application", place=2)
def reviews_of_application(application, user, on):
    """For the carrier's staff and the bureau; applicants read the decision, not the points."""
    if not user.has_perm("parks.view_park"):
        return None
    rows = application.assignments.select_related("reviewer").order_by("round", "pk")
    rows = list(rows.prefetch_related("scores"))
    if not rows and application.state != State.IN_REVIEW:
        return None
    summary = review_summary(application, user)
    waiting = application.state == State.IN_REVIEW
    reviewers = [one.reviewer for one in summary.assignments]
    conflicts = conflicts_of(application, reviewers, on) if waiting and reviewers else {}
    now = round_of(application)
    return Section("incubation/_application_reviews.html", {
        "application": application, "summary": summary, "on": on,
        "rows": [
            (one, [words_of(why) for why in conflicts.get(one.reviewer, ())])
            for one in summary.assignments
        ],
        "handed": len(summary.handed) + summary.hidden,
        "needed": intake_of(application.carrier).reviewer_count,
        "gone": [one for one in rows if one.withdrawn_at],
        "earlier": [one for one in rows if one.round < now and one.submitted_at],
        "exclusions": application.exclusions.select_related("reviewer"),
        "waiting": waiting, "may_ask": waiting and user.has_perm("incubation.handle_application"),
    })  # fmt: skip
