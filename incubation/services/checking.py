"""What the carrier's staff do with an application: formal check, decision, objection, talk."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.application_notices import announce_message
from incubation.errors import AgainstPoints, ReviewMissing
from incubation.models import ApplicationMessage, ApplicationStep, ReviewAssignment
from incubation.selectors.intake import intake_of
from incubation.selectors.scores import score_of
from incubation.services.applications import step
from incubation.services.reviewing import withdraw_assignment
from incubation.workflow import State
from parks.audit import record
from parks.errors import InvalidValue


def return_application(*, application, items, by, at, on, opinion="") -> ApplicationStep:
    """Back to the applicant with the list ``items`` of what to amend.

    It lapses by itself once the carrier's days to amend are over.
    """
    items = [text for item in items if (text := item.strip())]
    if not items:
        raise InvalidValue(_("List what is to be amended, one thing a line."))
    until = on + timedelta(days=intake_of(application.carrier).amend_days)
    return step(
        application=application, act="return", by=by, at=at, on=on, until=until,
        opinion=opinion or "；".join(items), details={"items": items},
    )  # fmt: skip


def accept_form(*, application, by, at, on, opinion="") -> ApplicationStep:
    return step(application=application, act="accept_form", by=by, at=at, on=on, opinion=opinion)


def refuse_form(*, application, by, at, on, opinion) -> ApplicationStep:
    return step(application=application, act="refuse_form", by=by, at=at, on=on, opinion=opinion)


@transaction.atomic
def approve_application(
    *, application, by, at, on, opinion, against_points_reason=""
) -> ApplicationStep:
    """Approved; with a public notice first where the carrier asks for one.

    Raises ``ReviewMissing``, and ``AgainstPoints`` for fewer points than pass without a reason.
    """
    score = _refuse_unreviewed(application)
    if not score.passed and not against_points_reason.strip():
        raise AgainstPoints(
            _("%(points)s points, %(needed)s are needed. Say why it is approved all the same."),
            points=round(score.mean, 2), needed=score.pass_points,
        )  # fmt: skip
    days = intake_of(application.carrier).notice_days
    return step(
        application=application, act="approve", by=by, at=at, on=on, opinion=opinion,
        target=State.NOTICED if days else State.APPROVED,
        until=on + timedelta(days=days) if days else None,
        details={"points": str(score.mean), "against_points": against_points_reason.strip()},
    )  # fmt: skip


@transaction.atomic
def refuse_application(*, application, by, at, on, opinion) -> ApplicationStep:
    score = _refuse_unreviewed(application)
    return step(
        application=application, act="refuse", by=by, at=at, on=on, opinion=opinion,
        details={"points": str(score.mean)},
    )  # fmt: skip


def _refuse_unreviewed(application):
    score = score_of(application)
    needed = intake_of(application.carrier).reviewer_count
    if score.count < needed:
        raise ReviewMissing(
            _("%(count)s of %(needed)s reviews are in. Ask the reviewers, or ask others."),
            count=score.count, needed=needed,
        )  # fmt: skip
    return score


def queue_application(*, application, by, at, on, opinion="") -> ApplicationStep:
    """No unit fits yet: to the end of the queue of its carrier and kind of space."""
    return step(application=application, act="queue", by=by, at=at, on=on, opinion=opinion)


@transaction.atomic
def record_objection(*, application, by, at, on, opinion) -> ApplicationStep:
    """Somebody objected within the days of the public notice: a new round of reviews."""
    row = step(application=application, act="object", by=by, at=at, on=on, opinion=opinion)
    for one in ReviewAssignment.objects.filter(application=application).waiting():
        withdraw_assignment(
            assignment=one, reason=_("A new round of reviews began."), by=by, at=at
        )  # fmt: skip
    return row


@transaction.atomic
def send_message(*, application, text, by, at, from_applicant) -> ApplicationMessage:
    if not (text := text.strip()):
        raise InvalidValue(_("Write something first."))
    row = ApplicationMessage(
        application=application,
        by=by if by and by.is_authenticated else None,
        at=at,
        text=text,
        from_applicant=from_applicant,
    )
    row.full_clean(exclude=["application", "by"])
    row.save()
    record("message", row, by=by, park=application.carrier.park)
    announce_message(row)
    return row
