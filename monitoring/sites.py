"""Sites: the places we report on, and which of them each point and each place name falls in.

Outlines come from the region folder (`store.region`); which records lie too far away is judged by `quality`.
Areas and 1 km cells are in EPSG:6933 (equal area); distances in kilometres are measured in an azimuthal
equidistant projection about the region's centre, within 0.1 % of the geodesic at 200 km.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from species.written.chinese_names import chinese_key
from store.engine import put, rows_for
from store.outlines import Place
from store.region import Region
from store.warehouse import load_spatial, note_build, transaction

CELL_SIZE_IN_METERS = 1000
NAMED_PLACES = "tmp_named_place"
PLACE_SCHEMA = {"placeText": "string", "namedSiteID": "string", "namedDivisionID": "string"}
SEPARATOR = "\x1f"
SHORTEST_WITHIN = 3  # characters of a name that may stand within a longer text


def build_sites(connection: duckdb.DuckDBPyConnection, region: Region) -> int:
    """Rebuild core_site: one row per place we report on, with its area and the division of a site's centre."""
    parents = _parents(region)
    rows = [
        {
            "placeID": place.placeID, "placeKind": place.placeKind, "siteKind": place.siteKind,
            "nameZh": place.nameZh, "nameEn": place.nameEn, "parentID": parents.get(place.placeID),
            "approximate": place.approximate, "geometryWkt": place.geometry.wkt,
        }
        for place in region.places
    ]  # fmt: skip
    load_spatial(connection)
    connection.register("new_places", pa.Table.from_pylist(rows))
    with transaction(connection):
        connection.execute("DELETE FROM core_site")
        connection.execute(
            "INSERT INTO core_site BY NAME SELECT *, ST_Area(ST_Transform(ST_GeomFromText(geometryWkt), "
            "'EPSG:4326', 'EPSG:6933', always_xy := true)) / 10000 AS areaInHectares FROM new_places"
        )
        note_build(connection, "core_site")
    connection.unregister("new_places")
    return len(rows)


def _parents(region: Region) -> dict[str, str]:
    """The division that holds the centre of each site; the region for each division."""
    parents = {division.placeID: region.id for division in region.divisions}
    for site in region.sites:
        centre = site.geometry.representative_point()
        holder = next((d.placeID for d in region.divisions if d.geometry.contains(centre)), region.id)
        parents[site.placeID] = holder
    return parents


def locate_points(connection: duckdb.DuckDBPyConnection, region: Region, records: str) -> None:
    """Make tmp_point: one row per distinct point of `records`, with the places and the cell it falls in.

    Columns: longitude, latitude, withinRegion, distanceToRegionInKilometers, divisionID, siteIDs, siteEdges (metres
    from the point to the edge of each of them), cellCode.
    """
    load_spatial(connection)
    centre = region.outline.centroid
    local = f"+proj=aeqd +lat_0={centre.y:.6f} +lon_0={centre.x:.6f} +datum=WGS84 +units=m"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE tmp_outline AS
        SELECT placeID, placeKind, areaInHectares, outline,
            ST_Boundary(ST_Transform(outline, 'EPSG:4326', '{local}', always_xy := true)) AS edge
        FROM (SELECT *, ST_GeomFromText(geometryWkt) AS outline FROM core_site);
        CREATE OR REPLACE TEMP TABLE tmp_distinct_point AS
        SELECT DISTINCT decimalLongitude AS longitude, decimalLatitude AS latitude,
            ST_Point(decimalLongitude, decimalLatitude) AS point
        FROM {records}
        WHERE decimalLongitude BETWEEN -180 AND 180 AND decimalLatitude BETWEEN -90 AND 90;
        CREATE OR REPLACE TEMP TABLE tmp_point_place AS
        SELECT longitude, latitude, placeID, placeKind, areaInHectares, CASE WHEN placeKind = 'site' THEN
            ST_Distance(edge, ST_Transform(point, 'EPSG:4326', '{local}', always_xy := true)) END AS metres
        FROM tmp_distinct_point JOIN tmp_outline ON ST_Intersects(outline, point);
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE tmp_point AS
        WITH place AS (  -- a point on a shared border belongs to the larger division
            SELECT longitude, latitude,
                bool_or(placeKind = 'region') AS withinRegion,
                max_by(placeID, (areaInHectares, placeID)) FILTER (WHERE placeKind = 'division') AS divisionID,
                list(placeID ORDER BY placeID) FILTER (WHERE placeKind = 'site') AS siteIDs,
                list(metres ORDER BY placeID) FILTER (WHERE placeKind = 'site') AS siteEdges
            FROM tmp_point_place GROUP BY longitude, latitude
        ),
        local_outline AS (
            SELECT ST_Transform(outline, 'EPSG:4326', '{local}', always_xy := true) AS outline
            FROM tmp_outline WHERE placeKind = 'region'
        ),
        outside AS (
            SELECT longitude, latitude, ST_Distance(
                (SELECT outline FROM local_outline),
                ST_Transform(point, 'EPSG:4326', '{local}', always_xy := true)) / 1000 AS distance
            FROM tmp_distinct_point LEFT JOIN place USING (longitude, latitude)
            WHERE withinRegion IS NULL
        ),
        cell AS (
            SELECT longitude, latitude,
                ST_Transform(point, 'EPSG:4326', 'EPSG:6933', always_xy := true) AS metric
            FROM tmp_distinct_point
        )
        SELECT longitude, latitude,
            coalesce(withinRegion, false) AS withinRegion,
            CASE WHEN withinRegion THEN 0 ELSE distance END AS distanceToRegionInKilometers,
            divisionID, coalesce(siteIDs, []) AS siteIDs, coalesce(siteEdges, []) AS siteEdges,
            printf('1km%s%d%s%d',
                CASE WHEN ST_X(metric) < 0 THEN 'W' ELSE 'E' END,
                abs(floor(ST_X(metric) / {CELL_SIZE_IN_METERS}))::BIGINT,
                CASE WHEN ST_Y(metric) < 0 THEN 'S' ELSE 'N' END,
                abs(floor(ST_Y(metric) / {CELL_SIZE_IN_METERS}))::BIGINT
            ) AS cellCode
        FROM cell
        LEFT JOIN place USING (longitude, latitude)
        LEFT JOIN outside USING (longitude, latitude)
        """
    )


def name_places(engine: Any, region: Region, records: str) -> None:
    """Make tmp_named_place: one row per distinct text of locationID, locality and county that names a place."""
    sites = _Names(region.sites)
    divisions = _Names(region.divisions)
    parents = _parents(region)
    named = []
    for (text,) in rows_for(engine, _place_texts, records):
        parts = [chinese_key(part) for part in text.split(SEPARATOR)]
        site = sites.found_in(parts[:2])
        division = divisions.found_in(parts) or (parents.get(site) if site else None)
        if site or division:
            named.append((text, site, division))
    put(engine, NAMED_PLACES, named, PLACE_SCHEMA)


def _place_texts(engine: Any, records: str) -> Any:
    return engine.table(records).select(placeText=place_text).distinct()


def place_text(records: Any) -> Any:
    """locationID, locality and county as one text (Ibis)."""
    parts = [records[name].fill_null("") for name in ("locationID", "locality", "county")]
    return parts[0] + SEPARATOR + parts[1] + SEPARATOR + parts[2]


class _Names:
    """The names by which places may be called."""

    def __init__(self, places: Iterable[Place]) -> None:
        names = [
            (chinese_key(name), place.placeID)
            for place in places
            for name in (place.placeID, place.nameZh, place.nameEn)
        ]
        self._place_of: dict[str, str] = {}
        for name, place_id in sorted(names):
            self._place_of.setdefault(name, place_id)
        lengths = {len(name) for name in self._place_of if len(name) >= SHORTEST_WITHIN}
        self._longest_first = sorted(lengths, reverse=True)

    def found_in(self, parts: Sequence[str]) -> str | None:
        """The place whose name is a part, or failing that the longest name that stands within one (文瀛湖东岸)."""
        for part in parts:
            if part in self._place_of:
                return self._place_of[part]
        return next((self._place_of[name] for part in parts if (name := self._longest_within(part))), None)

    def _longest_within(self, part: str) -> str | None:
        for length in self._longest_first:
            pieces = (part[start : start + length] for start in range(len(part) - length + 1))
            if names := [piece for piece in pieces if piece in self._place_of]:
                return min(names)
        return None
