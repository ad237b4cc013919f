"""First on the page of an application: where it stands, what comes next, and the talk about it."""

from incubation.checking_forms import MessageForm
from incubation.next_steps import STAGE_OF, next_step
from incubation.selectors.promises import promised_by, road_of
from incubation.workflow import APPLICANT, OPERATOR, State
from parks.sections import Section, register

#: The acts of the staff by state; those on space stand with the space.
ACTS = {
    State.SUBMITTED: ("check",), State.IN_REVIEW: ("decide",), State.NOTICED: ("object",),
    State.APPROVED: ("queue",),
}  # fmt: skip


@register("application")
def next_of_application(application, user, on):
    """``application`` with its state on ``on``; reviewers have a page of their own."""
    own, staff = _sides(application, user)
    if not own and not staff:
        return None
    last = application.steps.by_day(on).order_by("-sequence").first()
    promised = promised_by(application)
    handles = staff and user.has_perm("incubation.handle_application")
    return Section("incubation/_application_next.html", {
        "application": application, "own": own, "last": last, "promised": promised,
        "late": promised and promised < on, "items": last.details.get("items", ()),
        "words": next_step(application.state, APPLICANT if own else OPERATOR),
        "road": road_of(application, on) if application.state in STAGE_OF else [],
        "acts": ACTS.get(application.state, ()) if handles else (),
        "may_write": own and application.state == State.AMENDING,
    })  # fmt: skip


@register("application", place=5)
def messages_of_application(application, user, on):
    own, staff = _sides(application, user)
    if not own and not staff or application.state == State.DRAFT:
        return None
    rows = application.messages.filter(at__date__lte=on).select_related("by")
    may_send = user.has_perm("incubation.apply" if own else "incubation.handle_application")
    if not rows and not may_send:
        return None
    return Section("incubation/_application_messages.html", {
        "application": application, "messages_sent": rows, "own": own,
        "form": MessageForm() if may_send else None,
    })  # fmt: skip


def _sides(application, user) -> tuple[bool, bool]:
    return (
        user.tenants.filter(pk=application.tenant_id).exists(), user.has_perm("parks.view_park"),
    )  # fmt: skip
