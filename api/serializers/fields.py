"""Columns that several shapes have, and the most rows of one request."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.renderers import as_geojson

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
