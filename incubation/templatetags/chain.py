"""Numbers of the chain that open the tenants they count."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

from parks.templatetags.space import on_query, page_query

register = template.Library()


@register.simple_tag(takes_context=True)
def cell_url(context, *parts):
    """Address of the rows behind the number called by ``parts``, under the page's filters."""
    cell = ":".join(str(part) for part in parts)
    return reverse("incubation:chain-rows") + page_query(context, cell=cell, page=None)


@register.simple_tag(takes_context=True)
def cell_number(context, count, *parts):
    """``count`` as a link to its rows; a plain 0 for nobody."""
    if not count:
        return "0"
    return format_html('<a href="{}">{}</a>', cell_url(context, *parts), f"{count:,}")


@register.simple_tag(takes_context=True)
def carriers_number(context, count, stage):
    """``count`` carriers of a stage as a link to their list, under the page's park."""
    if not count:
        return "0"
    park = context["request"].GET.get("park") or None
    query = on_query(context, stage=stage, park=park)
    address = reverse("incubation:carrier-list") + query
    return format_html('<a href="{}">{}</a>', address, f"{count:,}")


@register.simple_tag
def share_bar(share, kind):
    """A share as a bar of 100 units in the colour of ``kind``."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rail" width="100" height="6"/>'
        '<rect class="fill {}" width="{}" height="6"/></svg>',
        kind, round(float(share) * 100, 1),
    )  # fmt: skip


@register.filter
def word(words, key):
    return words[key]
