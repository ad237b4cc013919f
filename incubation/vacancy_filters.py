"""What the public may ask of vacant units: one filter for the page and the API."""

import django_filters as filters
from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incubation.models import CarrierSpace, Stage
from parks.days import day_of
from parks.models import Park
from parks.models.space import FireClass, UnitKind
from tenants.space_filters import FreeFilter

#: What a set of units has together, each of them need not have alone.
TOGETHER = (
    "gross_area_m2__gte", "gross_area_m2__lte", "seats__gte", "power_kva__gte", "asked_month__lte",
)  # fmt: skip
ORDERS = {
    "area": [F("gross_area_m2").asc()],
    "-area": [F("gross_area_m2").desc()],
    "rent": [F("asked_month").asc(nulls_last=True)],
    "m2": [F("asked_m2").asc(nulls_last=True)],
}


class Ticked(filters.BooleanFilter):
    """A box: wished for or all the same."""

    field_class = forms.BooleanField

    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, widget=forms.CheckboxInput, **kwargs)

    def filter(self, units, value):
        return super().filter(units, value) if value else units


class VacancyFilter(FreeFilter):
    """Over units with their state and asking rent of the day of ``request``."""

    free_by = months = None
    q = filters.CharFilter(label=_("number, old or new"), method="by_number")
    park = filters.ModelChoiceFilter(
        field_name="floor__building__park", to_field_name="code", label=_("park"),
        queryset=Park.objects.defer("boundary").order_by("code"), empty_label=_("All"),
    )  # fmt: skip
    kind = filters.ChoiceFilter(label=_("kind"), choices=UnitKind, empty_label=_("All"))
    fire_class = filters.ChoiceFilter(
        label=_("for production of class"), choices=FireClass, method="by_fire_class",
        empty_label=_("All"),
    )  # fmt: skip
    stage = filters.ChoiceFilter(
        label=_("stage of the carrier"), choices=Stage, method="by_stage", empty_label=_("All")
    )
    asked_m2__lte = filters.NumberFilter(
        "asked_m2", "lte", label=_("rent to (yuan/m²·month)"), min_value=0
    )
    asked_month__lte = filters.NumberFilter(
        "asked_month", "lte", label=_("rent a month to (yuan)"), min_value=0
    )
    goods_lift = Ticked("goods_lift", label=_("goods lift"))
    drainage = Ticked("drainage", label=_("process drainage"))
    order = filters.ChoiceFilter(
        label=_("order"), method="as_it_is", empty_label=_("by place"),
        choices=[("area", _("smallest first")), ("-area", _("largest first")),
                 ("rent", _("least rent a month first")), ("m2", _("least rent per m² first"))],
    )  # fmt: skip

    class Meta(FreeFilter.Meta):
        pass

    def by_number(self, units, name, value):
        return units.matching(value)

    def by_stage(self, units, name, value: str):
        spaces = CarrierSpace.objects.active_on(day_of(self.request)).filter(
            carrier__stage=value, purpose=CarrierSpace.Purpose.TENANTS
        )
        return units.filter(pk__in=spaces.values("unit"))

    def ordered(self, units):
        """``units`` in the order asked for, else in that of the plans."""
        order = ORDERS.get(self.form.cleaned_data.get("order"))
        return units.order_by(*order, "pk") if order else units.in_plan_order()
