"""How far a carrier is from a rule set, as data."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from api.base import ON, Resource
from incubation.models import Carrier
from incubation.selectors.readiness import (
    called,
    carrier_rule_sets,
    chosen_for,
    fitting,
    next_above,
    reports,
)

VERDICTS = ["not_met", "met", "unknown"]


def verdict_field(**options):
    return serializers.ChoiceField(choices=VERDICTS, **options)


class EvidenceSerializer(serializers.Serializer):
    label = serializers.CharField()
    value = serializers.CharField()
    day = serializers.DateField(allow_null=True)


class ConditionSerializer(serializers.Serializer):
    """A criterion or, with ``depth`` of its members one more, a group."""

    code = serializers.CharField(source="finding.node.code")
    depth = serializers.IntegerField(help_text="0 at the top; members of a group lie deeper.")
    group = serializers.SerializerMethodField(help_text="any, all, or empty of a criterion.")
    text = serializers.CharField(source="finding.node.text")
    verdict = serializers.SerializerMethodField()
    metric = serializers.CharField(source="finding.metric.code", default="")
    unit = serializers.CharField(source="finding.metric.unit", default="")
    definition = serializers.CharField(source="finding.metric.definition", default="")
    value = serializers.SerializerMethodField(help_text="Exact, as a fraction; null if unknown.")
    value_words = serializers.CharField(source="finding.printed_value")
    numerator = serializers.CharField(help_text="Of a quotient, printed; else empty.")
    denominator = serializers.CharField()
    requirement = serializers.CharField(source="finding.requirement")
    gap = serializers.SerializerMethodField(help_text="Exact, in the unit the gap is told in.")
    gap_words = serializers.CharField(source="finding.gap_words")
    missing = serializers.CharField(source="finding.missing")
    earliest = serializers.DateField(source="finding.earliest", allow_null=True)
    article = serializers.CharField(source="finding.node.article")
    verified = serializers.BooleanField(source="finding.verified")
    evidence = EvidenceSerializer(source="rows", many=True)

    def get_group(self, line) -> str:
        return line.finding.node.mode if line.finding.is_group else ""

    @extend_schema(responses=verdict_field())
    def get_verdict(self, line) -> str:
        return VERDICTS[line.finding.verdict]

    def get_value(self, line) -> str | None:
        return _exact(line.finding.value)

    def get_gap(self, line) -> str | None:
        return _exact(line.finding.gap)


class MonthSerializer(serializers.Serializer):
    on = serializers.DateField()
    verdict = serializers.SerializerMethodField()
    met = serializers.IntegerField()
    not_met = serializers.IntegerField()
    unknown = serializers.IntegerField()

    def get_verdict(self, month) -> str:
        return VERDICTS[month.verdict]


class NextLevelSerializer(serializers.Serializer):
    rule_set = serializers.CharField(source="rule_set.code")
    level = serializers.CharField(source="rule_set.level")
    verdict = serializers.SerializerMethodField()
    conditions = ConditionSerializer(source="lines", many=True)

    def get_verdict(self, report) -> str:
        return VERDICTS[report.explanation.verdict]


class ReadinessSerializer(serializers.Serializer):
    carrier = serializers.IntegerField(source="carrier.pk")
    on = serializers.DateField()
    rule_set = serializers.CharField(source="rule_set.code")
    version = serializers.IntegerField(source="rule_set.version")
    document = serializers.CharField(source="explanation.body.document")
    level = serializers.CharField(source="rule_set.level")
    verdict = serializers.SerializerMethodField()
    earliest = serializers.DateField(source="explanation.earliest", allow_null=True)
    conditions = ConditionSerializer(source="lines", many=True)
    course = MonthSerializer(many=True)
    next_level = NextLevelSerializer(allow_null=True, default=None)

    def get_verdict(self, report) -> str:
        return VERDICTS[report.explanation.verdict]


def _exact(value):
    return None if value is None else str(value)


class ReadinessResource(Resource):
    """``carriers/{id}/readiness/``: the gap report of a carrier."""

    queryset = Carrier.objects.none()
    serializer_class = ReadinessSerializer
    view_permission = "incubation.view_chain"
    filter_backends = ()
    pagination_class = None

    def get_queryset(self):
        return Carrier.objects.visible_to(self.request.user).with_level(self.on)

    @extend_schema(
        parameters=[ON, OpenApiParameter(
            "rule_set", OpenApiTypes.STR,
            description="Code of a rule set in force on the day that judges such carriers, or any version"
                        " of one as “code v2”; left out:"
                        " that of the level the carrier holds, else of the next above.",
        )],
        responses=ReadinessSerializer,
    )  # fmt: skip
    def retrieve(self, request, *args, **kwargs):
        if unknown := set(request.query_params) - {"on", "rule_set", "format"}:
            raise exceptions.ValidationError(
                {name: ["Unknown filter. Known: on, rule_set."] for name in unknown}
            )
        carrier = self.get_object()
        in_force = carrier_rule_sets(self.on)
        chosen = self.chosen(carrier, in_force)
        above = next_above(in_force, carrier, chosen)
        report, *others = reports(carrier, [chosen, *([above] if above else [])], self.on)
        data = ReadinessSerializer(report).data
        data["next_level"] = NextLevelSerializer(others[0]).data if others else None
        return Response(data)

    def chosen(self, carrier, in_force):
        code = self.request.query_params.get("rule_set", "")
        mine = fitting(in_force, carrier)
        chosen = (
            called(code, mine, fitting(carrier_rule_sets(), carrier))
            if code else chosen_for(in_force, carrier)
        )  # fmt: skip
        if chosen is None:
            known = ", ".join(one.code for one in mine) or "—"
            raise exceptions.ValidationError(
                {"rule_set": [_("No such rule set judges this carrier on the day. There are: %(codes)s.")
                              % {"codes": known}]}
            )  # fmt: skip
        return chosen
