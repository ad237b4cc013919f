"""``/vacancies/``: what is free on a day, for everybody; no rents, no tenants."""

import django_filters as filters
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from maps.build import basemap_datum, build_map, sources
from maps.district import district_outline
from maps.frames import vacancies_frame
from maps.layers import count_features, geojson
from maps.views import data_response, document_response
from parks.days import day_of
from parks.models import Park
from tenants.filters import UnitFilter
from tenants.selectors import vacancies

PAGE_SIZE = 50
SHAPES = (
    "outline", "floor__outline", "floor__building__footprint", "floor__building__park__boundary",
)  # fmt: skip


class VacancyFilter(UnitFilter):
    """The part of the unit filter that the public may use."""

    park = filters.ModelChoiceFilter(
        field_name="floor__building__park", to_field_name="code", label=gettext_lazy("park"),
        queryset=Park.objects.defer("boundary").order_by("code"),
    )  # fmt: skip
    state = None
    floor = None

    class Meta(UnitFilter.Meta):
        pass


class VacancyMixin:
    """``on``, the filter and the units it leaves."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.on = day_of(request)
        free = vacancies(self.on)
        self.filter = VacancyFilter(request.GET, queryset=free)
        self.valid = self.filter.is_valid()
        self.units = self.filter.qs if self.valid else free.none()

    @property
    def park(self):
        return self.filter.form.cleaned_data.get("park") if self.valid else None

    def address(self, name, **changes) -> str:
        """With the filters of this request; the day always written out."""
        query = self.request.GET.dict() | {"on": self.on} | changes
        query = {k: v for k, v in query.items() if v not in (None, "") and k != "page"}
        return f"{reverse(name)}?{urlencode(query)}"


class Vacancies(VacancyMixin, TemplateView):
    """List of vacant, listed units, their sums by park and their map. Fixed number of queries."""

    template_name = "maps/vacancies.html"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(
            self.get_context_data(**kwargs), status=200 if self.valid else 400
        )

    def get_context_data(self, **kwargs):
        place = "floor__building__park__"
        by_park = (
            self.units.order_by()
            .values(f"{place}code", f"{place}name")
            .annotate(count=Count("pk"), area=Sum("gross_area_m2"),
                      least=Min("gross_area_m2"), most=Max("gross_area_m2"))
            .order_by(f"{place}code")
        )  # fmt: skip
        units = self.units.with_number_on(self.on).with_place().defer(*SHAPES).in_plan_order()
        page = Paginator(units, PAGE_SIZE).get_page(self.request.GET.get("page"))
        tiles = [
            {
                "name": row[f"{place}name"], **row,
                "url": self.address("maps:vacancies", park=row[f"{place}code"], building=None),
            }
            for row in by_park
        ]  # fmt: skip
        return super().get_context_data(
            **kwargs, filter=self.filter, form=self.filter.form, page_obj=page, tiles=tiles,
            on=self.on, chosen_park=self.park, sources=sources(boundary=self.park is None),
            area=sum(row["area"] for row in tiles),
            document=self.address("maps:vacancies-document") if self.valid else "",
        )  # fmt: skip


class VacancyDocument(VacancyMixin, View):
    def get(self, request):
        if not self.valid:
            return HttpResponse(status=400)
        fmap = build_map(self.address("maps:vacancies-data"), boundary=self.park is None)
        return document_response(fmap, title=_("Vacant space"))


class VacancyData(VacancyMixin, View):
    """Parks, or the buildings of the chosen one, with what is free in them."""

    def get(self, request):
        if not self.valid:
            return HttpResponse(status=400)
        frame = vacancies_frame(self.units, park=self.park)
        context = [("park", self.park.boundary)] if self.park else []
        features = count_features(frame, url=self.link, text=self.text, floating=not self.park)
        context = context or [("district", district_outline())]
        return data_response(
            request, geojson(frame, features, datum=basemap_datum(), context=context)
        )

    def link(self, row):
        if self.park:
            return self.address("maps:vacancies", building=row.id)
        return self.address("maps:vacancies", park=row.code, building=None)

    def text(self, row):
        units = ngettext("%(n)d vacant unit", "%(n)d vacant units", row.free) % {"n": row.free}
        return f"{units}\n{row.area:,.0f} ㎡"
