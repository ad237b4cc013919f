"""What every resource shares: the day, permissions, entity tags, idempotent posts, filters."""

import hashlib
import json

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, filters, mixins, pagination, permissions, viewsets
from rest_framework.response import Response

from api.errors import KeyReused, PreconditionFailed
from api.renderers import CSVRenderer, GeoJSONRenderer, ProblemJSONRenderer, XLSXRenderer
from parks.days import parse_day

#: A table export is what the filter finds, up to this many rows.
EXPORT_ROWS = 50_000
#: How long an answer to an Idempotency-Key is kept, seconds.
KEY_KEPT = 24 * 60 * 60
#: Query names every list takes besides its filters.
COMMON = {"on", "format", "page", "page_size", "ordering", "search"}
ID = 2**63 - 1
#: The as-of day in the schema.
ON = OpenApiParameter("on", OpenApiTypes.DATE, description="As-of day; today when left out.")


class Pages(pagination.PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request):
        """The size asked for; one that is no number from 1 to the maximum is refused."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        size = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        if not 1 <= size <= self.max_page_size:
            raise exceptions.ValidationError({"page_size": [f"1 … {self.max_page_size}"]})
        return size


class RolePermission(permissions.BasePermission):
    """Reading needs ``view_permission``, an act the permission of its name in ``act_permissions``."""

    def has_permission(self, request, view):
        if not request.user.is_authenticated:
            return False
        needed = view.act_permissions.get(view.action, view.view_permission)
        return not needed or request.user.has_perm(needed)


class StrictFilters(DjangoFilterBackend):
    """An unknown name in the query is an error, not ignored."""

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset(request, queryset, view)
        known = COMMON | (set(filterset.filters) if filterset else set())
        if unknown := set(request.query_params) - known:
            raise exceptions.ValidationError(
                {name: [f"Unknown filter. Known: {', '.join(sorted(known))}."] for name in unknown}
            )
        return super().filter_queryset(request, queryset, view)


class StrictOrdering(filters.OrderingFilter):
    def remove_invalid_fields(self, queryset, fields, view, request):
        valid = super().remove_invalid_fields(queryset, fields, view, request)
        if len(valid) != len([f for f in fields if f.strip()]):
            raise exceptions.ValidationError({"ordering": ["Unknown field."]})
        return valid


class Resource(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list and its single rows as the viewer may see them on the day."""

    permission_classes = [RolePermission]
    pagination_class = Pages
    filter_backends = [StrictFilters, StrictOrdering, filters.SearchFilter]
    renderer_classes = [ProblemJSONRenderer, CSVRenderer, XLSXRenderer]
    view_permission = "parks.view_park"
    act_permissions = {}
    geometry_column = ""
    search_fields = ()
    ordering_fields = ()

    def get_renderers(self):
        classes = list(self.renderer_classes)
        if self.geometry_column:
            classes.append(GeoJSONRenderer)
        return [renderer() for renderer in classes]

    @cached_property
    def today(self):
        """The clock, read here once."""
        return timezone.localdate()

    @cached_property
    def on(self):
        try:
            return parse_day(self.request.query_params.get("on", ""), today=self.today)
        except ValidationError as error:
            raise exceptions.ValidationError({"on": error.messages}) from None

    def get_object(self):
        key = self.kwargs.get(self.lookup_url_kwarg or self.lookup_field, "")
        if self.lookup_field == "pk" and not (key.isascii() and key.isdigit() and int(key) <= ID):
            raise exceptions.NotFound
        self.on  # noqa: B018 - a wrong day is refused on single rows too
        queryset = self.get_queryset()
        if self.request.method not in ("GET", "HEAD", "OPTIONS"):
            queryset = queryset.order_by()
        row = queryset.filter(**{self.lookup_field: key}).first()
        if row is None:
            raise exceptions.NotFound
        self.check_object_permissions(self.request, row)
        return row

    def list(self, request, *args, **kwargs):
        self.on  # noqa: B018
        if getattr(request.accepted_renderer, "table", False):
            rows = self.filter_queryset(self.get_queryset())[:EXPORT_ROWS]
            return Response(self.get_serializer(rows, many=True).data)
        return super().list(request, *args, **kwargs)

    def retrieve(self, request, *args, **kwargs):
        data = self.get_serializer(self.get_object()).data
        tag = entity_tag(data)
        if tag in _tags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": tag})
        return Response(data, headers={"ETag": tag})

    def changing(self, row):
        """``row``, once ``If-Match`` (if sent) still fits it."""
        wanted = self.request.headers.get("If-Match")
        if wanted and wanted != "*":
            current = entity_tag(self.get_serializer(row).data)
            if current not in _tags(wanted):
                raise PreconditionFailed
        return row

    def fresh(self, pk, status=200):
        """The row as it is now, with its tag."""
        row = self.get_queryset().filter(pk=pk).first()
        data = None if row is None else self.get_serializer(row).data
        return Response(data, status=status, headers={"ETag": entity_tag(data)})

    def dispatch(self, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return super().dispatch(request, *args, **kwargs)
        return self.once(key, request, *args, **kwargs)

    def once(self, key, request, *args, **kwargs):
        """The first answer to a key is kept and given again; another body with it is refused."""
        who = request.headers.get("Authorization", "") or request.COOKIES.get(
            settings.SESSION_COOKIE_NAME, ""
        )
        name = "idempotency:" + _sha(f"{who}|{request.path}|{key}")
        try:
            body = _sha(request.body)
        except RequestDataTooBig as error:
            return self.refuse(request, error, *args, **kwargs)
        # add() is atomic in every cache backend: of two requests at once one goes on.
        if not cache.add(name, {"body": body}, KEY_KEPT):
            kept = cache.get(name) or {}
            if kept.get("body") != body or "status" not in kept:
                return self.refuse(request, KeyReused(), *args, **kwargs)
            return self.kept(kept)
        try:
            answer = super().dispatch(request, *args, **kwargs)
            answer.render()
        except BaseException:
            cache.delete(name)  # nothing was done: the key is free to try again
            raise
        if answer.status_code < 500 and answer.status_code not in (401, 429):
            cache.set(
                name,
                {"body": body, "status": answer.status_code, "content": answer.content,
                 "type": answer["Content-Type"], "tag": answer.get("ETag", "")},
                KEY_KEPT,
            )  # fmt: skip
        else:
            cache.delete(name)
        return answer

    def refuse(self, request, error, *args, **kwargs):
        self.args, self.kwargs, self.headers = args, kwargs, {}
        self.request = self.initialize_request(request, *args, **kwargs)
        answer = self.handle_exception(error)
        return self.finalize_response(self.request, answer, *args, **kwargs)

    @staticmethod
    def kept(kept):
        answer = HttpResponse(kept["content"], status=kept["status"], content_type=kept["type"])
        if kept["tag"]:
            answer["ETag"] = kept["tag"]
        answer["Idempotent-Replayed"] = "true"
        return answer


def _sha(text) -> str:
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def entity_tag(data) -> str:
    text = json.dumps(data, sort_keys=True, default=str, ensure_ascii=False)
    return f'"{_sha(text)[:32]}"'


def _tags(header) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def checked(serializer_class, request):
    """The request's body in the shape of ``serializer_class``, or a 400."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
