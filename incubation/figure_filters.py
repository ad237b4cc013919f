"""The filter of the figures that residents owe."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from incubation.models import Carrier, Residency
from incubation.selectors.figures import FigureState
from tenants.models import Tenant


def _carriers(request):
    return Carrier.objects.visible_to(request.user).order_by("name") if request else (
        Carrier.objects.none()
    )  # fmt: skip


class FigureOwedFilter(filters.FilterSet):
    """Over residencies with ``figure_state``; the view reads ``year``."""

    q = filters.CharFilter(label=_("tenant"), method="by_text")
    year = filters.NumberFilter(label=_("year"), method="as_it_is", min_value=1990, max_value=2100)
    park = filters.CharFilter("carrier__park__code", label=_("park"))
    carrier = filters.ModelChoiceFilter(label=_("carrier"), queryset=_carriers)
    state = filters.MultipleChoiceFilter(
        "figure_state", label=_("state"), choices=FigureState, method="in_states"
    )

    class Meta:
        model = Residency
        fields = []

    def by_text(self, rows, name, value):
        return rows.filter(tenant__in=Tenant.objects.matching(value).values("pk"))

    def as_it_is(self, rows, name, value):
        return rows

    def in_states(self, rows, name, value: list[str]):
        return rows.filter(figure_state__in=value) if value else rows
