"""Filters of carriers, mentors and events; shared by pages and the API."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.models import Carrier, CarrierKind, CarrierSpace, Level, Mentor, ServiceEvent, Stage
from parks.days import day_of
from parks.filters import KeyFilter


class CarrierFilter(filters.FilterSet):
    """Over carriers with ``level`` of the day (``with_level``)."""

    q = filters.CharFilter("name", "icontains", label=_("name"))
    park = filters.CharFilter("park__code", label=_("park"))
    stage = filters.ChoiceFilter(label=_("stage"), choices=Stage)
    kind = filters.ChoiceFilter(label=_("kind"), choices=CarrierKind)
    level = filters.ChoiceFilter(label=_("highest level"), choices=Level, method="at_level")
    building = KeyFilter(
        label=_("has space in building"), method="by_building", widget=forms.HiddenInput
    )

    class Meta:
        model = Carrier
        fields = []

    def at_level(self, carriers, name, value: str):
        return carriers.filter(level=value)

    def by_building(self, carriers, name, value):
        """Those with space in the building on the day."""
        spaces = CarrierSpace.objects.active_on(day_of(self.request))
        spaces = spaces.filter(unit__floor__building=value)
        return carriers.filter(pk__in=spaces.order_by().values("carrier"))


def _carriers(request):
    return Carrier.objects.visible_to(request.user) if request else Carrier.objects.none()


class OfCarrierFilter(filters.FilterSet):
    park = filters.CharFilter("carrier__park__code", label=_("park"))
    carrier = filters.ModelChoiceFilter(label=_("carrier"), queryset=_carriers)


class MentorFilter(OfCarrierFilter):
    q = filters.CharFilter("name", "icontains", label=_("name"))
    speciality = filters.CharFilter("speciality", "icontains", label=_("speciality"))
    tenant = KeyFilter("pairings__tenant_id", label=_("tenant"), distinct=True)

    class Meta:
        model = Mentor
        fields = []


class EventFilter(OfCarrierFilter):
    kind = filters.ChoiceFilter(label=_("kind"), choices=ServiceEvent.Kind)
    on__gte = filters.DateFilter("on", "gte", label=_("from"))
    on__lte = filters.DateFilter("on", "lte", label=_("until"))
    tenant = KeyFilter("attendance__tenant_id", label=_("tenant"), distinct=True)

    class Meta:
        model = ServiceEvent
        fields = []
