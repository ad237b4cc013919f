"""A geometry column: shapely in, shapely out, WKB in the database, WGS 84."""

import shapely
from django.db import models


class GeometryField(models.BinaryField):
    def from_db_value(self, value, expression, connection):
        return None if value is None else shapely.from_wkb(bytes(value))

    def get_prep_value(self, value):
        return None if value is None else shapely.to_wkb(value)
