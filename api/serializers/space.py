"""Parks, buildings, floors and units, and the acts on them."""

from rest_framework import serializers

from api.serializers.fields import MOST_PARTS, GeometryColumn, Text
from parks.models import Building, Floor, Park, Unit, UnitChange, UnitClosure
from parks.states import UnitState


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
    """``number``, ``state``, ``tenant``, ``carrier`` and ``tenure`` as of the day asked for."""

    park = serializers.CharField(source="floor.building.park.code")
    building = serializers.IntegerField(source="floor.building_id")
    number = serializers.CharField(source="number_on")
    state = serializers.ChoiceField(choices=UnitState)
    tenant = serializers.IntegerField(source="shown_tenant", allow_null=True)
    carrier = serializers.IntegerField(allow_null=True)
    outline = GeometryColumn()

    class Meta:
        model = Unit
        fields = [
            "id", "park", "building", "floor", "number", "kind", "tenure", "gross_area_m2",
            "net_area_m2", "shared_area_m2", "billable_area_m2", "area_source", "seats",
            "clear_height_m", "floor_load_kn_m2", "power_kva", "exists_from", "exists_to",
            "outline", "geometry_source", "state", "tenant", "carrier",
        ]  # fmt: skip

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
