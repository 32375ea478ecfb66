"""An invented GBIF file of any size, made by DuckDB out of a seed: 50 columns, skewed as GBIF's are, 2 % faults.

A fifth of the places hold most of the records, and a few datasets, observers and species as well. The same seed gives
the same rows; nothing here is an observation.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.demo_files import SIMPLE_CSV
from store.region import Region

NUMBERS = {
    "gbifID": "BIGINT", "individualCount": "INTEGER", "decimalLatitude": "DOUBLE", "decimalLongitude": "DOUBLE",
    "coordinateUncertaintyInMeters": "DOUBLE", "coordinatePrecision": "DOUBLE", "elevation": "DOUBLE",
    "elevationAccuracy": "DOUBLE", "depth": "DOUBLE", "depthAccuracy": "DOUBLE", "day": "INTEGER", "month": "INTEGER",
    "year": "INTEGER", "taxonKey": "BIGINT", "speciesKey": "BIGINT",
}  # fmt: skip
TYPES = {column: NUMBERS.get(column, "VARCHAR") for column in SIMPLE_CSV}
# Of 10,000 rows: how many have which fault.
FAULTS = {
    "no point": 40, "zero point": 20, "transposed": 20, "no date": 30, "future": 20, "misspelt": 30, "no count": 20,
    "republished": 20,
}  # fmt: skip
DRAWN = """
CREATE TEMP TABLE drawn AS
SELECT
    number,
    (hash(number, 1) % 1_000_000) / 1e6 AS u1, (hash(number, 2) % 1_000_000) / 1e6 AS u2,
    (hash(number, 3) % 1_000_000) / 1e6 AS u3, (hash(number, 4) % 1_000_000) / 1e6 AS u4,
    (hash(number, 5) % 1_000_000) / 1e6 AS u5, (hash(number, 6) % 10_000)::INTEGER AS lot
FROM (SELECT range + $offset AS number FROM range($rows))
"""
ROWS = """
WITH said AS (
    SELECT *,
        (pow(u1, 3) * $names)::BIGINT % $names AS place,
        floor(pow(u2, 4) * 5000)::BIGINT AS spot,
        DATE '2026-11-20' - (pow(u3, 2) * 7300)::INTEGER AS day,
        floor(pow(u4, 3) * 60)::BIGINT AS dataset,
        floor(pow(u5, 3) * 20_000)::BIGINT AS person,
        {fault} AS fault
    FROM drawn
), placed AS (
    SELECT *,
        round($west + ($east - $west) * (hash(spot, 7) % 100_000) / 1e5 + (u4 - 0.5) * 0.02, 5) AS x,
        round($south + ($north - $south) * (hash(spot, 8) % 100_000) / 1e5 + (u5 - 0.5) * 0.02, 5) AS y
    FROM said
)
SELECT
    5_000_000_000 + number AS gbifID,
    'd' || lpad(dataset::VARCHAR, 7, '0') || '-0000-4000-8000-000000000000' AS datasetKey,
    'urn:invented:' || CASE WHEN fault = 'republished' THEN number - 1 ELSE number END AS occurrenceID,
    'Plantae' AS kingdom, 'Tracheophyta' AS phylum, 'Magnoliopsida' AS class, 'Testales' AS "order",
    'Testaceae' AS family, split_part(name, ' ', 1) AS genus, name AS species, NULL AS infraspecificEpithet,
    'SPECIES' AS taxonRank,
    CASE WHEN fault = 'misspelt' THEN left(name, -1) || 'x' ELSE name END AS scientificName,
    name AS verbatimScientificName, NULL AS verbatimScientificNameAuthorship, 'CN' AS countryCode,
    'Spot ' || spot AS locality, 'Shanxi' AS stateProvince, 'PRESENT' AS occurrenceStatus,
    CASE WHEN lot % 3 = 0 AND fault <> 'no count' THEN 1 + (u2 * u2 * 50)::INTEGER END AS individualCount,
    'o' || lpad((dataset % 20)::VARCHAR, 7, '0') || '-0000-4000-8000-000000000' AS publishingOrgKey,
    CASE fault WHEN 'no point' THEN NULL WHEN 'zero point' THEN 0 WHEN 'transposed' THEN x ELSE y END
        AS decimalLatitude,
    CASE fault WHEN 'no point' THEN NULL WHEN 'zero point' THEN 0 WHEN 'transposed' THEN y ELSE x END
        AS decimalLongitude,
    CASE WHEN lot % 2 = 0 THEN [5, 10, 30, 100, 1000, 5000][1 + lot % 6] END AS coordinateUncertaintyInMeters,
    NULL AS coordinatePrecision, CASE WHEN lot % 5 = 0 THEN 1000 + lot % 700 END AS elevation,
    NULL AS elevationAccuracy, NULL AS depth, NULL AS depthAccuracy,
    CASE fault WHEN 'no date' THEN NULL WHEN 'future' THEN '2031-05-01'
        ELSE CASE WHEN lot % 20 = 0 THEN strftime(day, '%Y-%m') WHEN lot % 2 = 0 THEN strftime(day, '%Y-%m-%dT%H:%M:%S')
        ELSE strftime(day, '%Y-%m-%d') END END AS eventDate,
    CASE WHEN fault <> 'no date' AND lot % 20 <> 0 THEN day(day) END AS day,
    CASE WHEN fault <> 'no date' THEN month(day) END AS month, CASE WHEN fault <> 'no date' THEN year(day) END AS year,
    1_000_000 + place AS taxonKey, 1_000_000 + place AS speciesKey,
    CASE WHEN lot % 10 < 8 THEN 'HUMAN_OBSERVATION' ELSE 'PRESERVED_SPECIMEN' END AS basisOfRecord,
    'I' || dataset % 20 AS institutionCode, 'C' || dataset AS collectionCode, number::VARCHAR AS catalogNumber,
    NULL AS recordNumber, 'invented person ' || person AS identifiedBy, NULL AS dateIdentified,
    ['CC0_1_0', 'CC_BY_4_0', 'CC_BY_NC_4_0'][1 + dataset % 3] AS license, 'invented holder ' || dataset AS rightsHolder,
    'invented person ' || person AS recordedBy, NULL AS typeStatus, NULL AS establishmentMeans,
    '2026-11-20T00:00:00.000Z' AS lastInterpreted, CASE WHEN lot % 4 = 0 THEN 'StillImage' END AS mediaType,
    CASE WHEN lot % 3 = 0 THEN 'COORDINATE_ROUNDED;CONTINENT_DERIVED_FROM_COORDINATES' END AS issue
FROM placed JOIN invented_name USING (place)
ORDER BY number
"""
ROWS_AT_ONCE = 1_000_000
MARGIN_IN_DEGREES = 0.3  # the corners still lie within the warning buffer


def write_gbif(path: Path, rows: int, names: Sequence[str], region: Region) -> None:
    """Write so many rows, a million at a time, as GBIF's SIMPLE_CSV."""
    west, south, east, north = region.outline.buffer(MARGIN_IN_DEGREES).bounds
    bounds = {"west": west, "south": south, "east": east, "north": north}
    with duckdb.connect() as connection, path.open("wb") as file:
        connection.execute("SET enable_progress_bar = false")
        connection.register("listed", pa.table({"place": range(len(names)), "name": list(names)}))
        connection.execute("CREATE TEMP TABLE invented_name AS SELECT place, name FROM listed")
        file.write(("\t".join(SIMPLE_CSV) + "\n").encode())
        part = path.with_suffix(".part")
        for offset in range(0, rows, ROWS_AT_ONCE):
            connection.execute(
                "DROP TABLE IF EXISTS drawn; " + DRAWN,
                {"offset": offset, "rows": min(ROWS_AT_ONCE, rows - offset)},
            )
            values = bounds | {"names": len(names)}
            connection.execute(
                f"COPY ({ROWS.format(fault=_fault())}) TO '{part}' (HEADER false, DELIMITER '\t', QUOTE '', ESCAPE '')",
                values,
            )
            with part.open("rb") as written:
                while chunk := written.read(1 << 24):
                    file.write(chunk)
        part.unlink()


def write_later(path: Path, later: Path) -> None:
    """The file as a later snapshot: of 1,000 rows 3 are gone, 6 have another count, and the last of the file is new."""
    with path.open("rb") as before, later.open("wb") as after:
        after.write(before.readline())
        for number, line in enumerate(before):
            if number % 1_000 in (5, 405, 805):
                continue
            if number % 167 == 3:
                line = line.replace(b"\tPRESENT\t", b"\tABSENT\t")
            after.write(line)
        cells = line.split(b"\t")
        after.write(b"\t".join([b"9" + cells[0], *cells[1:]]))


def _fault() -> str:
    """The SQL that draws the fault of a row, or none."""
    cases, reached = [], 0
    for fault, of_ten_thousand in FAULTS.items():
        reached += of_ten_thousand
        cases.append(f"WHEN lot < {reached} THEN '{fault}'")
    return f"CASE {' '.join(cases)} ELSE '' END"
