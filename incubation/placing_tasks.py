"""What waits on the operator's board about space for applications."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incubation.models import Application
from incubation.workflow import State
from tenants.items import Item, tells
from tenants.tasks import TASKS, Task, add_group

add_group("placing", _("Space for applications"))


def in_state(state, due):
    """Applications in ``state``, by ``due``: one of the days that ``with_state`` adds."""

    def rows(user, on):
        found = Application.objects.visible_to(user).in_state(state, on=on)
        return found.annotate(due=F(due)).order_by("due", "pk")

    return rows


def signed_and_running(user, on):
    """Those whose lease is signed and has begun: only the moving in is not recorded."""
    rows = in_state(State.SIGNING, "lease__start")(user, on)
    return rows.filter(lease__signed_on__lte=on, lease__start__lte=on)


@tells(Application, "tenant", "carrier__park")
def _application(row, due):
    url = f"/applications/{row.pk}/"
    what = f"{row.number} · {row.carrier.name}"
    return Item(row.tenant.name, url, row.carrier.park.name, what, due)


TASKS += [
    Task("offer-accepted", "placing", _("Accepted offers to convert"),
         _("Draft agreement and lease before the hold ends; then the application is approved "
           "without space again."), in_state(State.ACCEPTED, "state_until"),
         "carrier__park", "due", urgent=True),
    Task("application-approved", "placing", _("Approved, without space"),
         _("Offer space, or put the application on the waiting list."),
         in_state(State.APPROVED, "state_since"), "carrier__park", "due"),
    Task("application-moving-in", "placing", _("Leases signed, moving in not recorded"),
         _("Record the moving in; the application is complete with it."), signed_and_running,
         "carrier__park", "due"),
    Task("offer-open", "placing", _("Offers waiting for an answer"),
         _("Ask the applicant before the offer lapses and passes on."),
         in_state(State.HELD, "state_until"), "carrier__park", "due"),
]  # fmt: skip
