from django import template

from tenants.models import Lease

register = template.Library()


@register.simple_tag
def lease_state(state):
    """The word for a lease's state."""
    return Lease.State(state).label
