"""Tenants, leases and holds, and their acts."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action

from api import serializers as shapes
from api.base import ON, Resource, checked
from parks.models import Park, Unit
from tenants import services as letting
from tenants.filters import HoldFilter, LeaseFilter, TenantFilter
from tenants.models import Hold, Lease, Tenant
from tenants.services import LineTerms


@extend_schema(parameters=[ON])
class TenantResource(Resource):
    queryset = Tenant.objects.none()
    serializer_class = shapes.TenantSerializer
    filterset_class = TenantFilter
    view_permission = "tenants.view_tenant"
    act_permissions = {
        **dict.fromkeys(["create", "partial_update", "rename"], "tenants.change_tenant"),
        "merge": "tenants.merge_tenants",
    }
    search_fields = ("name", "uscc", "former_names__name")
    ordering_fields = ("name", "founded_on", "uscc")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = self.request.user
        tenants = Tenant.objects.visible_to(user).with_area(self.on, user)
        return tenants.prefetch_related("former_names").order_by("pk")

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

    @extend_schema(request=shapes.RenameSerializer, responses={200: shapes.TenantSerializer})
    @action(detail=True, methods=["post"])
    def rename(self, request, pk=None):
        values = checked(shapes.RenameSerializer, request)
        tenant = self.changing(self.get_object())
        letting.rename_tenant(tenant=tenant, on=self.today, by=request.user, **values)
        return self.fresh(tenant.pk)

    @extend_schema(request=shapes.MergeTenantsSerializer, responses={200: shapes.TenantSerializer})
    @action(detail=False, methods=["post"])
    def merge(self, request):
        values = checked(shapes.MergeTenantsSerializer, request)
        for name in ("keep", "other"):
            if not Tenant.objects.visible_to(request.user).filter(pk=values[name].pk).exists():
                raise exceptions.ValidationError(
                    {name: [_("There is no such tenant, or it is not yours to see.")]}
                )
        tenant = letting.merge_tenants(on=self.today, by=request.user, **values)
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
