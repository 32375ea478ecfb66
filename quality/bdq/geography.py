"""Geography: whether coordinates fit the country, the province, land or sea that a record names.

Land borders are those of the shapes at hand. An exclusive economic zone is taken to be the sea nearer to a country
than to any other, up to 200 nautical miles off (UNCLOS Art. 57 and 74): treaties may draw it otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from quality.bdq.countries import HIGH_SEAS, UNKNOWN, is_country_code
from quality.bdq.numbers import number
from quality.bdq.responses import (
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
    issue_if,
    not_amended,
    value_of,
)

LATITUDE, LONGITUDE, CODE = "dwc:decimalLatitude", "dwc:decimalLongitude", "dwc:countryCode"
ECONOMIC_ZONE_IN_METRES = 200 * 1852
BORDERS = ("10m-admin-1 boundaries UNION with Exclusive Economic Zones", "10m-admin-1 boundaries")
LAND = ("Union of NaturalEarth 10m-physical-vectors for Land and NaturalEarth Minor Islands",)
CENTROIDS = ("GBIF Catalogue of Country Centroides",)
MARINE_TAXA = ("World Register of Marine Species (WoRMS)", "https://www.marinespecies.org/")


def coordinates_in_country(terms: Terms, asked: Asked) -> Response:
    if asked.shapes is None or not asked.reaches(BORDERS):
        return external_prerequisites_not_met("the borders asked for are not available")
    point, code = _point(terms), value_of(terms, CODE)
    if point is None or not is_country_code(code) or code == UNKNOWN:
        return internal_prerequisites_not_met("coordinates or country code are bdqval:Empty or invalid")
    buffer = float(asked.parameter("spatialBufferInMeters"))
    return compliant_if(_is_of_country(asked, point, code, buffer), f"{code} and its economic zone")


def coordinates_in_province(terms: Terms, asked: Asked) -> Response:
    if asked.shapes is None or not asked.reaches(BORDERS):
        return external_prerequisites_not_met("the borders asked for are not available")
    point, province = _point(terms), value_of(terms, "dwc:stateProvince")
    distances = asked.shapes.distances_to_division(*point, province) if point and province else ()
    if not distances:
        return internal_prerequisites_not_met(
            "coordinates or province are bdqval:Empty, invalid or not known"
        )
    return compliant_if(
        min(distances) <= float(asked.parameter("spatialBufferInMeters")), f"the outline of {province}"
    )


def coordinates_on_land_or_sea(terms: Terms, asked: Asked) -> Response:
    """Which taxa are marine no authority at hand says: only an assumption that is asked for can be tested."""
    if (
        asked.shapes is None
        or not asked.reaches(LAND, "geospatialLand")
        or not asked.reaches(MARINE_TAXA, "taxonIsMarine")
    ):
        return external_prerequisites_not_met(
            "the land or the list of marine taxa asked for is not available"
        )
    point, assumed = _point(terms), asked.parameter("assumptionOnUnknownBiome")
    if is_empty(terms.get("dwc:scientificName")) or point is None or assumed not in ("marine", "nonmarine"):
        return internal_prerequisites_not_met(
            "name or coordinates are bdqval:Empty, or whether it is marine unknown"
        )
    _, metres_to_land = asked.shapes.nearest_country(*point)
    buffer = float(asked.parameter("spatialBufferInMeters"))
    if assumed == "nonmarine":
        return compliant_if(metres_to_land <= buffer, "on land")
    return compliant_if(metres_to_land > 0 or not _is_far_inland(asked, point, buffer), "at sea")


def _is_far_inland(asked: Asked, point: tuple[float, float], buffer: float) -> bool:
    """Whether the sea is further away than the buffer: points around it at that distance are all on land."""
    latitude, longitude = point
    step = buffer / 111_320
    around = [
        (
            latitude + step * math.sin(angle),
            longitude + step * math.cos(angle) / max(math.cos(math.radians(latitude)), 0.01),
        )
        for angle in (math.tau * eighth / 8 for eighth in range(8))
    ]
    shapes = asked.shapes
    return shapes is not None and all(
        shapes.nearest_country(max(-90, min(90, y)), x)[1] == 0 for y, x in around
    )


def coordinates_transposed(terms: Terms, asked: Asked) -> Response:
    if any(is_empty(terms.get(term)) for term in (LATITUDE, LONGITUDE, CODE)):
        return internal_prerequisites_not_met("coordinates or country code are bdqval:Empty")
    if asked.shapes is None or not asked.reaches(BORDERS):
        return external_prerequisites_not_met("the borders asked for are not available")
    code = value_of(terms, CODE)
    written = value_of(terms, LATITUDE).strip(), value_of(terms, LONGITUDE).strip()
    if None in map(number, written) or not is_country_code(code) or code in (HIGH_SEAS, UNKNOWN):
        return not_amended("coordinates or country code cannot be interpreted")
    if _fits(asked, written, code):
        return not_amended("the coordinates lie in the country")
    fitting = [pair for pair in _rearranged(*written) if _fits(asked, pair, code)]
    if not fitting:
        return not_amended("no exchange or change of signs brings the coordinates into the country")
    return amended({LATITUDE: fitting[0][0], LONGITUDE: fitting[0][1]}, f"brought into {code}")


def _rearranged(latitude: str, longitude: str) -> list[tuple[str, str]]:
    """One sign changed, then both, then the two exchanged, likewise: the least change first."""
    pairs = []
    for y, x in ((latitude, longitude), (longitude, latitude)):
        pairs += [(y, x), (_negated(y), x), (y, _negated(x)), (_negated(y), _negated(x))]
    return pairs[1:]


def _negated(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}"


def _fits(asked: Asked, pair: tuple[str, str], code: str) -> bool:
    latitude, longitude = (number(text) for text in pair)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return False
    return _is_of_country(asked, (latitude, longitude), code, 0)


def country_code_from_coordinates(terms: Terms, asked: Asked) -> Response:
    if asked.shapes is None or not asked.reaches(BORDERS):
        return external_prerequisites_not_met("the borders asked for are not available")
    if is_empty(terms.get(LATITUDE)) or is_empty(terms.get(LONGITUDE)) or not is_empty(terms.get(CODE)):
        return internal_prerequisites_not_met("coordinates are bdqval:Empty, or a country code is given")
    point = _point(terms)
    if point is None:
        return not_amended("the coordinates cannot be interpreted")
    inside = asked.shapes.countries_at(*point)
    if inside:
        return (
            filled_in({CODE: inside[0]}, "by the borders")
            if len(inside) == 1
            else not_amended("several countries")
        )
    nearest, metres = asked.shapes.nearest_country(*point)
    code = nearest if metres <= ECONOMIC_ZONE_IN_METRES else HIGH_SEAS
    return (
        filled_in({CODE: code}, "by the nearest coast")
        if is_country_code(code)
        else not_amended("no single code")
    )


def centre_of_country(terms: Terms, asked: Asked) -> Response:
    if asked.shapes is None or not asked.reaches(CENTROIDS):
        return external_prerequisites_not_met("the centres asked for are not available")
    if any(is_empty(terms.get(term)) for term in (LATITUDE, LONGITUDE, CODE)):
        return internal_prerequisites_not_met("coordinates or country code are bdqval:Empty")
    point, code = _point(terms), value_of(terms, CODE)
    if point is None:
        return issue_if(False, "the coordinates cannot be interpreted")
    buffer = float(asked.parameter("spatialBufferInMeters"))
    is_near = any(metres_between(point, centre) <= buffer for centre in asked.shapes.centres_of_country(code))
    uncertainty = number(value_of(terms, "dwc:coordinateUncertaintyInMeters"))
    area = asked.shapes.area_of_country(code)
    is_sure = uncertainty is None or area is None or uncertainty < math.sqrt(area) / 2
    return issue_if(is_near and is_sure, f"near a centre of {code}")


def metres_between(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Great-circle distance of two points (latitude, longitude) by the haversine formula (Sinnott 1984)."""
    (y1, x1), (y2, x2) = ((math.radians(y), math.radians(x)) for y, x in (one, two))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half)))


def _point(terms: Terms) -> tuple[float, float] | None:
    latitude, longitude = (number(value_of(terms, term)) for term in (LATITUDE, LONGITUDE))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _is_of_country(asked: Asked, point: tuple[float, float], code: str, buffer: float) -> bool:
    if asked.shapes is None:
        return False
    nearest, metres_to_land = asked.shapes.nearest_country(*point)
    if code == HIGH_SEAS:
        return metres_to_land > ECONOMIC_ZONE_IN_METRES
    metres = asked.shapes.distance_to_country(*point, code)
    is_in_zone = nearest == code and metres_to_land <= ECONOMIC_ZONE_IN_METRES + buffer
    return metres is not None and (metres <= buffer or is_in_zone)


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_COORDINATESCOUNTRYCODE_CONSISTENT": coordinates_in_country,
    "VALIDATION_COORDINATESSTATEPROVINCE_CONSISTENT": coordinates_in_province,
    "VALIDATION_COORDINATESTERRESTRIALMARINE_CONSISTENT": coordinates_on_land_or_sea,
    "AMENDMENT_COORDINATES_TRANSPOSED": coordinates_transposed,
    "AMENDMENT_COUNTRYCODE_FROM_COORDINATES": country_code_from_coordinates,
    "ISSUE_COORDINATES_CENTEROFCOUNTRY": centre_of_country,
}
