"""What people look for in space: one filter for the page and the API."""

from datetime import date

import django_filters as filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from parks.filters import KeyFilter
from parks.fire import hosting
from parks.models import Unit
from parks.models.space import FireClass, UnitKind

#: Days one can ask for; a term of twenty years after the last one is a day still.
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


class WishFilter(filters.FilterSet):
    """Over units; ``free_by`` and ``months`` are read by the caller and asked of ``free_units``."""

    park = filters.CharFilter("floor__building__park__code", label=_("park"))
    building = KeyFilter("floor__building_id", label=_("building"))
    kind = filters.ChoiceFilter(label=_("kind"), choices=UnitKind)
    free_by = filters.DateFilter(
        label=_("free by"), method="as_it_is",
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )  # fmt: skip
    months = filters.NumberFilter(
        label=_("for at least (months)"), method="as_it_is", min_value=1, max_value=240,
        decimal_places=0,
    )  # fmt: skip
    floor_load_kn_m2__gte = filters.NumberFilter(
        "floor_load_kn_m2", "gte", label=_("load from (kN/m²)")
    )
    clear_height_m__gte = filters.NumberFilter("clear_height_m", "gte", label=_("height from (m)"))
    power_kva__gte = filters.NumberFilter("power_kva", "gte", label=_("power from (kVA)"))
    fire_class = filters.ChoiceFilter(
        label=_("for production of class"), choices=FireClass, method="by_fire_class"
    )
    goods_lift = filters.BooleanFilter(label=_("goods lift"))
    drainage = filters.BooleanFilter(label=_("process drainage"))

    class Meta:
        model = Unit
        fields = []

    def as_it_is(self, units, name, value):
        return units

    def by_fire_class(self, units, name, value: str):
        return units.filter(floor__building__fire_class__in=hosting(value))


class FreeFilter(WishFilter):
    """Single units."""

    gross_area_m2__gte = filters.NumberFilter("gross_area_m2", "gte", label=_("area from (m²)"))
    gross_area_m2__lte = filters.NumberFilter("gross_area_m2", "lte", label=_("area to (m²)"))
    seats__gte = filters.NumberFilter("seats", "gte", label=_("desks from"))


class ContiguousFilter(WishFilter):
    """Adjoining units that together give ``area`` m²."""

    area = filters.NumberFilter(
        label=_("area together (m²)"), method="as_it_is", min_value=1, max_value=10_000_000,
        required=True,
    )  # fmt: skip
