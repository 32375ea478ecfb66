"""Queries of the species pages: names, what is said of the status, and where and when each species was recorded.

No exact position leaves the warehouse through here: records are shown by 1 km cell, those of sensitive species by the
coarser grid of their class. Laying the pages out belongs to `species_page`.
"""

from __future__ import annotations

from reports.queries import LEVEL_ORDER, PLACE_ORDER

# Degrees of latitude and longitude to which the positions of a sensitive species are coarsened, by its class.
GRIDS_IN_DEGREES = {"S1": 0.1, "S2": 0.01}
CASES = " ".join(f"WHEN '{name}' THEN {size}" for name, size in GRIDS_IN_DEGREES.items())
GRID = f"CASE sensitivityClass {CASES} END"

# One row per species recorded here, warned of, or officially listed and recorded near; tmp_species_page is read below.
CHOSEN = """
CREATE OR REPLACE TEMP TABLE tmp_species_page AS
WITH record AS (
    SELECT core_taxon.speciesName, withinRegion, distanceToRegionInKilometers, eventDateStart, eventDateEnd, divisionID,
        coalesce(officiallyListed, false) AS officiallyListed
    FROM core_counted JOIN core_taxon USING (taxonID) LEFT JOIN out_species_status AS status USING (taxonID)
    WHERE occurrenceStatus = 'detected' AND core_taxon.speciesName IS NOT NULL
),
seen AS (
    SELECT speciesName, count(*) FILTER (WHERE withinRegion) AS records,
        count(*) FILTER (WHERE NOT withinRegion AND officiallyListed AND distanceToRegionInKilometers <= $buffer)
            AS recordsNear,
        min(eventDateStart) FILTER (WHERE withinRegion) AS since,
        max(eventDateEnd) FILTER (WHERE withinRegion) AS latest,
        list(DISTINCT divisionID ORDER BY divisionID)
            FILTER (WHERE withinRegion AND divisionID IS NOT NULL) AS divisions
    FROM record GROUP BY speciesName
),
warned AS (
    SELECT DISTINCT coalesce(taxon.speciesName, taxon.canonicalName) AS speciesName
    FROM out_warning JOIN core_taxon AS taxon USING (taxonID)
),
chosen AS (
    SELECT speciesName FROM seen WHERE records > 0 OR recordsNear > 0 UNION SELECT speciesName FROM warned
),
own AS (  -- the taxon of the species itself, or one below it where no source names the species
    SELECT coalesce(speciesName, canonicalName) AS speciesName,
        min_by(taxonID, (canonicalName <> coalesce(speciesName, canonicalName), canonicalName, taxonID)) AS taxonID
    FROM core_taxon GROUP BY 1
),
strictest AS (  -- a position is as coarse as that of the most sensitive taxon of the species
    SELECT coalesce(taxon.speciesName, taxon.canonicalName) AS speciesName,
        min(sensitivityClass) FILTER (WHERE sensitivityClass <> 'none') AS sensitivityClass
    FROM out_species_status AS status JOIN core_taxon AS taxon USING (taxonID) GROUP BY 1
)
SELECT chosen.speciesName, own.taxonID, coalesce(records, 0) AS records, coalesce(recordsNear, 0) AS recordsNear,
    since, latest, coalesce(divisions, []) AS divisions, sensitivityClass
FROM chosen JOIN own USING (speciesName) LEFT JOIN seen USING (speciesName) LEFT JOIN strictest USING (speciesName)
"""
SPECIES = """
SELECT page.speciesName, taxon.taxonID, taxon.scientificName, taxon.vernacularNameZh, taxon.vernacularNameEn,
    taxon.taxonRank, taxon.kingdom, taxon.family, taxon.nameSource, page.records, page.recordsNear, page.since,
    page.latest, page.divisions, page.sensitivityClass, coalesce(status.status, 'unknown') AS status,
    coalesce(status.establishmentMeans, 'uncertain') AS establishmentMeans, status.degreeOfEstablishment,
    coalesce(status.officiallyListed, false) AS officiallyListed, status.protectionLevel,
    coalesce(status.sureness, 'unconfirmed') AS sureness, coalesce(status.source, '') AS source
FROM tmp_species_page AS page JOIN core_taxon AS taxon USING (taxonID) LEFT JOIN out_species_status AS status
    ON status.taxonID = page.taxonID
ORDER BY status.officiallyListed DESC NULLS LAST, page.speciesName
"""
NAMES = """
SELECT DISTINCT page.speciesName, name.name, name.nameKind, name.authorship, name.nameSource,
    CASE WHEN taxon.canonicalName <> page.speciesName THEN taxon.canonicalName END AS below
FROM tmp_species_page AS page
JOIN core_taxon AS taxon ON coalesce(taxon.speciesName, taxon.canonicalName) = page.speciesName
JOIN core_name AS name ON name.taxonID = taxon.taxonID
WHERE name.nameKind <> 'code'
ORDER BY ALL
"""
# What is said of the species, of what is below it and of its genus, at these places.
STATEMENTS = """
SELECT DISTINCT page.speciesName, statement.question, statement.answer, statement.place, statement.placeBreadth,
    statement.validFrom, statement.validTo, statement.condition, statement.sureness, statement.source,
    statement.sourceID,
    CASE WHEN taxon.canonicalName <> page.speciesName THEN taxon.canonicalName END AS about
FROM tmp_species_page AS page
JOIN core_taxon AS taxon ON coalesce(taxon.speciesName, taxon.canonicalName) = page.speciesName
    OR (taxon.taxonRank = 'genus' AND taxon.canonicalName = split_part(page.speciesName, ' ', 1))
JOIN core_statement AS statement ON statement.taxonID = taxon.taxonID
WHERE list_contains($places, statement.place) AND list_contains($questions, statement.question)
ORDER BY page.speciesName, list_position($questions, statement.question), statement.placeBreadth,
    statement.validFrom DESC NULLS LAST, statement.sourceID, about NULLS FIRST, statement.place, statement.answer,
    statement.validTo, statement.condition, statement.sureness, statement.source
"""
SOURCES = """
SELECT sourceID, titleZh, titleEn, version, citation, license FROM core_name_source ORDER BY sourceID
"""
MONTHS = """
SELECT taxon.speciesName, year, month, count(*) AS records
FROM core_counted JOIN core_taxon AS taxon USING (taxonID)
JOIN tmp_species_page AS page ON page.speciesName = taxon.speciesName
WHERE withinRegion AND occurrenceStatus = 'detected' AND year IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""
CELLS = """
WITH cell AS (
    SELECT taxon.speciesName, cellCode, sum(occurrences)::BIGINT AS records
    FROM out_cube JOIN core_taxon AS taxon USING (taxonID)
    JOIN tmp_species_page AS page ON page.speciesName = taxon.speciesName
    WHERE {grid} IS NULL GROUP BY ALL
),
part AS (
    SELECT cellCode, regexp_extract(cellCode, '^1km([EW])(\\d+)([NS])(\\d+)$', ['ew', 'x', 'ns', 'y']) AS part
    FROM (SELECT DISTINCT cellCode FROM cell)
),
signed AS (
    SELECT cellCode, part.x::DOUBLE AS x, part.y::DOUBLE AS y,
        CASE part.ew WHEN 'W' THEN -1000 ELSE 1000 END AS east, CASE part.ns WHEN 'S' THEN -1000 ELSE 1000 END AS north
    FROM part
),
outline AS (
    SELECT cellCode,
        ST_Transform(ST_Point(x * east, y * north), 'EPSG:6933', 'EPSG:4326', always_xy := true) AS southwest,
        ST_Transform(ST_Point((x + 1) * east, (y + 1) * north), 'EPSG:6933', 'EPSG:4326', always_xy := true)
            AS northeast
    FROM signed
)
SELECT speciesName, round(ST_X(southwest), 4) AS west, round(ST_Y(southwest), 4) AS south,
    round(ST_X(northeast), 4) AS east, round(ST_Y(northeast), 4) AS north, records
FROM cell JOIN outline USING (cellCode)
UNION ALL
SELECT speciesName, round(x * size, 4), round(y * size, 4), round((x + 1) * size, 4), round((y + 1) * size, 4), records
FROM (
    SELECT taxon.speciesName, {grid} AS size, floor(decimalLongitude / size)::INTEGER AS x,
        floor(decimalLatitude / size)::INTEGER AS y, count(*) AS records
    FROM core_counted JOIN core_taxon AS taxon USING (taxonID)
    JOIN tmp_species_page AS page ON page.speciesName = taxon.speciesName
    WHERE withinRegion AND occurrenceStatus = 'detected' AND decimalLongitude IS NOT NULL AND {grid} IS NOT NULL
    GROUP BY ALL
)
ORDER BY ALL
""".replace("{grid}", GRID)
WARNED = f"""
SELECT coalesce(taxon.speciesName, taxon.canonicalName) AS speciesName, warning.warningId, warning.kind, warning.level,
    warning.placeZh, warning.placeEn
FROM out_warning AS warning JOIN core_taxon AS taxon USING (taxonID)
ORDER BY 1, {LEVEL_ORDER}, {PLACE_ORDER}, placeID
"""
