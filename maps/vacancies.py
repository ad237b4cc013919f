"""``/vacancies/``: what is free on a day, for everybody; asking rents, no tenants, no leases."""

from dateutil.relativedelta import relativedelta
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from incubation.selectors.carriers import carriers_of
from incubation.services.writing import MOST_UNITS
from incubation.vacancy_filters import TOGETHER, VacancyFilter
from maps.build import basemap_datum, build_map, sources
from maps.district import district_outline
from maps.frames import vacancies_frame
from maps.joining import joined, with_home
from maps.layers import count_features, geojson
from maps.views import data_response, document_response
from parks.days import day_of, latest_day
from tenants.selectors import vacancies
from tenants.selectors.asking import with_asking_rent

PAGE_SIZE = 24
#: So many sets of adjoining units are told.
SETS = 6
#: When nothing is free: after so many months it is asked again.
LATER = (1, 3, 6, 12)
#: Wishes that not everybody has.
MORE = (
    "floor_load_kn_m2__gte", "clear_height_m__gte", "power_kva__gte", "fire_class",
    "asked_m2__lte", "q", "goods_lift", "drainage",
)  # fmt: skip
#: Column of a unit → what a set of units has of it together.
SUMS = {"gross_area_m2": "area_m2", "seats": "seats", "power_kva": "power_kva"}
SHAPES = (
    "floor__outline", "floor__building__footprint", "floor__building__park__boundary",
)  # fmt: skip


class VacancyMixin:
    """``on``, the filter and the units it leaves, with what is asked for them."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.on = day_of(request)
        free = with_asking_rent(vacancies(self.on), self.on)
        self.filter = VacancyFilter(request.GET, queryset=free, request=request)
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
    """List of vacant, listed units, adjoining ones as one, their sums by park and their map.

    Fixed number of queries.
    """

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
        units = self.filter.ordered(self.units) if self.valid else self.units
        units = units.with_number_on(self.on).with_place().defer("outline", *SHAPES)
        page = Paginator(units, PAGE_SIZE).get_page(self.request.GET.get("page"))
        homes = carriers_of([unit.pk for unit in page], self.on)
        for unit in page:
            unit.carrier = homes.get(unit.pk)
        tiles = [
            {
                "name": row[f"{place}name"], "code": row[f"{place}code"], **row,
                "url": self.address("maps:vacancies", park=row[f"{place}code"], building=None),
            }
            for row in by_park
        ]  # fmt: skip
        return super().get_context_data(
            **kwargs, form=self.filter.form, page_obj=page, tiles=tiles,
            sets=self.sets() if self.valid and page.number == 1 else [], asks_size=self.asks_size,
            later=self.later() if self.valid and not page.paginator.count else [],
            looser=self.looser() if self.valid and not page.paginator.count else [],
            fields=fields_of(self.filter.form), on=self.on, chosen_park=self.park, sources=sources(boundary=self.park is None),
            area=sum(row["area"] for row in tiles),
            document=self.address("maps:vacancies-document") if self.valid else "",
        )  # fmt: skip

    def later(self) -> list:
        """``(day, count, address)`` of the later days on which something meets the wishes."""
        found = []
        for months in LATER:
            day = self.on + relativedelta(months=months)
            if day > latest_day():
                break
            free = with_asking_rent(vacancies(day), day)
            count = VacancyFilter(self.request.GET, queryset=free, request=self.request).qs.count()
            if count:
                found.append((day, count, self.address("maps:vacancies", on=day)))
        return found

    def looser(self) -> list:
        """``(wish, count, address)`` of each wish without which something is free on the day."""
        found = []
        for field in self.filter.form:
            if field.name == "order" or not self.request.GET.get(field.name):
                continue
            wishes = {k: v for k, v in self.request.GET.items() if k != field.name}
            units = VacancyFilter(wishes, queryset=self.filter.queryset, request=self.request).qs
            if count := units.count():
                found.append(
                    (field.label, count, self.address("maps:vacancies", **{field.name: None}))
                )
        return found

    @property
    def asks_size(self) -> bool:
        return any(self.request.GET.get(f"{name}__gte") for name in SUMS)

    def sets(self) -> list:
        """Adjoining units that together meet the wishes."""
        wishes = {k: v for k, v in self.request.GET.items() if k not in TOGETHER}
        units = VacancyFilter(wishes, queryset=self.filter.queryset, request=self.request).qs
        units = with_home(units, self.on).with_number_on(self.on).with_place()
        units = units.defer(*SHAPES).in_plan_order()
        asked = self.filter.form.cleaned_data
        least = {name: asked.get(f"{name}__gte") or 0 for name in SUMS}
        sets = joined(units, area=least["gross_area_m2"], seats=least["seats"])
        most = {"area_m2": asked["gross_area_m2__lte"], "asked_month": asked["asked_month__lte"]}
        return [one for one in sets if self.fits(one, least, most)][:SETS]

    @staticmethod
    def fits(one, least, most) -> bool:
        enough = len(one.units) <= MOST_UNITS and all(
            getattr(one, SUMS[name]) >= value for name, value in least.items()
        )
        return enough and all(
            value is None or (has is not None and has <= value)
            for value, has in ((value, getattr(one, name)) for name, value in most.items())
        )


def fields_of(form) -> tuple[list, list, bool]:
    """The fields always in sight, those behind "more", and whether one of these is asked for."""
    more = [form[name] for name in MORE]
    hidden = {"building", "order", *MORE}
    main = [field for field in form if field.name not in hidden]
    return main, more, any(field.data or field.errors for field in more)


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
