"""Shares of a frame (floats, NaN for none) as the pages write them."""

from django import template

from maps.layers import share

register = template.Library()


@register.filter
def percent_of(value):
    """A share in percent, "—" for none."""
    return share(value if value != "" else None)


@register.filter
def points(value):
    """A change in percentage points with its sign, "—" for none."""
    return share(value if value != "" else None, change=True)
