"""Parks, buildings and units as of the day."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks.days import day_of
from parks.models import Building, Park, Unit
from parks.services.space import OUTLINES
from parks.states import UnitState
from parks.templatetags.space import m2, state_chip
from tenants.filters import UnitFilter
from tenants.lifeline import lifeline
from tenants.models import Hold, LeaseLine
from tenants.selectors import annotate_state, ratios_by, shares
from tenants.trail import trail_of
from tenants.views.base import RowsView, last_day
from tenants.views.lists import Column


class ParkList(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/park_list.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        by_park = ratios_by(Unit.objects.visible_to(user), on, by="floor__building__park")
        parks = Park.objects.visible_to(user).defer("boundary")
        return super().get_context_data(
            **kwargs, rows=[(park, by_park.get(park.pk)) for park in parks]
        )


class ParkDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/park_detail.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        park = get_object_or_404(Park.objects.visible_to(user), code=self.kwargs["code"])
        units = Unit.objects.of_park(park)
        by_building = ratios_by(units, on, by="floor__building")
        buildings = park.buildings.defer("footprint").order_by("code")
        return super().get_context_data(
            **kwargs, park=park, whole=shares(units, on),
            rows=[(building, by_building.get(building.pk)) for building in buildings],
            plans=park.unit_changes.planned_after(on).prefetch_related("sources", "results"),
            trail=trail_of(park, user),
        )  # fmt: skip


class BuildingDetail(PermissionRequiredMixin, TemplateView):
    """Floors from the top, each with its units of the day as cells."""

    permission_required = "parks.view_park"
    template_name = "tenants/building_detail.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        building = get_object_or_404(
            Building.objects.visible_to(user).select_related("park"), pk=self.kwargs["pk"]
        )
        units = Unit.objects.filter(floor__building=building)
        by_floor = ratios_by(units, on, by="floor")
        cells = {}
        for unit in (
            annotate_state(units, on).with_number_on(on).defer("outline").order_by("number")
        ):
            cells.setdefault(unit.floor_id, []).append(unit)
        floors = building.floors.defer("outline").order_by("-ordinal")
        return super().get_context_data(
            **kwargs, building=building, park=building.park, whole=shares(units, on),
            floors=[(floor, by_floor.get(floor.pk), cells.get(floor.pk, [])) for floor in floors],
            trail=trail_of(building, user),
        )  # fmt: skip


class UnitList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/unit_list.html"
    filter_class = UnitFilter
    orders = ("number", "gross_area_m2", "state", "kind", "lease_end", "tenant_name")
    default_order = ("floor__building__park__code", "floor__building__code", "floor__ordinal", "number", "pk")  # fmt: skip
    columns = (
        Column(gettext_lazy("number"), "number_on", order="number",
               link=lambda unit: reverse("tenants:unit-detail", args=[unit.pk])),
        Column(gettext_lazy("park"), "floor__building__park__name"),
        Column(gettext_lazy("building"), "floor__building__name"),
        Column(gettext_lazy("floor"), "floor__name"),
        Column(gettext_lazy("kind"), "get_kind_display", order="kind"),
        Column(gettext_lazy("state"), lambda unit: str(UnitState(unit.state).label), name="state",
               order="state", key=True, cell=lambda unit: state_chip(unit.state)),
        Column(gettext_lazy("gross area (m²)"), "gross_area_m2", order="gross_area_m2", num=True,
               key=True),
        Column(gettext_lazy("billable area (m²)"), "billable_area_m2", num=True, shown=False),
        Column(gettext_lazy("tenant"), "tenant_name", order="tenant_name"),
        Column(gettext_lazy("lease ends"), last_day("lease_end"), name="lease_end",
               order="lease_end"),
    )  # fmt: skip

    def rows(self, on):
        units = annotate_state(Unit.objects.visible_to(self.request.user), on).with_number_on(on)
        return units.with_place().defer(*OUTLINES)

    def get_context_data(self, **kwargs):
        units = self.object_list
        self.whole = shares(Unit.objects.filter(pk__in=units.order_by().values("pk")), self.on)
        return super().get_context_data(**kwargs, whole=self.whole)

    def totals(self):
        return {"gross_area_m2": m2(self.whole.gross)}


class UnitPage:
    """A unit of one's own parks, with its state of the day."""

    @cached_property
    def unit(self):
        on = day_of(self.request)
        units = Unit.objects.visible_to(self.request.user).with_place().defer(*OUTLINES[1:])
        there = annotate_state(units, on).with_number_on(on).filter(pk=self.kwargs["pk"]).first()
        return there or get_object_or_404(units, pk=self.kwargs["pk"])

    def back(self):
        return reverse("tenants:unit-detail", args=[self.kwargs["pk"]])

    def story(self) -> dict:
        """What the unit has been and is planned to be: rows, lineage and line of time."""
        unit, user = self.unit, self.request.user
        lines = LeaseLine.objects.visible_to(user).filter(unit=unit)
        rows = {
            "lines": lines.select_related("lease__tenant").order_by("-start"),
            "holds": Hold.objects.visible_to(user).filter(unit=unit).select_related("tenant"),
            "closures": unit.closures.order_by("-start"),
        }
        return rows | {
            "unit": unit, "park": unit.floor.building.park,
            "life": lifeline(unit, on=day_of(self.request), **rows),
            "asking": unit.asking_rents.order_by("-start"),
            "former": unit.former_numbers.order_by("-start"),
            "begun": unit.begun_by and list(unit.begun_by.sources.all()),
            "ended": unit.ended_by and list(unit.ended_by.results.all()),
        }  # fmt: skip


class UnitDetail(UnitPage, PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/unit_detail.html"

    def get_context_data(self, **kwargs):
        trail = trail_of(self.unit, self.request.user)
        return super().get_context_data(**kwargs, **self.story(), trail=trail)
