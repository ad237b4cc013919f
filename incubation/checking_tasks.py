"""What waits on the operator's board about applications: to check, to decide, late, unanswered."""

from django.utils.translation import gettext_lazy as _

from incubation.models import Application
from incubation.selectors.promises import late, with_promised
from incubation.workflow import PROMISED, State
from tenants.tasks import TASKS, Task, add_group

add_group("applying", _("Applications"))


def promised_in(*states):
    """Applications in ``states``, by the day promised for it."""

    def rows(user, on):
        found = Application.objects.visible_to(user).in_state(*states, on=on)
        return with_promised(found).order_by("promised", "pk")

    return rows


def past_promise(user, on):
    found = Application.objects.visible_to(user).in_state(*PROMISED, on=on)
    return late(found, on).order_by("promised", "pk")


def unanswered(user, on):
    found = Application.objects.visible_to(user).unanswered_on(on)
    return found.order_by("asked_on", "pk")


TASKS += [
    Task("application-late", "applying", _("Applications past the promised day"),
         _("Check, decide or sign now, and write to the applicant when it will be."),
         past_promise, "carrier__park", "promised", urgent=True),
    Task("application-check", "applying", _("Applications to check"),
         _("Accept them for review, return them with a list, or refuse them with a reason."),
         promised_in(State.SUBMITTED), "carrier__park", "promised"),
    Task("application-review", "applying", _("Applications in review"),
         _("Ask reviewers; as soon as enough reviews are in, decide."),
         promised_in(State.IN_REVIEW), "carrier__park", "promised"),
    Task("application-message", "applying", _("Messages without an answer"),
         _("Answer on the page of the application."), unanswered, "carrier__park", "asked_on"),
]  # fmt: skip
