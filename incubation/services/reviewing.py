"""Reviewers: who they are, what stands between them and an applicant, and what they hand in."""

import tomllib
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import ApplicationState, ReviewDecided, ReviewerExcluded
from incubation.models import (
    Application,
    Interest,
    ReviewAssignment,
    Reviewer,
    ReviewerExclusion,
    ReviewScore,
    ScoreCriterion,
    ScoreSheet,
)
from incubation.selectors.intake import intake_of
from incubation.selectors.reviewing import conflicts_of, sheet_for
from incubation.selectors.scores import round_of
from incubation.workflow import State
from parks.audit import record, snapshot
from parks.errors import InvalidValue, refusing

SHIPPED = Path(__file__).parent.parent / "score_sheets"


@transaction.atomic
def load_score_sheets() -> list[ScoreSheet]:
    """Keep each shipped sheet once; one that is kept stays as it is. Returns the new ones."""
    made = []
    for path in sorted(SHIPPED.glob("*.toml")):
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        if ScoreSheet.objects.filter(code=body["code"]).exists():
            continue
        criteria = body.pop("criteria")
        made.append(make_sheet(criteria=criteria, by=None, **body))
    return made


@transaction.atomic
def make_sheet(*, code, name, criteria, by, **fields) -> ScoreSheet:
    """``criteria``: ``{name, name_en, hint, weight}`` in order; their weights add up to 100."""
    if sum(one["weight"] for one in criteria) != 100:
        raise InvalidValue(_("The weights of a scoring sheet add up to 100."))
    sheet = ScoreSheet(code=code, name=name, **fields)
    sheet.full_clean()
    sheet.save()
    ScoreCriterion.objects.bulk_create(
        ScoreCriterion(sheet=sheet, position=n, **one) for n, one in enumerate(criteria, 1)
    )
    record("create", sheet, by=by)
    return sheet


@transaction.atomic
def add_reviewer(*, user, name, start, by, **fields) -> Reviewer:
    reviewer = Reviewer(user=user, name=name, start=start, **fields)
    reviewer.full_clean()
    reviewer.save()
    record("create", reviewer, by=by)
    return reviewer


@transaction.atomic
def declare_interest(
    *, reviewer, kind, source, start, by, at, tenant=None, organisation="", note="", end=None
) -> Interest:
    """From now on it excludes; reviews asked for and not handed in are taken off with it."""
    row = Interest(
        reviewer=reviewer, kind=kind, source=source, start=start, end=end, tenant=tenant,
        organisation=organisation, note=note, by=by if by and by.is_authenticated else None,
    )  # fmt: skip
    row.full_clean(exclude=["reviewer", "tenant", "by"])
    row.save()
    record("declare", row, by=by)
    if tenant:
        waiting = ReviewAssignment.objects.filter(reviewer=reviewer, application__tenant=tenant)
        for one in waiting.waiting().select_related("application__carrier__park", "reviewer"):
            withdraw_assignment(assignment=one, reason=row.get_kind_display(), by=by, at=at)
            _exclude(one.application, reviewer, [(kind, note)], by=by, at=at)
    return row


@transaction.atomic
def assign_reviewers(*, application, reviewers, by, at, on) -> list[ReviewAssignment]:
    """Ask ``reviewers`` to score; whoever has an interest is refused and the reason kept.

    Raises ``ReviewerExcluded``, ``ApplicationState`` outside the review.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("carrier__park")
    locked = rows.defer("carrier__park__boundary").get(pk=application.pk)
    state = Application.objects.with_state(on).get(pk=locked.pk).state
    if state != State.IN_REVIEW:
        raise ApplicationState(
            _("Reviewers are asked while the application is in review; it is now: %(state)s."),
            state=State(state).label if state else "",
        )  # fmt: skip
    conflicts = conflicts_of(locked, reviewers, on)
    if bad := [one for one in reviewers if conflicts[one]]:
        raise ReviewerExcluded(
            _("%(reviewer)s cannot review this applicant: %(why)s. Choose another reviewer."),
            reviewer=bad[0].name, why="、".join(words(one) for one in conflicts[bad[0]]),
        )  # fmt: skip
    intake = intake_of(locked.carrier)
    made = []
    for reviewer in reviewers:
        row = ReviewAssignment(
            application=locked, reviewer=reviewer, round=round_of(locked), blind=intake.blind,
            sheet=sheet_for(intake, on), due_on=on + timedelta(days=intake.review_days),
            assigned_by=by if by and by.is_authenticated else None, assigned_at=at,
        )  # fmt: skip
        with refusing(
            assignment_once=lambda: _asked_already(reviewer),  # noqa: B023 - used at once
            incubation_reviewassignment=lambda: _asked_already(reviewer),  # noqa: B023
        ):
            row.save()
        record("ask", row, by=by, park=locked.carrier.park)
        made.append(row)
    return made


def _asked_already(reviewer):
    return InvalidValue(
        _("%(name)s is already asked for this application. Choose another reviewer."),
        name=reviewer.name,
    )


def record_exclusions(*, application, conflicts, by, at) -> None:
    """Keep why each reviewer was passed over; ``conflicts``: as ``conflicts_of`` gives them."""
    for reviewer, reasons in conflicts.items():
        _exclude(application, reviewer, reasons, by=by, at=at)


def _exclude(application, reviewer, reasons, *, by, at):
    for kind, detail in reasons:
        ReviewerExclusion.objects.get_or_create(
            application=application, reviewer=reviewer, kind=kind, detail=detail[:300],
            defaults={"at": at, "by": by if by and by.is_authenticated else None},
        )  # fmt: skip


def words(conflict) -> str:
    from_kind, detail = conflict
    label = str(dict(Interest._meta.get_field("kind").flatchoices)[from_kind])
    return f"{label}（{detail}）" if detail else label


@transaction.atomic
def withdraw_assignment(*, assignment, reason, by, at) -> ReviewAssignment:
    row = _waiting(assignment)
    before = snapshot(row)
    row.withdrawn_at, row.withdrawal_reason = at, reason
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record("withdraw", row, by=by, before=before, reason=reason)
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
    application = row.application
    if reasons := conflicts_of(application, [row.reviewer], on)[row.reviewer]:
        raise ReviewerExcluded(
            _("%(reviewer)s cannot review this applicant: %(why)s. Choose another reviewer."),
            reviewer=row.reviewer.name, why="、".join(words(one) for one in reasons),
        )  # fmt: skip
    if Application.objects.with_state(on).get(pk=application.pk).state != State.IN_REVIEW:
        raise ApplicationState(_("The review is over; points are no longer taken."))
    criteria = list(row.sheet.criteria.all())
    if set(scores) != set(criteria) or not opinion.strip() or recommends is None:
        raise InvalidValue(_("Give points for every criterion, a recommendation and an opinion."))
    for criterion, points in scores.items():
        if not 0 <= points <= criterion.weight or points != round(points, 1):
            raise InvalidValue(
                _("%(criterion)s: from 0 to %(weight)s points, in tenths."),
                criterion=criterion.name, weight=criterion.weight,
            )  # fmt: skip
    ReviewScore.objects.filter(assignment=row).delete()
    ReviewScore.objects.bulk_create(
        ReviewScore(assignment=row, criterion=one, points=scores[one],
                    remark=(remarks or {}).get(one, ""))
        for one in criteria
    )  # fmt: skip
    before = snapshot(row)
    row.submitted_at, row.recommends, row.opinion = at, recommends, opinion.strip()
    row.save(update_fields=["submitted_at", "recommends", "opinion"])
    record("hand_in", row, by=by, park=application.carrier.park, before=before)
    return row


def _waiting(assignment) -> ReviewAssignment:
    rows = ReviewAssignment.objects.select_for_update(of=("self",))
    rows = rows.select_related("application__carrier__park", "application__tenant", "reviewer")
    row = rows.defer("application__carrier__park__boundary").get(pk=assignment.pk)
    if row.submitted_at or row.withdrawn_at:
        raise ReviewDecided(_("This review is handed in or withdrawn; it stands as it is."))
    return row
