"""Indicators: records, visits, species, and the shares of native and invasive species, per place and period.

Indices that need sampling effort or official formulas do not belong here yet. A period is a month or a year. A species
counts in a division or site as what it is there, where something else is said of it there than of the region.
"""

from __future__ import annotations

import duckdb

from store.warehouse import replace_rows

INDICATORS = """
WITH detected AS (
    SELECT eventKey, taxonID, taxon.speciesName, coalesce(status, 'unknown') AS regionStatus, year, month, divisionID,
        siteIDs
    FROM core_counted AS occurrence
    JOIN core_taxon AS taxon USING (taxonID)
    LEFT JOIN out_species_status USING (taxonID)
    WHERE withinRegion AND occurrenceStatus = 'detected' AND year IS NOT NULL
),
fallen AS (  -- one row per record and place it falls in
    SELECT 'region' AS placeKind, (SELECT placeID FROM core_site WHERE placeKind = 'region') AS placeID, detected.*
    FROM detected
    UNION ALL
    SELECT 'division', divisionID, detected.* FROM detected WHERE divisionID IS NOT NULL
    UNION ALL
    SELECT 'site', unnest(siteIDs), detected.* FROM detected
),
placed AS (
    SELECT fallen.*, coalesce(own.status, CASE WHEN placeKind = 'site' THEN wider.status END, regionStatus) AS status
    FROM fallen
    LEFT JOIN out_place_status AS own ON own.taxonID = fallen.taxonID AND own.placeID = fallen.placeID
    LEFT JOIN out_place_status AS wider ON wider.taxonID = fallen.taxonID AND wider.placeID = fallen.divisionID
),
dated AS (  -- one row per record, place and period it counts in
    SELECT placed.*, printf('%04d', year) AS period FROM placed
    UNION ALL
    SELECT placed.*, printf('%04d-%02d', year, month) FROM placed WHERE month IS NOT NULL
),
counted AS (
    SELECT
        placeKind, placeID, period,
        count(*) AS records,
        count(DISTINCT eventKey) AS visits,
        count(DISTINCT speciesName) AS species,
        count(DISTINCT speciesName) FILTER (WHERE status = 'native') AS nativeSpecies,
        count(DISTINCT speciesName) FILTER (WHERE status = 'introduced') AS introducedSpecies,
        count(DISTINCT speciesName) FILTER (WHERE status = 'invasive') AS invasiveSpecies,
        count(DISTINCT speciesName) FILTER (WHERE status IN ('unknown', 'uncertain')) AS unknownSpecies
    FROM dated GROUP BY placeKind, placeID, period
)
SELECT *,
    nativeSpecies / nullif(nativeSpecies + introducedSpecies + invasiveSpecies, 0) AS nativeShare,
    invasiveSpecies / nullif(nativeSpecies + introducedSpecies + invasiveSpecies, 0) AS invasiveShare
FROM counted
ORDER BY placeKind, placeID, period
"""


def build_indicators(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild out_site_indicator from core_counted and out_species_status; returns the number of rows."""
    return replace_rows(connection, "out_site_indicator", INDICATORS)
