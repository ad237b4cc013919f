"""Numbers of tax months that open the units they count."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from incubation.selectors.tax_months import Part
from parks.templatetags.space import m2

register = template.Library()


@register.simple_tag(takes_context=True)
def tax_number(context, row, part, rule):
    """m² of the part ("" for all, "exempt") or the number of papers missing ("papers")."""
    if part == "papers":
        value, text = row.without_file, str(row.without_file)
    else:
        area = {"": row.whole, "exempt": row.exempt}
        value = area[part] if part in area else row.parts[Part(part)]
        text = m2(value)
    if not value:
        return text
    query = {"carrier": row.carrier.pk, "first": f"{row.period.start:%Y-%m}", "rule": rule.value,
             "last": f"{row.period.start:%Y-%m}"}  # fmt: skip
    query |= {"part": str(part)} if part else {}
    if context["on"] != context["today"]:
        query["on"] = context["on"].isoformat()
    address = f"{reverse('incubation:tax-month-rows')}?{urlencode(query)}"
    return format_html('<a href="{}">{}</a>', address, text)


@register.simple_tag(takes_context=True)
def tax_back(context):
    """The query of the page of months, without what named the number."""
    query = context["request"].GET.copy()
    for name in ("part", "format", "last", "first"):
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""
