"""What pages about applications write."""

from django import template
from django.utils.translation import gettext_lazy as _

from incubation.next_steps import next_step
from incubation.workflow import APPLICANT, State

register = template.Library()

#: What came to pass by itself, by the state that ended.
FELL = {
    State.AMENDING: _("not amended in time"),
    State.NOTICED: _("public notice over, no objection"),
    State.HELD: _("offer not answered in time"),
    State.ACCEPTED: _("not signed in time"),
}


@register.filter
def step_word(step):
    """What was done, or came to pass by itself."""
    fell = FELL.get(step.source) if step.act == "lapse" else None
    return str(fell or step.get_act_display())


@register.filter
def state_word(state):
    """The state in words; "—" before the application was begun."""
    return State(state).label if state else "—"


@register.filter
def next_words(state):
    """What comes next, to the applicant."""
    return next_step(state, APPLICANT)
