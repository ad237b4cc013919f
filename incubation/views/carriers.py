"""Carriers as of the day: the list and one carrier's page."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from incubation.carrier_filters import CarrierFilter
from incubation.duty import REPORT_MONTHS
from incubation.models import Carrier, Level, Residency
from incubation.selectors.carriers import (
    GRADES_DOCUMENT,
    changes_of,
    recognitions_of,
    trail_of_carrier,
    uses_of,
    year_table,
)
from parks.days import day_of
from parks.templatetags.space import m2
from tenants.views.base import RowsView
from tenants.views.lists import Column

#: So many events stand on the carrier's page; the others in their list.
EVENTS_SHOWN = 8


def stage_chip(carrier):
    return format_html(
        '<span class="stage-chip {}">{}</span>', carrier.stage, carrier.get_stage_display()
    )


def level_word(carrier):
    return str(Level(carrier.level).label) if carrier.level else None


def carriers_on(user, on):
    """The carriers ``user`` may see that run on ``on``, as they were then."""
    carriers = Carrier.objects.visible_to(user).open_on(on).as_of(on)
    return carriers.with_level(on).with_figures(on).select_related("park").defer("park__boundary")


def on_page(part):
    """Where the carrier's page shows the rows behind a number."""
    return lambda one: reverse("incubation:carrier-detail", args=[one.pk]) + "#" + part


class CarrierList(RowsView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/carrier_list.html"
    filter_class = CarrierFilter
    orders = ("name_on", "stage", "area", "unit_count", "seats", "residents", "incubated",
              "to_report", "opened_on")  # fmt: skip
    default_order = ("park__code", "stage", "name_on", "pk")
    columns = (
        Column(_("name"), "name_on", order="name_on",
               link=lambda one: reverse("incubation:carrier-detail", args=[one.pk])),
        Column(_("park"), "park__name"),
        Column(_("stage"), "get_stage_display", name="stage", order="stage", key=True,
               cell=stage_chip),
        Column(_("kind"), "get_kind_display", name="kind"),
        Column(_("field"), "field", shown=False),
        Column(_("operator"), "operator_on", shown=False),
        Column(_("highest level"), level_word, name="level"),
        Column(_("area (m²)"), "area", order="area", num=True,
               link=on_page("space")),
        Column(_("number of units"), "unit_count", order="unit_count", num=True,
               link=on_page("space")),
        Column(_("number of desks"), "seats", order="seats", num=True, shown=False,
               link=on_page("space")),
        Column(_("residents"), "residents", order="residents", num=True,
               link=on_page("residents")),
        Column(_("incubated firms"), "incubated", order="incubated", num=True, key=True,
               link=on_page("residents")),
        Column(_("changes to report"), "to_report", order="to_report", num=True,
               link=on_page("changes")),
        Column(_("runs since"), "opened_on", order="opened_on", shown=False),
    )  # fmt: skip

    def rows(self, on):
        return carriers_on(self.request.user, on)

    def totals(self):
        names = ("area", "unit_count", "seats", "residents", "incubated", "to_report")
        sums = {f"sum_{name}": Sum(name) for name in names}
        found = self.object_list.order_by().aggregate(**sums)
        found = {name: found[f"sum_{name}"] for name in names}
        return found | {"area": m2(found["area"])}


class CarrierPage(PermissionRequiredMixin):
    """A page of a carrier the user may see, whether it runs on the day or not."""

    permission_required = "incubation.view_chain"

    def found(self):
        on, user = day_of(self.request), self.request.user
        carriers = Carrier.objects.visible_to(user).as_of(on).with_level(on).with_figures(on)
        carriers = carriers.select_related("park").defer("park__boundary")
        return get_object_or_404(carriers, pk=self.kwargs["pk"])


class CarrierDetail(CarrierPage, TemplateView):
    template_name = "incubation/carrier_detail.html"

    def get_context_data(self, **kwargs):
        on, user, carrier = day_of(self.request), self.request.user, self.found()
        uses, whole, spaces = uses_of(carrier, on)
        years, figures = year_table(carrier.years.filter(year__lte=on.year))
        residents = carrier.residencies.visible_to(user).open_on(on).with_due(on)
        counted = set(Residency.objects.incubated_on(on).filter(carrier=carrier).values_list(
            "pk", flat=True))  # fmt: skip
        mentors = carrier.mentors.active_on(on).annotate(
            session_count=Count("sessions", distinct=True)
        )
        events = carrier.events.filter(on__lte=on).annotate(firms=Count("attendance"))
        return super().get_context_data(
            **kwargs, carrier=carrier, park=carrier.park, level=level_word(carrier),
            runs=carrier.opened_on <= on and (carrier.closed_on is None or on < carrier.closed_on),
            uses=uses, whole=whole, spaces=spaces,
            recognitions=recognitions_of(carrier, on), grades_document=GRADES_DOCUMENT,
            changes=changes_of(carrier, on), months=REPORT_MONTHS.months,
            years=years, figures=figures,
            residents=[
                (one, "over" if one.due <= on else "firm" if one.pk in counted else "team")
                for one in residents.select_related("tenant").order_by("due", "pk")
            ],
            mentors=mentors, events=events[:EVENTS_SHOWN], event_count=events.count(),
            trail=trail_of_carrier(carrier, user),
        )  # fmt: skip
