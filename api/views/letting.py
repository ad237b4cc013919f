"""Tenants, leases and holds, and their acts."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api import serializers as shapes
from api.base import ON, Resource, checked
from parks.models import Park, Unit
from tenants import rent
from tenants import services as letting
from tenants.filters import HoldFilter, LeaseFilter, TenantFilter
from tenants.models import Hold, Lease, MoveOut, Tenant
from tenants.selectors import with_terms
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
        if self.action == "list":
            tenants = tenants.standing()
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
        **dict.fromkeys(["terminate", "void", "take_step"], "tenants.terminate_lease"),
        **dict.fromkeys(["bulk_renew", "add_document"], "tenants.draft_lease"),
        "schedule": "tenants.view_money",
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
        lease = letting.sign_lease(
            lease=self.lease(), signed_by=request.user, today=self.today, **values
        )
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

    @extend_schema(responses={200: shapes.ChargeSerializer(many=True)})
    @action(detail=True)
    def schedule(self, request, pk=None):
        """What the lease costs, by month and unit."""
        lease = self.get_object()
        rows = rent.schedule(with_terms(Lease.objects.filter(pk=lease.pk)).get())
        return Response(shapes.ChargeSerializer(rows, many=True).data)

    @extend_schema(
        request={"multipart/form-data": shapes.NewDocumentSerializer},
        responses={200: shapes.DocumentSerializer(many=True)},
    )
    @action(detail=True, parser_classes=[MultiPartParser])
    def documents(self, request, pk=None):
        rows = self.get_object().documents.kept()
        return Response(shapes.DocumentSerializer(rows, many=True).data)

    @extend_schema(
        request={"multipart/form-data": shapes.NewDocumentSerializer},
        responses={201: shapes.DocumentSerializer},
    )
    @documents.mapping.post
    def add_document(self, request, pk=None):
        values = checked(shapes.NewDocumentSerializer, request)
        document = letting.add_document(
            lease=self.get_object(), at=timezone.now(), by=request.user, **values
        )
        return Response(shapes.DocumentSerializer(document).data, status=201)

    @extend_schema(responses={200: shapes.MoveOutSerializer})
    @action(detail=True, url_path="move-out")
    def move_out(self, request, pk=None):
        return Response(shapes.MoveOutSerializer(self._move_out()).data)

    @extend_schema(request=shapes.MoveOutStepSerializer, responses={200: shapes.MoveOutSerializer})
    @move_out.mapping.post
    def take_step(self, request, pk=None):
        values = checked(shapes.MoveOutStepSerializer, request)
        common = {"by": request.user, "today": self.today}
        if values["step"] == "ask":
            values.pop("step")
            row = letting.ask_surrender(lease=self.get_object(), **common, **values)
        else:
            row = letting.take_step(move_out=self._move_out(), **common, **values)
        return Response(shapes.MoveOutSerializer(row).data)

    def _move_out(self):
        row = MoveOut.objects.filter(lease=self.get_object()).first()
        if row is None:
            raise exceptions.NotFound
        return row

    @extend_schema(
        request=shapes.BulkRenewSerializer, responses={201: shapes.LeaseSerializer(many=True)}
    )
    @action(detail=False, methods=["post"], url_path="bulk-renew")
    def bulk_renew(self, request):
        """Draft the renewals of several leases, all or none."""
        values = checked(shapes.BulkRenewSerializer, request)
        keys = set(values.pop("leases"))
        rows = with_terms(Lease.objects.visible_to(request.user)).filter(pk__in=keys)
        leases = list(rows.order_by("pk"))
        if len(leases) != len(keys):
            raise exceptions.ValidationError(
                {"leases": [_("Not all of these leases are yours or there.")]}
            )
        made = letting.renew_leases(leases=leases, by=request.user, on=self.today, **values)
        answer = self.get_queryset().filter(pk__in=[lease.pk for lease in made])
        return Response(self.get_serializer(answer, many=True).data, status=201)


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
        rows = Hold.objects.visible_to(self.request.user).select_related("offered__offer")
        return rows.order_by("pk")

    def create(self, request):
        values = checked(shapes.HoldSerializer, request)
        if request.data.get("application"):
            raise exceptions.ValidationError({"application": [
                _("A unit is held for an application by offering it: POST "
                  "applications/{id}/hold/ with the units.")
            ]})  # fmt: skip
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
