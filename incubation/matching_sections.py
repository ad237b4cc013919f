"""On the page of an application, for the staff: the units that fit, and why the others do not."""

from incubation.fitting import term_of
from incubation.selectors.placing import choices_for
from incubation.workflow import State
from parks.sections import Section, register

#: Sent, and without space yet.
SEEKING = {
    State.SUBMITTED, State.AMENDING, State.IN_REVIEW, State.NOTICED, State.APPROVED, State.WAITING,
}  # fmt: skip


@register("application")
def matching_of_application(application, user, on):
    if application.state not in SEEKING or not user.has_perm("parks.view_park"):
        return None
    choices = choices_for(application, on)
    return Section("incubation/_application_matching.html", {
        "application": application, "term": term_of(application, on),
        "fitting": [one for one in choices if not one.reasons],
        "excluded": [one for one in choices if one.reasons],
    })  # fmt: skip
