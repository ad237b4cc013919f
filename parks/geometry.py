"""The one door for datums and areas.

Stored geometry is longitude-latitude on WGS 84 (EPSG:4326, the same as CGCS2000 for our purposes).
高德 and 腾讯 deliver GCJ-02, 百度 BD-09: both are converted here and nowhere else. Areas are taken in
EPSG:4547 (CGCS2000, three-degree zone, central meridian 114° E), never from 4326 or 3857.
Source: domain notes §9; the GCJ-02 formula as published in eviltransform and coordtransform.
"""

from functools import cache

import numpy as np
import shapely
from django.db import models
from pyproj import Geod, Transformer

#: CGCS2000 / 3-degree Gauss-Kruger CM 114E, and how far from its meridian it may be used, degrees.
METRIC_CRS, METRIC_MERIDIAN, METRIC_REACH = "EPSG:4547", 114.0, 3.0

_A = 6378245.0
_EE = 0.00669342162296594323
_X_PI = np.pi * 3000.0 / 180.0


class Datum(models.TextChoices):
    WGS84 = "WGS84", "WGS 84 / CGCS2000"
    GCJ02 = "GCJ-02", "GCJ-02"
    BD09 = "BD-09", "BD-09"


def outside_china(lon, lat):
    """The published rectangle outside of which coordinates stay as they are."""
    return (lon < 72.004) | (lon > 137.8347) | (lat < 0.8293) | (lat > 55.8271)


def _offset(lon, lat):
    """GCJ-02 minus WGS 84 in degrees, by the published formula."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    dlat += wave * 2.0 / 3.0
    dlat += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    dlat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    dlon += wave * 2.0 / 3.0
    dlon += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    dlon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = lat / 180.0 * np.pi
    magic = 1 - _EE * np.sin(radians) ** 2
    dlat = dlat * 180.0 / ((_A * (1 - _EE)) / (magic * np.sqrt(magic)) * np.pi)
    dlon = dlon * 180.0 / (_A / np.sqrt(magic) * np.cos(radians) * np.pi)
    inside = ~outside_china(lon, lat)
    return np.where(inside, dlon, 0.0), np.where(inside, dlat, 0.0)


def _gcj02(points):
    dlon, dlat = _offset(points[:, 0], points[:, 1])
    return points + np.column_stack([dlon, dlat])


def _bd09(points):
    gcj = _gcj02(points)
    x, y = gcj[:, 0], gcj[:, 1]
    z = np.sqrt(x * x + y * y) + 0.00002 * np.sin(y * _X_PI)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _X_PI)
    shifted = np.column_stack([z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006])
    abroad = outside_china(points[:, 0], points[:, 1])
    return np.where(abroad[:, None], points, shifted)


_FORWARD = {Datum.GCJ02: _gcj02, Datum.BD09: _bd09}


def points_from_wgs84(points, datum):
    """``(n, 2)`` longitude-latitude on WGS 84 to ``datum``."""
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    return points if datum == Datum.WGS84 else _FORWARD[Datum(datum)](points)


def points_to_wgs84(points, datum):
    """``(n, 2)`` longitude-latitude on ``datum`` to WGS 84; exact to well under 0.5 m.

    The formula has no inverse: a fixed-point iteration takes back what the forward way adds.
    """
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    if datum == Datum.WGS84:
        return points
    guess = points.copy()
    for _step in range(10):
        guess = guess - (points_from_wgs84(guess, datum) - points)
    abroad = outside_china(points[:, 0], points[:, 1])
    return np.where(abroad[:, None], points, guess)


def to_wgs84(geometry, datum):
    """A shapely geometry, or an array of them, from ``datum`` to WGS 84."""
    return shapely.transform(geometry, lambda points: points_to_wgs84(points, datum))


def from_wgs84(geometry, datum):
    """A shapely geometry, or an array of them, from WGS 84 to ``datum``."""
    return shapely.transform(geometry, lambda points: points_from_wgs84(points, datum))


@cache
def _transformer(source, target):
    return Transformer.from_crs(source, target, always_xy=True)


def reproject(geometry, source, target):
    """Between two coordinate systems, x before y whatever their axis order says."""
    transformer = _transformer(source, target)
    return shapely.transform(
        geometry, lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
    )


def to_metric(geometry):
    """Longitude-latitude to metres in EPSG:4547 (x east, y north)."""
    return reproject(geometry, "EPSG:4326", METRIC_CRS)


def from_metric(geometry):
    """Metres in EPSG:4547 to longitude-latitude."""
    return reproject(geometry, METRIC_CRS, "EPSG:4326")


def area_m2(geometry) -> np.ndarray | float:
    """Area in m² of a geometry, or of an array of them, in longitude-latitude.

    EPSG:4547 within three degrees of its meridian, which is every park of the district; further
    away (an imported building abroad) the area on the ellipsoid, since 4547 distorts there.
    """
    many = np.atleast_1d(np.asarray(geometry, dtype=object))
    bounds = shapely.bounds(many)
    near = np.abs(bounds[:, [0, 2]] - METRIC_MERIDIAN).max(axis=1) <= METRIC_REACH
    areas = np.zeros(len(many))
    if near.any():
        areas[near] = shapely.area(to_metric(many[near]))
    geod = Geod(ellps="WGS84")
    for i in np.flatnonzero(~near):
        areas[i] = 0.0 if many[i] is None else abs(geod.geometry_area_perimeter(many[i])[0])
    return areas if np.ndim(geometry) else float(areas[0])
