"""Changes: what differs between two snapshots of the same records: new, changed (which fields), gone.

Snapshots are told apart in `snapshots`; what a change does to warnings is told in `alerts`.
"""

from __future__ import annotations

import duckdb

from store.warehouse import replace_rows

# GBIF notes its own work here: not what the record says.
OF_NO_MATTER = ("submissionId", "line", "lastInterpreted", "rowKind", "unjoinedKey", "firstSeen")
NAMING = ("scientificName", "taxonKey", "speciesKey", "species")
SIDE = """
SELECT *, coalesce(gbifID, occurrenceID) AS identity FROM raw_gbif
WHERE submissionId = {submission} AND identity IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY identity ORDER BY line) = 1
"""
CHANGES = """
WITH former AS ({former}), latter AS ({latter})
SELECT
    coalesce(former.identity, latter.identity) AS identity,
    CASE WHEN latter.identity IS NULL THEN 'gone' WHEN former.identity IS NULL THEN 'new' ELSE 'changed' END AS change,
    CASE WHEN former.identity IS NULL OR latter.identity IS NULL THEN []
        ELSE list_filter([{differing}], field -> field IS NOT NULL) END AS fields,
    former.scientificName AS formerName, latter.scientificName AS latterName
FROM former FULL JOIN latter ON former.identity = latter.identity
WHERE former.identity IS NULL OR latter.identity IS NULL OR {differ}
"""
TAKE_OVER = (
    """
    UPDATE raw_gbif SET firstSeen = known.firstSeen
    FROM (
        SELECT coalesce(gbifID, occurrenceID) AS identity, min(coalesce(firstSeen, knownSince)) AS firstSeen
        FROM raw_gbif JOIN raw_submission USING (submissionId) WHERE submissionId = $former GROUP BY identity
    ) AS known
    WHERE submissionId = $latter AND coalesce(gbifID, occurrenceID) = known.identity
    """,
    """
    CREATE OR REPLACE TEMP TABLE tmp_taken_over AS
    SELECT former.rowid AS formerRow FROM raw_gbif AS former
    WHERE submissionId = $former
        AND coalesce(gbifID, occurrenceID) IN (
            SELECT coalesce(gbifID, occurrenceID) FROM raw_gbif WHERE submissionId = $latter)
        AND NOT EXISTS (
            SELECT 1 FROM raw_gbif_change AS change
            WHERE change.submissionId = $latter AND change.identity = coalesce(former.gbifID, former.occurrenceID))
    """,
    "DELETE FROM raw_gbif WHERE rowid IN (SELECT formerRow FROM tmp_taken_over)",
    "INSERT OR REPLACE INTO raw_gbif_carried SELECT $former, count(*) FROM tmp_taken_over",
    "DROP TABLE tmp_taken_over",
)
SNAPSHOTS = """
WITH counted AS (
    SELECT submissionId, min(formerId) AS formerId, count(*) FILTER (WHERE change = 'new') AS newRecords,
        count(*) FILTER (WHERE change = 'changed') AS changedRecords,
        count(*) FILTER (WHERE change = 'gone') AS goneRecords
    FROM raw_gbif_change GROUP BY submissionId
)
SELECT snapshot.submissionId, snapshot.fileName, snapshot.knownSince, snapshot.rowsRead AS records,
    coalesce(counted.formerId, former.submissionId) AS formerId, snapshot.replacedBy,
    coalesce(newRecords, 0) AS newRecords, coalesce(changedRecords, 0) AS changedRecords,
    coalesce(goneRecords, 0) AS goneRecords
FROM raw_submission AS snapshot LEFT JOIN counted USING (submissionId)
LEFT JOIN raw_submission AS former ON former.replacedBy = snapshot.submissionId
WHERE snapshot.kind = 'gbif'
ORDER BY snapshot.knownSince, snapshot.submissionId
"""
CORRECTED = f"""
SELECT 'gbif:' || identity AS recordId, submissionId, formerId, knownSince,
    CASE WHEN change = 'changed' AND list_has_any(fields, {list(NAMING)}) THEN 'reidentified' ELSE change END AS change,
    fields, formerName, latterName
FROM raw_gbif_change JOIN raw_submission USING (submissionId)
WHERE change <> 'new'
ORDER BY knownSince, identity
"""


def carry_over(connection: duckdb.DuckDBPyConnection, latter: str, former: str) -> None:
    """Note in raw_gbif_change what a snapshot changes of the one it replaces, and take over the rows it has alike.

    Both must be loaded. What remains of the former are rows that are gone or were otherwise: the warehouse grows by
    what changes, not by what is fetched.
    """
    sides = {"latter": latter, "former": former}
    connection.execute(
        "INSERT INTO raw_gbif_change BY NAME SELECT $latter AS submissionId, $former AS formerId, * FROM "
        f"({_changes(connection, former, latter)})",
        sides,
    )
    for step in TAKE_OVER:
        connection.execute(step, {name: value for name, value in sides.items() if f"${name}" in step})


def find_changes(
    connection: duckdb.DuckDBPyConnection, former: str, latter: str
) -> list[tuple[str, str, list[str]]]:
    """Identity, change and fields of each record in which two loaded files differ, in order."""
    return connection.execute(
        f"SELECT identity, change, fields FROM ({_changes(connection, former, latter)}) ORDER BY change, identity"
    ).fetchall()


def build_changes(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild out_gbif_snapshot and out_gbif_change; returns the number of records corrected or gone."""
    replace_rows(connection, "out_gbif_snapshot", SNAPSHOTS)
    return replace_rows(connection, "out_gbif_change", CORRECTED)


def snapshot_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """By the id of each loaded GBIF file: its records, and how many are new, changed and gone."""
    rows = connection.execute(
        f"SELECT submissionId, records, newRecords, changedRecords, goneRecords FROM ({SNAPSHOTS})"
    ).fetchall()
    names = ("records", "new", "changed", "gone")
    return {submission: dict(zip(names, counts, strict=True)) for submission, *counts in rows}


def _changes(connection: duckdb.DuckDBPyConnection, former: str, latter: str) -> str:
    fields = _compared(connection, former, latter)
    return CHANGES.format(
        former=SIDE.format(submission=_text(former)),
        latter=SIDE.format(submission=_text(latter)),
        differing=", ".join(
            f'CASE WHEN former."{field}" IS DISTINCT FROM latter."{field}" THEN \'{field}\' END'
            for field in fields
        ),
        differ=" OR ".join(f'former."{field}" IS DISTINCT FROM latter."{field}"' for field in fields)
        or "false",
    )


def _compared(connection: duckdb.DuckDBPyConnection, former: str, latter: str) -> list[str]:
    """The columns that both files fill: search, SIMPLE_CSV and archives each leave out others."""
    names = [
        name for (name, *_) in connection.execute("DESCRIBE raw_gbif").fetchall() if name not in OF_NO_MATTER
    ]
    counts = ", ".join(f'count("{name}") > 0' for name in names)
    filled = [
        connection.execute(f"SELECT {counts} FROM raw_gbif WHERE submissionId = ?", [side]).fetchone() or ()
        for side in (former, latter)
    ]
    return [name for name, *both in zip(names, *filled, strict=True) if all(both)]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
