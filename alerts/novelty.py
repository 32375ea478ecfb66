"""Novelty: taxa of the official lists that are new to a place, or near it from outside, as of a day.

Two times count: when a record was observed and when the city learned of it (`firstSeen`). What stood in the first
files ever loaded is no news by being loaded: there the day of observation counts. How pressing a novelty is and
how it is told belongs to `warnings`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from store.region import Region

NOVELTIES = """
WITH listed AS (  -- one row per taxon that warns; an infraspecific taxon warns as its species
    SELECT status.taxonID, coalesce(species.taxonID, status.taxonID) AS warnedID, status.knownEstablished
    FROM out_species_status AS status
    LEFT JOIN core_taxon AS species ON species.canonicalName = status.speciesName
    WHERE status.officiallyListed AND status.status = 'invasive'
),
baseline AS (SELECT min(firstSeen)::DATE AS day FROM core_record),
record AS (  -- one row per detected record of a listed taxon known by the day of judgement
    SELECT
        warnedID, knownEstablished, rowId, recordId, firstSeen, eventDate, eventDateStart, withinRegion,
        divisionID, siteIDs, decimalLatitude, decimalLongitude, distanceToRegionInKilometers,
        CASE WHEN firstSeen::DATE > baseline.day THEN firstSeen::DATE ELSE eventDateStart END AS learned
    FROM core_occurrence JOIN listed USING (taxonID), baseline
    WHERE occurrenceStatus = 'detected' AND firstSeen::DATE <= $day AND eventDateStart <= $day
),
placed AS (  -- one row per record and place it concerns; level 1 is the widest
    SELECT 'new-to-region' AS kind, 1 AS level, $region AS placeID, * FROM record WHERE withinRegion
    UNION ALL
    SELECT 'new-to-division', 2, divisionID, * FROM record WHERE withinRegion AND divisionID IS NOT NULL
    UNION ALL
    SELECT 'new-to-site', 3, unnest(siteIDs), * FROM record WHERE withinRegion
    UNION ALL
    SELECT 'approaching', 0, $region, * FROM record
    WHERE distanceToRegionInKilometers > 0 AND distanceToRegionInKilometers <= $buffer
        AND warnedID NOT IN (SELECT warnedID FROM record WHERE withinRegion)
),
first AS (  -- one row per taxon and place
    SELECT
        kind, level, warnedID AS taxonID, placeID,
        bool_or(knownEstablished) AS knownEstablished,
        min(learned) AS learned,
        max(learned) AS lastLearned,
        min_by(rowId, (firstSeen, eventDateStart, recordId)) AS firstRow,
        min(distanceToRegionInKilometers) AS nearestInKilometers,
        count(*) AS recordCount
    FROM placed GROUP BY kind, level, warnedID, placeID
),
spread AS (  -- for each taxon and division, when it was first there
    SELECT warnedID AS taxonID, divisionID, min(eventDateStart) AS since
    FROM record WHERE withinRegion AND divisionID IS NOT NULL GROUP BY warnedID, divisionID
),
widespread AS (  -- the day since when a taxon has been in so many divisions
    SELECT taxonID, list_sort(list(since))[$divisions] + to_years($years) AS since
    FROM spread GROUP BY taxonID HAVING count(*) >= $divisions
),
sites AS (
    SELECT warnedID AS taxonID, count(DISTINCT site) AS siteCount
    FROM (SELECT warnedID, unnest(siteIDs) AS site FROM record WHERE withinRegion) GROUP BY warnedID
)
SELECT
    first.kind, first.level, first.taxonID, taxon.scientificName, taxon.vernacularNameZh,
    place.placeKind, first.placeID, place.nameZh, place.nameEn,
    first.learned, first.recordCount, first.nearestInKilometers, first.firstRow,
    coalesce(sites.siteCount, 0) AS siteCount,
    list(DISTINCT listing.listTitleZh ORDER BY listing.listTitleZh) AS listsZh,
    list(DISTINCT listing.listTitleEn ORDER BY listing.listTitleEn) AS listsEn,
    min_by(listing.sureness, CASE listing.sureness WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END)
        AS sureness
FROM first
JOIN core_taxon AS taxon USING (taxonID)
JOIN core_site AS place USING (placeID)
JOIN core_listing AS listing ON listing.taxonID = first.taxonID AND listing.listKind = 'alien' AND listing.official
LEFT JOIN sites ON sites.taxonID = first.taxonID
LEFT JOIN widespread ON widespread.taxonID = first.taxonID
WHERE CASE WHEN first.kind = 'approaching' THEN first.lastLearned ELSE first.learned END
        BETWEEN $day - to_months($months) AND $day
    AND NOT (first.kind = 'new-to-region' AND first.knownEstablished)
    AND NOT (first.level >= 2 AND widespread.since IS NOT NULL AND first.learned >= widespread.since)
    -- the first record of the region is also that of its division and site: one warning, the widest, says it
    AND NOT EXISTS (
        SELECT 1 FROM first AS wider
        WHERE wider.taxonID = first.taxonID AND wider.level BETWEEN 1 AND first.level - 1
            AND wider.firstRow = first.firstRow)
GROUP BY ALL
ORDER BY first.level, taxon.scientificName, first.placeID
"""

EVIDENCE = """
SELECT recordId, occurrenceID, source, datasetKey, eventDate, firstSeen, decimalLatitude, decimalLongitude,
    coordinateUncertaintyInMeters, divisionID, siteIDs, distanceToRegionInKilometers, eventDateStart,
    rowId = $first AS isFirst
FROM core_occurrence
WHERE occurrenceStatus = 'detected' AND firstSeen::DATE <= $day AND eventDateStart <= $day
    AND taxonID IN (
        SELECT taxon.taxonID FROM core_taxon AS taxon
        LEFT JOIN core_taxon AS species ON species.canonicalName = taxon.speciesName
        WHERE coalesce(species.taxonID, taxon.taxonID) = $taxon)
    AND CASE $kind
        WHEN 'new-to-region' THEN withinRegion
        WHEN 'new-to-division' THEN withinRegion AND divisionID = $place
        WHEN 'new-to-site' THEN withinRegion AND list_contains(siteIDs, $place)
        ELSE distanceToRegionInKilometers > 0 AND distanceToRegionInKilometers <= $buffer END
ORDER BY eventDateStart, recordId
"""


def find_novelties(connection: duckdb.DuckDBPyConnection, region: Region, day: date) -> list[dict[str, Any]]:
    """One row per taxon and place that is new within the warning window ending on `day`, widest place first.

    A taxon the region's own list knows as naturalised is not new to the region; one that has been in
    `widespreadDivisions` divisions for `widespreadYears` years is not news in one division or site more.
    """
    limits = region.thresholds
    return _rows(connection, NOVELTIES, {
        "day": day, "region": region.id, "buffer": limits.bufferInKilometers,
        "divisions": int(limits.widespreadDivisions), "years": int(limits.widespreadYears),
        "months": int(limits.warningWindowInMonths),
    })  # fmt: skip


def evidence_of(
    connection: duckdb.DuckDBPyConnection, region: Region, novelty: dict[str, Any], day: date
) -> list[dict[str, Any]]:
    """The records a novelty rests on, earliest observed first."""
    return _rows(connection, EVIDENCE, {
        "first": novelty["firstRow"], "day": day, "taxon": novelty["taxonID"], "kind": novelty["kind"],
        "place": novelty["placeID"], "buffer": region.thresholds.bufferInKilometers,
    })  # fmt: skip


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    result = connection.execute(sql, used)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
