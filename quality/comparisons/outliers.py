"""Outliers: records far from where, when or in what surroundings their taxon was otherwise recorded.

A taxon is asked only from seven distinct cells on. In space: the distance of a cell from the medians of the taxon's
cells, beyond the outer fence of all of them (upper quartile + 3 interquartile ranges: Tukey 1977, Exploratory Data
Analysis) and ten kilometres at least. In surroundings: the same fence, on both sides, over each number that the
region's file `environment` gives for a cell. In the year: the one record of a taxon within three months about it, where
there are thirty or more. In range: a taxon that a checklist places in provinces of the country, of which ours is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from quality.comparisons.rows import Rows
from store.region import Region

FEWEST_CELLS, FEWEST_RECORDS = 7, 30
FENCE, SHORTEST_IN_KILOMETRES = 3, 10
SEEN = """
SELECT rowId, taxonID, cellCode, month, decimalLongitude, decimalLatitude, round(decimalLongitude, 2) AS x,
    round(decimalLatitude, 2) AS y
FROM core_record WHERE taxonID IS NOT NULL AND rowFault IS NULL AND occurrenceStatus = 'detected' AND NOT isObscured
    AND rowId NOT IN (SELECT rowId FROM core_flag WHERE severity IN ('reject', 'error'))
"""
IN_SPACE = f"""
WITH seen AS ({SEEN} AND decimalLatitude IS NOT NULL),
cell AS (SELECT DISTINCT taxonID, x, y FROM seen),
centre AS (SELECT taxonID, median(x) AS cx, median(y) AS cy FROM cell GROUP BY ALL HAVING count(*) >= {FEWEST_CELLS}),
away AS (
    SELECT cell.*, 111.2 * sqrt(pow((x - cx) * cos(radians(cy)), 2) + pow(y - cy, 2)) AS kilometres
    FROM cell JOIN centre USING (taxonID)
),
fence AS (
    SELECT taxonID, greatest({SHORTEST_IN_KILOMETRES}, quantile_cont(kilometres, 0.75)
        + {FENCE} * (quantile_cont(kilometres, 0.75) - quantile_cont(kilometres, 0.25))) AS furthest
    FROM away GROUP BY taxonID
)
SELECT rowId, seen.decimalLongitude || ', ' || seen.decimalLatitude AS value,
    round(kilometres)::BIGINT || ' km' AS suggestion
FROM seen JOIN away USING (taxonID, x, y) JOIN fence USING (taxonID) WHERE kilometres > furthest
"""
IN_THE_YEAR = f"""
WITH seen AS ({SEEN} AND month IS NOT NULL),
counted AS (SELECT taxonID, month, count(*) AS records FROM seen GROUP BY ALL),
about AS (
    SELECT one.taxonID, one.month, sum(other.records) AS records
    FROM counted AS one JOIN counted AS other
        ON other.taxonID = one.taxonID AND (one.month - other.month + 12) % 12 IN (0, 1, 11)
    GROUP BY ALL
),
enough AS (SELECT taxonID FROM counted GROUP BY ALL HAVING sum(records) >= {FEWEST_RECORDS})
SELECT rowId, seen.month::VARCHAR AS value, NULL AS suggestion
FROM seen SEMI JOIN enough USING (taxonID) JOIN about USING (taxonID, month) WHERE about.records = 1
"""
# What checklists say of establishmentMeans in provinces: ISO 3166-2 codes of the region's country.
IN_RANGE = f"""
WITH province AS (
    SELECT taxonID, list(DISTINCT place ORDER BY place) AS places FROM core_statement
    WHERE question = 'establishmentMeans' AND starts_with(place, '{{country}}-') GROUP BY taxonID
)
SELECT rowId, array_to_string(places[:5], ', ') AS value, NULL AS suggestion
FROM ({SEEN} AND withinRegion) JOIN province USING (taxonID)
WHERE NOT list_contains(places, '{{province}}') AND taxonID NOT IN (
    SELECT taxonID FROM core_statement WHERE place = '{{region}}' AND question = 'establishmentMeans')
"""
IN_SURROUNDINGS = f"""
WITH seen AS ({SEEN} AND cellCode IS NOT NULL),
variable AS (
    SELECT cellCode, name, try_cast(number AS DOUBLE) AS number
    FROM (UNPIVOT (FROM read_csv('{{path}}', all_varchar = true)) ON COLUMNS(* EXCLUDE (cellCode))
          INTO NAME name VALUE number)
),
cell AS (
    SELECT DISTINCT taxonID, cellCode, name, number FROM seen JOIN variable USING (cellCode) WHERE number IS NOT NULL
),
fence AS (
    SELECT taxonID, name, quantile_cont(number, 0.25) AS q1, quantile_cont(number, 0.75) AS q3
    FROM cell GROUP BY ALL HAVING count(*) >= {FEWEST_CELLS}
)
SELECT rowId, any_value(name || ' = ' || number) AS value,
    any_value(q1 || ' – ' || q3) AS suggestion
FROM seen JOIN cell USING (taxonID, cellCode) JOIN fence USING (taxonID, name)
WHERE number NOT BETWEEN q1 - {FENCE} * (q3 - q1) AND q3 + {FENCE} * (q3 - q1) GROUP BY rowId
"""


def outliers(region: Region) -> Iterator[Rows]:
    yield Rows("PARKWATCH_OUTLIER_IN_SPACE", "info", "decimalLatitude", IN_SPACE)
    yield Rows("PARKWATCH_OUTLIER_IN_THE_YEAR", "info", "eventDate", IN_THE_YEAR)
    if region.province:
        in_range = IN_RANGE.format(country=region.countryCode, province=region.province, region=region.id)
        yield Rows("PARKWATCH_OUTLIER_OF_RANGE", "info", "scientificName", in_range)
    if region.environment:
        path = str(region.environment).replace("'", "''")
        yield Rows(
            "PARKWATCH_OUTLIER_OF_ENVIRONMENT", "info", "decimalLatitude", IN_SURROUNDINGS.format(path=path)
        )
