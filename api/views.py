"""The resources. Reading walks ``visible_to``; every act calls its service."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Value, When
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import exceptions, generics, viewsets
from rest_framework.authtoken.models import Token
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from api import serializers as shapes
from api.base import ID, Resource, RolePermission
from parks import services as space
from parks.days import parse_day
from parks.filters import BuildingFilter, FloorFilter, ParkFilter
from parks.models import Building, Floor, Park, Unit
from tenants import services as letting
from tenants.filters import HoldFilter, LeaseFilter, TenantFilter, UnitFilter
from tenants.models import Hold, Lease, Tenant
from tenants.selectors import (
    annotate_state,
    occupancy_series,
    shares,
    units_visible_to,
)
from tenants.selectors.series import STEPS
from tenants.services import LineTerms

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="As-of day; today when left out.")
OUTLINES = ("floor__outline", "floor__building__footprint", "floor__building__park__boundary")


def checked(serializer_class, request):
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@extend_schema(parameters=[ON])
class ParkResource(Resource):
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


@extend_schema(parameters=[ON])
class UnitResource(Resource):
    """Startups see published vacancies and their own space, others their parks' units."""

    queryset = Unit.objects.none()
    serializer_class = shapes.UnitSerializer
    filterset_class = UnitFilter
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


@extend_schema(parameters=[ON])
class TenantResource(Resource):
    queryset = Tenant.objects.none()
    serializer_class = shapes.TenantSerializer
    filterset_class = TenantFilter
    view_permission = "tenants.view_tenant"
    act_permissions = dict.fromkeys(["create", "partial_update"], "tenants.change_tenant")
    search_fields = ("name", "uscc")
    ordering_fields = ("name", "founded_on", "uscc")

    def get_queryset(self):
        return Tenant.objects.visible_to(self.request.user).order_by("pk")

    def create(self, request):
        values = checked(shapes.TenantSerializer, request)
        park = Park.objects.visible_to(request.user).defer("boundary").first()
        tenant = letting.create_tenant(home_park=park, by=request.user, **values)
        return self.fresh(tenant.pk, 201)

    def partial_update(self, request, pk=None):
        tenant = self.changing(self.get_object())
        serializer = shapes.TenantSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        letting.correct_tenant(tenant=tenant, by=request.user, **serializer.validated_data)
        return self.fresh(tenant.pk)


def act(serializer):
    """An act on a lease that answers with the lease: the schema of both, once."""

    def decorate(method):
        made = action(detail=True, methods=["post"], url_path=method.__name__.replace("_", "-"))(
            method
        )
        return extend_schema(request=serializer, responses={200: shapes.LeaseSerializer})(made)

    return decorate


@extend_schema(parameters=[ON])
class LeaseResource(Resource):
    queryset = Lease.objects.none()
    serializer_class = shapes.LeaseSerializer
    filterset_class = LeaseFilter
    view_permission = "tenants.view_lease"
    act_permissions = {
        **dict.fromkeys(["create", "submit", "renew", "amend"], "tenants.draft_lease"),
        **dict.fromkeys(["sign", "reject", "hand_over"], "tenants.sign_lease"),
        **dict.fromkeys(["terminate", "void"], "tenants.terminate_lease"),
    }
    search_fields = ("number", "tenant__name")
    ordering_fields = ("number", "start", "end", "ends_on", "signed_on", "state")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        leases = Lease.objects.visible_to(self.request.user).with_state(self.on)
        return (
            leases.select_related("park")
            .defer("park__boundary")
            .prefetch_related("lines")
            .order_by("pk")
        )

    @extend_schema(request=shapes.DraftSerializer, responses={201: shapes.LeaseSerializer})
    def create(self, request):
        values = checked(shapes.DraftSerializer, request)
        tenant = Tenant.objects.visible_to(request.user).filter(pk=values.pop("tenant")).first()
        rows = values.pop("lines")
        keys = [row["unit"] for row in rows]
        units = Unit.objects.visible_to(request.user).with_place().in_bulk(keys)
        wrong = {}
        if tenant is None:
            wrong["tenant"] = [_("There is no such tenant, or it is not yours to see.")]
        if set(keys) - set(units):
            wrong["lines"] = [_("Not all of these units are yours or there.")]
        if wrong:
            raise exceptions.ValidationError(wrong)
        lines = [LineTerms(**row | {"unit": units[row["unit"]]}) for row in rows]
        lease = letting.draft_lease(tenant=tenant, lines=lines, by=request.user, **values)
        return self.fresh(lease.pk, 201)

    def lease(self):
        return self.changing(self.get_object())

    @act(shapes.SignSerializer)
    def sign(self, request, pk=None):
        values = checked(shapes.SignSerializer, request)
        lease = letting.sign_lease(lease=self.lease(), signed_by=request.user, **values)
        return self.fresh(lease.pk)

    @act(shapes.ReasonSerializer)
    def submit(self, request, pk=None):
        values = checked(shapes.ReasonSerializer, request)
        letting.submit_lease(lease=self.lease(), on=self.today, by=request.user, **values)
        return self.fresh(self.kwargs["pk"])

    @act(shapes.NeededReasonSerializer)
    def reject(self, request, pk=None):
        values = checked(shapes.NeededReasonSerializer, request)
        letting.reject_lease(lease=self.lease(), on=self.today, by=request.user, **values)
        return self.fresh(self.kwargs["pk"])

    @act(shapes.DayReasonSerializer)
    def hand_over(self, request, pk=None):
        values = checked(shapes.DayReasonSerializer, request)
        letting.hand_over_lease(lease=self.lease(), by=request.user, **values)
        return self.fresh(self.kwargs["pk"])

    @act(shapes.DayReasonSerializer)
    def terminate(self, request, pk=None):
        values = checked(shapes.DayReasonSerializer, request)
        letting.terminate_lease(lease=self.lease(), by=request.user, **values)
        return self.fresh(self.kwargs["pk"])

    @act(shapes.NeededReasonSerializer)
    def void(self, request, pk=None):
        values = checked(shapes.NeededReasonSerializer, request)
        letting.void_lease(lease=self.lease(), on=self.today, by=request.user, **values)
        return self.fresh(self.kwargs["pk"])

    @extend_schema(request=shapes.RenewSerializer, responses={201: shapes.LeaseSerializer})
    @action(detail=True, methods=["post"])
    def renew(self, request, pk=None):
        values = checked(shapes.RenewSerializer, request)
        lease = letting.renew_lease(lease=self.lease(), by=request.user, **values)
        return self.fresh(lease.pk, 201)

    @extend_schema(request=shapes.AmendSerializer, responses={201: shapes.LeaseSerializer})
    @action(detail=True, methods=["post"])
    def amend(self, request, pk=None):
        values = checked(shapes.AmendSerializer, request)
        lease = letting.amend_lease(lease=self.lease(), by=request.user, **values)
        return self.fresh(lease.pk, 201)


@extend_schema(parameters=[ON])
class HoldResource(Resource):
    queryset = Hold.objects.none()
    serializer_class = shapes.HoldSerializer
    filterset_class = HoldFilter
    view_permission = "tenants.view_lease"
    act_permissions = dict.fromkeys(["create", "release"], "tenants.hold_unit")
    ordering_fields = ("start", "end")
    search_fields = ("unit__number", "tenant__name", "applicant")

    def get_queryset(self):
        return Hold.objects.visible_to(self.request.user).order_by("pk")

    def create(self, request):
        values = checked(shapes.HoldSerializer, request)
        unit, tenant = values["unit"], values.get("tenant")
        if not Unit.objects.visible_to(request.user).filter(pk=unit.pk).exists():
            raise exceptions.ValidationError({"unit": [_("This unit is not yours or not there.")]})
        if tenant and not Tenant.objects.visible_to(request.user).filter(pk=tenant.pk).exists():
            raise exceptions.ValidationError(
                {"tenant": [_("There is no such tenant, or it is not yours to see.")]}
            )
        hold = letting.hold_unit(by=request.user, **values)
        return self.fresh(hold.pk, 201)

    @extend_schema(request=shapes.ReasonSerializer, responses={200: shapes.HoldSerializer})
    @action(detail=True, methods=["post"])
    def release(self, request, pk=None):
        values = checked(shapes.ReasonSerializer, request)
        hold = self.changing(self.get_object())
        letting.release_hold(hold=hold, on=self.today, by=request.user, **values)
        return self.fresh(hold.pk)


DEFINITIONS = {
    "occupancy": gettext_lazy("Area let on the day ÷ lettable area (domain notes §7)."),
    "signed": gettext_lazy("Area under a binding lease, begun or not ÷ lettable area (§7)."),
    "vacancy": gettext_lazy("1 − signed (§7)."),
}


def indicator(ratio) -> dict:
    return {
        "code": ratio.code, "scope": ratio.scope, "on": ratio.on, "numerator": ratio.numerator,
        "denominator": ratio.denominator, "value": ratio.value, "unit": ratio.unit,
        "definition": DEFINITIONS[ratio.code],
    }  # fmt: skip


PARK = OpenApiParameter(
    "park", str, description="Code of one park; all visible ones when left out."
)


class Indicators(viewsets.GenericViewSet):
    """Ratios with numerator, denominator, day and scope; a series of them over time."""

    permission_classes = [RolePermission]
    view_permission = "parks.view_park"
    act_permissions = {}
    serializer_class = shapes.IndicatorSerializer
    queryset = Park.objects.none()
    lookup_value_regex = "[a-z]+"
    pagination_class = None
    filter_backends = ()

    def known(self, *names):
        if unknown := set(self.request.query_params) - {*names, "format"}:
            raise exceptions.ValidationError({name: ["Unknown filter."] for name in unknown})

    def day(self, name, default):
        try:
            return parse_day(self.request.query_params.get(name, ""), today=default)
        except ValidationError as error:
            raise exceptions.ValidationError({name: error.messages}) from None

    def units(self):
        """``(scope, units)``: those of ``?park=``, else of every park one may see."""
        units, code = (
            Unit.objects.visible_to(self.request.user),
            self.request.query_params.get("park"),
        )
        if not code:
            return "", units
        park = get_object_or_404(Park.objects.visible_to(self.request.user), code=code)
        return park.code, units.of_park(park)

    @extend_schema(parameters=[PARK, ON], responses=shapes.IndicatorSerializer(many=True))
    def list(self, request):
        self.known("park", "on")
        scope, units = self.units()
        found = shares(units, self.day("on", timezone.localdate()), scope=scope)
        rows = [indicator(found.ratio(code)) for code in DEFINITIONS]
        return Response(shapes.IndicatorSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[
            PARK,
            OpenApiParameter("from", OpenApiTypes.DATE), OpenApiParameter("to", OpenApiTypes.DATE),
            OpenApiParameter("step", str, enum=[*STEPS]),
            OpenApiParameter("by", str, enum=["park"]),
        ],
        responses=shapes.IndicatorSerializer(many=True),
    )  # fmt: skip
    @action(detail=True, url_path="series")
    def series(self, request, pk=None):
        """At most 3,700 sample days; ``by=park`` gives one series a park."""
        self.known("park", "from", "to", "step", "by")
        if pk not in DEFINITIONS:
            raise exceptions.NotFound
        query = request.query_params
        step, by = query.get("step") or "month", query.get("by", "")
        wrong = {}
        if step not in STEPS:
            wrong["step"] = [f"One of {', '.join(STEPS)}."]
        if by not in ("", "park"):
            wrong["by"] = ["park, or leave it out."]
        if pk != "occupancy":
            wrong["code"] = [_("Only occupancy is known over time.")]
        end = self.day("to", timezone.localdate())
        start = self.day("from", end.replace(month=1, day=1))
        if start > end:
            wrong["from"] = [_("The first day must not lie after the last.")]
        if wrong:
            raise exceptions.ValidationError(wrong)
        scope, units = self.units()
        scopes = [(scope, units)]
        if by == "park":
            parks = Park.objects.visible_to(request.user).defer("boundary").order_by("code")
            parks = parks.filter(code=scope) if scope else parks
            scopes = [(park.code, units.of_park(park)) for park in parks]
        rows = [
            indicator(ratio)
            for name, chosen in scopes
            for ratio in occupancy_series(chosen, start, end, step, scope=name)
        ]
        return Response(shapes.IndicatorSerializer(rows, many=True).data)


class TokenThrottle(AnonRateThrottle):
    rate = "20/min"
    scope = "token"


class TokenView(generics.GenericAPIView):
    """``{username, password}`` → ``{token}``; failures count towards the lock of the log-in page."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = [TokenThrottle]
    serializer_class = shapes.TokenSerializer

    def post(self, request):
        values = checked(shapes.TokenSerializer, request)
        user = authenticate(request._request, **values)
        if user is None:
            raise exceptions.ValidationError({"password": [_("Name and password do not fit.")]})
        token, _new = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


@method_decorator(
    csp_update({"style-src": [UNSAFE_INLINE]}),
    name="dispatch",
)
class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar package; works with the network cut."""

    url_name = "api:schema"
