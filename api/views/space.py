"""Parks, buildings, floors and units, and the acts on units."""

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.response import Response

from api import serializers as shapes
from api.base import ID, ON, Resource, checked
from api.views.stacking import StackingMixin
from incubation.models import CarrierSpace
from parks import services as space
from parks.filters import BuildingFilter, FloorFilter, KeyFilter, ParkFilter
from parks.models import Building, Floor, Park, Unit
from tenants.filters import UnitFilter
from tenants.selectors import (
    annotate_state,
    units_visible_to,
)

OUTLINES = ("floor__outline", "floor__building__footprint", "floor__building__park__boundary")


@extend_schema(parameters=[ON])
class ParkResource(StackingMixin, Resource):
    queryset = Park.objects.none()
    serializer_class = shapes.ParkSerializer
    filterset_class = ParkFilter
    lookup_field = "code"
    lookup_value_regex = r"[A-Za-z0-9_-]+"
    geometry_column = "boundary"
    search_fields = ("code", "name", "operator")
    ordering_fields = ("code", "name", "land_area_mu")

    def get_queryset(self):
        return Park.objects.visible_to(self.request.user).order_by("code")


@extend_schema(parameters=[ON])
class BuildingResource(Resource):
    queryset = Building.objects.none()
    serializer_class = shapes.BuildingSerializer
    filterset_class = BuildingFilter
    geometry_column = "footprint"
    search_fields = ("code", "name")
    ordering_fields = ("code", "name", "completed_on")

    def get_queryset(self):
        rows = Building.objects.visible_to(self.request.user)
        return rows.select_related("park").defer("park__boundary").order_by("pk")


@extend_schema(parameters=[ON])
class FloorResource(Resource):
    queryset = Floor.objects.none()
    serializer_class = shapes.FloorSerializer
    filterset_class = FloorFilter
    geometry_column = "outline"
    ordering_fields = ("ordinal", "building")

    def get_queryset(self):
        return Floor.objects.visible_to(self.request.user).order_by("pk")


class UnitOfCarrierFilter(UnitFilter):
    """Also over the ``carrier`` of the day."""

    carrier = KeyFilter(label=_lazy("carrier"))


@extend_schema(parameters=[ON])
class UnitResource(Resource):
    """Startups see published vacancies and their own space, others their parks' units."""

    queryset = Unit.objects.none()
    serializer_class = shapes.UnitSerializer
    filterset_class = UnitOfCarrierFilter
    geometry_column = "outline"
    view_permission = ""
    act_permissions = dict.fromkeys(["split", "merge", "close"], "parks.change_unit")
    ordering_fields = ("number", "gross_area_m2", "state", "kind", "exists_from")
    search_fields = ("number", "former_numbers__number")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = self.request.user
        units = annotate_state(units_visible_to(user, self.on), self.on).with_number_on(self.on)
        spaces = CarrierSpace.objects.active_on(self.on).filter(unit=OuterRef("pk"))
        units = units.annotate(carrier=Subquery(spaces.values("carrier")[:1]))
        # Who sits there is for the park's own people and for the tenant itself.
        if user.has_perm("parks.view_park"):
            units = units.annotate(shown_tenant=F("tenant_id"))
        else:
            own = list(user.tenants.values_list("pk", flat=True))
            units = units.annotate(
                shown_tenant=Case(When(tenant_id__in=own, then=F("tenant_id")), default=Value(None))
            )
        return units.with_place().defer(*OUTLINES).order_by("pk")

    def acted_on(self):
        """The unit of the address, of one's own parks; it need not exist on the day."""
        key = self.kwargs["pk"]
        if not (key.isascii() and key.isdigit() and int(key) <= ID):
            raise exceptions.NotFound
        units = Unit.objects.visible_to(self.request.user).with_place()
        return get_object_or_404(units, pk=key)

    @extend_schema(request=shapes.SplitSerializer, responses={201: shapes.ChangeSerializer})
    @action(detail=True, methods=["post"])
    def split(self, request, pk=None):
        unit = self.acted_on()
        values = checked(shapes.SplitSerializer, request)
        if request.headers.get("If-Match"):
            self.changing(self.get_object())
        change = space.split_unit(unit=unit, on=self.today, by=request.user, **values)
        return Response(shapes.ChangeSerializer(change).data, status=201)

    @extend_schema(request=shapes.MergeSerializer, responses={201: shapes.ChangeSerializer})
    @action(detail=False, methods=["post"])
    def merge(self, request):
        values = checked(shapes.MergeSerializer, request)
        keys = set(values.pop("units"))
        units = list(Unit.objects.visible_to(request.user).with_place().filter(pk__in=keys))
        if len(units) != len(keys):
            raise exceptions.NotFound(_("Not all of these units are yours or there."))
        change = space.merge_units(units=units, on=self.today, by=request.user, **values)
        return Response(shapes.ChangeSerializer(change).data, status=201)

    @extend_schema(request=shapes.CloseSerializer, responses={201: shapes.ClosureSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request, pk=None):
        unit = self.acted_on()
        values = checked(shapes.CloseSerializer, request)
        closure = space.close_unit(unit=unit, by=request.user, **values)
        return Response(shapes.ClosureSerializer(closure).data, status=201)
