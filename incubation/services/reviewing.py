"""Reviews of applications: asked for, written bit by bit, handed in or taken off."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import ApplicationState, ReviewDecided, ReviewerExcluded
from incubation.models import Application, ReviewAssignment, ReviewerExclusion, ReviewScore
from incubation.review_notices import tell_asked, tell_taken_off
from incubation.selectors.intake import intake_of
from incubation.selectors.reviewing import conflicts_of, pool, sheet_for, words_of
from incubation.selectors.scores import round_of
from incubation.workflow import State
from parks.audit import record, snapshot
from parks.errors import InvalidValue, refusing


@transaction.atomic
def assign_reviewers(*, application, reviewers, by, at, on) -> list[ReviewAssignment]:
    """Ask ``reviewers`` to score. Whoever of all reviewers has an interest is kept with the reason.

    Raises ``ReviewerExcluded`` for one with an interest, ``InvalidValue`` for one who does not
    review or has its fill, ``ApplicationState`` outside the review.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("carrier__park")
    locked = rows.defer("carrier__park__boundary").get(pk=application.pk)
    state = Application.objects.with_state(on).get(pk=locked.pk).state
    if state != State.IN_REVIEW:
        raise ApplicationState(
            _("Reviewers are asked while the application is in review; it is now: %(state)s."),
            state=State(state).label if state else "",
        )  # fmt: skip
    if not reviewers:
        raise InvalidValue(_("Choose at least one reviewer."))
    able = {one: one for one in pool(on)}
    conflicts = conflicts_of(locked, able, on)
    for reviewer in reviewers:
        if conflicts.get(reviewer):
            _refuse_interested(reviewer, conflicts[reviewer])
        if reviewer not in able:
            raise InvalidValue(
                _("%(name)s does not review on this day. Choose another reviewer."),
                name=reviewer.name,
            )  # fmt: skip
        if able[reviewer].load >= reviewer.most_open:
            raise InvalidValue(
                _("%(name)s has as many reviews as it takes at once. Choose another reviewer."),
                name=reviewer.name,
            )  # fmt: skip
    intake, now = intake_of(locked.carrier), round_of(locked)
    sheet, due_on = sheet_for(intake, on), on + timedelta(days=intake.review_days)
    made = []
    for reviewer in reviewers:
        row = ReviewAssignment(
            application=locked, reviewer=reviewer, round=now, blind=intake.blind, sheet=sheet,
            due_on=due_on,
            assigned_by=by if by and by.is_authenticated else None, assigned_at=at,
        )  # fmt: skip
        with refusing(
            assignment_once=lambda: _asked_already(reviewer),  # noqa: B023 - used at once
            incubation_reviewassignment=lambda: _asked_already(reviewer),  # noqa: B023
        ):
            row.save()
        record("ask_review", row, by=by, park=locked.carrier.park)
        tell_asked(row, at=at)
        made.append(row)
    record_exclusions(application=locked, conflicts=conflicts, by=by, at=at)
    return made


def _refuse_interested(reviewer, reasons):
    raise ReviewerExcluded(
        _("%(reviewer)s cannot review this applicant: %(why)s. Choose another reviewer."),
        reviewer=reviewer.name, why="、".join(words_of(one) for one in reasons),
    )  # fmt: skip


def _asked_already(reviewer):
    return InvalidValue(
        _("%(name)s is already asked for this application. Choose another reviewer."),
        name=reviewer.name,
    )


def record_exclusions(*, application, conflicts, by, at) -> None:
    """Keep, once, why each reviewer was passed over; ``conflicts``: as ``conflicts_of`` gives them."""
    ReviewerExclusion.objects.bulk_create(
        (
            ReviewerExclusion(
                application=application, reviewer=reviewer, kind=kind, detail=detail[:300], at=at,
                by=by if by and by.is_authenticated else None,
            )
            for reviewer, reasons in conflicts.items() for kind, detail in reasons
        ),
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def withdraw_assignment(*, assignment, reason, by, at) -> ReviewAssignment:
    """Take the review off the reviewer before it is in; what was written stays unread."""
    if not (reason := reason.strip()):
        raise InvalidValue(_("Say why the review is taken off."))
    row = _waiting(assignment)
    before = snapshot(row)
    row.withdrawn_at, row.withdrawal_reason = at, reason
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record("take_off", row, by=by, before=before, reason=reason, park=row.application.carrier.park)
    if by != row.reviewer.user:
        tell_taken_off(row, at=at)
    return row


@transaction.atomic
def save_scores(
    *, assignment, scores, on, remarks=None, recommends=None, opinion=""
) -> ReviewAssignment:
    """Keep what is written so far; nobody but the reviewer sees it before it is handed in.

    ``scores``: ``{criterion: points or None}``, ``remarks``: ``{criterion: text}``; criteria that
    neither names stay. Raises ``InvalidValue``, ``ReviewDecided``, ``ApplicationState``.
    """
    row = _waiting(assignment)
    _refuse_outside_review(row, on)
    remarks = remarks or {}
    _refuse_points(row, scores)
    for criterion in scores.keys() | remarks.keys():
        values = {}
        if criterion in scores:
            values["points"] = scores[criterion]
        if criterion in remarks:
            values["remark"] = remarks[criterion]
        ReviewScore.objects.update_or_create(
            assignment=row, criterion=criterion, defaults=values
        )  # fmt: skip
    row.recommends, row.opinion = recommends, opinion.strip()
    row.save(update_fields=["recommends", "opinion"])
    return row


@transaction.atomic
def hand_in_review(
    *, assignment, scores, recommends, opinion, by, at, on, remarks=None
) -> ReviewAssignment:
    """Hand the points in, all at once; afterwards they stand.

    ``scores``: ``{criterion: points}`` for every criterion of the sheet. Raises
    ``ReviewerExcluded`` where an interest is known by now, ``InvalidValue``, ``ReviewDecided``.
    """
    row = _waiting(assignment)
    if reasons := conflicts_of(row.application, [row.reviewer], on)[row.reviewer]:
        _refuse_interested(row.reviewer, reasons)
    _refuse_outside_review(row, on)
    criteria = list(row.sheet.criteria.all())
    given = {one for one, points in scores.items() if points is not None}
    lacking = [one.label for one in criteria if one not in given]
    lacking += [_("Recommendation")] * (recommends is None) + [_("Opinion")] * (not opinion.strip())
    if lacking:
        raise InvalidValue(
            _("Give points for every criterion, a recommendation and an opinion. Missing: %(what)s."),
            what="、".join(lacking),
        )  # fmt: skip
    _refuse_points(row, scores)
    ReviewScore.objects.filter(assignment=row).delete()
    ReviewScore.objects.bulk_create(
        ReviewScore(assignment=row, criterion=one, points=scores[one],
                    remark=(remarks or {}).get(one, ""))
        for one in criteria
    )  # fmt: skip
    before = snapshot(row)
    row.submitted_at, row.recommends, row.opinion = at, recommends, opinion.strip()
    row.save(update_fields=["submitted_at", "recommends", "opinion"])
    record("hand_in_review", row, by=by, park=row.application.carrier.park, before=before)
    return row


def _refuse_points(row, scores):
    criteria = set(row.sheet.criteria.all())
    for criterion, points in scores.items():
        if criterion not in criteria:
            raise InvalidValue(_("This criterion is not on the scoring sheet of the review."))
        if points is None:
            continue
        if not 0 <= points <= criterion.weight or points != round(points, 1):
            raise InvalidValue(
                _("%(criterion)s: from 0 to %(weight)s points, in tenths."),
                criterion=criterion.label, weight=criterion.weight,
            )  # fmt: skip


def _refuse_outside_review(row, on):
    if Application.objects.with_state(on).get(pk=row.application_id).state != State.IN_REVIEW:
        raise ApplicationState(_("The review is over; points are no longer taken."))


def _waiting(assignment) -> ReviewAssignment:
    rows = ReviewAssignment.objects.select_for_update(of=("self", "application"))
    rows = rows.select_related("application__carrier__park", "application__tenant", "reviewer")
    row = rows.defer("application__carrier__park__boundary").get(pk=assignment.pk)
    if row.submitted_at or row.withdrawn_at:
        raise ReviewDecided(_("This review is handed in or withdrawn; it stands as it is."))
    return row
