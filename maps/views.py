"""Maps: the page, its Folium document, its data and its table, all by the same road.

request → ``MapForm`` → ``MapScope`` → frame → features → document. The clock is read here, once.
"""

import secrets
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from maps.build import basemap_datum, build_map, content_security_policy, render, sources
from maps.chain_scenes import CHAIN_SCENES
from maps.charts import ratio_chart
from maps.exports import download, gis_links
from maps.forms import DEFINITIONS, LAYERS, MEASURES, RATIOS, SPACE, MapForm
from maps.frames import floors_frame, units_of
from maps.layers import etag, geojson
from maps.panels import unit_panel
from maps.scenes import SCENES
from maps.scope import MapScope
from parks.days import day_of
from parks.models import Park
from parks.ratios import Ratio
from parks.states import UnitState
from tenants.selectors import occupancy_series

#: How far back the chart of a park looks.
CHART_YEARS = 2


class SceneMixin(PermissionRequiredMixin):
    """Turns the address into a scene; somebody else's park is not found."""

    permission_required = "maps.view_maps"
    level = "district"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()
        self.form = MapForm(request.GET, today=self.today)
        self.values = self.form.values

    def get_permission_required(self):
        chain = () if self.values["layer"] == SPACE else ("incubation.view_chain",)
        return (self.permission_required, *chain)

    def scene(self):
        user, values = self.request.user, self.values
        scene = (SCENES if values["layer"] == SPACE else CHAIN_SCENES)[self.level]
        scope = MapScope(
            on=values["on"], parks=Park.objects.visible_to(user), ratio=values["ratio"],
            measure=values["measure"], scheme=values["scheme"], compare=values["compare"],
            layer=values["layer"],
            names=user.has_perm("tenants.view_tenant"), **scene.place(user, self.kwargs, values),
        )  # fmt: skip
        kept = {
            name: values[name]
            for name in ("on", "layer", "ratio", "measure", "scheme", "compare")
            if values[name] != (self.today if name == "on" else MapForm.defaults.get(name))
        }
        return scene(scope, kept)

    def address(self, part, **changes) -> str:
        """Address of another part of this map, every value written out."""
        shown = {
            name: value
            for name, value in (self.values | changes).items()
            if value not in (None, "") and name not in ("format", "ordering")
        }
        return f"{reverse(f'maps:{self.level}-{part}', kwargs=self.kwargs)}?{urlencode(shown)}"

    def complaint(self):
        """A part that cannot be read as asked says so; pages fall back and say so too."""
        text = "\n".join(self.form.complaints())
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


class MapPage(SceneMixin, TemplateView):
    """The page around the map: title, filters, legend, map, table."""

    template_name = "maps/map.html"

    def get(self, request, *args, **kwargs):
        self.map = self.scene()
        frame = self.map.frame()
        if self.values["format"]:
            if not self.form.is_valid():
                return self.complaint()
            return download(
                frame, on=self.values["on"], name=self.map.name, kind=self.values["format"]
            )
        context = self.get_context_data(**self.frame_context(frame))
        status = 200 if self.form.is_valid() else 400
        return self.render_to_response(context, status=status)

    def frame_context(self, frame) -> dict:
        scope = self.map.scope
        context = {
            "level": self.level, "scope": scope, "on": scope.on, "form": self.form,
            "values": self.values, "park": scope.park, "rows": self.rows(frame),
            "layers": LAYERS, "layer": scope.layer, "layer_name": LAYERS[scope.layer],
            "layer_asked": self.map.query.get("layer"),
            "count": int(frame["units"].sum()) if "units" in frame else len(frame),
            "undrawn": sum(shape is None for shape in frame.geometry),
            "indicative": bool((frame["source"] == "indicative").any()),
            "complaints": [] if "on" in self.form.errors else self.form.complaints(),
            "document": self.address("document"), "sources": sources(),
            "downloads": [(kind, f"{self.address('page')}&format={kind}")
                          for kind in ("csv", "xlsx", "geojson")],
        }  # fmt: skip
        if self.request.user.has_perm("maps.export_geo"):
            layer = {"district": "parks", "park": "buildings", "building": "units"}[self.level]
            context["downloads"] += gis_links(layer, on=scope.on, park=scope.park)
        if self.level == "building":
            context |= self.floor_context(scope)
        if scope.layer != SPACE:
            return context | self.map.shown(frame)
        add = self.states_context if self.level == "building" else self.ratio_context
        return context | add(scope, frame)

    def rows(self, frame) -> list:
        """The frame's rows with their links, in the order asked for."""
        asked = self.values["ordering"] or ""
        column = asked.removeprefix("-")
        if column in self.map.columns and column in frame:
            frame = frame.sort_values(
                column, ascending=not asked.startswith("-"), na_position="last", kind="stable"
            )
        return self.map.rows(frame)

    def ratio_context(self, scope, frame) -> dict:
        def whole(prefix, on):
            sums = [sum(frame[f"{prefix}{part}"], Decimal(0))
                    for part in ("numerator", "denominator")]  # fmt: skip
            return Ratio(scope.ratio, *sums, self.map.unit, on)

        context = {
            "classes": self.map.classes(frame), "total": whole("", scope.on),
            "ratio_name": RATIOS[scope.ratio], "measure_name": MEASURES[scope.measure],
            "definition": DEFINITIONS[scope.ratio], "unit_name": self.map.unit,
        }  # fmt: skip
        if scope.compare:
            context["total_before"] = before = whole("before_", scope.compare)
            if None not in (before.value, context["total"].value):
                context["total_change"] = float(context["total"].value - before.value)
        if scope.park is not None:
            start = max(scope.on - relativedelta(years=CHART_YEARS), settings.FIRST_DAY)
            context["series"] = occupancy_series(units_of(scope), start, scope.on)
            context["chart"] = ratio_chart(context["series"])
        return context

    def states_context(self, scope, frame) -> dict:
        sizes = frame.groupby("state")["gross_area_m2"].agg(["size", "sum"]).to_dict("index")
        return {
            "totals": [
                {"state": state.value, "count": sizes[state.value]["size"],
                 "area": sizes[state.value]["sum"]}
                for state in UnitState
                if state.value in sizes
            ],
        }  # fmt: skip

    def floor_context(self, scope) -> dict:
        context = {
            "building": scope.building,
            "floor": scope.floor,
            "floors": floors_frame(scope).to_dict("records"),
        }
        chosen = self.values["unit"]
        if chosen and scope.floor:
            context["chosen"] = chosen
            context["panel"] = unit_panel(self.request.user, chosen, scope.on, floor=scope.floor)
        return context


class MapDocument(SceneMixin, View):
    """The Folium document in the page's frame. It holds no shape and no name: it fetches them."""

    def get(self, request, *args, **kwargs):
        if not self.form.is_valid():
            return self.complaint()
        scene = self.scene()
        fmap = build_map(
            self.address("data", unit=None),
            chosen=self.values["unit"],
            boundary=self.level == "district",
        )
        return document_response(fmap, title=scene.name)


class MapData(SceneMixin, View):
    """The features as GeoJSON, on the datum of the base map."""

    def get(self, request, *args, **kwargs):
        if not self.form.is_valid():
            return self.complaint()
        scene = self.scene()
        frame = scene.frame()
        return data_response(
            request,
            geojson(frame, scene.features(frame), datum=basemap_datum(), context=scene.context()),
        )


def document_response(fmap, *, title) -> HttpResponse:
    """The document with a policy of its own: Folium writes scripts and styles inline."""
    nonce = secrets.token_urlsafe(16)
    response = HttpResponse(render(fmap, title=title, nonce=nonce))
    response["Content-Security-Policy"] = content_security_policy(nonce)
    response["Cache-Control"] = "private, no-store"
    return response


def data_response(request, text) -> HttpResponse:
    """``text`` as GeoJSON; 304 when the browser has it already."""
    response = HttpResponse(text, content_type="application/geo+json")
    response["ETag"] = etag(text)
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response)


class UnitPanel(PermissionRequiredMixin, TemplateView):
    """What the viewer may see of one unit on the day; opened at the right of the floor plan."""

    permission_required = "maps.view_maps"
    template_name = "maps/_unit_panel.html"

    def get_context_data(self, **kwargs):
        on = day_of(self.request)
        panel = unit_panel(self.request.user, kwargs["pk"], on) if kwargs["pk"] < 2**63 else None
        if panel is None:
            raise Http404(_("No such unit exists on this day."))
        return super().get_context_data(**kwargs, on=on, today=timezone.localdate(), panel=panel)
