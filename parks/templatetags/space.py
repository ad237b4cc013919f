"""Numbers, states and addresses as the pages write them."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from parks.sections import sections
from parks.states import UnitState

register = template.Library()
DASH = "—"


@register.filter
def m2(value, places=2):
    """Square metres with thousands separators, "—" for none."""
    return DASH if value in (None, "") else f"{Decimal(value):,.{places}f}"


@register.filter
def money(value):
    """Yuan with two decimals."""
    return DASH if value in (None, "") else f"{Decimal(value):,.2f}"


@register.filter
def whole(value):
    return DASH if value in (None, "") else f"{int(value):,}"


@register.filter
def percent(ratio):
    """A ``Ratio`` (or its value) with one decimal; "—" for an empty denominator."""
    value = getattr(ratio, "value", ratio)
    if value is None or value == "":
        return DASH
    return f"{(Decimal(value) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


@register.filter
def day(value):
    return DASH if not value else f"{value:%Y-%m-%d}"


@register.filter
def last_day(end):
    """The last day of a period that ends before ``end``, as contracts print it."""
    return DASH if not end else day(end - timedelta(days=1))


@register.simple_tag
def state_chip(state):
    """Colour, letter and word of a unit's state."""
    state = UnitState(state)
    return format_html(
        '<span class="chip state-{}"><b aria-hidden="true">{}</b> {}</span>',
        state.value, state.letter, state.label,
    )  # fmt: skip


@register.simple_tag
def states():
    """All states in their order, for legends."""
    return list(UnitState)


@register.simple_tag(takes_context=True)
def on_query(context, **changes):
    """``?on=…`` of the page away from today, with ``changes``; "" when nothing is to say.

    Links carry the day along with this.
    """
    values = {}
    if context.get("on") and context["on"] != context.get("today"):
        values["on"] = context["on"].isoformat()
    values |= {key: value for key, value in changes.items() if value not in (None, "")}
    return f"?{urlencode(values)}" if values else ""


@register.simple_tag(takes_context=True)
def order_query(context, column):
    """The page's query with ``column`` as its order, reversed when it is the order already."""
    query = context["request"].GET.copy()
    query["ordering"] = f"-{column}" if query.get("ordering") == column else column
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_query(context, **changes):
    """The page's query with ``changes``; None removes a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def state_letter(state):
    return UnitState(state).letter


@register.filter
def masked(text):
    """All but the first three and last two characters of something personal."""
    text = str(text or "")
    return DASH if not text else text[:3] + "*" * max(len(text) - 5, 3) + text[-2:]


@register.simple_tag(takes_context=True, name="sections")
def sections_tag(context, page, obj):
    """What higher apps show on this page about ``obj`` (``parks.sections``)."""
    request = context["request"]
    found = sections(page, obj, request.user, context["on"])
    parts = (
        render_to_string(one.template, context.flatten() | one.context, request) for one in found
    )
    return format_html_join("\n", "{}", ((mark_safe(part),) for part in parts))  # noqa: S308
