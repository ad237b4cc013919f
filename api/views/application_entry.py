"""Where one may apply, and the conditions of entry there one by one."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.views.figures import own_tenant
from api.views.graduation import seen
from api.views.readiness import VERDICTS, verdict_field
from incubation.selectors.comparing import carriers_to_apply, offered
from incubation.selectors.eligibility import eligibility, eligibility_for
from incubation.selectors.writing import completeness


class ToApplySerializer(serializers.Serializer):
    """``against``: why it takes no applications now; rents in yuan/m²·month."""

    id = serializers.IntegerField(source="carrier.pk")
    name = serializers.CharField(source="carrier.name")
    park = serializers.CharField(source="carrier.park.code")
    stage = serializers.CharField(source="carrier.stage")
    open = serializers.BooleanField(source="taking.open")
    against = serializers.CharField(source="taking.against")
    call = serializers.IntegerField(source="taking.call.pk", default=None, allow_null=True)
    welcome = serializers.CharField(source="taking.intake.welcome")
    free_units = serializers.IntegerField(source="free")
    free_m2 = serializers.DecimalField(max_digits=14, decimal_places=2)
    rent_least = serializers.DecimalField(max_digits=14, decimal_places=4, allow_null=True)
    rent_most = serializers.DecimalField(max_digits=14, decimal_places=4, allow_null=True)
    waiting = serializers.IntegerField()


class LackingSerializer(serializers.Serializer):
    field = serializers.CharField()
    words = serializers.CharField()


class EntryConditionSerializer(serializers.Serializer):
    """``depth``: 0 at the top; what would meet a group stands below it, one deeper."""

    rule_set = serializers.CharField()
    depth = serializers.IntegerField()
    code = serializers.CharField(source="finding.node.code")
    text = serializers.CharField(source="finding.node.text")
    verdict = serializers.SerializerMethodField()
    value = serializers.CharField(source="finding.printed_value")
    requirement = serializers.CharField(source="finding.requirement")
    gap = serializers.CharField(source="finding.gap_words")
    missing = serializers.CharField(source="finding.missing")
    article = serializers.CharField(source="finding.node.article")
    verified = serializers.BooleanField(source="finding.verified")

    @extend_schema_field(verdict_field())
    def get_verdict(self, line) -> str:
        return VERDICTS[line["finding"].verdict]


class EligibilitySerializer(serializers.Serializer):
    """Of the day one would enter; it is shown and never blocks. ``lacking``: before it can be sent."""

    on = serializers.DateField(source="found.day")
    met = serializers.IntegerField(source="found.met")
    not_met = serializers.IntegerField(source="found.not_met")
    unknown = serializers.IntegerField(source="found.unknown")
    due_on = serializers.DateField(source="found.due_on", allow_null=True)
    obstacles = serializers.ListField(child=serializers.CharField(), source="found.obstacles")
    remarks = serializers.ListField(child=serializers.CharField(), source="found.remarks")
    conditions = EntryConditionSerializer(many=True)
    lacking = LackingSerializer(many=True)


def judged(found, lacking) -> dict:
    """What ``EligibilitySerializer`` tells of an ``Eligibility``."""
    conditions = [
        {"rule_set": explanation.body.code, "finding": finding, "depth": depth}
        for explanation, findings in found.criteria for finding, depth in findings
    ]  # fmt: skip
    return {"found": found, "conditions": conditions, "lacking": lacking}


class Entry:
    """For applicants; ``party`` is the resource's."""

    @extend_schema(responses={200: ToApplySerializer(many=True)}, filters=False)
    @action(detail=False, pagination_class=None, filter_backends=[], url_path="carriers",
            url_name="carriers")  # fmt: skip
    def to_apply(self, request):
        """The carriers one may apply to, with what each has free and asks for."""
        rows = offered(carriers_to_apply(self.on), self.on)
        return Response(ToApplySerializer(rows, many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("carrier", OpenApiTypes.INT, OpenApiParameter.PATH),
            OpenApiParameter("tenant", OpenApiTypes.INT, description="Which team or firm of one's own."),
        ],
        responses={200: EligibilitySerializer}, filters=False,
    )  # fmt: skip
    @action(detail=False, pagination_class=None, filter_backends=[],
            url_path=r"carriers/(?P<carrier>\d+)/eligibility", url_name="carrier-eligibility")  # fmt: skip
    def carrier_eligibility(self, request, carrier=None):
        """The carrier's conditions of entry one by one, before anything is begun."""
        row = seen(carriers_to_apply(self.on), carrier, "carrier")
        tenant = own_tenant(request.user, request.query_params.dict())
        found = eligibility_for(tenant, row, on=self.on, by=request.user)
        return Response(EligibilitySerializer(judged(found, [])).data)

    @extend_schema(responses={200: EligibilitySerializer})
    @action(detail=True)
    def eligibility(self, request, pk=None):
        """The carrier's conditions of entry one by one, and what is still missing to send it."""
        row = self.party()
        found = eligibility(row, on=self.today, by=request.user)
        return Response(EligibilitySerializer(judged(found, completeness(row, self.today))).data)
