"""What reviewers are told: that a review is asked of them, that it is taken off them."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from incubation.models import ReviewAssignment
from parks import notices
from parks.days import local_day
from parks.notices import Kind
from parks.telling import tell

notices.register_kind("review-asked", Kind(
    _("Review asked for"),
    _("%(carrier)s asks you to review application %(title)s by %(due)s. If you have an interest "
      "in the applicant, declare it on the page of the review."), "warn"))  # fmt: skip
notices.register_kind("review-taken-off", Kind(
    _("Review no longer needed"),
    _("The review of application %(title)s is taken off you. The reason: %(reason)s")))  # fmt: skip


def _not_in(_on):
    return Q(Exists(ReviewAssignment.objects.waiting().filter(pk=OuterRef("about"))))


notices.register_condition("review-asked", _not_in)


def tell_asked(row, *, at):
    """To the reviewer; without the applicant's name, as it may be kept from it."""
    _tell("review-asked", row, at=at, url=f"/reviewing/{row.pk}/", due_on=row.due_on)


def tell_taken_off(row, *, at):
    _tell("review-taken-off", row, at=at, url="/reviewing/")


def _tell(kind, row, *, at, **fields):
    tell(
        kind=kind, on=local_day(at), users=[row.reviewer.user],
        about=row.pk,
        params={
            "title": row.application.number, "carrier": row.application.carrier.name,
            "due": str(row.due_on), "reason": row.withdrawal_reason,
        }, **fields,
    )  # fmt: skip
