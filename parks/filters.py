"""Filters of the lists, the same for pages and the API. An unknown value is an error, not ignored."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from parks.models import Building, Floor, Park, UnitChange, UnitClosure


class ParkFilter(filters.FilterSet):
    class Meta:
        model = Park
        fields = {"code": ["exact"], "name": ["icontains"], "street_code": ["exact"]}


class BuildingFilter(filters.FilterSet):
    park = filters.CharFilter("park__code", label=_("park"))

    class Meta:
        model = Building
        fields = {"code": ["exact"], "name": ["icontains"], "use": ["exact"]}


class FloorFilter(filters.FilterSet):
    park = filters.CharFilter("building__park__code", label=_("park"))
    building = filters.NumberFilter("building_id", label=_("building"))

    class Meta:
        model = Floor
        fields = {"ordinal": ["exact", "gte", "lte"]}


class ChangeFilter(filters.FilterSet):
    park = filters.CharFilter("park__code", label=_("park"))

    class Meta:
        model = UnitChange
        fields = {"kind": ["exact"], "effective_on": ["gte", "lte"]}


class ClosureFilter(filters.FilterSet):
    park = filters.CharFilter("unit__floor__building__park__code", label=_("park"))
    unit = filters.NumberFilter("unit_id", label=_("unit"))

    class Meta:
        model = UnitClosure
        fields = {"reason": ["exact"]}
