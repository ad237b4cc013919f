"""Filters of the lists, the same for pages and the API. An unknown value is an error, not ignored."""

import django_filters as filters
from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from parks.models import Building, Floor, Park, UnitChange, UnitClosure


class KeyFilter(filters.NumberFilter):
    """The key of a row: a whole number that a database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, **kwargs)

    def get_max_validator(self):
        return MaxValueValidator(2**63 - 1)


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
    building = KeyFilter("building_id", label=_("building"))

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
    unit = KeyFilter("unit_id", label=_("unit"))

    class Meta:
        model = UnitClosure
        fields = {"reason": ["exact"]}
