"""Residencies: who is in which carrier until when, and the acts on them."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.base import ID, ON, Resource, checked
from api.serializers import NeededReasonSerializer, Text
from api.views.graduation import seen
from incubation import services as incubation
from incubation.errors import OutcomeRefused
from incubation.models import Carrier, Residency, ResidencyExtension
from incubation.residency_filters import ResidencyFilter
from incubation.selectors.residencies import ResidencyState, listed
from incubation.services.residencies import CORRECTABLE
from tenants.models import Tenant

Day = serializers.DateField


def key():
    return serializers.IntegerField(min_value=1, max_value=ID)


def optional_day():
    return Day(required=False, allow_null=True, default=None)


def optional_text(most):
    return Text(max_length=most, required=False, allow_blank=True, default="")


def special_field(**options):
    return serializers.ChoiceField(
        Residency.SpecialField.choices, required=False, allow_blank=True, **options
    )


class ExtensionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ResidencyExtension
        fields = ["decided_on", "due_on", "reason"]


class ResidencySerializer(serializers.ModelSerializer):
    """``due_on``: as decided by the day; ``first_due_on``: without extensions."""

    park = serializers.CharField(source="carrier.park.code")
    stage = serializers.CharField(source="carrier.stage")
    first_due_on = Day(source="due_on")
    due_on = Day(source="due")
    state = serializers.ChoiceField(ResidencyState.choices)
    exempted_by = serializers.SlugRelatedField("username", read_only=True)
    extensions = ExtensionSerializer(many=True)

    class Meta:
        model = Residency
        fields = [
            "id", "tenant", "carrier", "park", "stage", "agreement_number", "entered_on",
            "first_due_on", "due_on", "state", "special_field", "registered_on", "left_on",
            "outcome", "destination", "destination_note", "previous", "exempted_by",
            "exemption_reason", "consent_on", "note", "extensions",
        ]  # fmt: skip


class AdmitSerializer(serializers.Serializer):
    """A condition that is not met needs an ``exemption_reason``; it is kept with one's name."""

    tenant = key()
    carrier = key()
    agreement_number = Text(max_length=60)
    entered_on = Day()
    special_field = special_field(default="")
    registered_on = optional_day()
    consent_on = optional_day()
    exemption_reason = optional_text(300)
    note = optional_text(300)
    reason = optional_text(500)


class CorrectSerializer(serializers.Serializer):
    agreement_number = Text(max_length=60, required=False)
    special_field = special_field()
    registered_on = Day(required=False, allow_null=True)
    consent_on = Day(required=False, allow_null=True)
    destination_note = Text(max_length=200, required=False, allow_blank=True)
    note = Text(max_length=300, required=False, allow_blank=True)
    reason = Text(max_length=500)


class ExtendSerializer(serializers.Serializer):
    due_on = Day()
    decided_on = optional_day()
    reason = Text(max_length=300)


class TransferSerializer(serializers.Serializer):
    carrier = key()
    on_day = Day()
    agreement_number = Text(max_length=60)
    registered_on = optional_day()
    reason = Text(max_length=500)


class AdvanceSerializer(TransferSerializer):
    special_field = special_field(allow_null=True, default=None)
    exemption_reason = optional_text(300)
    reason = optional_text(500)


class LeaveSerializer(serializers.Serializer):
    """Graduating is ``graduate/``, going on ``advance/`` or ``transfer/``."""

    left_on = Day()
    outcome = serializers.ChoiceField(Residency.Outcome.choices)
    destination = serializers.ChoiceField(Residency.Destination.choices)
    destination_note = optional_text(200)
    reason = optional_text(500)


def act(serializer):
    """An act on a residency that answers with the residency: the schema of both, once."""

    def decorate(method):
        made = action(detail=True, methods=["post"])(method)
        return extend_schema(request=serializer, responses={200: ResidencySerializer})(made)

    return decorate


@extend_schema(parameters=[ON])
class ResidencyResource(Resource):
    """POST admits; a transfer and going on answer with the residency that begins."""

    queryset = Residency.objects.none()
    serializer_class = ResidencySerializer
    filterset_class = ResidencyFilter
    view_permission = "incubation.view_residency"
    act_permissions = dict.fromkeys(
        [
            "create",
            "partial_update",
            "extend",
            "transfer",
            "advance",
            "leave",
            "reopen",
            "withdraw",
        ],
        "incubation.change_residency",
    )
    search_fields = ("tenant__name", "agreement_number")
    ordering_fields = ("entered_on", "due", "left_on", "agreement_number")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = listed(self.request.user, self.on).select_related(
            "tenant", "carrier__park", "exempted_by"
        )
        return rows.prefetch_related("extensions").order_by("pk")

    def residency(self):
        return self.changing(self.get_object())

    def carrier(self, values):
        carriers = Carrier.objects.visible_to(self.request.user)
        return seen(carriers, values.pop("carrier"), "carrier")

    @extend_schema(request=AdmitSerializer, responses={201: ResidencySerializer})
    def create(self, request):
        values = checked(AdmitSerializer, request)
        tenants = Tenant.objects.visible_to(request.user)
        tenant = seen(tenants, values.pop("tenant"), "tenant")
        residency = incubation.admit_tenant(
            tenant=tenant, carrier=self.carrier(values), by=request.user, on=self.today, **values
        )
        return self.fresh(residency.pk, 201)

    @extend_schema(request=CorrectSerializer, responses={200: ResidencySerializer})
    def partial_update(self, request, pk=None):
        values = checked(CorrectSerializer, request)
        row = self.residency()
        values = {name: value for name, value in values.items() if name in {*CORRECTABLE, "reason"}}
        incubation.correct_residency(residency=row, by=request.user, **values)
        return self.fresh(row.pk)

    @act(ExtendSerializer)
    def extend(self, request, pk=None):
        values = checked(ExtendSerializer, request)
        values["decided_on"] = values["decided_on"] or self.today
        row = incubation.extend_residency(residency=self.residency(), by=request.user, **values)
        return self.fresh(row.pk)

    @act(TransferSerializer)
    def transfer(self, request, pk=None):
        values = checked(TransferSerializer, request)
        new = incubation.transfer_residency(
            residency=self.residency(), carrier=self.carrier(values), by=request.user, **values
        )
        return self.fresh(new.pk)

    @act(AdvanceSerializer)
    def advance(self, request, pk=None):
        values = checked(AdvanceSerializer, request)
        new = incubation.advance_residency(
            residency=self.residency(), carrier=self.carrier(values), by=request.user, **values
        )
        return self.fresh(new.pk)

    @act(LeaveSerializer)
    def leave(self, request, pk=None):
        values = checked(LeaveSerializer, request)
        if values["outcome"] == Residency.Outcome.GRADUATED:
            raise OutcomeRefused(
                _("A graduation is decided on its evidence: use graduate/, or open a review.")
            )
        row = incubation.leave_carrier(residency=self.residency(), by=request.user, **values)
        return self.fresh(row.pk)

    @act(NeededReasonSerializer)
    def reopen(self, request, pk=None):
        values = checked(NeededReasonSerializer, request)
        row = incubation.reopen_residency(residency=self.residency(), by=request.user, **values)
        return self.fresh(row.pk)

    @extend_schema(request=NeededReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        """An entry written down by mistake never was; the trail keeps it."""
        values = checked(NeededReasonSerializer, request)
        incubation.withdraw_residency(residency=self.residency(), by=request.user, **values)
        return Response(status=204)
