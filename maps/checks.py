"""The drawing of a floor against itself: what leaves the floor or lies on something else."""

import geopandas as gpd
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from maps.build import basemap_datum, build_map
from maps.frames import CRS
from maps.layers import geojson
from maps.views import data_response, document_response
from parks.days import day_of
from parks.models import Floor, Unit
from parks.outlines import TOLERANCE_M2, check_floor

ERROR, WARNING, PLAIN = "#c0392b", "#e69f00", "#ffffff"


class CheckMixin(PermissionRequiredMixin):
    permission_required = "parks.change_unit"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.on = day_of(request)

    def floor(self) -> Floor:
        floors = Floor.objects.visible_to(self.request.user).select_related("building__park")
        return get_object_or_404(floors, pk=min(self.kwargs["pk"], 2**63 - 1))

    def address(self, part) -> str:
        url = reverse(f"maps:floor-check-{part}", kwargs=self.kwargs)
        return f"{url}?{urlencode({'on': self.on})}"


class FloorCheck(CheckMixin, TemplateView):
    """The findings, each with its picture."""

    template_name = "maps/floor_check.html"

    def get_context_data(self, **kwargs):
        floor = self.floor()
        units = Unit.objects.filter(floor=floor).existing_on(self.on).with_number_on(self.on)
        return super().get_context_data(
            **kwargs, floor=floor, undrawn=units.filter(outline=None).order_by("number_on"), building=floor.building, park=floor.building.park, on=self.on,
            findings=check_floor(floor, on=self.on), document=self.address("document"),
            tolerance=TOLERANCE_M2,
        )  # fmt: skip


class FloorCheckDocument(CheckMixin, View):
    def get(self, request, pk):
        self.floor()
        return document_response(build_map(self.address("data")), title=_("Check the drawing"))


class FloorCheckData(CheckMixin, View):
    """The units in white, the offending areas over them."""

    def get(self, request, pk):
        floor = self.floor()
        units = Unit.objects.filter(floor=floor).existing_on(self.on).with_number_on(self.on)
        units = [unit for unit in units if unit.outline is not None]
        findings = check_floor(floor, units=units)
        shapes = [unit.outline for unit in units] + [finding.shape for finding in findings]
        values = [{"id": u.pk, "label": u.number_on, "text": "", "fill": PLAIN} for u in units]
        values += [
            {"id": -i, "label": finding.message, "text": "", "mark": str(i),
             "fill": ERROR if finding.severity == "error" else WARNING}
            for i, finding in enumerate(findings, start=1)
        ]  # fmt: skip
        frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=CRS))
        context = [("floor", floor.outline)]
        return data_response(
            request, geojson(frame, values, datum=basemap_datum(), context=context)
        )
