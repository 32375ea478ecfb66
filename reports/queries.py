"""Queries: what the monthly report reads from the core_ and out_ tables, as plain rows.

How it is drawn belongs to `charts` and `maps`, how it is laid out to `page`. No coordinates of protected species
and no names of people leave the warehouse through here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb

Row = dict[str, Any]

LEVEL_ORDER = "CASE level WHEN 'red' THEN 1 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 3 ELSE 4 END"
PLACE_ORDER = "CASE placeKind WHEN 'region' THEN 1 WHEN 'division' THEN 2 ELSE 3 END"

WARNINGS = f"""
SELECT warning.*, coalesce(taxon.speciesName, taxon.canonicalName) AS speciesName
FROM out_warning AS warning LEFT JOIN core_taxon AS taxon USING (taxonID)
ORDER BY min({LEVEL_ORDER}) OVER (PARTITION BY warning.taxonID), warning.scientificName, {LEVEL_ORDER}, {PLACE_ORDER},
    placeID
"""
TOTALS = """
SELECT
    (SELECT coalesce(sum(rowsRead), 0) FROM out_source)::BIGINT AS rowsRead,
    (SELECT coalesce(sum(accepted), 0) FROM out_source)::BIGINT AS accepted,
    (SELECT coalesce(sum(quarantined), 0) FROM out_source)::BIGINT AS quarantined,
    (SELECT coalesce(sum(rejected), 0) FROM out_source)::BIGINT AS rejected,
    (SELECT count(*) FROM out_source) AS files
"""
INDICATORS = """
SELECT place.nameZh, place.nameEn, place.approximate, indicator.*
FROM out_site_indicator AS indicator JOIN core_site AS place USING (placeKind, placeID)
WHERE period = $period AND placeKind IN ('region', 'division', 'site')
ORDER BY CASE placeKind WHEN 'region' THEN 1 WHEN 'division' THEN 2 ELSE 3 END, species DESC, placeID
"""
REGION_BY_MONTH = """
SELECT period, records, species, invasiveSpecies FROM out_site_indicator
WHERE placeKind = 'region' AND length(period) = 7 AND period BETWEEN $first AND $last
ORDER BY period
"""
INVASIVE_BY_MONTH = """
SELECT species.vernacularNameZh, species.speciesName, printf('%04d-%02d', year, month) AS period,
    sum(occurrences)::BIGINT AS records
FROM out_cube JOIN out_species_status AS species USING (taxonID)
WHERE status = 'invasive' AND month IS NOT NULL AND printf('%04d-%02d', year, month) BETWEEN $first AND $last
GROUP BY ALL ORDER BY speciesName, period
"""
INVASIVE_SPECIES = """
WITH seen AS (
    SELECT taxonID, count(*) AS records, min(eventDateStart) AS since, max(eventDateEnd) AS latest,
        count(DISTINCT divisionID) AS divisions
    FROM core_counted WHERE withinRegion AND occurrenceStatus = 'detected' GROUP BY taxonID
)
SELECT status.speciesName, status.scientificName, status.vernacularNameZh, status.knownEstablished, status.sureness,
    seen.* EXCLUDE (taxonID),
    (SELECT list({'zh': listTitleZh, 'en': listTitleEn} ORDER BY listID) FROM core_listing AS listing
     WHERE listing.taxonID = status.taxonID AND listKind = 'alien') AS lists
FROM seen JOIN out_species_status AS status USING (taxonID)
WHERE status.status = 'invasive'
ORDER BY records DESC, scientificName
"""
NEW_SPECIES = """
WITH first AS (
    SELECT taxon.speciesName, min(eventDateStart) AS since, min(status.vernacularNameZh) AS vernacularNameZh,
        min(coalesce(status.status, 'unknown')) AS status
    FROM core_counted JOIN core_taxon AS taxon USING (taxonID) LEFT JOIN out_species_status AS status USING (taxonID)
    WHERE withinRegion AND occurrenceStatus = 'detected' AND taxon.speciesName IS NOT NULL
    GROUP BY taxon.speciesName
)
SELECT * FROM first WHERE since BETWEEN $start AND $end ORDER BY status, speciesName
"""
SOURCES = "SELECT * FROM out_source ORDER BY knownSince, fileName, submissionId"
CITATIONS = """
SELECT datasetKey, min(title) AS title, min(citation) AS citation, min(license) AS license,
    min(doi) AS doi, min(publisher) AS publisher, bool_or(nonCommercial) AS nonCommercial,
    sum(records)::BIGINT AS records
FROM out_citation GROUP BY datasetKey ORDER BY records DESC, datasetKey
"""
FLAGS = """
SELECT test, severity, count(*) AS records FROM core_flag
WHERE severity <> 'info' GROUP BY ALL ORDER BY records DESC, test
"""
NAMES_WAITING = """
SELECT * FROM out_name_queue
ORDER BY concernsListed DESC, recordsWaiting DESC, records DESC, nameText LIMIT $shown
"""
NAMES_WAITING_IN_ALL = (
    "SELECT count(*) AS names, coalesce(sum(recordsWaiting), 0)::BIGINT AS records FROM out_name_queue"
)
NAME_COVERAGE = "SELECT * FROM out_name_coverage ORDER BY source = 'all', source"
NAME_CHANGES = (
    "SELECT * FROM out_name_change ORDER BY len(warningIds) DESC, records DESC, kind, name LIMIT $shown"
)
NOTICES = "SELECT * FROM out_notice ORDER BY day DESC, warningId, kind, noticeId"
PLACES = "SELECT * EXCLUDE (areaInHectares) FROM core_site ORDER BY placeKind, placeID"
INVASIVE_CELLS = """
WITH cell AS (
    SELECT cellCode, regexp_extract(cellCode, '^1km([EW])(\\d+)([NS])(\\d+)$', ['ew', 'x', 'ns', 'y']) AS part,
        sum(occurrences)::BIGINT AS records,
        list_sort(list(DISTINCT coalesce(vernacularNameZh, scientificName))) AS namesZh,
        list(DISTINCT scientificName ORDER BY scientificName) AS namesEn
    FROM out_cube JOIN out_species_status USING (taxonID)
    WHERE status = 'invasive' AND year >= $year GROUP BY cellCode
),
centre AS (
    SELECT cell.*, ST_Transform(ST_Point(
        (part.x::DOUBLE + 0.5) * 1000 * CASE part.ew WHEN 'W' THEN -1 ELSE 1 END,
        (part.y::DOUBLE + 0.5) * 1000 * CASE part.ns WHEN 'S' THEN -1 ELSE 1 END
    ), 'EPSG:6933', 'EPSG:4326', always_xy := true) AS point
    FROM cell
)
SELECT cellCode, records, namesZh, namesEn, round(ST_X(point), 4) AS longitude, round(ST_Y(point), 4) AS latitude
FROM centre ORDER BY cellCode
"""


def rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of a query, each by column name."""
    result = connection.execute(sql, dict(values or {}))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def warned_species(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """One row per species warned about, most pressing first, with its warnings (widest place first)."""
    species: dict[str, Row] = {}
    notices = rows(connection, NOTICES)
    for warning in rows(connection, WARNINGS):
        warning["notices"] = [notice for notice in notices if notice["warningId"] == warning["warningId"]]
        warning["reasons"] = json.loads(warning["reasons"])
        warning["evidence"] = json.loads(warning["evidence"])
        entry = species.setdefault(
            warning["taxonID"],
            {
                "scientificName": warning["scientificName"],
                "speciesName": warning["speciesName"],
                "vernacularName": warning["vernacularName"] or warning["scientificName"],
                "level": warning["level"],
                "warnings": [],
            },
        )
        entry["warnings"].append(warning)
    return list(species.values())


def months_before(day: date, months: int) -> str:
    """The month so many months before the month of a day, as 2025-07."""
    number = day.year * 12 + day.month - 1 - months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_shown(day: date, months: int) -> list[str]:
    """So many months up to and with the month of a day, as 2025-07."""
    return [months_before(day, back) for back in range(months - 1, -1, -1)]
