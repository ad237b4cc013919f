"""GIS files over REST, beside the pages: the same files, reports and decisions.

Lives here and not in ``api``, which may not know ``maps``; ``config.urls`` puts it under ``/api/v1/``.
"""

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as Refusal
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, pagination, parsers, permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from maps.geo.columns import LAYERS
from maps.geo.files import FileKindUnknown, FileTooLarge, FileUnreadable
from maps.geo.uploads import apply_upload, discard_upload, receive
from maps.geo.views import export_response
from maps.geo.writing import FORMATS
from parks.days import parse_day
from parks.models import Park, Upload


class MayImport(permissions.BasePermission):
    def has_permission(self, request, view):
        needed = "maps.export_geo" if view.action == "export" else "maps.import_geo"
        return request.user.is_authenticated and request.user.has_perm(needed)


class GeoFileSerializer(serializers.ModelSerializer):
    park = serializers.SlugRelatedField("code", read_only=True)
    layer = serializers.CharField(source="options.layer", read_only=True)

    class Meta:
        model = Upload
        fields = ["id", "name", "park", "layer", "size", "sha256", "options", "report",
                  "uploaded_at", "checked_at", "applied_at", "discarded_at"]  # fmt: skip
        read_only_fields = fields


class GeoFileSentSerializer(serializers.Serializer):
    file = serializers.FileField(max_length=200)
    park = serializers.CharField(max_length=20)
    layer = serializers.ChoiceField(choices=list(LAYERS))


class DecisionSerializer(serializers.Serializer):
    """``system``: EPSG:…, GCJ-02 or BD-09; without it the file's word, if nothing speaks against it."""

    system = serializers.CharField(max_length=20, required=False)
    sheet = serializers.CharField(max_length=100, required=False)
    columns = serializers.DictField(child=serializers.CharField(max_length=100), required=False)
    repair = serializers.BooleanField(required=False)
    close_lines = serializers.BooleanField(required=False)
    leave_refused = serializers.BooleanField(required=False)


class Pages(pagination.PageNumberPagination):
    page_size = 100


class GeoFileResource(viewsets.ReadOnlyModelViewSet):
    queryset = Upload.objects.none()
    serializer_class = GeoFileSerializer
    permission_classes = [MayImport]
    pagination_class = Pages
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self):
        files = Upload.objects.visible_to(self.request.user).filter(kind=Upload.Kind.GEO)
        return files.select_related("park").defer("park__boundary")

    def get_parsers(self):
        if self.request is not None and self.action_map.get("post") == "create":
            return [parsers.MultiPartParser()]
        return super().get_parsers()

    @extend_schema(
        request={"multipart/form-data": GeoFileSentSerializer}, responses={201: GeoFileSerializer}
    )
    def create(self, request):
        """Hand in a file; the answer is its report. Nothing is written yet."""
        sent = GeoFileSentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        park = Park.objects.visible_to(request.user).filter(code=values["park"]).first()
        if park is None:
            raise exceptions.ValidationError({"park": [_("There is no such park of yours.")]})
        try:
            upload = receive(
                values["file"], park=park, layer=values["layer"], by=request.user,
                at=timezone.now(), on=timezone.localdate(),
            )  # fmt: skip
        except FileTooLarge as refusal:
            raise RequestDataTooBig(str(refusal)) from None
        except FileKindUnknown as refusal:
            raise exceptions.UnsupportedMediaType(
                values["file"].content_type, detail=str(refusal)
            ) from None
        except FileUnreadable as refusal:
            raise exceptions.ValidationError({"file": refusal.messages}) from None
        return Response(GeoFileSerializer(upload).data, status=201)

    @extend_schema(request=DecisionSerializer, responses=GeoFileSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request, pk):
        """Write the file, all or nothing."""
        sent = DecisionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        upload = apply_upload(
            self.get_object(), by=request.user, at=timezone.now(), on=timezone.localdate(),
            **sent.validated_data,
        )  # fmt: skip
        return Response(GeoFileSerializer(upload).data)

    @extend_schema(request=None, responses=GeoFileSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request, pk):
        """Decide against the file."""
        upload = discard_upload(self.get_object(), at=timezone.now())
        return Response(GeoFileSerializer(upload).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("format_", enum=list(FORMATS)),
            OpenApiParameter("park"),
            OpenApiParameter("layer", enum=list(LAYERS)),
            OpenApiParameter("crs"),
            OpenApiParameter("on", OpenApiTypes.DATE),
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["get"])
    def export(self, request):
        """The layers as a GIS file, as of a day."""
        given = request.query_params
        kind, layer = given.get("format_", "gpkg"), given.get("layer", "")
        if unknown := set(given) - {"format_", "park", "layer", "crs", "on"}:
            raise exceptions.ValidationError({name: ["Unknown."] for name in unknown})
        if kind not in FORMATS:
            raise exceptions.ValidationError({"format_": [", ".join(FORMATS)]})
        if layer not in ("", *LAYERS):
            raise exceptions.ValidationError({"layer": [", ".join(LAYERS)]})
        try:
            on = parse_day(given.get("on", ""), today=timezone.localdate())
        except Refusal as refusal:
            raise exceptions.ValidationError({"on": refusal.messages}) from None
        parks = Park.objects.visible_to(request.user)
        if code := given.get("park", "").replace("\x00", ""):
            parks = parks.filter(code=code)
            if not parks.exists():
                raise exceptions.NotFound
        return export_response(
            parks, on=on, kind=kind, layers=(layer,) if layer else tuple(LAYERS),
            system=given.get("crs", "EPSG:4326"), name=f"{code or 'parks'}-{layer or 'all'}-{on}",
        )  # fmt: skip


router = SimpleRouter()
router.register("geo-files", GeoFileResource, basename="geo-file")
