"""``/vacancies/``: what is free on a day, for everybody; no rents, no tenants."""

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone
from django.views.generic import TemplateView

from parks.days import day_of
from tenants.filters import UnitFilter
from tenants.selectors import vacancies

PAGE_SIZE = 50


class VacancyFilter(UnitFilter):
    """The part of the unit filter that the public may use."""

    state = None

    class Meta(UnitFilter.Meta):
        exclude = ["state", "building", "floor"]


class Vacancies(TemplateView):
    """List of vacant, listed units and their sums by park. Six queries whatever the number."""

    template_name = "maps/vacancies.html"

    def get_context_data(self, **kwargs):
        on = max(day_of(self.request), timezone.localdate())
        free = vacancies(on).exclude(kind="other")
        found = VacancyFilter(self.request.GET, queryset=free)
        units = found.qs if found.is_valid() else free.none()
        by_park = (
            units.order_by()
            .values("floor__building__park__code", "floor__building__park__name")
            .annotate(count=Count("pk"), area=Sum("gross_area_m2"),
                      least=Min("gross_area_m2"), most=Max("gross_area_m2"))
            .order_by("floor__building__park__code")
        )  # fmt: skip
        page = Paginator(
            units.with_number_on(on).select_related("floor__building__park").defer(
                "outline", "floor__outline", "floor__building__footprint",
                "floor__building__park__boundary",
            ).in_plan_order(),
            PAGE_SIZE,
        ).get_page(self.request.GET.get("page"))  # fmt: skip
        return super().get_context_data(
            **kwargs, filter=found, page_obj=page, by_park=list(by_park), shown_on=on
        )
