"""Coordinates: latitudes, longitudes and their uncertainty as numbers, and as they were written.

What lies at a point belongs to `geography`, what a datum is to `datums`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from quality.bdq.datums import epsg_code_meant, is_geographic
from quality.bdq.numbers import number
from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    compliant_if,
    filled_in,
    internal_prerequisites_not_met,
    is_empty,
    not_amended,
    value_of,
)

LATITUDE, LONGITUDE = "dwc:decimalLatitude", "dwc:decimalLongitude"
HALF_OF_THE_EQUATOR_IN_METRES = 20_037_509
HIGHEST = {LATITUDE: 90, LONGITUDE: 180}
DECIMALS = 7
SIGNS = {
    "n": (LATITUDE, 1), "north": (LATITUDE, 1), "北纬": (LATITUDE, 1), "s": (LATITUDE, -1), "south": (LATITUDE, -1),
    "南纬": (LATITUDE, -1), "e": (LONGITUDE, 1), "east": (LONGITUDE, 1), "东经": (LONGITUDE, 1), "w": (LONGITUDE, -1),
    "west": (LONGITUDE, -1), "西经": (LONGITUDE, -1), "o": (LONGITUDE, -1),
}  # fmt: skip
UNITS = {
    "°": 1, "º": 1, "deg": 1, "degree": 1, "degrees": 1, "d": 1, "度": 1, "'": 60, "′": 60, "’": 60, "min": 60,
    "minute": 60, "minutes": 60, "m": 60, "分": 60, '"': 3600, "″": 3600, "”": 3600, "''": 3600, "sec": 3600,
    "second": 3600, "seconds": 3600, "秒": 3600,
}  # fmt: skip
TOKEN = re.compile(
    r"""\s*(?:(?P<number>[-+−]?\d+(?:\.\d+)?)|(?P<word>北纬|南纬|东经|西经|[A-Za-z]+|''|[°º'′’"″”度分秒])\.?|(?P<comma>[,;/]))\s*"""
)
Angle = tuple[
    str | None, float, str
]  # the axis if it is said, degrees, as written where that is a decimal number


def in_range(term: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        degrees = number(value_of(terms, term))
        if degrees is None:
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty or no number")
        return compliant_if(abs(degrees) <= HIGHEST[term], f"{term} against ±{HIGHEST[term]}")

    return test


def not_zero(terms: Terms, asked: Asked) -> Response:
    latitude, longitude = (number(value_of(terms, term)) for term in (LATITUDE, LONGITUDE))
    if latitude is None or longitude is None:
        return internal_prerequisites_not_met("a coordinate is bdqval:Empty or no number")
    return compliant_if(latitude != 0 or longitude != 0, "0, 0 is where coordinates are left out")


def uncertainty_in_range(terms: Terms, asked: Asked) -> Response:
    value = value_of(terms, "dwc:coordinateUncertaintyInMeters")
    if not value:
        return internal_prerequisites_not_met("dwc:coordinateUncertaintyInMeters is bdqval:Empty")
    metres = number(value)
    return compliant_if(
        metres is not None and 1 <= metres <= HALF_OF_THE_EQUATOR_IN_METRES, "1 to 20037509 metres"
    )


def from_verbatim(terms: Terms, asked: Asked) -> Response:
    both, latitude, longitude = (
        value_of(terms, f"dwc:verbatim{part}") for part in ("Coordinates", "Latitude", "Longitude")
    )
    if not is_empty(terms.get(LATITUDE)) or not is_empty(terms.get(LONGITUDE)):
        return internal_prerequisites_not_met("decimal coordinates are given")
    if not both and not (latitude and longitude):
        return internal_prerequisites_not_met("the verbatim coordinates are bdqval:Empty")
    written = value_of(terms, "dwc:verbatimSRS").strip(EMPTY_CHARACTERS)
    code = epsg_code_meant(written) if written else None
    if code and not is_geographic(code):
        return not_amended("dwc:verbatimSRS is no geographic reference system")
    halves = _pair(_angles(latitude), _angles(longitude)) if latitude and longitude else None
    whole = _halved(both) if both else None
    if (both and whole is None) or (latitude and longitude and halves is None):
        return not_amended("the verbatim coordinates are ambiguous or none in degrees")
    if whole and halves and not _is_near(whole, halves):
        return not_amended("dwc:verbatimCoordinates and the verbatim latitude and longitude differ")
    found = halves or whole
    if found is None:
        return not_amended("the verbatim coordinates are ambiguous")
    filled = {LATITUDE: found[0], LONGITUDE: found[1]} | ({"dwc:geodeticDatum": code} if code else {})
    return filled_in(filled, "read from the verbatim coordinates")


def _halved(text: str) -> tuple[str, str] | None:
    """Both coordinates out of one text, divided where the second begins."""
    angles = _angles(text)
    return _pair(angles[:1], angles[1:]) if len(angles) == 2 else None


def _pair(one: list[Angle], two: list[Angle]) -> tuple[str, str] | None:
    if len(one) != 1 or len(two) != 1:
        return None
    (axis_of_one, degrees_of_one, written_one), (axis_of_two, degrees_of_two, written_two) = one[0], two[0]
    if axis_of_one == LONGITUDE or axis_of_two == LATITUDE:
        if (
            axis_of_one == axis_of_two
            or LATITUDE not in (axis_of_two, None)
            or LONGITUDE not in (axis_of_one, None)
        ):
            return None
        degrees_of_one, degrees_of_two, written_one, written_two = (
            degrees_of_two, degrees_of_one, written_two, written_one,
        )  # fmt: skip
    if abs(degrees_of_one) > HIGHEST[LATITUDE] or abs(degrees_of_two) > HIGHEST[LONGITUDE]:
        return None
    return written_one or _plain(degrees_of_one), written_two or _plain(degrees_of_two)


def _angles(text: str) -> list[Angle]:
    """The angles a text gives: decimal degrees, or degrees, minutes and seconds; none where something is unclear."""
    angles: list[Angle] = []
    parts: list[tuple[float, int | None, str]] = []
    axis: tuple[str, int] | None = None
    at = 0
    while at < len(text.rstrip()):
        found = TOKEN.match(text, at)
        if found is None:
            return []
        at = found.end()
        word = (found["word"] or "").casefold()
        if found["number"]:
            if parts and (
                parts[-1][1] is None or parts[-1][1] == 3600 or (axis and len(parts) and not _leads(text))
            ):
                angles.append(_angle(parts, axis))
                parts, axis = [], None
            parts.append((float(found["number"].replace("−", "-")), None, found["number"]))
        elif word in UNITS and parts and parts[-1][1] is None:
            parts[-1] = (parts[-1][0], UNITS[word], "")
        elif word in SIGNS:
            if parts and axis is None and not _leads(text):
                angles.append(_angle(parts, SIGNS[word]))
                parts = []
            elif not parts:
                axis = SIGNS[word]
            else:
                angles.append(_angle(parts, axis))
                parts, axis = [], SIGNS[word]
        elif found["comma"]:
            if parts:
                angles.append(_angle(parts, axis))
            parts, axis = [], None
        else:
            return []
    if parts:
        angles.append(_angle(parts, axis))
    return [] if any(angle is None for angle in angles) else [angle for angle in angles if angle]


def _leads(text: str) -> bool:
    """Whether the letters of the hemispheres stand before the numbers: N 40 E 113."""
    return re.match(r"\s*(?:北纬|南纬|东经|西经|[A-Za-z])", text) is not None


def _angle(parts: list[tuple[float, int | None, str]], axis: tuple[str, int] | None) -> Angle:
    units = [unit or 1 for _, unit, _ in parts]
    is_decimal = len(parts) == 1 and units == [1]
    sign = -1 if parts[0][0] < 0 or (axis and axis[1] < 0) else 1
    degrees = sign * sum(abs(value) / unit for (value, _, _), unit in zip(parts, units, strict=True))
    written = parts[0][2] if is_decimal and (axis is None or axis[1] > 0) else ""
    is_sound = units == sorted(set(units)) and all(abs(value) < 60 for value, _, _ in parts[1:])
    return (axis[0] if axis else None, degrees if is_sound else float("inf"), written)


def _is_near(one: tuple[str, str], two: tuple[str, str]) -> bool:
    return all(abs(float(a) - float(b)) < 1e-4 for a, b in zip(one, two, strict=True))


def _plain(degrees: float) -> str:
    text = f"{degrees:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_DECIMALLATITUDE_INRANGE": in_range(LATITUDE),
    "VALIDATION_DECIMALLONGITUDE_INRANGE": in_range(LONGITUDE),
    "VALIDATION_COORDINATES_NOTZERO": not_zero,
    "VALIDATION_COORDINATEUNCERTAINTY_INRANGE": uncertainty_in_range,
    "AMENDMENT_COORDINATES_FROM_VERBATIM": from_verbatim,
}
