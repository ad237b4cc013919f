"""A geometry column: shapely in, shapely out, WKB in the database, longitude-latitude on WGS 84."""

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F
from django.utils.translation import gettext_lazy as _


class GeometryField(models.BinaryField):
    """Polygons and multipolygons; refuses what is empty, invalid or not in degrees."""

    KINDS = ("Polygon", "MultiPolygon")
    default_error_messages = {
        "kind": _("Only areas can be stored here, not %(kind)s."),
        "empty": _("The geometry is empty."),
        "invalid_shape": _("The outline crosses itself or is broken: %(why)s."),
        "degrees": _("Coordinates must be longitude and latitude in degrees; these are not."),
    }

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return None if value is None else shapely.from_wkb(bytes(value))

    def to_python(self, value):
        if isinstance(value, str):  # from a serialised fixture
            return shapely.from_wkt(value)
        return value

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, shapely.Geometry):
            value = shapely.to_wkb(shapely.force_2d(value), byte_order=1)
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return None if value is None else shapely.to_wkt(value, rounding_precision=-1)

    def validate(self, value, model_instance):
        if value is None:
            return super().validate(value, model_instance)
        message = self.error_messages
        if value.geom_type not in self.KINDS:
            raise ValidationError(message["kind"], code="kind", params={"kind": value.geom_type})
        if value.is_empty:
            raise ValidationError(message["empty"], code="empty")
        west, south, east, north = value.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError(message["degrees"], code="degrees")
        if not value.is_valid:
            why = shapely.is_valid_reason(value)
            raise ValidationError(
                message["invalid_shape"], code="invalid_shape", params={"why": why}
            )
        return None

    def clean(self, value, model_instance):
        value = self.to_python(value)
        self.validate(value, model_instance)
        return value


def raw(name):
    """The stored bytes of geometry column ``name``, untouched, for ``geometries``."""
    return ExpressionWrapper(F(name), output_field=models.BinaryField())


def geometries(column) -> np.ndarray:
    """Shapely geometries of a column of WKB (bytes, memoryview or None), all in one call."""
    blobs = [None if blob is None else bytes(blob) for blob in column]
    return shapely.from_wkb(np.array(blobs, dtype=object))
