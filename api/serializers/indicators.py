"""Ratios and sums with how they are defined."""

from rest_framework import serializers


class IndicatorSerializer(serializers.Serializer):
    code = serializers.CharField()
    scope = serializers.CharField()
    on = serializers.DateField()
    numerator = serializers.DecimalField(max_digits=18, decimal_places=2)
    denominator = serializers.DecimalField(max_digits=18, decimal_places=2)
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    definition = serializers.CharField()
