"""What pages about residencies write."""

from django import template
from django.utils.html import format_html

from incubation.rules.evaluate import Verdict

register = template.Library()
SIGNS = {
    Verdict.MET: ("✓", "met"),
    Verdict.NOT_MET: ("✗", "not-met"),
    Verdict.UNKNOWN: ("?", "unknown"),
}


@register.simple_tag
def entry_verdict(value):
    """Sign and word of a verdict: never by colour alone."""
    verdict = Verdict(value)
    sign, css = SIGNS[verdict]
    return format_html(
        '<span class="verdict-{}"><b aria-hidden="true">{}</b> {}</span>', css, sign, verdict.label
    )
