"""Reference systems: which datum and which map projection a text names (高德, CGCS2000 38带, EPSG:4547).

Shifting points belongs to `datums`, taking planar numbers apart to `planar`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from pyproj import CRS
from pyproj.exceptions import CRSError

WGS84, CGCS2000, XIAN_1980, BEIJING_1954 = "EPSG:4326", "EPSG:4490", "EPSG:4610", "EPSG:4214"
GCJ_02, BD_09 = "GCJ-02", "BD-09"
DATUMS = {
    "gcj02": GCJ_02, "高德": GCJ_02, "腾讯": GCJ_02, "火星": GCJ_02, "微信": GCJ_02, "谷歌": GCJ_02, "amap": GCJ_02,
    "tencent": GCJ_02, "国测局": GCJ_02, "bd09": BD_09, "百度": BD_09, "baidu": BD_09,
    "wgs84": WGS84, "4326": WGS84, "gps": WGS84, "wgs1984": WGS84,
    "cgcs2000": CGCS2000, "4490": CGCS2000, "国家2000": CGCS2000, "2000国家": CGCS2000, "大地2000": CGCS2000,
    "cgcs": CGCS2000, "china2000": CGCS2000, "天地图": CGCS2000,
    "xian80": XIAN_1980, "xian1980": XIAN_1980, "西安80": XIAN_1980, "西安1980": XIAN_1980, "80西安": XIAN_1980,
    "1980西安": XIAN_1980, "4610": XIAN_1980,
    "beijing54": BEIJING_1954, "beijing1954": BEIJING_1954, "北京54": BEIJING_1954, "北京1954": BEIJING_1954,
    "54北京": BEIJING_1954, "1954北京": BEIJING_1954, "4214": BEIJING_1954, "bj54": BEIJING_1954,
}  # fmt: skip
WHOLE = {"2000": CGCS2000, "80": XIAN_1980, "54": BEIJING_1954}
# CGCS2000 and WGS84 differ by less than a metre (reference formats, section 4).
AS_WGS84 = ("", None, WGS84, CGCS2000)
ELLIPSOIDS = {WGS84: "WGS84", CGCS2000: "GRS80", XIAN_1980: "IAU76", BEIJING_1954: "krass"}
DATUM_NAMES = {"WGS 84": WGS84, "China Geodetic Coordinate System 2000": CGCS2000, "Xian 1980": XIAN_1980,
               "Beijing 1954": BEIJING_1954}  # fmt: skip
EPSG = re.compile(r"epsg:*(\d{4,5})")
MERIDIAN_BEHIND = re.compile(r"(?:中央(?:子午线|经线)|cm|l0=?)\D{0,3}(\d{2,3})")
MERIDIAN_BEFORE = re.compile(r"(?<!\d)(\d{2,3})(?:°|度)?e?中央")
ZONE = re.compile(r"(?:zone|带号|第)(\d{2})|(\d{2})(?:号?带|n$|n\D)")
UTM_SCALE = 0.9996


@dataclass(frozen=True)
class Projection:
    """A transverse Mercator projection: central meridian in degrees, scale there, false easting in metres."""

    central_meridian: float
    scale: float = 1.0
    false_easting: float = 500_000.0


@dataclass(frozen=True)
class ReferenceSystem:
    """What a text says: the datum ('' where nothing is written, None where it is not known), and a projection."""

    datum: str | None
    projection: Projection | None = None
    is_utm: bool = False


def datum_of(text: str | None) -> str | None:
    """The datum a text names, by its EPSG code or GCJ-02, BD-09; '' for nothing written, None for another."""
    return read_reference_system(text).datum


@functools.lru_cache(maxsize=1000)
def read_reference_system(text: str | None) -> ReferenceSystem:
    tidy = re.sub(r"[\s_\-()']", "", unicodedata.normalize("NFKC", text or "").lower())
    if not tidy:
        return ReferenceSystem("")
    if (epsg := EPSG.search(tidy)) and (system := _of_epsg(int(epsg[1]))):
        return system
    plain = tidy.replace(":", "").replace(".", "")
    datum = WHOLE.get(plain) or next((datum for word, datum in DATUMS.items() if word in plain), None)
    is_utm = "utm" in plain
    return ReferenceSystem(datum or (WGS84 if is_utm else None), _projection(tidy, is_utm), is_utm)


def _projection(tidy: str, is_utm: bool) -> Projection | None:
    if found := MERIDIAN_BEHIND.search(tidy) or MERIDIAN_BEFORE.search(tidy):
        return Projection(float(found[1]), UTM_SCALE if is_utm else 1.0)
    if found := ZONE.search(tidy):
        number = int(found[1] or found[2])
        return utm_zone(number) if is_utm else gauss_krueger_zone(number)
    return None


def gauss_krueger_zone(number: int) -> Projection | None:
    """Zones 13 to 23 are six degrees wide, 25 to 45 three (the two numberings do not overlap in China)."""
    if 13 <= number <= 23:
        return Projection(number * 6.0 - 3)
    return Projection(number * 3.0) if 25 <= number <= 45 else None


def utm_zone(number: int) -> Projection | None:
    return Projection(number * 6.0 - 183, UTM_SCALE) if 1 <= number <= 60 else None


def _of_epsg(code: int) -> ReferenceSystem | None:
    """A geographic system, or a transverse Mercator projection, by its EPSG code."""
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        return None
    datum = DATUM_NAMES.get(crs.geodetic_crs.name) if crs.geodetic_crs else None
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return ReferenceSystem(datum) if crs.is_geographic else None
    parameter = {one.name: float(one.value) for one in operation.params}
    scale = parameter["Scale factor at natural origin"]
    projection = Projection(
        parameter["Longitude of natural origin"], scale, parameter["False easting"] % 1_000_000
    )
    return ReferenceSystem(datum, projection, is_utm=scale == UTM_SCALE)
