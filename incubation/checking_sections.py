"""First on the page of an application: where it stands, what comes next, and the talk about it."""

from incubation.checking_forms import MessageForm
from incubation.next_steps import STAGE_OF, STAGES, next_step
from incubation.selectors.calls import taking
from incubation.selectors.intake import intake_of
from incubation.selectors.promises import Passage, late, promised_by, road_of, usual_days
from incubation.selectors.scores import reviews_of
from incubation.versions import differences
from incubation.workflow import APPLICANT, OPERATOR, PROMISED, State
from parks.sections import Section, register

#: The acts of the staff by state; those on reviews and on space stand with them.
ACTS = {
    State.SUBMITTED: ("check",), State.IN_REVIEW: ("decide",), State.NOTICED: ("object",),
    State.APPROVED: ("queue",),
}  # fmt: skip


def _acts(application) -> tuple:
    """Those of ``ACTS`` that are not refused: a decision waits for the reviews."""
    if application.state == State.IN_REVIEW:
        reviews = reviews_of(application).filter(submitted_at__isnull=False)
        if reviews.count() < intake_of(application.carrier).reviewer_count:
            return ()
    return ACTS.get(application.state, ())


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
        "acts": _acts(application) if handles else (),
        "may_write": own and application.state == State.AMENDING,
        "may_object": own and application.state == State.NOTICED
        and user.has_perm("incubation.apply"),
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


@register("carrier")
def intake_of_carrier(carrier, user, on):
    """How the carrier takes applications, and what is under way."""
    if not user.has_perm("parks.view_park"):
        return None
    door, usual = taking(carrier, on), usual_days(carrier, on)
    running = carrier.applications.open_on(on).exclude(state=State.DRAFT)
    stages = [
        Passage(stage.label, "", getattr(door.intake, stage.days), usual.get(number))
        for number, stage in enumerate(STAGES) if stage.days in PROMISED.values()
    ]  # fmt: skip
    return Section("incubation/_carrier_intake.html", {
        "carrier": carrier, "intake": door.intake, "call": door.call, "against": door.against,
        "under_way": running.count(), "late": late(running, on).count(), "stages": stages,
        "may_change": user.has_perm("incubation.handle_application"),
    })  # fmt: skip


def versions_of(application, on) -> list:
    """``(number, step, changes)`` of each version sent after the first, the newest first."""
    sent = list(application.steps.by_day(on).filter(act="submit", content__isnull=False))
    pairs = enumerate(zip(sent, sent[1:], strict=False), 2)
    return [(number, new, differences(old.content, new.content)) for number, (old, new) in pairs][
        ::-1
    ]


@register("application")
def versions_of_application(application, user, on):
    own, staff = _sides(application, user)
    found = versions_of(application, on) if own or staff else []
    return Section("incubation/_application_versions.html", {"versions": found}) if found else None
