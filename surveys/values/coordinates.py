"""Coordinates as people write them: decimal degrees, degrees-minutes-seconds, pairs in one cell.

Shifts between datums belong to `datums`; whether a point is plausible to `quality`. Degrees throughout.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from surveys.values.datums import CONVERSION_UNCERTAINTY_IN_METERS, bd09_to_wgs84, gcj02_to_wgs84

NUMBER = r"\d{1,3}(?:\.\d+)?"
DEGREES = re.compile(
    rf"^(?P<before>[NSEW]|东经|西经|北纬|南纬)?\s*(?P<sign>[-+])?(?P<d>{NUMBER})\s*(?:°|度|D)?\s*"
    rf"(?:(?P<m>{NUMBER})\s*(?:'|分|M)?\s*)?(?:(?P<s>{NUMBER})\s*(?:\"|''|秒|S(?!$))?)?\s*(?P<after>[NSEW])?$"
)
SIGNS = {
    "º": "°",
    "˚": "°",
    "′": "'",
    "’": "'",
    "ʹ": "'",
    "‘": "'",
    "´": "'",
    "″": '"',
    "”": '"',
    "ʺ": '"',
    "“": '"',
}
HEMISPHERES = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S"}
PAIR_SEPARATOR = re.compile(r"\s*[,;/、，；]\s*|\s+(?=[NSEW东西南北+\-\d])")
DATUMS = {
    "wgs84": "EPSG:4326", "epsg4326": "EPSG:4326", "gps": "EPSG:4326", "4326": "EPSG:4326",
    "cgcs2000": "EPSG:4490", "epsg4490": "EPSG:4490", "2000": "EPSG:4490", "国家2000": "EPSG:4490",
    "gcj02": "GCJ-02", "高德": "GCJ-02", "腾讯": "GCJ-02", "火星": "GCJ-02", "微信": "GCJ-02", "谷歌": "GCJ-02",
    "amap": "GCJ-02", "bd09": "BD-09", "百度": "BD-09", "baidu": "BD-09",
}  # fmt: skip
# CGCS2000 and WGS84 differ by less than a metre (reference formats, section 4).
AS_WGS84 = ("EPSG:4326", "EPSG:4490")


@dataclass(frozen=True)
class Angle:
    """Decimal degrees and the axis the text itself names (longitude, latitude or None)."""

    degrees: float
    axis: str | None


@dataclass(frozen=True)
class Coordinate:
    """A point in WGS84 decimal degrees; None where that half could not be read."""

    longitude: float | None
    latitude: float | None
    uncertaintyInMeters: float = 0.0


def read_angle(text: str) -> Angle | None:
    """One longitude or latitude: 113.3, 113°18′0″E, 东经113度18分, 113 18 00; None where it cannot be read."""
    for written, sign in SIGNS.items():  # first: NFKC would turn º into the letter o
        text = text.replace(written, sign)
    tidy = unicodedata.normalize("NFKC", text).strip().upper().replace("''", '"')
    tidy = re.sub(r"(?<=\d)-(?=\d)", " ", tidy)
    found = DEGREES.match(tidy)
    if not found:
        return None
    minutes, seconds = float(found["m"] or 0), float(found["s"] or 0)
    if minutes >= 60 or seconds >= 60 or (found["m"] and "." in found["d"]):
        return None
    letter = found["before"] or found["after"]
    letter = HEMISPHERES.get(letter, letter)
    degrees = float(found["d"]) + minutes / 60 + seconds / 3600
    if found["sign"] == "-" or letter in ("S", "W"):
        degrees = -degrees
    axis = {"E": "longitude", "W": "longitude", "N": "latitude", "S": "latitude"}.get(letter or "")
    return Angle(degrees, axis)


def read_pair(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of one cell holding both, in either order; None where the order is open."""
    parts = [part for part in PAIR_SEPARATOR.split(text.strip().strip("()（）")) if part]
    if len(parts) != 2:
        return None
    first, second = read_angle(parts[0]), read_angle(parts[1])
    if first is None or second is None:
        return None
    if (
        first.axis == "latitude"
        or second.axis == "longitude"
        or abs(second.degrees) > 90 >= abs(first.degrees)
    ):
        first, second = second, first
    elif first.axis is None and second.axis is None and abs(first.degrees) <= 90:
        return None
    return first.degrees, second.degrees


def datum_of(text: str | None) -> str | None:
    """The datum a text names: EPSG:4326, EPSG:4490, GCJ-02, BD-09; '' for nothing written, None for another."""
    tidy = re.sub(r"[\s_:\-()]", "", unicodedata.normalize("NFKC", text or "").lower())
    if not tidy:
        return ""
    return next((datum for word, datum in DATUMS.items() if word in tidy), None)


def read_coordinate(
    longitude: str | None, latitude: str | None, pair: str | None, srs: str | None
) -> Coordinate:
    """The WGS84 point of a row's coordinate cells; converted from GCJ-02 or BD-09 where the row says so."""
    x = read_angle(longitude) if longitude else None
    y = read_angle(latitude) if latitude else None
    east, north = (x.degrees if x else None), (y.degrees if y else None)
    if not longitude and not latitude and pair and (point := read_pair(pair)):
        east, north = point
    datum = datum_of(srs)
    if east is None or north is None or datum in ("", None, *AS_WGS84):
        return Coordinate(east, north)
    convert = gcj02_to_wgs84 if datum == "GCJ-02" else bd09_to_wgs84
    east, north = convert(east, north)
    return Coordinate(round(east, 8), round(north, 8), CONVERSION_UNCERTAINTY_IN_METERS)
