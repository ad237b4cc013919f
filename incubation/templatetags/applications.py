"""What pages about applications write."""

from django import template

from incubation.workflow import State

register = template.Library()


@register.filter
def state_word(state):
    """The state in words; "—" before the application was begun."""
    return State(state).label if state else "—"
