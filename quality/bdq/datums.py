"""Datums: EPSG codes of geographic reference systems, datums and ellipsoids, and names that mean them.

From the EPSG dataset that PROJ carries. One datum is never taken for another, however close they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pyproj.database import get_codes, query_crs_info
from pyproj.enums import PJType

from quality.bdq.datum_shift import largest_shift_in_metres
from quality.bdq.numbers import number
from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    amended,
    compliant_if,
    external_prerequisites_not_met,
    filled_in,
    internal_prerequisites_not_met,
    is_empty,
    not_amended,
    value_of,
)

TERM, UNCERTAINTY = "dwc:geodeticDatum", "dwc:coordinateUncertaintyInMeters"
AUTHORITIES = ("EPSG", "https://epsg.org")
NOT_RECORDED = "not recorded"
KINDS = (
    PJType.GEOGRAPHIC_2D_CRS, PJType.GEODETIC_REFERENCE_FRAME, PJType.DYNAMIC_GEODETIC_REFERENCE_FRAME,
    PJType.DATUM_ENSEMBLE, PJType.ELLIPSOID,
)  # fmt: skip
CODE = re.compile(r"EPSG:\d{4,5}")
WRITTEN_CODE = re.compile(
    r"(?:epsg|urn:ogc:def:crs:epsg:[0-9.]*:|https?://www\.opengis\.net/def/crs/epsg/0/)\s*[: ]?\s*(\d{4,5})",
    re.I,
)
# Names in use that the EPSG dataset does not have.
SYNONYMS = {
    "wgs1984": "EPSG:4326", "worldgeodeticsystem1984": "EPSG:4326", "wgs841984": "EPSG:4326",
    "northamericandatum1927": "EPSG:4267", "northamericandatum1983": "EPSG:4269", "nad1927": "EPSG:4267",
    "nad1983": "EPSG:4269", "europeandatum1950": "EPSG:4230", "ed1950": "EPSG:4230", "wgs1972": "EPSG:4322",
    "chinageodeticcoordinatesystem2000": "EPSG:4490", "cgcs2000": "EPSG:4490", "国家2000": "EPSG:4490",
    "2000国家大地坐标系": "EPSG:4490", "beijing54": "EPSG:4214", "北京54": "EPSG:4214", "xian80": "EPSG:4610",
    "西安80": "EPSG:4610", "geocentricdatumofaustralia1994": "EPSG:4283", "geocentricdatumofaustralia2020": "EPSG:7844",
    "gda1994": "EPSG:4283", "australiangeodeticdatum1966": "EPSG:4202", "australiangeodeticdatum1984": "EPSG:4203",
}  # fmt: skip
WGS84 = "EPSG:4326"


def standard(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(AUTHORITIES):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, TERM)
    if not value:
        return internal_prerequisites_not_met(f"{TERM} is bdqval:Empty")
    return compliant_if(value == NOT_RECORDED or value in _codes(), "codes of the EPSG dataset")


def standardized(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(AUTHORITIES):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, TERM)
    if not value:
        return internal_prerequisites_not_met(f"{TERM} is bdqval:Empty")
    if value in _codes() or value == NOT_RECORDED:
        return not_amended(f"{TERM} is standard already")
    code = epsg_code_meant(value.strip(EMPTY_CHARACTERS))
    return (
        amended({TERM: code}, f"{TERM} means {code}")
        if code in _codes()
        else not_amended(f"{TERM} is ambiguous")
    )


def assumed_default(terms: Terms, asked: Asked) -> Response:
    if not is_empty(terms.get(TERM)):
        return not_amended(f"{TERM} is bdqval:NotEmpty")
    default = asked.parameter("defaultGeodeticDatum")
    metres = number(value_of(terms, UNCERTAINTY))
    latitude, longitude = (
        number(value_of(terms, f"dwc:decimal{axis}")) for axis in ("Latitude", "Longitude")
    )
    is_sound = metres is not None and 0 < metres <= 20_037_509
    if not is_sound or metres is None or latitude is None or longitude is None or default != WGS84:
        return filled_in({TERM: default}, "the default datum")
    if abs(latitude) > 90 or abs(longitude) > 180:
        return filled_in({TERM: default}, "the default datum")
    wider = f"{metres + largest_shift_in_metres(latitude, longitude):.10g}"
    return amended({TERM: default, UNCERTAINTY: wider}, "the default datum, and what another one may be off")


def epsg_code_meant(text: str) -> str | None:
    """The EPSG code that a name or code means, of a geographic system if there is one; None if that is not certain."""
    written = WRITTEN_CODE.fullmatch(text)
    if written:
        return f"EPSG:{written[1]}"
    return SYNONYMS.get(_key(text)) or _names().get(_key(text))


def is_geographic(code: str) -> bool:
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    return frozenset(f"EPSG:{code}" for kind in KINDS for code in get_codes("EPSG", kind))


@cache
def _names() -> Mapping[str, str]:
    """Names that belong to one geographic reference system only."""
    found: dict[str, set[str]] = {}
    for info in query_crs_info("EPSG", PJType.GEOGRAPHIC_2D_CRS):
        found.setdefault(_key(info.name), set()).add(f"EPSG:{info.code}")
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_GEODETICDATUM_STANDARD": standard,
    "AMENDMENT_GEODETICDATUM_STANDARDIZED": standardized,
    "AMENDMENT_GEODETICDATUM_ASSUMEDDEFAULT": assumed_default,
}
