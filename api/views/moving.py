"""Space that falls free, adjoining sets of it, and plans of moves."""

from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from api import serializers as shapes
from api.base import COMMON, ON, Resource, RolePermission, checked, day_in
from parks.models import Park, Unit
from parks.periods import FAR_FUTURE
from parks.services.space import OUTLINES
from tenants import services as letting
from tenants.models import Lease, Move, MovePlan, RentUnit, Tenant
from tenants.selectors.free import MONTHS, contiguous, free_units
from tenants.services import Step
from tenants.space_filters import ContiguousFilter, FreeFilter


class FreeSerializer(serializers.ModelSerializer):
    """A unit that is free by the day; ``free_until`` is null when nothing follows."""

    park = serializers.CharField(source="floor.building.park.code")
    building = serializers.IntegerField(source="floor.building_id")
    number = serializers.CharField(source="number_on")
    free_from = serializers.DateField()
    free_until = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = [
            "id", "park", "building", "floor", "number", "kind", "gross_area_m2", "seats",
            "floor_load_kn_m2", "clear_height_m", "power_kva", "goods_lift", "drainage",
            "free_from", "free_until",
        ]  # fmt: skip

    def get_free_until(self, unit) -> str | None:
        return None if unit.free_until == FAR_FUTURE else unit.free_until.isoformat()


def asked(form, on) -> dict:
    values = form.cleaned_data if form.is_valid() else {}
    return {"by": values.get("free_by") or on, "months": int(values.get("months") or MONTHS)}


@extend_schema(parameters=[ON])
class SpaceResource(Resource):
    """Units free by ``free_by`` for ``months``: the same wishes as the page."""

    queryset = Unit.objects.none()
    serializer_class = FreeSerializer
    filterset_class = FreeFilter
    ordering_fields = ("number", "gross_area_m2", "free_from", "free_until", "kind")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        form = FreeFilter(self.request.query_params, queryset=self.queryset).form
        units = free_units(Unit.objects.visible_to(self.request.user), **asked(form, self.on))
        return units.with_number_on(self.on).with_place().defer(*OUTLINES, "outline").order_by("pk")


class ContiguousSerializer(serializers.Serializer):
    building = serializers.IntegerField(source="building.pk")
    park = serializers.CharField(source="building.park.code")
    area_m2 = serializers.DecimalField(max_digits=14, decimal_places=2)
    surplus_m2 = serializers.DecimalField(max_digits=14, decimal_places=2)
    exact = serializers.BooleanField()
    free_from = serializers.DateField()
    free_until = serializers.DateField(allow_null=True)
    units = FreeSerializer(many=True)


class Contiguous(APIView):
    """Per building the fewest adjoining units that give ``area`` m² by the day for the months."""

    permission_classes = [RolePermission]
    view_permission = "parks.view_park"
    act_permissions = {}
    action = "list"

    @extend_schema(operation_id="units_contiguous", parameters=[ON, *(
        shapes.parameter(name) for name in ContiguousFilter.base_filters
    )], responses=ContiguousSerializer(many=True))  # fmt: skip
    def get(self, request):
        units = Unit.objects.visible_to(request.user)
        wishes = ContiguousFilter(request.query_params, queryset=units)
        if unknown := set(request.query_params) - set(wishes.filters) - COMMON:
            raise exceptions.ValidationError({name: ["Unknown filter."] for name in unknown})
        on = day_in(request)
        if not wishes.is_valid():
            raise exceptions.ValidationError(wishes.errors)
        area = Decimal(wishes.form.cleaned_data["area"])
        found = contiguous(wishes.qs, area_m2=area, **asked(wishes.form, on))
        return Response(ContiguousSerializer(found, many=True).data)
