"""How vacant units are told: their address and what is asked for them."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from parks.templatetags.space import money
from tenants.models import RentUnit

register = template.Library()


@register.simple_tag(takes_context=True)
def unit_address(context, unit, others=()):
    """The public page of the key ``unit``, together with the keys ``others``, on the page's day."""
    query = {"with": list(others)}
    if context["on"] != context["today"]:
        query["on"] = context["on"]
    tail = urlencode(query, doseq=True)
    return reverse("maps:vacant-unit", args=[unit]) + (f"?{tail}" if tail else "")


@register.simple_tag
def asking(unit):
    """The asking rent as asked, and for the whole unit a month where that is something else."""
    if unit.asked_rent is None:
        return _("on request")
    asked = f"{money(unit.asked_rent)} {RentUnit(unit.asked_unit).label}"
    if unit.asked_unit == RentUnit.MONTH:
        return asked
    month = _("%(rent)s yuan a month") % {"rent": money(unit.asked_month)}
    return format_html("{}<small>{}</small>", asked, month)
