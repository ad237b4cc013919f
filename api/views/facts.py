"""Qualifications, figures of years, growth and visits of tenants."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.base import ON, Resource, checked
from api.parsers import BoundedJSONParser
from tenants import services as letting
from tenants.filters import (
    CorporateEventFilter,
    FundingFilter,
    IntellectualPropertyFilter,
    QualificationFilter,
    VisitFilter,
)
from tenants.models import (
    CorporateEvent,
    Funding,
    IntellectualProperty,
    Qualification,
    Tenant,
    Visit,
    VisitProblem,
)
from tenants.trail import tell_history


class ProvenSerializer(serializers.ModelSerializer):
    """``document``: id of a file among the tenant's documents; ``file``: a new one (multipart)."""

    file = serializers.FileField(write_only=True, required=False)


class QualificationSerializer(ProvenSerializer):
    """``end`` is the first day no longer covered; left out on POST, the kind's usual term."""

    class Meta:
        model = Qualification
        fields = ["id", "tenant", "kind", "number", "start", "end", "document", "file", "note"]
        validators = []


class FundingSerializer(ProvenSerializer):
    """``amount`` in yuan; ``number`` or ``document`` must be there."""

    class Meta:
        model = Funding
        fields = ["id", "tenant", "kind", "on", "amount", "investor", "source", "number",
                  "document", "file", "note"]  # fmt: skip
        validators = []


class IntellectualPropertySerializer(ProvenSerializer):
    """Valid on ``[granted_on, end)``; ``state`` as of ``on``; a proof as for fundings."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = IntellectualProperty
        fields = ["id", "tenant", "kind", "title", "number", "applied_on", "granted_on", "end",
                  "state", "document", "file", "note"]  # fmt: skip
        validators = []

    def get_state(self, right) -> str:
        return right.state_on(self.context["view"].on)


class CorporateEventSerializer(ProvenSerializer):
    """``partner``: with whom, or on which market; a proof as for fundings."""

    class Meta:
        model = CorporateEvent
        fields = ["id", "tenant", "kind", "on", "partner", "number", "document", "file", "note"]
        validators = []


class WhySerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class CorrectedValueSerializer(serializers.Serializer):
    label = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class EntrySerializer(serializers.Serializer):
    """One act on a fact: who, when, through which door, old and new values in words."""

    at = serializers.DateTimeField()
    by = serializers.CharField(source="actor_name")
    door = serializers.CharField()
    action = serializers.CharField()
    reason = serializers.CharField()
    changes = CorrectedValueSerializer(many=True)


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
    act_permissions = dict.fromkeys(["create", "partial_update", "remove"], "tenants.change_tenant")

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


class ProvenResource(FactResource):
    """Facts with a proof: a file in the request becomes a document of the tenant."""

    parser_classes = [BoundedJSONParser, MultiPartParser]

    def record(self, values):
        return self._proven(self.add, values["tenant"], values)

    def correct(self, row, values):
        self._proven(lambda values: self.change(row, values), row.tenant, values)

    def _proven(self, act, tenant, values):
        file = values.pop("file", None)
        if file is None:
            return act(values)
        with letting.kept_file(
            file=file, tenant=tenant, at=timezone.now(), by=self.request.user
        ) as document:
            return act(values | {"document": document})

    @extend_schema(responses={200: EntrySerializer(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self, request, pk=None):
        """Who entered the row and every correction since, oldest first."""
        row = self.get_object()
        tell_history([row])
        entries = [*filter(None, [row.entered]), *row.corrections]
        return Response(EntrySerializer(entries, many=True).data)


class RemovableResource(ProvenResource):
    @extend_schema(request=WhySerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        """Take the row away, with a reason; the trail keeps it."""
        values = checked(WhySerializer, request)
        self.take_away(self.changing(self.get_object()), values["reason"])
        return Response(status=204)


@extend_schema(parameters=[ON])
class QualificationResource(RemovableResource):
    queryset = Qualification.objects.none()
    serializer_class = QualificationSerializer
    filterset_class = QualificationFilter
    search_fields = ("number", "tenant__name")
    ordering_fields = ("start", "end", "kind")

    def add(self, values):
        return letting.record_qualification(by=self.request.user, **values)

    def change(self, row, values):
        letting.correct_qualification(qualification=row, by=self.request.user, **values)

    def take_away(self, row, reason):
        letting.remove_qualification(qualification=row, by=self.request.user, reason=reason)


@extend_schema(parameters=[ON])
class FundingResource(RemovableResource):
    queryset = Funding.objects.none()
    serializer_class = FundingSerializer
    filterset_class = FundingFilter
    search_fields = ("number", "investor", "tenant__name")
    ordering_fields = ("on", "amount", "kind")

    def add(self, values):
        return letting.record_funding(by=self.request.user, **values)

    def change(self, row, values):
        letting.correct_funding(funding=row, by=self.request.user, **values)

    def take_away(self, row, reason):
        letting.remove_funding(funding=row, by=self.request.user, reason=reason)


@extend_schema(parameters=[ON])
class IntellectualPropertyResource(RemovableResource):
    queryset = IntellectualProperty.objects.none()
    serializer_class = IntellectualPropertySerializer
    filterset_class = IntellectualPropertyFilter
    search_fields = ("number", "title", "tenant__name")
    ordering_fields = ("applied_on", "granted_on", "end", "kind")

    def add(self, values):
        return letting.record_intellectual_property(by=self.request.user, **values)

    def change(self, row, values):
        letting.correct_intellectual_property(
            intellectual_property=row, by=self.request.user, **values
        )

    def take_away(self, row, reason):
        letting.remove_intellectual_property(
            intellectual_property=row, by=self.request.user, reason=reason
        )


@extend_schema(parameters=[ON])
class CorporateEventResource(RemovableResource):
    queryset = CorporateEvent.objects.none()
    serializer_class = CorporateEventSerializer
    filterset_class = CorporateEventFilter
    search_fields = ("number", "partner", "tenant__name")
    ordering_fields = ("on", "kind")

    def add(self, values):
        return letting.record_corporate_event(by=self.request.user, **values)

    def change(self, row, values):
        letting.correct_corporate_event(corporate_event=row, by=self.request.user, **values)

    def take_away(self, row, reason):
        letting.remove_corporate_event(corporate_event=row, by=self.request.user, reason=reason)


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
