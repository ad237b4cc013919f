"""GIS files on pages: hand in, look at on the map, apply or discard; and downloads of every layer."""

import tempfile
from pathlib import Path

import geopandas as gpd
from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from maps.build import basemap_datum, build_map
from maps.frames import CRS
from maps.geo.columns import LAYERS
from maps.geo.forms import DecisionForm, GeoFileForm
from maps.geo.rows import ACTIONS, CREATED, REFUSED, UNCHANGED
from maps.geo.uploads import apply_upload, discard_upload, planned, receive
from maps.geo.writing import FORMATS, write
from maps.layers import geojson
from maps.views import data_response, document_response
from parks.days import day_of
from parks.errors import RuleViolation
from parks.models import Park, Upload

OLD, NEW, WRONG, SAME = "#c9ced3", "#56b4e9", "#c0392b", "#e3e6e9"
#: Rows of a report on the page; the rest is counted.
ROWS_SHOWN = 500
TYPES = {"gpkg": "application/geopackage+sqlite3", "geojson": "application/geo+json",
         "shp.zip": "application/zip"}  # fmt: skip
SYSTEMS_OUT = ("EPSG:4326", "EPSG:4547")


class Hub(PermissionRequiredMixin, TemplateView):
    """What can be brought in and taken out, and what each is for."""

    permission_required = "maps.export_geo"
    template_name = "maps/files.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            **kwargs, may_import=user.has_perm("maps.import_geo"), layers=LAYERS.items(),
            formats=FORMATS, systems=SYSTEMS_OUT,
            my_parks_here=Park.objects.visible_to(user).defer("boundary").order_by("code"),
        )  # fmt: skip


class GeoFiles(PermissionRequiredMixin, FormView):
    """Hand in a file; those handed in before, latest first."""

    permission_required = "maps.import_geo"
    template_name = "maps/geo_files.html"
    form_class = GeoFileForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        parks = Park.objects.visible_to(self.request.user).values_list("code", flat=True)[:2]
        asked = self.request.GET.get("park") or (parks[0] if len(parks) == 1 else "")
        return {"park": asked, "layer": self.request.GET.get("layer", "buildings")}

    def get_context_data(self, **kwargs):
        files = Upload.objects.visible_to(self.request.user).filter(kind=Upload.Kind.GEO)
        files = files.select_related("park", "by").defer("park__boundary", "report")
        return super().get_context_data(**kwargs, uploads=files[:50])

    def form_valid(self, form):
        values = form.cleaned_data
        try:
            upload = receive(
                values["file"], park=values["park"], layer=values["layer"], by=self.request.user,
                at=timezone.now(), on=timezone.localdate(),
            )  # fmt: skip
        except RuleViolation as refusal:
            form.add_error("file", refusal)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("maps:geo-file", args=[upload.pk]))


class OneFile(PermissionRequiredMixin):
    """A file handed in, and what the address says is to be decided about it."""

    permission_required = "maps.import_geo"

    @cached_property
    def upload(self):
        files = Upload.objects.visible_to(self.request.user).filter(kind=Upload.Kind.GEO)
        return get_object_or_404(files.select_related("park"), pk=min(self.kwargs["pk"], 2**63 - 1))

    def decided(self, data):
        """The form over ``data`` and what it decides; the file's own proposal where it says nothing."""
        report = self.upload.report
        given = {f"column_{name}": heading for name, heading in report["columns"].items()}
        given |= data.dict() if "system" in data else {"system": report["proposed"]}
        form = DecisionForm(given, report=report)
        return form, form.decisions() if form.is_valid() else {}

    def query(self):
        kept = self.request.GET.copy()
        kept.pop("page", None)
        return kept.urlencode()


class GeoFile(OneFile, TemplateView):
    """The report: hypotheses, columns, what would happen to each feature, and the map of it."""

    template_name = "maps/geo_file.html"

    def get_context_data(self, **kwargs):
        upload, form, plan = self.upload, None, None
        report, problem = upload.report, kwargs.pop("problem", None)
        open_ = upload.applied_at is None and upload.discarded_at is None
        if open_:
            form, decisions = self.decided(kwargs.pop("data", self.request.GET))
            try:
                plan = planned(upload, on=timezone.localdate(), **decisions)
                report = plan.report()
            except RuleViolation as refusal:
                problem = problem or refusal
        rows = sorted(report["rows"], key=lambda row: (row["action"] != REFUSED, row["action"] == UNCHANGED, row["index"]))  # fmt: skip
        where = reverse("maps:geo-file-document", args=[upload.pk])
        tabs = [
            {
                **one,
                "url": "?" + self._with(one["system"]),
                "here": one["system"] == report["system"],
            }
            for one in report["hypotheses"]
        ]
        columns = form and [form[name] for name in form.fields if name.startswith("column_")]
        return super().get_context_data(
            **kwargs, upload=upload, park=upload.park, open=open_, form=form, columns=columns,
            report=report, rows=rows[:ROWS_SHOWN], more=max(0, len(rows) - ROWS_SHOWN), tabs=tabs,
            layer_name=LAYERS[upload.options["layer"]], problem=problem,
            document=f"{where}?{self._with(report['system'])}", hidden=form and form.data.items(),
            needs_leave=bool(report["counts"][REFUSED]),
            takes=sum(report["counts"][name] for name in ("created", "changed")),
        )  # fmt: skip

    def _with(self, system):
        query = self.request.GET.copy()
        query["system"] = system
        return query.urlencode()


class GeoFileDocument(OneFile, View):
    def get(self, request, pk):
        url = reverse("maps:geo-file-data", args=[self.upload.pk])
        return document_response(build_map(f"{url}?{self.query()}"), title=self.upload.name)


class GeoFileData(OneFile, View):
    """Old outlines in grey, new ones in colour, refused ones in red, each with what it means."""

    def get(self, request, pk):
        _form, decisions = self.decided(request.GET)
        try:
            plan = planned(self.upload, on=timezone.localdate(), **decisions)
        except RuleViolation as refusal:
            return HttpResponse(str(refusal), status=400, content_type="text/plain; charset=utf-8")
        shapes, values = [], []
        for row in plan.rows:
            if row.old is not None:
                shapes.append(row.old)
                values.append({"id": -row.index, "label": row.name, "text": _("as recorded"),
                               "mark": "", "fill": OLD})  # fmt: skip
        for row in plan.rows:
            if row.picture is not None:
                changes = [f"{name}: {old} → {new}" for name, old, new in row.changes]
                shapes.append(row.picture)
                values.append({
                    "id": row.index, "label": row.name or f"#{row.index}",
                    "mark": "+" if row.action == CREATED else "",
                    "text": "\n".join(filter(None, [str(ACTIONS[row.action]), row.reason, *changes, *row.notes])),
                    "fill": {REFUSED: WRONG, UNCHANGED: SAME}.get(row.action, NEW),
                })  # fmt: skip
        frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=CRS))
        return data_response(request, geojson(frame, values, datum=basemap_datum()))


class ApplyGeoFile(GeoFile):
    """Write what the report shows; a refusal is shown above it and nothing is written."""

    http_method_names = ("post",)

    def post(self, request, pk):
        form, decisions = self.decided(request.POST)
        try:
            if not form.is_valid():
                raise forms.ValidationError([e for errors in form.errors.values() for e in errors])
            upload = apply_upload(
                self.upload,
                by=request.user,
                at=timezone.now(),
                on=timezone.localdate(),
                **decisions,
            )
        except forms.ValidationError as refusal:
            context = self.get_context_data(problem=refusal, data=request.POST)
            return self.render_to_response(context, status=409)
        counts = upload.report["counts"]
        messages.success(
            request,
            _("Applied: %(created)s new, %(changed)s changed, %(unchanged)s as they were.")
            % counts,
        )
        return HttpResponseRedirect(reverse("maps:geo-file", args=[pk]))


class DiscardGeoFile(OneFile, View):
    def post(self, request, pk):
        try:
            discard_upload(self.upload, at=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Discarded: nothing was written."))
        return HttpResponseRedirect(reverse("maps:geo-files"))


class GeoExport(PermissionRequiredMixin, View):
    """``?format=gpkg|geojson|shp.zip&park=&layer=&crs=&on=``; without park and layer everything."""

    permission_required = "maps.export_geo"

    def get(self, request):
        given, on = request.GET, day_of(request)
        parks = Park.objects.visible_to(request.user)
        if code := given.get("park", "").replace("\x00", ""):
            parks = parks.filter(code=code)
            if not parks.exists():
                raise Http404
        kind, layer = given.get("format", "gpkg"), given.get("layer", "")
        if kind not in FORMATS or layer not in ("", *LAYERS):
            text = _("Choose a format: %s.") % ", ".join(FORMATS)
            return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
        try:
            return export_response(
                parks, on=on, kind=kind, layers=(layer,) if layer else tuple(LAYERS),
                system=given.get("crs", "EPSG:4326"), name=f"{code or 'parks'}-{layer or 'all'}-{on}",
            )  # fmt: skip
        except RuleViolation as refusal:
            return HttpResponse(str(refusal), status=400, content_type="text/plain; charset=utf-8")


def export_response(parks, *, on, kind, layers, system, name) -> HttpResponse:
    """The file as a download. Raises ``InvalidValue`` for a system it cannot be written in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{kind}"
        write(path, parks, on=on, layers=layers, system=system)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
