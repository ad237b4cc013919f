"""What reviewers are told: a review is asked of them, is due soon, is late, is taken off them."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from incubation.models import ReviewAssignment
from parks import notices
from parks.days import local_day
from parks.notices import Kind, Reason
from parks.telling import tell

#: Days before a review is due from which its reviewer is reminded.
REMIND_DAYS = 3
ASKED, DUE, LATE = "review-asked", "review-due", "review-late"
notices.register_kind(ASKED, Kind(
    _("Review asked for"),
    _("%(carrier)s asks you to review application %(title)s by %(due)s. If you have an interest "
      "in the applicant, declare it on the page of the review."), "warn"))  # fmt: skip
notices.register_kind(DUE, Kind(
    _("Review due soon"),
    _("Your review of application %(title)s for %(carrier)s is due on %(due)s."), "warn"))  # fmt: skip
notices.register_kind(LATE, Kind(
    _("Review overdue"),
    _("Your review of application %(title)s for %(carrier)s was due on %(due)s. Hand it in now, or "
      "declare an interest and give it back."), "bad"))  # fmt: skip
notices.register_kind("review-taken-off", Kind(
    _("Review no longer needed"),
    _("The review of application %(title)s is taken off you. The reason: %(reason)s")))  # fmt: skip


def _not_in(on):
    return Q(Exists(ReviewAssignment.objects.to_do_on(on).filter(pk=OuterRef("about"))))


for _key in (ASKED, DUE, LATE):
    notices.register_condition(_key, _not_in)


@notices.register(DUE, LATE)
def of_reviewers(on):
    rows = ReviewAssignment.objects.to_do_on(on).filter(
        due_on__lte=on + timedelta(days=REMIND_DAYS), reviewer__user__is_active=True
    )
    for row in rows.select_related("application__carrier", "reviewer"):
        kind = DUE if row.due_on >= on else LATE
        yield Reason(
            kind=kind, key=f"{kind}:{row.pk}:{row.due_on}", about=row.pk, due_on=row.due_on,
            user_id=row.reviewer.user_id, url=_page_of(row), params=_params(row),
        )  # fmt: skip


def tell_asked(row, *, at):
    """To the reviewer; without the applicant's name, as it may be kept from it."""
    _tell(ASKED, row, at=at, url=_page_of(row), due_on=row.due_on)


def tell_taken_off(row, *, at):
    _tell("review-taken-off", row, at=at, url="/reviewing/")


def _tell(kind, row, *, at, **fields):
    tell(
        kind=kind,
        on=local_day(at),
        users=[row.reviewer.user],
        about=row.pk,
        params=_params(row),
        **fields,
    )


def _page_of(row) -> str:
    return f"/reviewing/{row.pk}/"


def _params(row) -> dict:
    return {
        "title": row.application.number, "carrier": row.application.carrier.name,
        "due": str(row.due_on), "reason": row.withdrawal_reason,
    }  # fmt: skip
