"""What waits on the operator's board about reviews of applications."""

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from incubation.models import Application, ApplicationStep, Intake, ReviewAssignment
from incubation.workflow import State
from tenants.tasks import TASKS, Task


def _in_review(user, on):
    """Adds ``begun``: when this round of reviews began."""
    steps = ApplicationStep.objects.filter(application=OuterRef("pk"), target=State.IN_REVIEW)
    begun = steps.filter(on__lte=on).order_by("-sequence").values("at")[:1]
    rows = Application.objects.visible_to(user).in_state(State.IN_REVIEW, on=on)
    return rows.annotate(begun=Subquery(begun))


def _asked():
    """The reviews of this round that stand, for a row of ``_in_review``."""
    rows = ReviewAssignment.objects.standing().order_by()
    return rows.filter(application=OuterRef("pk"), assigned_at__gte=OuterRef("begun"))


def late(user, on):
    first = _asked().waiting().filter(due_on__lt=on).order_by("due_on").values("due_on")[:1]
    rows = _in_review(user, on).annotate(due=Subquery(first))
    return rows.filter(due__isnull=False).order_by("due", "pk")


def unasked(user, on):
    """Fewer reviewers are asked than the carrier has applications scored by."""
    asked = _asked().values("application").annotate(n=Count("pk")).values("n")
    needed = Intake.objects.filter(carrier=OuterRef("carrier")).values("reviewer_count")
    least = Intake._meta.get_field("reviewer_count").default
    rows = _in_review(user, on).annotate(
        asked=Coalesce(Subquery(asked), 0), needed=Coalesce(Subquery(needed), least),
        due=F("state_since"),
    )  # fmt: skip
    return rows.filter(asked__lt=F("needed")).order_by("due", "pk")


TASKS += [
    Task("review-unasked", "applying", _("Applications without enough reviewers"),
         _("Ask reviewers on the page of the application; without their points nothing is "
           "decided."), unasked, "carrier__park", "due"),
    Task("review-late", "applying", _("Reviews of applications that are late"),
         _("Remind the reviewer, or take the review off and ask another."), late,
         "carrier__park", "due", urgent=True),
]  # fmt: skip
