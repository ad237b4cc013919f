"""Whom carriers want to admit, for everybody to read while an objection is in time."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.base import ON, Resource
from incubation.models import Application
from incubation.selectors.announcements import announced


class AnnouncementSerializer(serializers.ModelSerializer):
    """``until``: the first day on which an objection is too late."""

    applicant = serializers.CharField(source="tenant.name")
    carrier_name = serializers.CharField(source="carrier.name")
    park = serializers.CharField(source="carrier.park.code")
    since = serializers.DateField(source="state_since")
    until = serializers.DateField(source="state_until")

    class Meta:
        model = Application
        fields = ["applicant", "title", "carrier", "carrier_name", "park", "since", "until"]


@extend_schema(parameters=[ON])
class AnnouncementResource(Resource):
    """Nothing about money, people or points; nobody need log in."""

    queryset = Application.objects.none()
    serializer_class = AnnouncementSerializer
    permission_classes = ()
    search_fields = ("tenant__name", "title")
    ordering_fields = ("state_until",)

    def get_queryset(self):
        return announced(self.on)
