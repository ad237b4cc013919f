"""Ledgers: hand one in, read its findings, apply it, take it back; and the ledger of a day."""

import io

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser

from api.base import ON, Resource, checked
from api.serializers import Text
from parks import work
from parks.models import Park, Upload
from tenants.ledger import jobs
from tenants.ledger.export import exported
from tenants.ledger.writer import template, write

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE = {(200, XLSX): OpenApiTypes.BINARY}


class UploadSerializer(serializers.ModelSerializer):
    """``report``: counts, problems and rows ``[sheet, title, row, name, outcome, changes, problems]``."""

    park = serializers.SlugRelatedField(slug_field="code", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = (
            "id", "name", "park", "size", "sha256", "state", "uploaded_at", "checked_at",
            "applied_at", "undone_at", "discarded_at", "phase", "done", "total", "failure",
            "report",
        )  # fmt: skip
        read_only_fields = fields

    def get_state(self, upload) -> str:
        return work.state(upload)


class HandInSerializer(serializers.Serializer):
    file = serializers.FileField()
    park = Text(required=False, allow_blank=True, max_length=20)


class TakeBackSerializer(serializers.Serializer):
    reason = Text(required=False, allow_blank=True, default="", max_length=200)


@extend_schema(parameters=[ON])
class LedgerResource(Resource):
    queryset = Upload.objects.none()
    serializer_class = UploadSerializer
    view_permission = "tenants.import_ledger"
    act_permissions = dict.fromkeys(["export", "template"], "tenants.export_ledger")
    ordering_fields = ("uploaded_at", "name")

    def get_queryset(self):
        uploads = Upload.objects.visible_to(self.request.user).filter(kind=Upload.Kind.LEDGER)
        return uploads.select_related("park").defer("park__boundary").order_by("-pk")

    def get_parsers(self):
        posted = self.request is None or self.action_map.get("post") == "create"
        return [MultiPartParser()] if posted else super().get_parsers()

    def _parks(self, code):
        parks = Park.objects.visible_to(self.request.user).defer("boundary")
        if not code:
            return list(parks)
        found = [park for park in parks if park.code == code]
        if not found:
            raise exceptions.NotFound
        return found

    @extend_schema(request={"multipart/form-data": HandInSerializer},
                   responses={201: UploadSerializer})  # fmt: skip
    def create(self, request):
        values = checked(HandInSerializer, request)
        park = self._parks(values["park"])[0] if values.get("park") else None
        file = values["file"]
        upload = jobs.hand_in(file, name=file.name, park=park, by=request.user,
                              on=self.today, at=timezone.now(), background=True)  # fmt: skip
        return self.fresh(upload.pk, 201)

    @extend_schema(request=None, responses={202: UploadSerializer})
    @action(detail=True, methods=["post"])
    def apply(self, request, pk=None):
        upload = self.changing(self.get_object())
        jobs.start_apply(upload, by=request.user)
        return self.fresh(upload.pk, 202)

    @extend_schema(request=TakeBackSerializer, responses={202: UploadSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request, pk=None):
        values = checked(TakeBackSerializer, request)
        upload = self.changing(self.get_object())
        jobs.start_undo(upload, by=request.user, reason=values["reason"])
        return self.fresh(upload.pk, 202)

    @extend_schema(request=None, responses={200: UploadSerializer})
    @action(detail=True, methods=["post"])
    def discard(self, request, pk=None):
        upload = jobs.discard(self.changing(self.get_object()), at=timezone.now())
        return self.fresh(upload.pk)

    @extend_schema(responses=FILE)
    @action(detail=True)
    def marked(self, request, pk=None):
        upload = self.get_object()
        if upload.discarded_at:
            raise exceptions.NotFound
        return _file(lambda out: jobs.marked(upload, out, language=get_language()), "marked.xlsx")

    @extend_schema(
        parameters=[OpenApiParameter("park", str, description="Code; all when left out.")],
        responses=FILE, filters=False,
    )  # fmt: skip
    @action(detail=False)
    def export(self, request):
        parks = self._parks(request.query_params.get("park", ""))
        rows = exported(parks, on=self.on, by=request.user)
        return _file(
            lambda out: write(out, rows, on=self.on, language=get_language()), f"{self.on}.xlsx"
        )

    @extend_schema(responses=FILE, filters=False)
    @action(detail=False)
    def template(self, request):
        self.on  # noqa: B018
        return _file(lambda out: template(out, language=get_language()), "template.xlsx")


def _file(fill, name):
    out = io.BytesIO()
    fill(out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)
