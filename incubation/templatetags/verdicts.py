"""Verdicts and kept texts as the pages write them."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

SIGNS = {
    "met": ("✓", _("met")),
    "not_met": ("✗", _("not met")),
    "unknown": ("?", _("unknown")),
}


@register.filter
def said(texts):
    """Of a text kept in both languages the one of the page; one kept in one only as it is."""
    if not texts or isinstance(texts, str):
        return texts or ""
    code = (get_language() or "zh").split("-")[0]
    return texts.get(code) or next((text for text in texts.values() if text), "")


@register.simple_tag
def verdict(name):
    """Sign and word of a verdict: never by colour alone."""
    sign, word = SIGNS[name]
    return format_html(
        '<span class="verdict {}"><b aria-hidden="true">{}</b> {}</span>', name, sign, word
    )


@register.simple_tag
def review_state(review, on):
    return review.state_on(on).label


@register.simple_tag
def record_url(record):
    """Where a kept record has its page today, or ""."""
    if not record.get("url_name"):
        return ""
    try:
        return reverse(record["url_name"], args=[record["pk"]] if record["pk"] else [])
    except NoReverseMatch:
        return ""  # kept years ago, the page is gone since


@register.filter
def flat(findings):
    """``(finding, depth)`` of kept findings and, after each group, its members."""
    stack = [(finding, 0) for finding in reversed(findings)]
    while stack:
        finding, depth = stack.pop()
        yield finding, depth
        stack += [(member, depth + 1) for member in reversed(finding.get("members", []))]
