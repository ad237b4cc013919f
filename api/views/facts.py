"""Qualifications, figures of years and visits of tenants."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers

from api.base import ON, Resource, checked
from tenants import services as letting
from tenants.filters import FigureFilter, QualificationFilter, VisitFilter
from tenants.models import Qualification, Tenant, Visit, VisitProblem, YearFigure
from tenants.selectors.facts import NUMBERS, remarks


class QualificationSerializer(serializers.ModelSerializer):
    """``end`` is the first day no longer covered; left out on POST, the kind's usual term."""

    class Meta:
        model = Qualification
        fields = ["id", "tenant", "kind", "number", "start", "end", "note"]
        validators = []


class FigureSerializer(serializers.ModelSerializer):
    """Money in yuan. ``remarks``: what looks wrong, in words."""

    remarks = serializers.SerializerMethodField()

    class Meta:
        model = YearFigure
        fields = ["id", "tenant", "year", *(field.name for field in NUMBERS), "note",
                  "confirmed_on", "remarks"]  # fmt: skip
        read_only_fields = ["confirmed_on"]
        validators = []

    def get_remarks(self, figure) -> list[str]:
        return remarks(figure)


class ProblemSerializer(serializers.ModelSerializer):
    class Meta:
        model = VisitProblem
        fields = ["id", "text", "handled_by", "solved_on", "solution"]


class VisitSerializer(serializers.ModelSerializer):
    """``problems`` are written with the visit, on POST."""

    problems = ProblemSerializer(many=True, required=False)

    class Meta:
        model = Visit
        fields = ["id", "tenant", "on", "visitor", "subject", "note", "problems"]


class FactResource(Resource):
    """Rows of tenants: read with the tenant, written through services."""

    view_permission = "tenants.view_tenant"
    act_permissions = dict.fromkeys(["create", "partial_update"], "tenants.change_tenant")

    def get_queryset(self):
        return self.queryset.model.objects.visible_to(self.request.user).order_by("pk")

    def create(self, request):
        values = checked(self.serializer_class, request)
        seen = Tenant.objects.visible_to(request.user).filter(pk=values["tenant"].pk)
        if not seen.exists():
            raise exceptions.ValidationError(
                {"tenant": [_("There is no such tenant, or it is not yours to see.")]}
            )
        return self.fresh(self.record(values).pk, 201)

    def partial_update(self, request, pk=None):
        row = self.changing(self.get_object())
        serializer = self.serializer_class(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        if values.pop("tenant", row.tenant) != row.tenant:
            raise exceptions.ValidationError({"tenant": [_("The tenant of a row stays.")]})
        values.pop("problems", None)
        self.correct(row, values)
        return self.fresh(row.pk)


@extend_schema(parameters=[ON])
class QualificationResource(FactResource):
    queryset = Qualification.objects.none()
    serializer_class = QualificationSerializer
    filterset_class = QualificationFilter
    search_fields = ("number", "tenant__name")
    ordering_fields = ("start", "end", "kind")

    def record(self, values):
        return letting.record_qualification(by=self.request.user, **values)

    def correct(self, row, values):
        letting.correct_qualification(qualification=row, by=self.request.user, **values)


@extend_schema(parameters=[ON])
class FigureResource(FactResource):
    queryset = YearFigure.objects.none()
    serializer_class = FigureSerializer
    filterset_class = FigureFilter
    search_fields = ("tenant__name",)
    ordering_fields = ("year", "revenue")

    def record(self, values):
        return letting.record_figure(by=self.request.user, **values)

    def correct(self, row, values):
        letting.correct_figure(figure=row, by=self.request.user, **values)


@extend_schema(parameters=[ON])
class VisitResource(FactResource):
    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    view_permission = "parks.view_park"
    search_fields = ("tenant__name", "subject", "visitor")
    ordering_fields = ("on",)

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        visits = super().get_queryset()
        return visits.with_problems(self.on).prefetch_related("problems")

    def record(self, values):
        return letting.record_visit(by=self.request.user, **values)

    def correct(self, row, values):
        letting.correct_visit(visit=row, by=self.request.user, **values)
