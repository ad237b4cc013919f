"""The stacking plan of a park as data: buildings, floors from the top, cells, totals."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.base import ON
from tenants import stacking
from tenants.selectors import stacking_plan


def area():
    return serializers.DecimalField(max_digits=14, decimal_places=2)


class TotalsSerializer(serializers.Serializer):
    """m² of the scope; ``occupancy`` is let ÷ lettable, null without anything lettable."""

    lettable = area()
    let = area()
    vacant = serializers.DecimalField(
        source="vacancy.numerator", max_digits=14, decimal_places=2
    )  # fmt: skip
    occupancy = serializers.FloatField(source="occupancy.value", allow_null=True)
    units = serializers.IntegerField(source="count")


class CellSerializer(serializers.Serializer):
    unit = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    gross_area_m2 = serializers.DecimalField(source="area", max_digits=12, decimal_places=2)
    state = serializers.CharField()
    tenant = serializers.CharField(help_text="Name of the tenant of the day, or empty.")
    let_until = serializers.DateField(
        source="until", allow_null=True, help_text="First day no binding lease covers."
    )


class StoreySerializer(serializers.Serializer):
    floor = serializers.IntegerField(source="floor.pk")
    ordinal = serializers.IntegerField(source="floor.ordinal")
    name = serializers.CharField(source="floor.name")
    totals = TotalsSerializer(source="shares", allow_null=True)
    cells = serializers.SerializerMethodField()

    @extend_schema(responses=CellSerializer(many=True))
    def get_cells(self, row) -> list[dict]:
        return CellSerializer([cell for line in row.lines for cell in line], many=True).data


class StackSerializer(serializers.Serializer):
    building = serializers.IntegerField(source="building.pk")
    code = serializers.CharField(source="building.code")
    name = serializers.CharField(source="building.name")
    totals = TotalsSerializer(source="shares")
    floors = StoreySerializer(many=True)


class StackingSerializer(serializers.Serializer):
    park = serializers.CharField()
    on = serializers.DateField()
    totals = TotalsSerializer()
    walt_years = serializers.FloatField(
        allow_null=True, help_text="Average term left, weighted by area; null when nothing is let."
    )
    buildings = StackSerializer(many=True)


class StackingMixin:
    """Adds ``{code}/stacking/`` to the resource of parks."""

    @extend_schema(parameters=[ON], responses=StackingSerializer)
    @action(detail=True, filter_backends=(), pagination_class=None)
    def stacking(self, request, code=None):
        park = self.get_object()
        plan = stacking_plan(park, self.on)
        return Response(
            StackingSerializer(
                {
                    "park": park.code, "on": self.on, "totals": plan.shares,
                    "walt_years": stacking.walt(plan.cells, self.on), "buildings": plan.panels,
                }
            ).data
        )  # fmt: skip
