"""Coordinates that are not WGS84: GCJ-02 (高德, 腾讯, 谷歌中国) and BD-09 (百度), there and back.

Reading coordinates out of text does not belong here. Degrees throughout, longitude first.

Formulas and constants: the published reverse-engineered ones, on which coord-convert 0.2.1 and PRCoords agree
to nine decimals; allow a few metres against the vendors' own converters.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt

LonLat = tuple[float, float]

KRASOVSKY_SEMI_MAJOR_AXIS_IN_METERS = 6378245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.00669342162296594323
BD09_ANGLE = pi * 3000.0 / 180.0
INVERSE_TOLERANCE_IN_DEGREES = 1e-10
INVERSE_STEPS = 20

# Added to coordinateUncertaintyInMeters of every converted point: the formula is not the vendors' own.
CONVERSION_UNCERTAINTY_IN_METERS = 10.0


def is_shifted_area(longitude: float, latitude: float) -> bool:
    """Whether GCJ-02 differs from WGS84 here: a rough box around China, as the published formula has it."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def wgs84_to_gcj02(longitude: float, latitude: float) -> LonLat:
    """Shift a WGS84 point as Chinese web maps do; outside the box it stays where it is."""
    if not is_shifted_area(longitude, latitude):
        return longitude, latitude
    east, north = _offset_in_meters(longitude - 105.0, latitude - 35.0)
    phi = latitude / 180.0 * pi
    magic = 1.0 - KRASOVSKY_ECCENTRICITY_SQUARED * sin(phi) ** 2
    meridian = KRASOVSKY_SEMI_MAJOR_AXIS_IN_METERS * (1.0 - KRASOVSKY_ECCENTRICITY_SQUARED) / magic**1.5
    parallel = KRASOVSKY_SEMI_MAJOR_AXIS_IN_METERS / sqrt(magic) * cos(phi)
    return longitude + east * 180.0 / (pi * parallel), latitude + north * 180.0 / (pi * meridian)


def gcj02_to_wgs84(longitude: float, latitude: float) -> LonLat:
    """Undo the shift, iterated until it changes by less than 1e-10 degrees."""
    if not is_shifted_area(longitude, latitude):
        return longitude, latitude
    return _invert(wgs84_to_gcj02, longitude, latitude)


def gcj02_to_bd09(longitude: float, latitude: float) -> LonLat:
    """Baidu's further shift; k = π·3000/180 (copies that use π are wrong by up to 78 m)."""
    radius = hypot(longitude, latitude) + 2e-5 * sin(latitude * BD09_ANGLE)
    angle = atan2(latitude, longitude) + 3e-6 * cos(longitude * BD09_ANGLE)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(longitude: float, latitude: float) -> LonLat:
    """Undo Baidu's shift, iterated: the usual one-step inverse is off by up to 0.15 m."""
    return _invert(gcj02_to_bd09, longitude, latitude)


def wgs84_to_bd09(longitude: float, latitude: float) -> LonLat:
    return gcj02_to_bd09(*wgs84_to_gcj02(longitude, latitude))


def bd09_to_wgs84(longitude: float, latitude: float) -> LonLat:
    return gcj02_to_wgs84(*bd09_to_gcj02(longitude, latitude))


def _offset_in_meters(x: float, y: float) -> LonLat:
    """East and north offset of GCJ-02 at a point given relative to 105° E, 35° N."""
    common = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y / 30.0 * pi)) * 2.0 / 3.0
    return east, north


def _invert(forward: Callable[[float, float], LonLat], longitude: float, latitude: float) -> LonLat:
    """Fixed-point iteration w ← w − (f(w) − g); three or four steps in Datong."""
    x, y = longitude, latitude
    for _ in range(INVERSE_STEPS):
        forward_x, forward_y = forward(x, y)
        error_x, error_y = forward_x - longitude, forward_y - latitude
        x, y = x - error_x, y - error_y
        if max(abs(error_x), abs(error_y)) < INVERSE_TOLERANCE_IN_DEGREES:
            break
    return x, y
