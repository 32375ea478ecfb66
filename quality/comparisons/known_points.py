"""Known points: centres of outlines, and the seats, institutions and museums that a region lists.

A record there was often placed by its address rather than where it was seen (Zizka et al. 2019, CoordinateCleaner:
cc_cen, cc_cap, cc_inst). Centres are those of the outlines we have: region, divisions, province and country; what a
region lists is in its file `knownPoints`: pointKind (governmentSeat, institution, museum, centre), nameZh, nameEn,
longitude, latitude (WGS84) and, if it likes, radiusInMeters.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator

import duckdb
import pycountry
import shapely

from quality.bdq.shapes import WorldShapes
from quality.comparisons.rows import Rows
from store.errors import RegionError
from store.region import Region

RADIUS_IN_METRES = 100.0
TABLE = "tmp_known_point"
TESTS = {
    "centre": "PARKWATCH_COORDINATES_AT_CENTRE",
    "governmentSeat": "PARKWATCH_COORDINATES_AT_SEAT",
    "institution": "PARKWATCH_COORDINATES_AT_INSTITUTION",
    "museum": "PARKWATCH_COORDINATES_AT_INSTITUTION",
}
Point = tuple[str, str, str, float, float, float]
# Mean radius of the Earth (IUGG 1980): 6371008.8 m.
METRES = """
2 * 6371008.8 * asin(sqrt(pow(sin(radians(point.latitude - decimalLatitude) / 2), 2)
    + cos(radians(point.latitude)) * cos(radians(decimalLatitude))
    * pow(sin(radians(point.longitude - decimalLongitude) / 2), 2)))
"""
NEAR = f"""
SELECT core_record.rowId, decimalLongitude || ', ' || decimalLatitude AS value,
    point.nameZh || ' / ' || point.nameEn AS suggestion
FROM core_record JOIN {TABLE} AS point
    ON decimalLatitude BETWEEN point.latitude - reach AND point.latitude + reach
    AND decimalLongitude BETWEEN point.longitude - 2 * reach AND point.longitude + 2 * reach
WHERE point.pointKind IN {{kinds}} AND {METRES} <= radiusInMeters
    AND coalesce(coordinateUncertaintyInMeters, radiusInMeters + 1) > radiusInMeters
QUALIFY row_number() OVER (PARTITION BY core_record.rowId ORDER BY {METRES}, suggestion) = 1
"""


def keep_known_points(connection: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Put the known points into a temporary table."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} (pointKind VARCHAR, nameZh VARCHAR, nameEn VARCHAR, longitude DOUBLE, "
        "latitude DOUBLE, radiusInMeters DOUBLE, reach DOUBLE)"
    )
    for point in (*_centres(region), *_listed(region)):
        connection.execute(
            f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?, ?)", [*point, 1.1 * point[-1] / 111_000]
        )


def near_known_points() -> Iterator[Rows]:
    for test in dict.fromkeys(TESTS.values()):
        kinds = ", ".join(f"'{kind}'" for kind, its_test in TESTS.items() if its_test == test)
        yield Rows(test, "warning", "decimalLatitude", NEAR.format(kinds=f"({kinds})"))


def _centres(region: Region) -> Iterator[Point]:
    outlines = [(region.nameZh, region.nameEn, region.outline)]
    outlines += [(place.nameZh, place.nameEn, place.geometry) for place in region.divisions]
    for name_zh, name_en, outline in outlines:
        west, south, east, north = outline.bounds
        for centre in (shapely.centroid(outline), shapely.Point((west + east) / 2, (south + north) / 2)):
            yield "centre", name_zh, name_en, centre.x, centre.y, RADIUS_IN_METRES
    for name, latitude, longitude in _wider_centres(region.countryCode, region.province):
        yield "centre", name, name, longitude, latitude, RADIUS_IN_METRES


@functools.lru_cache(maxsize=4)
def _wider_centres(country: str, province: str | None) -> tuple[tuple[str, float, float], ...]:
    """Name, latitude and longitude of the centres of a country and one of its provinces."""
    shapes = WorldShapes()
    found = [(country, *point) for point in shapes.centres_of_country(country)]
    known = pycountry.subdivisions.get(code=province) if province else None
    if known is not None:
        found += [(known.name, *point) for point in shapes.centres_of_division(country, known.name)]
    return tuple(found)


def _listed(region: Region) -> Iterator[Point]:
    if region.knownPoints is None:
        return
    with region.knownPoints.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                kind = row["pointKind"]
                point = (float(row["longitude"]), float(row["latitude"]))
                radius = float(row.get("radiusInMeters") or RADIUS_IN_METRES)
                names = row["nameZh"], row["nameEn"]
            except (KeyError, TypeError, ValueError) as cause:
                raise _fault(region, line, str(cause)) from cause
            if kind not in TESTS:
                raise _fault(region, line, f"pointKind {kind}: {', '.join(TESTS)}")
            yield kind, *names, *point, radius


def _fault(region: Region, line: int, why: str) -> RegionError:
    return RegionError("error-region-points", path=region.knownPoints, line=line, why=why)
