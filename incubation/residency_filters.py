"""Filters of residencies as of a day; shared by the pages and the API."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incubation.models import Carrier, Residency, Stage
from incubation.selectors.residencies import ResidencyState
from parks.days import day_of
from parks.filters import KeyFilter
from parks.models import Unit
from tenants.models import Tenant
from tenants.selectors import let_units


def _carriers(request):
    return Carrier.objects.visible_to(request.user).order_by("name") if request else (
        Carrier.objects.none()
    )  # fmt: skip


class DueFilter(filters.FilterSet):
    """Over residencies with ``due`` (``listed``): who, where and in which field."""

    q = filters.CharFilter(label=_("tenant or agreement"), method="by_text")
    park = filters.CharFilter("carrier__park__code", label=_("park"))
    carrier = filters.ModelChoiceFilter(label=_("carrier"), queryset=_carriers)
    stage = filters.ChoiceFilter("carrier__stage", label=_("stage"), choices=Stage)
    chain = filters.ChoiceFilter("tenant__chain", label=_("chain"), choices=Tenant.Chain)
    field = filters.CharFilter("tenant__field", "icontains", label=_("field"))

    class Meta:
        model = Residency
        fields = []

    def by_text(self, rows, name, value):
        value = " ".join(value.split())
        return rows.filter(
            Q(tenant__in=Tenant.objects.matching(value).values("pk"))
            | Q(agreement_number__icontains=value)
        )


class ResidencyFilter(DueFilter):
    """Over residencies with ``due`` and ``state`` (``listed``)."""

    tenant = KeyFilter("tenant_id", label=_("tenant"))
    building = KeyFilter(
        label=_("let space in building"), method="by_building", widget=forms.HiddenInput
    )
    state = filters.MultipleChoiceFilter(
        label=_("state"), choices=ResidencyState, method="in_states"
    )
    due_within = filters.NumberFilter(
        label=_("due within (days)"), method="by_due", min_value=0, max_value=9999
    )
    outcome = filters.ChoiceFilter(label=_("outcome"), choices=Residency.Outcome)
    destination = filters.ChoiceFilter(label=_("went to"), choices=Residency.Destination)
    exempted = filters.BooleanFilter(
        "exempted_by", "isnull", exclude=True, label=_("entered by exemption")
    )
    entered_on__gte = filters.DateFilter("entered_on", "gte", label=_("entered from"))
    entered_on__lte = filters.DateFilter("entered_on", "lte", label=_("entered to"))
    left_on__gte = filters.DateFilter("left_on", "gte", label=_("left from"))
    left_on__lte = filters.DateFilter("left_on", "lte", label=_("left to"))

    def by_building(self, rows, name, value):
        """Residencies in carriers of the building's park whose tenants are let space in it."""
        units = Unit.objects.filter(floor__building=value)
        tenants = let_units(units, day_of(self.request)).order_by().values("tenant_id")
        return rows.filter(carrier__park__buildings=value, tenant__in=tenants)

    def in_states(self, rows, name, value: list[str]):
        return rows.filter(state__in=value) if value else rows

    def by_due(self, rows, name, value):
        on = day_of(self.request)
        return rows.open_on(on).filter(due__gt=on, due__lte=on + timedelta(days=int(value)))
