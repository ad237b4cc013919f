"""What waits, notices and the search, as the pages show them."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from api.base import ON, Pages, RolePermission
from parks import notices
from parks.days import parse_day
from parks.models import Notice
from tenants.problems import PROBLEMS
from tenants.selectors.finding import find
from tenants.tasks import TASKS, counts


class TaskSerializer(serializers.Serializer):
    key = serializers.CharField()
    group = serializers.CharField()
    title = serializers.CharField()
    hint = serializers.CharField()
    urgent = serializers.BooleanField()
    count = serializers.IntegerField()


class NoticeSerializer(serializers.ModelSerializer):
    words = serializers.SerializerMethodField()
    park = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Notice
        fields = ("id", "kind", "words", "park", "url", "due_on", "raised_on")

    def get_words(self, notice) -> str:
        return notices.words(notice)


class HitSerializer(serializers.Serializer):
    kind = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    url = serializers.CharField()


class _Work(viewsets.GenericViewSet):
    permission_classes = [RolePermission]
    act_permissions = {}
    filter_backends = []
    pagination_class = None
    view_permission = "parks.view_park"

    @property
    def on(self):
        try:
            return parse_day(self.request.query_params.get("on", ""), today=timezone.localdate())
        except ValidationError as error:
            raise exceptions.ValidationError({"on": error.messages}) from None


class Tasks(_Work):
    serializer_class = TaskSerializer

    @extend_schema(parameters=[ON], responses=TaskSerializer(many=True))
    def list(self, request):
        """The counts of the board, data problems at the end."""
        tasks = [*TASKS, *PROBLEMS]
        found = counts(tasks, request.user, self.on)
        rows = [
            {"key": t.key, "group": t.group, "title": t.title, "hint": t.hint, "urgent": t.urgent,
             "count": sum(found[t.key].values())}
            for t in tasks
        ]  # fmt: skip
        return Response(TaskSerializer(rows, many=True).data)


class Search(_Work):
    serializer_class = HitSerializer
    view_permission = ""

    @extend_schema(
        parameters=[ON, OpenApiParameter("q", str, required=True)],
        responses=HitSerializer(many=True),
    )
    def list(self, request):
        """Units, tenants, leases and parks: at most 20 of each, nearest first."""
        groups = find(request.user, request.query_params.get("q", ""), self.on, 20)
        hits = [
            {"kind": heading, "title": hit.title, "note": hit.note, "url": hit.url}
            for heading, rows in groups for hit in rows
        ]  # fmt: skip
        return Response(HitSerializer(hits, many=True).data)


class Notices(_Work):
    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    pagination_class = Pages
    view_permission = ""

    def get_queryset(self):
        user = self.request.user
        rows = notices.standing(user, timezone.localdate()).unread_by(user)
        return rows.select_related("park").defer("park__boundary")

    def list(self, request):
        """What one has not read."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request, pk=None):
        notice = self.get_object()
        rows = Notice.objects.filter(pk=notice.pk)
        notices.mark_read(rows, user=request.user, at=timezone.now())
        return Response(status=204)
