"""Carriers with their recognitions, space, figures and changes; mentors and events."""

from functools import partial

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.fields import MOST_PARTS, Text
from incubation.models import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierSpace,
    CarrierYear,
    EventAttendance,
    Level,
    Mentor,
    MentorPairing,
    MentorSession,
    ServiceEvent,
)
from incubation.selectors.carriers import YEAR_FIELDS
from parks.models import Park
from tenants.forms import DAYS
from tenants.models import Tenant

Day = partial(serializers.DateField, validators=DAYS)
OpenDay = partial(Day, required=False, allow_null=True, default=None)
Key = partial(serializers.IntegerField, min_value=1, max_value=2**63 - 1)
Reason = partial(Text, required=False, default="", allow_blank=True)


class RecognitionSerializer(serializers.ModelSerializer):
    """``end`` is the first day not covered; null: until further notice."""

    start = Day()
    end = OpenDay()

    class Meta:
        model = CarrierRecognition
        fields = ["id", "level", "form", "document", "start", "end", "note"]


class GradeSerializer(serializers.ModelSerializer):
    class Meta:
        model = CarrierGrade
        fields = ["id", "level", "year", "grade", "note"]


class CarrierYearSerializer(serializers.ModelSerializer):
    """Money in yuan; null is not known."""

    class Meta:
        model = CarrierYear
        fields = ["id", "year", *(field.name for field in YEAR_FIELDS), "evidence", "note"]


class SpaceSerializer(serializers.ModelSerializer):
    class Meta:
        model = CarrierSpace
        fields = ["id", "unit", "purpose", "start", "end"]


class CarrierChangeSerializer(serializers.ModelSerializer):
    """``report_by``: the last day to report it, if the carrier was recognised then."""

    report_by = serializers.DateField(read_only=True)

    class Meta:
        model = CarrierChange
        fields = ["id", "what", "effective_on", "before", "after", "report_by", "reported_on",
                  "report_number"]  # fmt: skip


class CarrierSerializer(serializers.ModelSerializer):
    """Name, operator, address, level, numbers and ``spaces`` are those of the day asked for."""

    park = serializers.SlugRelatedField("code", queryset=Park.objects.defer("boundary"))
    level = serializers.ChoiceField(Level.choices, read_only=True, allow_null=True)
    area_m2 = serializers.DecimalField(
        source="area", max_digits=14, decimal_places=2, read_only=True
    )
    units = serializers.IntegerField(source="unit_count", read_only=True)
    seats = serializers.IntegerField(read_only=True)
    residents = serializers.IntegerField(read_only=True)
    incubated = serializers.IntegerField(read_only=True)
    changes_to_report = serializers.IntegerField(source="to_report", read_only=True)
    recognitions = RecognitionSerializer(many=True, read_only=True)
    spaces = SpaceSerializer(source="spaces_on", many=True, read_only=True)
    opened_on = Day()

    class Meta:
        model = Carrier
        fields = [
            "id", "park", "name", "stage", "kind", "field", "operator", "address",
            "own_legal_person", "opened_on", "closed_on", "note", "level", "area_m2", "units",
            "seats", "residents", "incubated", "changes_to_report", "recognitions", "spaces",
        ]  # fmt: skip
        read_only_fields = ["closed_on"]
        validators = []

    def to_representation(self, carrier):
        names = ("name", "operator", "address")
        as_of = {name: getattr(carrier, f"{name}_on", getattr(carrier, name)) for name in names}
        return super().to_representation(carrier) | as_of


class CarrierChangeActSerializer(serializers.Serializer):
    what = serializers.ChoiceField(
        [pair for pair in CarrierChange.What.choices if pair[0] != "area"]
    )
    after = Text(max_length=120)
    effective_on = Day()
    reason = Reason()


class ReportSerializer(serializers.Serializer):
    change = Key()
    reported_on = Day()
    number = Text(max_length=60, required=False, allow_blank=True, default="")
    reason = Reason()


class CloseCarrierSerializer(serializers.Serializer):
    """``on``: the first day on which it runs no more."""

    on = Day()
    reason = Reason()


class AssignSerializer(serializers.Serializer):
    units = serializers.ListField(child=Key(), min_length=1, max_length=MOST_PARTS)
    purpose = serializers.ChoiceField(CarrierSpace.Purpose.choices)
    start = Day()
    end = OpenDay()
    reason = Reason()


class ReleaseSerializer(serializers.Serializer):
    """From ``on`` no longer of the carrier, or with another ``purpose`` when one is given."""

    spaces = serializers.ListField(child=Key(), min_length=1, max_length=MOST_PARTS)
    on = Day()
    purpose = serializers.ChoiceField(CarrierSpace.Purpose.choices, required=False)
    reason = Reason()


class EndSerializer(serializers.Serializer):
    """``on``: the first day on which it is so no more."""

    on = Day()
    reason = Reason()


class EndRecognitionSerializer(EndSerializer):
    recognition = Key()


class PairingSerializer(serializers.ModelSerializer):
    tenant = serializers.PrimaryKeyRelatedField(queryset=Tenant.objects.all())
    start = Day()
    end = OpenDay()

    class Meta:
        model = MentorPairing
        fields = ["id", "tenant", "start", "end"]


class SessionSerializer(serializers.ModelSerializer):
    on = Day()

    class Meta:
        model = MentorSession
        fields = ["id", "tenant", "on", "minutes", "subject"]


class MentorSerializer(serializers.ModelSerializer):
    """``firms``: tenants the mentor looks after on the day; ``sessions``: their number by then."""

    start = Day()
    end = OpenDay()
    firms = serializers.SerializerMethodField()
    sessions = serializers.IntegerField(source="session_count", read_only=True)

    class Meta:
        model = Mentor
        fields = ["id", "carrier", "name", "organisation", "speciality", "start", "end", "firms",
                  "sessions"]  # fmt: skip
        validators = []

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_firms(self, mentor):
        return [one.tenant_id for one in getattr(mentor, "pairings_on", ())]


class AttendanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = EventAttendance
        fields = ["tenant", "people"]


class EventSerializer(serializers.ModelSerializer):
    """``attendance``: people by tenant; sent, it replaces the list."""

    on = Day()
    attendance = AttendanceSerializer(many=True, required=False)

    class Meta:
        model = ServiceEvent
        fields = ["id", "carrier", "kind", "on", "title", "held_by", "people", "attendance"]
        validators = []
