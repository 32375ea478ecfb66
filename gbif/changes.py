"""Changes: what differs between two snapshots of the same records: new, changed (which fields), gone.

Snapshots are told apart in `snapshots`, rows alike are kept once by `carrying_over`; what a change does to warnings is
told in `alerts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from store.warehouse import replace_rows

# GBIF notes its own work here: not what the record says.
OF_NO_MATTER = (
    "submissionId", "line", "lastInterpreted", "rowKind", "unjoinedKey", "firstSeen", "supersededBy", "observerKey",
    "catalogKey", "occurrenceKey",
)  # fmt: skip
NAMING = ("scientificName", "taxonKey", "speciesKey", "species")
SIDE = """
SELECT *, coalesce(gbifID, occurrenceID) AS identity FROM {table}
WHERE {condition} AND identity IS NOT NULL
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


def find_changes(
    connection: duckdb.DuckDBPyConnection, former: str, latter: str
) -> list[tuple[str, str, list[str]]]:
    """Identity, change and fields of each record in which two loaded files differ, in order."""
    sides = ("submissionId = $former", "submissionId = $latter")
    named = {"former": former, "latter": latter}
    changes = changes_between(
        sides[0], "raw_gbif", sides[1], fields_filled_in_both(connection, *sides, named)
    )
    return connection.execute(
        f"SELECT identity, change, fields FROM ({changes}) ORDER BY change, identity", named
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


def changes_between(former: str, table_of_former: str, latter: str, fields: Sequence[str]) -> str:
    """The SELECT of what differs in some fields between rows that two conditions hold for.

    Those of the latter are rows of raw_gbif, those of the former of a table like it.
    """
    return CHANGES.format(
        former=SIDE.format(table=table_of_former, condition=former),
        latter=SIDE.format(table="raw_gbif", condition=latter),
        differing=", ".join(
            f'CASE WHEN former."{field}" IS DISTINCT FROM latter."{field}" THEN \'{field}\' END'
            for field in fields
        ),
        differ=" OR ".join(f'former."{field}" IS DISTINCT FROM latter."{field}"' for field in fields)
        or "false",
    )


def comparable_fields(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The columns of raw_gbif that say something about a record."""
    names = [name for (name, *_) in connection.execute("DESCRIBE raw_gbif").fetchall()]
    return [name for name in names if name not in OF_NO_MATTER]


def fields_filled_in_both(
    connection: duckdb.DuckDBPyConnection, former: str, latter: str, named: Mapping[str, Any]
) -> list[str]:
    """Of these the ones that the rows of both conditions fill: search, SIMPLE_CSV and archives leave out others."""
    fields = comparable_fields(connection)
    counts = ", ".join(f'count("{name}") > 0' for name in fields)
    filled = []
    for side in (former, latter):
        asked = {name: value for name, value in named.items() if f"${name}" in side}
        filled.append(
            connection.execute(f"SELECT {counts} FROM raw_gbif WHERE {side}", asked).fetchone() or ()
        )
    return [name for name, *both in zip(fields, *filled, strict=True) if all(both)]
