"""Shapes of requests and answers. Rules are the services'."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.renderers import as_geojson
from parks.models import Building, Floor, Park, Unit, UnitChange, UnitClosure
from parks.states import UnitState
from tenants.models import Document, Hold, Lease, LeaseLine, MoveOut, RentUnit, Tenant
from tenants.services.merging import CHOICES
from tenants.services.move_out import STEPS
from tenants.services.renewals import MOST_RENEWALS

MOST_PARTS = 200


class Text(serializers.CharField):
    """A text without control characters, which PostgreSQL could not store."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)


@extend_schema_field({"type": "object", "nullable": True, "additionalProperties": True})
class GeometryColumn(serializers.Field):
    """GeoJSON geometry in longitude-latitude (WGS 84), or null."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value):
        return as_geojson(value)


class ParkSerializer(serializers.ModelSerializer):
    boundary = GeometryColumn()

    class Meta:
        model = Park
        fields = [
            "code", "name", "name_verified", "operator", "street_code", "address", "land_area_mu",
            "boundary", "geometry_source",
        ]  # fmt: skip


class BuildingSerializer(serializers.ModelSerializer):
    park = serializers.CharField(source="park.code")
    footprint = GeometryColumn()

    class Meta:
        model = Building
        fields = [
            "id", "park", "code", "name", "use", "fire_class", "completed_on", "footprint",
            "geometry_source",
        ]  # fmt: skip


class FloorSerializer(serializers.ModelSerializer):
    outline = GeometryColumn()

    class Meta:
        model = Floor
        fields = ["id", "building", "ordinal", "name", "outline", "geometry_source"]


class UnitSerializer(serializers.ModelSerializer):
    """``number``, ``state``, ``tenant`` and ``tenure`` as of the day asked for."""

    park = serializers.CharField(source="floor.building.park.code")
    building = serializers.IntegerField(source="floor.building_id")
    number = serializers.CharField(source="number_on")
    state = serializers.ChoiceField(choices=UnitState)
    tenant = serializers.IntegerField(source="shown_tenant", allow_null=True)
    carrier = serializers.SerializerMethodField()
    outline = GeometryColumn()

    class Meta:
        model = Unit
        fields = [
            "id", "park", "building", "floor", "number", "kind", "tenure", "gross_area_m2",
            "net_area_m2", "shared_area_m2", "billable_area_m2", "area_source", "seats",
            "clear_height_m", "floor_load_kn_m2", "power_kva", "exists_from", "exists_to",
            "outline", "geometry_source", "state", "tenant", "carrier",
        ]  # fmt: skip

    def get_carrier(self, unit) -> int | None:
        """Carriers come with the incubation chain."""
        return None

    def to_representation(self, unit):
        data = super().to_representation(unit)
        if unit.closed_for == UnitClosure.Reason.SOLD:
            data["tenure"] = "sold"
        return data


class PartSerializer(serializers.Serializer):
    number = Text(max_length=40)
    gross_area_m2 = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    net_area_m2 = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    billable_area_m2 = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    kind = serializers.ChoiceField(choices=Unit._meta.get_field("kind").choices, required=False)
    seats = serializers.IntegerField(min_value=0, max_value=100_000, required=False)


class SplitSerializer(serializers.Serializer):
    effective_on = serializers.DateField()
    into = PartSerializer(many=True, min_length=2, max_length=MOST_PARTS)
    reason = Text(required=False, default="", allow_blank=True)


class MergeSerializer(serializers.Serializer):
    units = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=2, max_length=MOST_PARTS,
    )  # fmt: skip
    effective_on = serializers.DateField()
    number = Text(max_length=40)
    reason = Text(required=False, default="", allow_blank=True)


class CloseSerializer(serializers.Serializer):
    start = serializers.DateField()
    end = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.ChoiceField(choices=UnitClosure.Reason)
    note = Text(max_length=200, required=False, default="", allow_blank=True)


class ChangeSerializer(serializers.ModelSerializer):
    """A split or merge: the units that end and those that begin."""

    class Meta:
        model = UnitChange
        fields = ["id", "kind", "effective_on", "cancelled_on", "sources", "results"]


class ClosureSerializer(serializers.ModelSerializer):
    class Meta:
        model = UnitClosure
        fields = ["id", "unit", "reason", "start", "end", "note"]


class TenantSerializer(serializers.ModelSerializer):
    former_names = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Tenant
        fields = [
            "id", "kind", "name", "uscc", "uscc_override_reason", "founded_on", "field",
            "industry_code", "chain", "former_names", "merged_into", "merged_on",
        ]  # fmt: skip
        read_only_fields = ["merged_into", "merged_on"]
        extra_kwargs = {
            # The service normalises the code, asks its rules and whether it is taken.
            "uscc": {"validators": [], "max_length": 40, "required": False, "allow_null": True},
        }


class RenameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    effective_on = serializers.DateField()
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class MergeTenantsSerializer(serializers.Serializer):
    """``take``: names of the columns whose value comes from ``other``."""

    keep = serializers.PrimaryKeyRelatedField(queryset=Tenant.objects.all())
    other = serializers.PrimaryKeyRelatedField(queryset=Tenant.objects.all())
    take = serializers.MultipleChoiceField(choices=CHOICES, required=False, default=())
    prefer_other = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500)


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


class DayReasonSerializer(serializers.Serializer):
    on = serializers.DateField()
    reason = Text(required=False, default="", allow_blank=True)


class ReasonSerializer(serializers.Serializer):
    reason = Text(required=False, default="", allow_blank=True)


class NeededReasonSerializer(serializers.Serializer):
    reason = Text()


class RenewSerializer(serializers.Serializer):
    end = serializers.DateField()
    start = serializers.DateField(required=False, allow_null=True, default=None)
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


class HoldSerializer(serializers.ModelSerializer):
    class Meta:
        model = Hold
        fields = ["id", "unit", "tenant", "applicant", "start", "end", "binding", "note"]
        read_only_fields = ["binding"]
        validators = []


class IndicatorSerializer(serializers.Serializer):
    code = serializers.CharField()
    scope = serializers.CharField()
    on = serializers.DateField()
    numerator = serializers.DecimalField(max_digits=18, decimal_places=2)
    denominator = serializers.DecimalField(max_digits=18, decimal_places=2)
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    definition = serializers.CharField()


class TokenSerializer(serializers.Serializer):
    username = Text(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    token = serializers.CharField(read_only=True)
