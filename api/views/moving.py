"""Space that falls free, adjoining sets of it, and plans of moves."""

from decimal import Decimal

import django_filters as filters
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api import serializers as shapes
from api.base import ID, ON, Resource, checked
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
        return units.with_number_on(self.on).with_place().defer(*OUTLINES).order_by("pk")


class ContiguousSerializer(serializers.Serializer):
    building = serializers.IntegerField(source="building.pk")
    park = serializers.CharField(source="building.park.code")
    area_m2 = serializers.DecimalField(max_digits=14, decimal_places=2)
    surplus_m2 = serializers.DecimalField(max_digits=14, decimal_places=2)
    exact = serializers.BooleanField()
    free_from = serializers.DateField()
    free_until = serializers.DateField(allow_null=True)
    units = FreeSerializer(many=True)


@extend_schema(parameters=[ON])
class ContiguousResource(Resource):
    """Per building the fewest adjoining units that give ``area`` m² by the day for the months."""

    queryset = Unit.objects.none()
    serializer_class = ContiguousSerializer
    filterset_class = ContiguousFilter
    pagination_class = None

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Unit.objects.visible_to(self.request.user).order_by("pk")

    @extend_schema(operation_id="units_contiguous")
    def list(self, request, *args, **kwargs):
        on, units = self.on, self.filter_queryset(self.get_queryset())
        form = ContiguousFilter(request.query_params, queryset=units).form
        when = asked(form, on)
        found = contiguous(units, area_m2=Decimal(form.cleaned_data["area"]), **when)
        return Response(ContiguousSerializer(found, many=True).data)


class StepSerializer(serializers.Serializer):
    """``before``: the lease that ends; ``tenant`` without it: somebody comes; ``units``: all the
    tenant has afterwards. A rent left out is taken over."""

    before = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=ID
    )
    tenant = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=ID
    )
    units = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=ID), required=False, max_length=200
    )
    rent = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=0, required=False, allow_null=True, default=None
    )
    rent_unit = serializers.ChoiceField(RentUnit.choices, required=False, default=RentUnit.M2_MONTH)
    end = serializers.DateField(required=False, allow_null=True, default=None)


class PlanSerializer(serializers.Serializer):
    park = serializers.CharField(max_length=20)
    effective_on = serializers.DateField()
    reason = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="",
        validators=[ProhibitNullCharactersValidator()],
    )  # fmt: skip
    steps = StepSerializer(many=True, min_length=1, max_length=100)


class MoveSerializer(serializers.ModelSerializer):
    class Meta:
        model = Move
        fields = ["kind", "tenant", "before", "after"]


class MovePlanSerializer(serializers.ModelSerializer):
    park = serializers.CharField(source="park.code")
    moves = MoveSerializer(many=True)

    class Meta:
        model = MovePlan
        fields = ["id", "park", "effective_on", "planned_on", "cancelled_on", "reason", "moves"]


class RowSerializer(serializers.Serializer):
    kind = serializers.CharField()
    tenant = serializers.IntegerField()
    left = serializers.ListField(child=serializers.IntegerField())
    taken = serializers.ListField(child=serializers.IntegerField())
    area_before = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    area_after = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    remarks = serializers.ListField(child=serializers.CharField())


class MovePlanFilter(filters.FilterSet):
    park = filters.CharFilter("park__code")

    class Meta:
        model = MovePlan
        fields = {"effective_on": ["exact", "gte", "lte"]}


@extend_schema(parameters=[ON])
class MoveResource(Resource):
    """Plans of moves: POST plans them all or none, ``preview`` says what that would do."""

    queryset = MovePlan.objects.none()
    serializer_class = MovePlanSerializer
    filterset_class = MovePlanFilter
    act_permissions = dict.fromkeys(["create", "preview", "cancel"], "tenants.sign_lease")
    ordering_fields = ("effective_on", "planned_on")

    def get_queryset(self):
        plans = MovePlan.objects.visible_to(self.request.user).select_related("park")
        return plans.defer("park__boundary").prefetch_related("moves").order_by("pk")

    @extend_schema(request=PlanSerializer, responses={201: MovePlanSerializer})
    def create(self, request):
        return self.fresh(letting.plan_moves(**self.given()).pk, 201)

    @extend_schema(request=PlanSerializer, responses={200: RowSerializer(many=True)})
    @action(detail=False, methods=["post"])
    def preview(self, request):
        rows = letting.preview_moves(**self.given())
        return Response([
            {"kind": row.kind, "tenant": row.tenant.pk, "left": [unit.pk for unit in row.left],
             "taken": [unit.pk for unit in row.taken], "area_before": row.area_before,
             "area_after": row.area_after, "remarks": row.remarks}
            for row in rows
        ])  # fmt: skip

    @extend_schema(request=shapes.ReasonSerializer, responses={200: MovePlanSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        values = checked(shapes.ReasonSerializer, request)
        plan = self.changing(self.get_object())
        letting.cancel_moves(plan=plan, on=self.today, by=request.user, **values)
        return self.fresh(plan.pk)

    def given(self) -> dict:
        """The body with its rows read; what is not there or not one's own is a 400."""
        values, user = checked(PlanSerializer, self.request), self.request.user
        park = Park.objects.visible_to(user).filter(code=values["park"]).first()
        rows = values["steps"]
        leases = Lease.objects.visible_to(user).in_bulk([r["before"] for r in rows if r["before"]])
        tenants = Tenant.objects.visible_to(user).in_bulk(
            [r["tenant"] for r in rows if r["tenant"]]
        )
        keys = {key for row in rows for key in row.get("units", ())}
        units = Unit.objects.visible_to(user).with_place().defer(*OUTLINES).in_bulk(keys)
        wrong = {}
        if park is None:
            wrong["park"] = [_("There is no such park, or it is not yours.")]
        if keys - set(units) or any(
            row["before"]
            and row["before"] not in leases
            or row["tenant"]
            and row["tenant"] not in tenants
            for row in rows
        ):
            wrong["steps"] = [_("Not all of these leases, tenants and units are yours or there.")]
        if wrong:
            raise exceptions.ValidationError(wrong)
        steps = [
            Step(
                before=leases.get(row["before"]), tenant=tenants.get(row["tenant"]),
                units=tuple(units[key] for key in row.get("units", ())), rent=row["rent"],
                rent_unit=row["rent_unit"], end=row["end"],
            )
            for row in rows
        ]  # fmt: skip
        return {
            "park": park, "steps": steps, "effective_on": values["effective_on"],
            "reason": values["reason"], "on": self.today, "by": user,
        }  # fmt: skip
