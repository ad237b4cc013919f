"""Rule sets, read: every version with its criteria."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.base import ON, Resource
from incubation.models import RuleSet


class WordsSerializer(serializers.Serializer):
    zh = serializers.CharField()
    en = serializers.CharField()


class CriterionSerializer(serializers.Serializer):
    """``threshold`` null: nobody has read it in the document yet, the verdict is unknown."""

    code = serializers.CharField()
    metric = serializers.CharField()
    operator = serializers.CharField()
    threshold = serializers.DecimalField(max_digits=None, decimal_places=None)
    unit = serializers.CharField()
    text = WordsSerializer()
    article = serializers.CharField()
    verified = serializers.BooleanField()


class RuleSetSerializer(serializers.ModelSerializer):
    """``criteria`` are flat and in order; ``body`` says how groups join them.

    ``in_force``: on the day of ``on``.
    """

    in_force = serializers.BooleanField()
    name = serializers.CharField()
    document = serializers.CharField(source="rules.document")
    article = serializers.CharField(source="rules.article")
    product_default = serializers.BooleanField(source="rules.product_default")
    verified = serializers.BooleanField(source="rules.verified")
    criteria = CriterionSerializer(source="rules.criteria", many=True)

    class Meta:
        model = RuleSet
        fields = [
            "id", "code", "version", "name", "subject", "purpose", "stage", "kind", "level",
            "document", "article", "effective_from", "effective_to", "in_force", "product_default", "verified",
            "reason", "criteria", "body",
        ]  # fmt: skip


class RuleSetFilter(filters.FilterSet):
    in_force = filters.BooleanFilter("in_force", label=_("in force on the day"))

    class Meta:
        model = RuleSet
        fields = ["code", "version", "subject", "purpose", "stage", "kind", "level"]


@extend_schema(parameters=[ON])
class RuleSetResource(Resource):
    queryset = RuleSet.objects.none()
    serializer_class = RuleSetSerializer
    filterset_class = RuleSetFilter
    view_permission = "incubation.view_chain"
    search_fields = ("code",)
    ordering_fields = ("code", "version", "effective_from")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return RuleSet.objects.with_in_force(self.on).order_by("code", "version")
