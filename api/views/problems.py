"""Problems of tenants: reported by their members or raised on a visit, followed until solved."""

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.base import ON, Resource, checked
from api.serializers import Text
from api.serializers.carriers import Key
from api.views.figures import own_tenant
from parks.filters import KeyFilter
from tenants import services as letting
from tenants.models import Visit, VisitProblem


class FollowedProblemSerializer(serializers.ModelSerializer):
    """``place``: where it is, as reported."""

    tenant = serializers.IntegerField(source="visit.tenant_id")
    on = serializers.DateField(source="visit.on")
    subject = serializers.CharField(source="visit.subject")
    place = serializers.CharField(source="visit.note")
    reported_by = serializers.CharField(
        source="visit.reported_by.username", default=None, allow_null=True
    )

    class Meta:
        model = VisitProblem
        fields = ["id", "visit", "tenant", "on", "subject", "place", "text", "reported_by",
                  "handled_by", "solved_on", "solution"]  # fmt: skip


class ReportProblemSerializer(serializers.Serializer):
    """``tenant`` may be left out by whoever belongs to one only."""

    tenant = Key(required=False)
    subject = Text(max_length=80)
    text = Text(max_length=300)
    place = Text(max_length=200, required=False, allow_blank=True, default="")


class HandleProblemSerializer(serializers.ModelSerializer):
    reason = Text(required=False, allow_blank=True)

    class Meta:
        model = VisitProblem
        fields = ["handled_by", "solved_on", "solution", "reason"]


class ProblemFilter(filters.FilterSet):
    tenant = KeyFilter("visit__tenant_id")
    reported = filters.BooleanFilter("visit__reported_by", "isnull", exclude=True)
    solved = filters.BooleanFilter("solved_on", "isnull", exclude=True)

    class Meta:
        model = VisitProblem
        fields = []


@extend_schema(parameters=[ON])
class ProblemResource(Resource):
    """Members see what members reported; the staff handle all of their tenants'."""

    queryset = VisitProblem.objects.none()
    serializer_class = FollowedProblemSerializer
    filterset_class = ProblemFilter
    view_permission = "tenants.view_tenant"
    act_permissions = {
        "create": "tenants.report_problem", "partial_update": "tenants.change_tenant",
    }  # fmt: skip
    search_fields = ("visit__subject", "text")
    ordering_fields = ("solved_on",)

    def get_queryset(self):
        visits = Visit.objects.visible_to(self.request.user).filter(on__lte=self.on)
        if not self.request.user.has_perm("parks.view_park"):
            visits = visits.reported()
        rows = VisitProblem.objects.filter(visit__in=visits.values("pk"))
        return rows.select_related("visit__reported_by").order_by("pk")

    @extend_schema(request=ReportProblemSerializer, responses={201: FollowedProblemSerializer})
    def create(self, request):
        """A member reports; the park is told at once."""
        values = checked(ReportProblemSerializer, request)
        tenant = own_tenant(request.user, values)
        row = letting.report_problem(tenant=tenant, by=request.user, on=self.today, **values)
        return self.fresh(row.pk, 201)

    @extend_schema(request=HandleProblemSerializer, responses={200: FollowedProblemSerializer})
    def partial_update(self, request, pk=None):
        """Who handles it, and how it was solved; who reported it is told."""
        row = self.changing(self.get_object())
        serializer = HandleProblemSerializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        letting.correct_problem(
            problem=row, on=self.today, by=request.user, **serializer.validated_data
        )
        return self.fresh(row.pk)
