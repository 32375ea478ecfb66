"""Carrying over: what a snapshot has alike with those it replaces is kept once, what it has otherwise supersedes.

What differs is found in `changes`; which lines need not even be read is found in `differing_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from gbif.changes import changes_between, comparable_fields, fields_filled_in_both
from gbif.differing_lines import LEFT

IDENTITY = "coalesce(gbifID, occurrenceID)"
STANDING = "list_contains($earlier, submissionId) AND supersededBy IS NULL"
STANDING_OTHERWISE = "raw_gbif.rowid IN (SELECT atRow FROM tmp_gbif_leaving)"  # the rows that LEFT is made of
STAND_ONCE = f"""
WITH come AS (SELECT gbifID FROM raw_gbif WHERE submissionId = $latter),
standing AS (
    SELECT gbifID, count(*) AS rows FROM raw_gbif
    WHERE {STANDING} AND gbifID IN (SELECT gbifID FROM come UNION SELECT gbifID FROM {LEFT}) GROUP BY gbifID
)
SELECT NOT EXISTS (SELECT 1 FROM come GROUP BY gbifID HAVING count(*) > 1)
    AND NOT EXISTS (SELECT 1 FROM {LEFT} GROUP BY gbifID HAVING count(*) > 1)
    AND NOT EXISTS (SELECT 1 FROM standing WHERE rows > 1)
    AND NOT EXISTS (SELECT 1 FROM standing ANTI JOIN {LEFT} USING (gbifID))
    AND NOT EXISTS (SELECT 1 FROM {LEFT} WHERE supersededBy IS NOT NULL)
"""
NOTE_CHANGES = """
INSERT INTO raw_gbif_change BY NAME
SELECT $latter AS submissionId, $earlier[1] AS formerId, * FROM ({changes})
"""
KNOWN_SINCE = f"""
WITH latter AS (SELECT {IDENTITY} AS identity FROM raw_gbif WHERE submissionId = $latter),
before AS (
    SELECT gbifID AS identity, submissionId, firstSeen FROM raw_gbif WHERE gbifID IN (SELECT identity FROM latter)
    UNION ALL
    SELECT occurrenceID, submissionId, firstSeen FROM raw_gbif
    WHERE gbifID IS NULL AND occurrenceID IN (SELECT identity FROM latter)
)
UPDATE raw_gbif SET firstSeen = known.firstSeen
FROM (
    SELECT identity, min(coalesce(firstSeen, knownSince)) AS firstSeen
    FROM before JOIN raw_submission USING (submissionId)
    WHERE list_contains($earlier, submissionId)
    GROUP BY identity
) AS known
WHERE submissionId = $latter AND {IDENTITY} = known.identity
"""
SUPERSEDED = f"""
CREATE OR REPLACE TEMP TABLE tmp_superseded AS
SELECT submissionId, line, rowid AS atRow FROM raw_gbif
WHERE {{standing}} AND ({IDENTITY} IS NULL
    OR {IDENTITY} IN (SELECT identity FROM raw_gbif_change WHERE submissionId = $latter))
"""
SUPERSEDE = "UPDATE raw_gbif SET supersededBy = $latter WHERE rowid IN (SELECT atRow FROM tmp_superseded)"
ALIKE_IN_EARLIER = f"""
CREATE OR REPLACE TEMP TABLE tmp_alike AS
SELECT submissionId, line, rowid AS atRow FROM raw_gbif
WHERE {STANDING} AND {IDENTITY} IN (SELECT {IDENTITY} FROM raw_gbif WHERE submissionId = $latter)
"""
ALIKE_IN_LATTER = f"""
CREATE OR REPLACE TEMP TABLE tmp_alike AS
SELECT submissionId, line, rowid AS atRow FROM raw_gbif
WHERE submissionId = $latter
    AND {IDENTITY} NOT IN (SELECT identity FROM raw_gbif_change WHERE submissionId = $latter)
"""
KEEP_ONCE = "DELETE FROM raw_gbif WHERE rowid IN (SELECT atRow FROM tmp_alike)"
NOTE_CARRIED = """
INSERT OR REPLACE INTO raw_gbif_carried
SELECT submissionId, rowsRead - count(raw_gbif.line) FROM raw_submission LEFT JOIN raw_gbif USING (submissionId)
WHERE submissionId = $latter OR list_contains($earlier, submissionId)
GROUP BY submissionId, rowsRead HAVING rowsRead > count(raw_gbif.line)
"""
CONFIRM = """
UPDATE raw_submission SET confirmedSince = latter.knownSince
FROM (SELECT knownSince FROM raw_submission WHERE submissionId = $latter) AS latter
WHERE list_contains($earlier, raw_submission.submissionId)
"""
NOTE_TOUCHED = """
INSERT INTO raw_gbif_touched
SELECT $latter, NULL
UNION ALL SELECT submissionId, line FROM tmp_superseded
UNION ALL SELECT submissionId, line FROM tmp_alike WHERE submissionId <> $latter
"""


def each_stands_once(connection: duckdb.DuckDBPyConnection, latter: str, earlier: Sequence[str]) -> bool:
    """Whether each record with a differing line has one line on either side, and one row that stands.

    Else which of its rows is which cannot be told by lines.
    """
    sides = {"latter": latter, "earlier": list(earlier)}
    (once,) = connection.execute(STAND_ONCE, sides).fetchone() or (False,)
    return bool(once)


def carry_over(
    connection: duckdb.DuckDBPyConnection, latter: str, earlier: Sequence[str], *, in_part: bool
) -> None:
    """Note in raw_gbif_change what a snapshot changes of those it replaces (last first), and keep alike ones once.

    All are loaded, `latter` either whole or, `in_part`, only what `differing_lines` found; tmp_gbif_left then holds
    what the last of the others has instead. Loaded in part, its rows alike stay rows of the earlier snapshots,
    otherwise they become its own: its columns may be others. What is superseded stays: the warehouse grows by what
    changes, not by what is fetched.
    """
    sides = {"latter": latter, "earlier": list(earlier)}
    standing = STANDING_OTHERWISE if in_part else STANDING
    if in_part:
        fields = comparable_fields(connection)
    else:
        fields = fields_filled_in_both(connection, STANDING, "submissionId = $latter", sides)
    former = ("true", LEFT) if in_part else (STANDING, "raw_gbif")
    changes = changes_between(*former, "submissionId = $latter", fields)
    steps = (
        NOTE_CHANGES.format(changes=changes),
        KNOWN_SINCE, SUPERSEDED.format(standing=standing), SUPERSEDE,
        ALIKE_IN_LATTER if in_part else ALIKE_IN_EARLIER, KEEP_ONCE, NOTE_CARRIED, CONFIRM, NOTE_TOUCHED,
    )  # fmt: skip
    for step in steps:
        connection.execute(step, {name: value for name, value in sides.items() if f"${name}" in step})
    for table in ("tmp_superseded", "tmp_alike"):
        connection.execute(f"DROP TABLE {table}")
