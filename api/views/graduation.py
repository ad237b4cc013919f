"""Reviews of graduation, the evidence of residencies, and the follow-up of graduates."""

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.base import ID, ON, Resource, checked
from api.serializers import NeededReasonSerializer, Text
from incubation import services as incubation
from incubation.errors import NoRuleSet
from incubation.evidence import evidence_of
from incubation.models import Carrier, FollowUp, GraduationReview, Residency
from incubation.selectors.follow_ups import may_be_named, years_of_graduates
from incubation.selectors.graduation import graduation_rule_sets, judged
from parks.filters import KeyFilter
from parks.models import Park

RULES = OpenApiParameter(
    "rule_set", str, description="Another version: its id, or “code” or “code v2”."
)
Key = serializers.IntegerField


def chosen_rules(text):
    """The version called ``text``, None for none; a 400 for one that is not there."""
    if not text:
        return None
    sets = list(graduation_rule_sets())
    for one in sets:
        if text in (str(one.pk), str(one), str(one).replace(" ", "."), one.code):
            return one
    known = ", ".join(map(str, sets))
    raise exceptions.ValidationError({"rule_set": [f"Unknown. Known: {known}."]})


def seen(rows, key, name):
    """The row of ``key`` among those one may see, or a 400 on the field ``name``."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise exceptions.ValidationError(
            {name: [_("There is none of this number, or it is not yours to see.")]}
        )
    return row


class ReviewSerializer(serializers.ModelSerializer):
    tenant = serializers.IntegerField(source="residency.tenant_id")
    carrier = serializers.IntegerField(source="residency.carrier_id")
    rule_set = serializers.CharField(source="rule_set.code")
    version = serializers.IntegerField(source="rule_set.version")

    class Meta:
        model = GraduationReview
        fields = [
            "id", "residency", "tenant", "carrier", "rule_set", "version", "on", "verdict",
            "opened_at", "decision", "decided_on", "opinion", "graduates_on",
            "against_rules_reason", "revoked_on", "revocation_reason", "digest",
        ]  # fmt: skip


@extend_schema_field({"type": "object", "additionalProperties": True})
class EvidenceColumn(serializers.JSONField):
    pass


class ReviewDetailSerializer(ReviewSerializer):
    evidence = EvidenceColumn()

    class Meta(ReviewSerializer.Meta):
        fields = [*ReviewSerializer.Meta.fields, "evidence"]


class OpenSerializer(serializers.Serializer):
    """``on``: the day of the evidence, today when left out."""

    residency = Key(min_value=1, max_value=ID)
    on = serializers.DateField(required=False, allow_null=True, default=None)
    rule_set = Text(required=False, allow_blank=True, default="")


class GraduateSerializer(serializers.Serializer):
    """What goes with a graduation; ``next_carrier`` admits at once, ``end_lease`` ends leases."""

    opinion = Text(max_length=2000)
    graduates_on = serializers.DateField(required=False, allow_null=True, default=None)
    destination = serializers.ChoiceField(
        Residency.Destination.choices, required=False, allow_blank=True, default=""
    )
    destination_note = Text(max_length=200, required=False, allow_blank=True, default="")
    end_lease = serializers.BooleanField(required=False, default=False)
    next_carrier = Key(required=False, allow_null=True, default=None, min_value=1, max_value=ID)
    next_agreement_number = Text(max_length=60, required=False, allow_blank=True, default="")
    against_rules_reason = Text(max_length=300, required=False, allow_blank=True, default="")


class DecideSerializer(GraduateSerializer):
    decision = serializers.ChoiceField(GraduationReview.Decision.choices)


class GraduateNowSerializer(GraduateSerializer):
    """``on``: the day of the evidence, today when left out."""

    on = serializers.DateField(required=False, allow_null=True, default=None)
    rule_set = Text(required=False, allow_blank=True, default="")


class ReviewFilter(filters.FilterSet):
    residency = KeyFilter("residency_id")
    tenant = KeyFilter("residency__tenant_id")
    carrier = KeyFilter("residency__carrier_id")
    park = filters.CharFilter("residency__carrier__park__code")
    open = filters.BooleanFilter(method="by_open")
    revoked = filters.BooleanFilter("revoked_on", "isnull", exclude=True)

    class Meta:
        model = GraduationReview
        fields = {"verdict": ["exact"], "decision": ["exact"], "decided_on": ["gte", "lte"]}

    def by_open(self, rows, name, value):
        return rows.filter(decision="") if value else rows.exclude(decision="")


def terms_of(values, user) -> dict:
    """The values with the next carrier as one's own row."""
    if values["next_carrier"]:
        carriers = Carrier.objects.visible_to(user)
        values["next_carrier"] = seen(carriers, values["next_carrier"], "next_carrier")
    return values


@extend_schema(parameters=[ON])
class ReviewResource(Resource):
    """Frozen evidence and the decision on it. POST opens; ``decide`` and ``revoke`` are acts."""

    queryset = GraduationReview.objects.none()
    serializer_class = ReviewDetailSerializer
    filterset_class = ReviewFilter
    view_permission = "incubation.view_residency"
    act_permissions = dict.fromkeys(["create", "decide", "revoke"], "incubation.graduate_tenant")
    search_fields = ("residency__tenant__name", "opinion")
    ordering_fields = ("on", "decided_on", "opened_at")

    def get_serializer_class(self):
        return ReviewSerializer if self.action == "list" else ReviewDetailSerializer

    def get_queryset(self):
        rows = GraduationReview.objects.visible_to(self.request.user)
        rows = rows.select_related("residency", "rule_set").defer("rule_set__body").order_by("pk")
        return rows.defer("evidence") if self.action == "list" else rows

    @extend_schema(request=OpenSerializer, responses={201: ReviewDetailSerializer})
    def create(self, request):
        values = checked(OpenSerializer, request)
        residencies = Residency.objects.visible_to(request.user)
        review = incubation.open_review(
            residency=seen(residencies, values["residency"], "residency"),
            on=values["on"] or self.today, by=request.user, at=timezone.now(),
            rule_set=chosen_rules(values["rule_set"]),
        )  # fmt: skip
        return self.fresh(review.pk, 201)

    @extend_schema(request=DecideSerializer, responses={200: ReviewDetailSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request, pk=None):
        """``refuse`` leaves the residency going, ``graduate`` ends it on ``graduates_on``."""
        values = terms_of(checked(DecideSerializer, request), request.user)
        review = self.changing(self.get_object())
        incubation.decide_review(review=review, on=self.today, by=request.user, **values)
        return self.fresh(review.pk)

    @extend_schema(request=NeededReasonSerializer, responses={200: ReviewDetailSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk=None):
        values = checked(NeededReasonSerializer, request)
        review = self.changing(self.get_object())
        incubation.revoke_decision(review=review, on=self.today, by=request.user, **values)
        return self.fresh(review.pk)


class ResidencyGraduation(Resource):
    """The evidence of one residency on a day, and its graduation in one call."""

    queryset = Residency.objects.none()
    serializer_class = ReviewDetailSerializer
    filter_backends = []
    view_permission = "incubation.view_residency"
    act_permissions = {"graduate": "incubation.graduate_tenant"}

    def get_queryset(self):
        return Residency.objects.visible_to(self.request.user).order_by("pk")

    @extend_schema(
        operation_id="residencies_evidence", parameters=[ON, RULES],
        responses={200: OpenApiTypes.OBJECT},
    )  # fmt: skip
    def evidence(self, request, pk=None):
        """Criterion by criterion: value, line, verdict, gap in words, earliest day, records."""
        if unknown := set(request.query_params) - {"on", "rule_set", "format"}:
            raise exceptions.ValidationError({name: ["Unknown."] for name in unknown})
        found = self.get_object()
        rules = chosen_rules(request.query_params.get("rule_set", ""))
        result = judged(self.get_queryset().filter(pk=found.pk), on=self.on, rule_set=rules)
        (residency,) = result.residencies
        verdicts, used = result.of(residency)
        if verdicts is None:
            raise NoRuleSet(
                _("No rules of graduation are in force for the stage of: %(names)s. A firm of a "
                  "makerspace goes on to an incubator instead."),
                names=residency.tenant.name,
            )  # fmt: skip
        return Response(evidence_of(verdicts, residency, rule_set=used, on=self.on))

    @extend_schema(
        operation_id="residencies_graduate", request=GraduateNowSerializer,
        responses={201: ReviewDetailSerializer},
    )  # fmt: skip
    def graduate(self, request, pk=None):
        """Open a review and decide it; evidence, opinion and act stand in one record."""
        values = terms_of(checked(GraduateNowSerializer, request), request.user)
        residency = self.get_object()
        review = incubation.graduate_residency(
            residency=residency, on=self.today, by=request.user, at=timezone.now(),
            evidence_on=values.pop("on"), rule_set=chosen_rules(values.pop("rule_set")), **values,
        )  # fmt: skip
        rows = GraduationReview.objects.select_related("residency", "rule_set")
        return Response(ReviewDetailSerializer(rows.get(pk=review.pk)).data, status=201)


HIDDEN = ("in_existence", "place", "jobs", "revenue")


class FollowUpSerializer(serializers.ModelSerializer):
    """Figures are null where the firm has not agreed to being named (``named`` false)."""

    named = serializers.SerializerMethodField()

    class Meta:
        model = FollowUp
        fields = ["id", "residency", "year", "recorded_on", *HIDDEN, "source", "named"]
        validators = []

    def get_named(self, row) -> bool:
        return may_be_named(row.residency)

    def to_representation(self, row):
        data = super().to_representation(row)
        if not data["named"]:
            data |= dict.fromkeys(HIDDEN)
        return data


class FollowUpFilter(filters.FilterSet):
    residency = KeyFilter("residency_id")
    tenant = KeyFilter("residency__tenant_id")
    carrier = KeyFilter("residency__carrier_id")
    park = filters.CharFilter("residency__carrier__park__code")

    class Meta:
        model = FollowUp
        fields = {"year": ["exact"], "recorded_on": ["gte", "lte"]}


class YearSerializer(serializers.Serializer):
    """Sums over graduates; ``…_left_out``: firms without consent, fewer than three, in no sum."""

    year = serializers.IntegerField()
    due = serializers.IntegerField()
    recorded = serializers.IntegerField()
    missing = serializers.IntegerField()
    still_in_existence = serializers.IntegerField(source="still_there")
    existence_known = serializers.IntegerField(source="exists.firms")
    existence_left_out = serializers.IntegerField(source="exists.left_out")
    jobs = serializers.IntegerField(source="jobs.total")
    jobs_known = serializers.IntegerField(source="jobs.firms")
    jobs_left_out = serializers.IntegerField(source="jobs.left_out")
    revenue = serializers.DecimalField(source="revenue.total", max_digits=20, decimal_places=2)
    revenue_known = serializers.IntegerField(source="revenue.firms")
    revenue_left_out = serializers.IntegerField(source="revenue.left_out")


@extend_schema(parameters=[ON])
class FollowUpResource(Resource):
    """What became of graduates, year by year; ``years`` gives the sums."""

    queryset = FollowUp.objects.none()
    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilter
    view_permission = "incubation.view_chain"
    act_permissions = dict.fromkeys(["create", "partial_update"], "incubation.change_residency")
    search_fields = ("residency__tenant__name",)
    ordering_fields = ("year", "recorded_on")

    def get_queryset(self):
        rows = FollowUp.objects.visible_to(self.request.user).select_related("residency__tenant")
        return rows.order_by("pk")

    def create(self, request):
        values = dict(checked(FollowUpSerializer, request))
        residencies = Residency.objects.visible_to(request.user)
        seen(residencies, values["residency"].pk, "residency")
        self.not_to_come(values)
        row = incubation.record_follow_up(by=request.user, **values)
        return self.fresh(row.pk, 201)

    def partial_update(self, request, pk=None):
        row = self.changing(self.get_object())
        serializer = FollowUpSerializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        for name in ("residency", "year"):
            if values.pop(name, getattr(row, name)) != getattr(row, name):
                raise exceptions.ValidationError({name: [_("This stays as it is.")]})
        self.not_to_come(values)
        incubation.correct_follow_up(follow_up=row, by=request.user, **values)
        return self.fresh(row.pk)

    def not_to_come(self, values):
        if values.get("recorded_on", self.today) > self.today:
            raise exceptions.ValidationError({"recorded_on": [_("This day is still to come.")]})

    @extend_schema(
        parameters=[ON, OpenApiParameter("park", str)], responses=YearSerializer(many=True),
        operation_id="follow_ups_years", filters=False,
    )  # fmt: skip
    @action(detail=False, pagination_class=None, filter_backends=[])
    def years(self, request):
        if unknown := set(request.query_params) - {"on", "park", "format"}:
            raise exceptions.ValidationError({name: ["Unknown."] for name in unknown})
        rows = Residency.objects.visible_to(request.user)
        if park := request.query_params.get("park"):
            if park not in Park.objects.visible_to(request.user).values_list("code", flat=True):
                raise exceptions.NotFound
            rows = rows.filter(carrier__park__code=park)
        return Response(YearSerializer(years_of_graduates(rows, on=self.on), many=True).data)
