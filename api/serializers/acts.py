"""What every act asks for: a day, a reason."""

from rest_framework import serializers

from api.serializers.fields import Text


class ReasonSerializer(serializers.Serializer):
    reason = Text(required=False, default="", allow_blank=True)


class NeededReasonSerializer(serializers.Serializer):
    reason = Text()


class DayReasonSerializer(serializers.Serializer):
    on = serializers.DateField()
    reason = Text(required=False, default="", allow_blank=True)
