"""Holds and leases from draft to end, what they owe, and their papers."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from api.serializers.fields import MOST_PARTS, Text
from tenants.models import Document, Hold, Lease, LeaseLine, MoveOut, RentUnit
from tenants.services.move_out import STEPS
from tenants.services.renewals import MOST_RENEWALS


class HoldSerializer(serializers.ModelSerializer):
    """``application``: for which the unit is offered, by ``applications/{id}/hold/``."""

    application = serializers.IntegerField(
        source="offered.offer.application_id", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Hold
        fields = ["id", "unit", "tenant", "application", "applicant", "start", "end", "binding",
                  "note"]  # fmt: skip
        read_only_fields = ["binding"]
        validators = []


class LineSerializer(serializers.ModelSerializer):
    """Money only for those who may see it."""

    class Meta:
        model = LeaseLine
        fields = ["unit", "area_m2", "rent", "rent_unit", "start", "end", "binding"]

    def to_representation(self, line):
        data = super().to_representation(line)
        request = self.context.get("request")
        if request is not None and not request.user.has_perm("tenants.view_money"):
            data |= {"rent": None, "rent_unit": None}
        return data


class LeaseSerializer(serializers.ModelSerializer):
    """``state`` as of the day; ``end`` is the first day not covered, as contracted."""

    park = serializers.CharField(source="park.code")
    state = serializers.ChoiceField(choices=Lease.State)
    ends_on = serializers.DateField()
    lines = LineSerializer(many=True)

    class Meta:
        model = Lease
        fields = [
            "id", "number", "park", "tenant", "kind", "state", "previous", "submitted_on",
            "rejected_on", "signed_on", "start", "end", "ends_on", "start_by", "handed_over_on",
            "terminated_on", "voided_on", "deposit", "lines", "version",
        ]  # fmt: skip

    def to_representation(self, lease):
        data = super().to_representation(lease)
        request = self.context.get("request")
        if request is not None and not request.user.has_perm("tenants.view_money"):
            data["deposit"] = None
        return data


class DraftLineSerializer(serializers.Serializer):
    unit = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    area_m2 = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    rent = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0, default=0)
    rent_unit = serializers.ChoiceField(choices=RentUnit, default=RentUnit.M2_MONTH)
    start = serializers.DateField(required=False, allow_null=True)
    end = serializers.DateField(required=False, allow_null=True)


class DraftSerializer(serializers.Serializer):
    tenant = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    number = Text(max_length=60, required=False, allow_blank=True, default="")
    start = serializers.DateField()
    end = serializers.DateField()
    start_by = serializers.DateField(required=False, allow_null=True)
    deposit = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, default=0
    )
    note = Text(required=False, allow_blank=True, default="")
    lines = DraftLineSerializer(many=True, min_length=1, max_length=MOST_PARTS)


class SignSerializer(serializers.Serializer):
    signed_on = serializers.DateField()


class RenewSerializer(serializers.Serializer):
    end = serializers.DateField()
    start = serializers.DateField(required=False, allow_null=True, default=None)
    number = Text(max_length=60, required=False, allow_blank=True, default="")
    reason = Text(required=False, default="", allow_blank=True)


class BulkRenewSerializer(serializers.Serializer):
    leases = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1,
        max_length=MOST_RENEWALS,
    )  # fmt: skip
    months = serializers.IntegerField(min_value=1, max_value=240, required=False)
    end = serializers.DateField(required=False)
    percent = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=-100, max_value=1000, default=0
    )
    submit = serializers.BooleanField(default=False)
    reason = Text(required=False, default="", allow_blank=True)

    def validate(self, values):
        if not values.get("months") and not values.get("end"):
            raise serializers.ValidationError(
                {"months": [_("Say for how many months, or until which day.")]}
            )
        return values


class AmendSerializer(serializers.Serializer):
    effective_on = serializers.DateField()
    end = serializers.DateField(required=False, allow_null=True, default=None)
    number = Text(max_length=60, required=False, allow_blank=True, default="")
    reason = Text(required=False, default="", allow_blank=True)


class ChargeSerializer(serializers.Serializer):
    """What one unit owes in one calendar month, yuan."""

    unit = serializers.CharField(source="name")
    start = serializers.DateField()
    end = serializers.DateField()
    days = serializers.IntegerField()
    rent = serializers.DecimalField(max_digits=16, decimal_places=2)
    property_fee = serializers.DecimalField(source="fee", max_digits=16, decimal_places=2)


class DocumentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Document
        fields = ["id", "lease", "tenant", "kind", "name", "media_type", "size", "sha256",
                  "added_at", "removed_at"]  # fmt: skip


class NewDocumentSerializer(serializers.Serializer):
    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=Document.Kind, default=Document.Kind.OTHER)


class MoveOutSerializer(serializers.ModelSerializer):
    class Meta:
        model = MoveOut
        exclude = ["id"]


class MoveOutStepSerializer(serializers.Serializer):
    """``step`` "ask" opens the move-out; the others write down that a step was done."""

    step = serializers.ChoiceField(choices=["ask", *STEPS])
    on = serializers.DateField()
    leaves_on = serializers.DateField(required=False, allow_null=True)
    inspection = Text(required=False, allow_blank=True)
    deposit_kept = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False
    )
    deposit_kept_for = Text(max_length=200, required=False, allow_blank=True)
    reason = Text(required=False, default="", allow_blank=True)

    def validate(self, values):
        """Only what belongs to the step."""
        own = {"ask": {"leaves_on"}, "inspect": {"inspection"},
               "return_deposit": {"deposit_kept", "deposit_kept_for"}}  # fmt: skip
        allowed = {"step", "on", "reason"} | own.get(values["step"], set())
        if wrong := set(values) - allowed:
            raise serializers.ValidationError(
                {name: [_("Does not belong to this step.")] for name in wrong}
            )
        return values
