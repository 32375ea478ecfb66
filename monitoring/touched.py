"""Touched: which records are to be made again since core_record was built, and which are not.

Surveys are made again together, since a row of one may be the same record as a row of another; of GBIF the records
whose rows or names changed. What the stages after core_record have to do again is kept by `store.stages`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb

from store.outlines import Place
from store.region import Region
from store.stages import tell_stages
from store.warehouse import ROWS_OF_A_SUBMISSION

FORMAT = 1  # to be raised when the same rows, names and places make other records
FOLLOWING = ("core_flag", "core_duplicate")
IDENTITY = "coalesce(gbifID, occurrenceID)"
TOUCHED_GBIF, TOUCHED_ROWS = "tmp_touched_gbif", "tmp_touched_row"
TOUCHED_VERSIONS, TOUCHED_SUPERSEDED = "tmp_touched_version", "tmp_touched_superseded"
NAME_DIGEST = (
    "hash(taxonID, matchType, matchedName, identificationQualifier, cultivarEpithet, waitsForPerson)"
)
NAME_OF_RECORD = "coalesce(verbatimScientificName, '') || chr(31) || coalesce(verbatimVernacularName, '')"
CHANGED_NAMES = f"""
CREATE OR REPLACE TEMP TABLE tmp_changed_name AS
SELECT nameText FROM core_name_match JOIN meta_name_used AS used USING (nameText) WHERE {NAME_DIGEST} <> used.digest
"""
RECORDS_OF_CHANGED_NAMES = f"""
CREATE OR REPLACE TEMP TABLE tmp_renamed AS
SELECT source, submissionId, line FROM core_record
WHERE {NAME_OF_RECORD} IN (SELECT nameText FROM tmp_changed_name)
"""
GBIF_LINES = """
CREATE OR REPLACE TEMP TABLE tmp_touched_line AS
SELECT submissionId, line FROM raw_gbif_touched WHERE line IS NOT NULL
UNION SELECT submissionId, line FROM tmp_renamed WHERE source = 'gbif'
UNION SELECT submissionId, line FROM raw_gbif WHERE submissionId IN (
    SELECT submissionId FROM raw_gbif_touched WHERE line IS NULL)
"""
# All rows of the records of which one row is touched: which of them counts may be another now.
VERSIONS = f"""
CREATE OR REPLACE TEMP TABLE {TOUCHED_VERSIONS} AS
WITH row AS (
    SELECT submissionId, line, gbifID, occurrenceID, firstSeen, supersededBy, {IDENTITY} AS identity
    FROM raw_gbif SEMI JOIN tmp_touched_line USING (submissionId, line)
)
SELECT * FROM row WHERE identity IS NULL
UNION ALL
SELECT submissionId, line, gbifID, occurrenceID, firstSeen, supersededBy, gbifID AS identity
FROM raw_gbif WHERE gbifID IN (SELECT identity FROM row)
UNION ALL
SELECT submissionId, line, gbifID, occurrenceID, firstSeen, supersededBy, occurrenceID AS identity
FROM raw_gbif WHERE gbifID IS NULL AND occurrenceID IN (SELECT identity FROM row)
"""
# Of a row that is superseded nothing changes but that it counts no more.
SUPERSEDED = f"""
CREATE OR REPLACE TEMP TABLE {TOUCHED_SUPERSEDED} AS
SELECT version.* FROM {TOUCHED_VERSIONS} AS version JOIN raw_submission USING (submissionId)
JOIN core_record ON core_record.rowId = place * {ROWS_OF_A_SUBMISSION} + version.line
WHERE supersededBy IS NOT NULL AND (rowFault IS NULL OR rowFault IN ('replaced', 'gone', 'duplicate'))
"""
GBIF_ROWS = f"""
CREATE OR REPLACE TEMP TABLE {TOUCHED_GBIF} AS
SELECT raw_gbif.* FROM raw_gbif SEMI JOIN (
    SELECT submissionId, line FROM {TOUCHED_VERSIONS} ANTI JOIN {TOUCHED_SUPERSEDED} USING (submissionId, line)
) AS version USING (submissionId, line)
"""
ROW_IDS = f"""
CREATE OR REPLACE TEMP TABLE {TOUCHED_ROWS} AS
SELECT place * {ROWS_OF_A_SUBMISSION} + line AS rowId
FROM (SELECT submissionId, line FROM {TOUCHED_GBIF} UNION SELECT submissionId, line FROM tmp_touched_line
    EXCEPT SELECT submissionId, line FROM {TOUCHED_SUPERSEDED})
JOIN raw_submission USING (submissionId)
"""
ROWS_SUPERSEDED = f"""
SELECT place * {ROWS_OF_A_SUBMISSION} + line FROM {TOUCHED_SUPERSEDED} JOIN raw_submission USING (submissionId)
"""
# What a table filled by other means, or left half-way, would show.
COUNTS_DIFFER = """
SELECT EXISTS (
    SELECT 1 FROM (SELECT submissionId, count(*) AS rows FROM core_record GROUP BY ALL) AS made
    FULL JOIN (
        SELECT submissionId, count(*) AS rows FROM raw_survey GROUP BY ALL
        UNION ALL SELECT submissionId, count(*) AS rows FROM raw_gbif GROUP BY ALL
    ) AS read USING (submissionId)
    WHERE made.rows IS DISTINCT FROM read.rows AND submissionId NOT IN (SELECT submissionId FROM raw_gbif_touched)
        AND submissionId NOT IN (SELECT submissionId FROM raw_submission WHERE kind = 'survey')
)
"""
SURVEYS = """
SELECT submissionId, loadedAt, replacedBy, knownSince, rowsRead FROM raw_submission WHERE kind = 'survey' ORDER BY ALL
"""


@dataclass(frozen=True)
class Touched:
    """What is to be made again: everything, or the surveys, or the rows of GBIF in tmp_touched_gbif."""

    whole: bool
    surveys: bool
    gbif: bool
    fingerprint: str
    survey_fingerprint: str


def find_touched(connection: duckdb.DuckDBPyConnection, region: Region) -> Touched:
    """Find out what differs from what core_record was built with; fills tmp_touched_gbif and tmp_touched_row."""
    fingerprint = _digest(
        FORMAT, region.extent, region.thresholds, str(region.timeZone),
        *(_described(place) for place in (*region.divisions, *region.sites)), region.outline.wkb,
    )  # fmt: skip
    surveys = _digest(connection.execute(SURVEYS).fetchall())
    built = dict(connection.execute("SELECT tableName, fingerprint FROM meta_built_with").fetchall())
    (differ,) = connection.execute(COUNTS_DIFFER).fetchone() or (True,)
    if built.get("core_record") != fingerprint or differ:
        return Touched(True, True, True, fingerprint, surveys)
    for statement in (
        CHANGED_NAMES,
        RECORDS_OF_CHANGED_NAMES,
        GBIF_LINES,
        VERSIONS,
        SUPERSEDED,
        GBIF_ROWS,
        ROW_IDS,
    ):
        connection.execute(statement)
    (renamed,) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM tmp_renamed WHERE source = 'survey')"
    ).fetchone() or (True,)
    (rows,) = connection.execute(
        f"SELECT (SELECT count(*) FROM {TOUCHED_ROWS}) + (SELECT count(*) FROM {TOUCHED_SUPERSEDED})"
    ).fetchone() or (0,)
    is_of_surveys = renamed or built.get("core_record of surveys") != surveys
    return Touched(False, bool(is_of_surveys), bool(rows), fingerprint, surveys)


def forget_touched(connection: duckdb.DuckDBPyConnection, touched: Touched) -> None:
    """Delete the records to be made again, and tell the stages after; inside the transaction that makes them."""
    if touched.whole:
        connection.execute("DELETE FROM core_record")
        tell_stages(connection, FOLLOWING, None)
        return
    if touched.surveys:
        tell_stages(connection, FOLLOWING, "SELECT rowId FROM core_record WHERE source = 'survey'")
        connection.execute("DELETE FROM core_record WHERE source = 'survey'")
    if touched.gbif:
        tell_stages(connection, FOLLOWING, f"SELECT rowId FROM {TOUCHED_ROWS}")
        tell_stages(connection, FOLLOWING, ROWS_SUPERSEDED)
        connection.execute(f"DELETE FROM core_record WHERE rowId IN (SELECT rowId FROM {TOUCHED_ROWS})")


def note_made(connection: duckdb.DuckDBPyConnection, touched: Touched) -> None:
    """Note what core_record has now been built with, inside the transaction that built it."""
    if touched.surveys and not touched.whole:
        tell_stages(connection, FOLLOWING, "SELECT rowId FROM core_record WHERE source = 'survey'")
    connection.execute("DELETE FROM raw_gbif_touched")
    connection.execute("DELETE FROM meta_name_used")
    connection.execute(f"INSERT INTO meta_name_used SELECT nameText, {NAME_DIGEST} FROM core_name_match")
    connection.executemany(
        "INSERT OR REPLACE INTO meta_built_with VALUES (?, ?)",
        [["core_record", touched.fingerprint], ["core_record of surveys", touched.survey_fingerprint]],
    )


def _described(place: Place) -> tuple[str, str, str, str, bytes]:
    return place.placeID, place.placeKind, place.nameZh, place.nameEn, place.geometry.wkb


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
