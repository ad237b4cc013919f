"""What pages about applications write."""

from django import template

from incubation.next_steps import next_step
from incubation.workflow import APPLICANT, State

register = template.Library()


@register.filter
def state_word(state):
    """The state in words; "—" before the application was begun."""
    return State(state).label if state else "—"


@register.filter
def next_words(state):
    """What comes next, to the applicant."""
    return next_step(state, APPLICANT)
