"""Differing lines: what a snapshot says otherwise than the one before it, found line by line before anything is parsed.

Reading and hashing lines costs a tenth of parsing and keeping them; of two snapshots most lines are the same. Of the
former only digests are needed, which `raw_gbif_line` keeps. What the differing rows change is worked out in `changes`.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from gbif.archives import GbifFile
from gbif.tables import GbifTable, lines_of, source_of

DIGESTS, COME, LEFT = "tmp_gbif_digest", "tmp_gbif_come", "tmp_gbif_left"
BUFFER_IN_BYTES = 1 << 20
UNCOMPARED = (
    "lastInterpreted",
    "rowKind",
    "unjoinedKey",
    "firstSeen",
    "observerKey",
    "catalogKey",
    "occurrenceKey",
)
# In the order of the file: rowid tells the line. A hash of 64 bits: that one line of 100,000 new ones has the hash of
# another among ten million happens once in ten million snapshots.
DIGEST = "CREATE OR REPLACE TEMP TABLE {name} AS SELECT hash(text) AS digest FROM {lines}"
# What only one of two snapshots has: a place in the latter, or the row that stands for a line of the former.
ONLY_IN_ONE = f"""
CREATE OR REPLACE TEMP TABLE tmp_gbif_only AS
SELECT latter.place, latter.digest, former.submissionId, former.line
FROM (SELECT rowid AS place, digest FROM {DIGESTS}) AS latter
FULL JOIN (SELECT digest, submissionId, line FROM raw_gbif_line WHERE submissionId IN ({{series}})) AS former
    ON latter.digest = former.digest
WHERE latter.digest IS NULL OR former.digest IS NULL
"""
COMING = "SELECT place, digest FROM tmp_gbif_only WHERE place IS NOT NULL ORDER BY place"
# What stands and is in the latter no longer: where in raw_gbif, then as raw_gbif but for what is not compared.
LEAVING = f"""
CREATE OR REPLACE TEMP TABLE tmp_gbif_leaving AS
SELECT raw_gbif.rowid AS atRow, raw_gbif.submissionId, raw_gbif.line
FROM raw_gbif SEMI JOIN (SELECT submissionId, line FROM tmp_gbif_only WHERE place IS NULL) AS leaving
    USING (submissionId, line);
CREATE OR REPLACE TEMP TABLE {LEFT} AS
SELECT * EXCLUDE ({", ".join(UNCOMPARED)}) FROM raw_gbif WHERE rowid IN (SELECT atRow FROM tmp_gbif_leaving)
"""
AS_HASHED = f"SELECT count(*) FROM {COME} WHERE hash(decode(text)) = digest"
# Where a line stands twice in one of them only, what is alike is not as many lines in both.
ALIKE = f"""
SELECT latter.lines, latter.lines - differing.ofLatter = former.lines - differing.ofFormer
FROM (SELECT count(*) AS lines FROM {DIGESTS}) AS latter,
    (SELECT count(*) AS lines FROM raw_gbif_line WHERE submissionId IN ({{series}})) AS former,
    (SELECT count(place) AS ofLatter, count(*) - count(place) AS ofFormer FROM tmp_gbif_only) AS differing
"""
TOLD_APART = f"SELECT bool_and(regexp_full_match(coalesce(gbifID, ''), '[0-9]+')) FROM {LEFT}"
FORGET_LEAVING = """
DELETE FROM raw_gbif_line USING tmp_gbif_only AS leaving
WHERE raw_gbif_line.line = leaving.line AND raw_gbif_line.submissionId = leaving.submissionId
"""
FORGET = "DELETE FROM {table} WHERE submissionId IN ({series})"
# A row that came and says the same as one that stands was not kept: its line is another one of the row that stands.
KEEP_COME = f"""
INSERT INTO raw_gbif_line
SELECT digest, coalesce(kept.submissionId, stands.submissionId), coalesce(kept.line, stands.line)
FROM {COME} AS come
LEFT JOIN (SELECT submissionId, line FROM raw_gbif WHERE submissionId = $latter) AS kept USING (line)
LEFT JOIN (SELECT gbifID, submissionId, line FROM {LEFT}) AS stands ON stands.gbifID = come.gbifID
"""
KEEP_ALL = f"""
INSERT INTO raw_gbif_line SELECT digest, $latter, rowid + 1 + $headerLines FROM {DIGESTS}
"""


def layout_of(found: GbifFile) -> str | None:
    """How the lines of a file are to be read, where they can be compared: one unquoted text with gbifIDs."""
    rows = found.rows
    if found.tables != [rows] or rows.quote or rows.is_parquet or found.is_species_list:
        return None
    if "gbifid" not in rows.terms:
        return None
    return repr(dataclasses.replace(rows, paths=(), file_name="", terms=dict(rows.terms)))


def read_digests(connection: duckdb.DuckDBPyConnection, table: GbifTable) -> bool:
    """Make tmp_gbif_digest of the lines of a table; False where a control character keeps them from being read so."""
    try:
        connection.execute(DIGEST.format(name=DIGESTS, lines=lines_of(table)))
    except duckdb.InvalidInputException:
        return False
    return True


def stage_differing(
    connection: duckdb.DuckDBPyConnection, found: GbifFile, earlier: Sequence[str], staged: str
) -> int | None:
    """Stage the rows whose lines the last of the earlier snapshots has not; returns how many lines there are.

    Beside them: tmp_gbif_come, their places, and tmp_gbif_left, what stands instead and is in the latter no longer.
    None where lines alone do not tell: none are kept to compare with, they are not broken as they seem, or a record
    has no id.
    """
    layout = layout_of(found)
    kept = connection.execute(
        "SELECT layout FROM raw_gbif_layout WHERE submissionId = ?", [earlier[0]] if earlier else [""]
    ).fetchone()
    if layout is None or kept != (layout,) or not read_digests(connection, found.rows):
        return None
    connection.execute(ONLY_IN_ONE.format(series=_listed(earlier)))
    coming = connection.execute(COMING).to_arrow_table()
    with ThreadPoolExecutor(1) as beside:
        fetched = beside.submit(_lines_at, found.rows, coming["place"].to_pylist())
        connection.execute(LEAVING)
        lines = fetched.result()
    identities = [_identity(line, found.rows) for line in lines]
    _note_coming(connection, found.rows, coming, lines, identities)
    (as_hashed,) = connection.execute(AS_HASHED).fetchone() or (0,)
    (told_apart,) = connection.execute(TOLD_APART).fetchone() or (True,)
    (count, alike) = connection.execute(ALIKE.format(series=_listed(earlier))).fetchone() or (0, False)
    if as_hashed < len(lines) or not all(identities) or told_apart is False or not alike:
        return None
    _stage(connection, found.rows, lines, staged)
    return int(count)


def keep_lines(
    connection: duckdb.DuckDBPyConnection,
    found: GbifFile,
    latter: str,
    earlier: Sequence[str],
    *,
    in_part: bool,
) -> None:
    """Keep the digests of a snapshot instead of those it replaces, inside the transaction that loads it.

    Loaded in part, what `stage_differing` left; otherwise what `read_digests` did.
    """
    if in_part:
        connection.execute(FORGET_LEAVING)
        connection.execute(KEEP_COME, {"latter": latter})
    else:
        connection.execute(FORGET.format(table="raw_gbif_line", series=_listed([latter, *earlier])))
        connection.execute(KEEP_ALL, {"latter": latter, "headerLines": found.rows.header_lines})
    connection.execute(FORGET.format(table="raw_gbif_layout", series=_listed([latter, *earlier])))
    connection.execute("INSERT INTO raw_gbif_layout VALUES (?, ?)", [latter, layout_of(found)])


def forget_lines(connection: duckdb.DuckDBPyConnection, submissions: Sequence[str]) -> None:
    for table in ("raw_gbif_line", "raw_gbif_layout"):
        connection.execute(FORGET.format(table=table, series=_listed(submissions)))


def _stage(connection: duckdb.DuckDBPyConnection, table: GbifTable, lines: list[bytes], staged: str) -> None:
    with tempfile.NamedTemporaryFile(prefix="parkwatch-lines-") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        rows = dataclasses.replace(table, paths=(Path(file.name),), header_lines=0)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged} AS SELECT * FROM {source_of(rows)}")


def _note_coming(
    connection: duckdb.DuckDBPyConnection,
    table: GbifTable,
    coming: pa.Table,
    lines: list[bytes],
    identities: list[bytes],
) -> None:
    """Make tmp_gbif_come: one row per line that comes, in their order."""
    come = pa.table(
        {
            "place": coming["place"],
            "digest": coming["digest"],
            "gbifID": pa.array(identities, pa.binary()),
            "text": pa.array(lines, pa.binary()),
        }
    )
    connection.register("found_lines", come)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {COME} AS "
        f"SELECT place + 1 + {table.header_lines} AS line, digest, decode(gbifID) AS gbifID, text FROM found_lines"
    )
    connection.unregister("found_lines")


def _lines_at(table: GbifTable, places: Sequence[int]) -> list[bytes]:
    """The lines at places below the header, which rise; empty ones where the file ends before."""
    lines = []
    with table.path.open("rb", buffering=BUFFER_IN_BYTES) as file:
        next_line = -table.header_lines
        for place in places:
            lines.append(next(islice(file, place - next_line, None), b"").rstrip(b"\r\n"))
            next_line = place + 1
    return lines


def _identity(line: bytes, table: GbifTable) -> bytes:
    """The gbifID of a line, a whole number; empty where there is none, or not as many cells as the table has."""
    cells = line.split(table.delimiter.encode())
    found = cells[table.terms["gbifid"]] if len(cells) == table.width else b""
    return found if found.isdigit() else b""


def _listed(submissions: Sequence[str]) -> str:
    return ", ".join("'" + submission.replace("'", "''") + "'" for submission in submissions) or "NULL"
