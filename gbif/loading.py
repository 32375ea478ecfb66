"""Loading: one archived GBIF file into raw_gbif, every value as text; names and logins of people stay behind.

Opening the archive belongs to `archives`, reading its tables to `tables`, deciding what the texts mean to `standard`.
"""

from __future__ import annotations

import dataclasses
import functools
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa

from gbif.archives import GbifFile, open_gbif
from gbif.blank_lines import refuse_blank_lines
from gbif.carrying_over import carry_over, each_stands_once
from gbif.changes import find_changes
from gbif.citations import Citation
from gbif.differing_lines import (
    COME,
    DIGESTS,
    LEFT,
    forget_lines,
    keep_lines,
    layout_of,
    read_digests,
    stage_differing,
)
from gbif.errors import GbifError
from gbif.tables import GbifTable, execute, line_of, quoted, source_of
from store.archive import Receipt, content_path, find_receipt, receipts, verified_content
from store.home import Home
from store.identifiers import occurrence_key
from store.observers import observer_keys
from store.warehouse import note_submission, open_scratch, transaction, with_room_for

# GBIF interprets every position to WGS84; SIMPLE_CSV leaves it unsaid.
GBIF_IS_WGS84 = {"geodeticdatum": "WGS84"}
# What the publisher wrote, where GBIF's interpretation beside it does not repeat it.
FROM_VERBATIM = {"verbatimscientificname": "scientificname", "verbatimeventdate": "eventdate"}
OURS = (
    "submissionid",
    "line",
    "rowkind",
    "mediacount",
    "unjoinedkey",
    "firstseen",
    "supersededby",
    "observerkey",
    "catalogkey",
    "occurrencekey",
)  # columns that no file fills
STAGED = {
    "rows": "tmp_gbif_row", "events": "tmp_gbif_event", "verbatim": "tmp_gbif_verbatim", "media": "tmp_gbif_media",
}  # fmt: skip
OBSERVERS = "tmp_gbif_observer"
CATALOGUE = ("institutioncode", "collectioncode", "catalognumber")


def inspect_gbif(path: Path, file_name: str) -> int:
    """Read a GBIF file through without keeping anything; returns its rows, raises GbifError where it is broken."""
    with open_gbif(path, file_name) as found, duckdb.connect(":memory:") as connection:
        counts = []
        for table in found.tables:
            # count(*) alone would leave the values unread, and bytes that are no text unnoticed
            every_value = f"SELECT count(hash({', '.join(table.columns)})) FROM {source_of(table)}"
            counts.append(execute(connection, table, every_value))
            if not table.is_parquet:
                refuse_blank_lines(table)
        if found.events is not None:
            _stage(connection, found.events, STAGED["events"])
            _refuse_twice(connection, found.events)
        return counts[0]


def load_gbif(connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt) -> int:
    """Load one archived GBIF file; loading it again gives the same rows. Returns the number of rows read.

    A snapshot takes over the rows of those it replaces, which must be loaded: each can be loaded once only.
    """
    known, is_replaced = _known(connection, receipt)
    if known is not None and (receipt.replaces or is_replaced):
        return known
    earlier = _replaced_by(home, receipt)
    with ThreadPoolExecutor(1) as beside:
        verified = beside.submit(
            verified_content, home, receipt
        )  # while the lines are read: nothing is kept before
        try:
            with open_gbif(content_path(home, receipt.sha256), receipt.fileName) as found:
                lines = stage_differing(connection, found, earlier, STAGED["rows"])
                rows = None
                if lines is not None:
                    rows = _load_in_part(connection, home, receipt, found, earlier, lines, verified)
                if rows is None:
                    rows = _load_whole(connection, home, receipt, found, earlier, verified)
        finally:
            verified.result()  # what is damaged is told before whatever else that led to
    for staged in (*STAGED.values(), DIGESTS, COME, LEFT, OBSERVERS):
        connection.execute(f"DROP TABLE IF EXISTS {staged}")
    return rows


def _load_whole(
    connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt, found: GbifFile, earlier: list[str],
    verified: Future[Path],
) -> int:  # fmt: skip
    for part, staged in STAGED.items():
        table = getattr(found, part)
        if table is not None:
            _stage(connection, table, staged)
    has_digests = layout_of(found) is not None and read_digests(connection, found.rows)
    verified.result()
    with transaction(connection):
        _forget(connection, receipt)
        forget_lines(connection, [receipt.submissionId, *earlier])
        rows = execute(connection, found.rows, _insert(connection, found, receipt.submissionId))
        _note(connection, home, receipt, found, rows)
        if earlier:
            carry_over(connection, receipt.submissionId, earlier, in_part=False)
        else:
            connection.execute("INSERT INTO raw_gbif_touched VALUES (?, NULL)", [receipt.submissionId])
        if has_digests:
            keep_lines(connection, found, receipt.submissionId, earlier, in_part=False)
    return rows


def _load_in_part(
    connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt, found: GbifFile, earlier: list[str],
    lines: int, verified: Future[Path],
) -> int | None:  # fmt: skip
    """Load the rows whose lines differ; None, having changed nothing, where lines do not tell records apart."""
    verified.result()
    come = f"SELECT {STAGED['rows']}.*, {COME}.line FROM {STAGED['rows']} JOIN {COME} USING (rowid)"
    connection.begin()
    try:
        connection.execute(_insert(connection, found, receipt.submissionId, come))
        if not each_stands_once(connection, receipt.submissionId, earlier):
            connection.rollback()
            return None
        _note(connection, home, receipt, found, lines)
        carry_over(connection, receipt.submissionId, earlier, in_part=True)
        keep_lines(connection, found, receipt.submissionId, earlier, in_part=True)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    return lines


def _forget(connection: duckdb.DuckDBPyConnection, receipt: Receipt) -> None:
    for table in ("raw_gbif", "raw_citation", "raw_submission", "raw_gbif_carried"):
        connection.execute(f"DELETE FROM {table} WHERE submissionId = ?", [receipt.submissionId])


def _note(
    connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt, found: GbifFile, rows: int
) -> None:
    note_submission(connection, receipt, rows, found.rows.encoding)
    _note_citations(connection, found, receipt)
    _note_replaced(connection, home, receipt)


def compare_gbif(home: Home, former: Receipt, latter: Receipt) -> list[tuple[str, str, list[str]]]:
    """Identity, change and fields of each record in which two archived files differ, whatever lies between them."""
    rows = 2 * max(int(receipt.reading.get("announced", 0)) for receipt in (former, latter))
    with (
        tempfile.TemporaryDirectory(prefix="parkwatch-diff-") as folder,
        open_scratch(Path(folder), rows) as connection,
    ):
        for receipt in (former, latter):
            alone = dataclasses.replace(receipt, replaces=None)
            with_room_for(connection, functools.partial(load_gbif, connection, home, alone))
        return with_room_for(
            connection, lambda: find_changes(connection, former.submissionId, latter.submissionId)
        )


def _known(connection: duckdb.DuckDBPyConnection, receipt: Receipt) -> tuple[int | None, bool]:
    """The rows read of a file that is loaded, and whether another that is loaded replaces it."""
    row = connection.execute(
        "SELECT rowsRead, replacedBy IN (SELECT submissionId FROM raw_submission) FROM raw_submission "
        "WHERE submissionId = ?",
        [receipt.submissionId],
    ).fetchone()
    return (None, False) if row is None else (int(row[0]), bool(row[1]))


def _replaced_by(home: Home, receipt: Receipt) -> list[str]:
    """The snapshots that one replaces, each the one before it, the last first."""
    earlier: list[str] = []
    while receipt.replaces and (former := find_receipt(home, receipt.replaces)):
        earlier.append(former.submissionId)
        receipt = former
    return earlier


def _stage(connection: duckdb.DuckDBPyConnection, table: GbifTable, name: str) -> None:
    """Numbering the rows while they are parsed would leave one core to do it all.

    Outside the transaction, in which rowid would not count from 0.
    """
    execute(connection, table, f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {source_of(table)}")


def _refuse_twice(connection: duckdb.DuckDBPyConnection, events: GbifTable) -> None:
    """An event that stands twice would make two records of each of its occurrences."""
    repeated = connection.execute(
        f"SELECT {line_of(events)} AS line, c{events.key} AS key FROM {STAGED['events']} "
        f"QUALIFY row_number() OVER (PARTITION BY c{events.key} ORDER BY rowid) > 1 ORDER BY line LIMIT 1"
    ).fetchone()
    if repeated and repeated[1] is not None:
        raise GbifError("error-event-twice", file=events.file_name, line=repeated[0], event=repeated[1])


def _insert(connection: duckdb.DuckDBPyConnection, found: GbifFile, submission: str, rows: str = "") -> str:
    """The INSERT that takes the staged tables together, one row per row of the occurrences.

    `rows`: the SELECT of these with their line, where they are not all that is staged.
    """
    rows = rows or f"SELECT *, {line_of(found.rows)} AS line FROM {STAGED['rows']}"
    values = {"submissionId": quoted(submission), "line": "found.line"}
    joins = ["FROM found"]
    if found.events is not None and found.rows.key is not None:
        joins.append(_join("event", STAGED["events"], found.events, found.rows.key))
        values["unjoinedKey"] = (
            f"CASE WHEN event.c{found.events.key} IS NULL THEN found.c{found.rows.key} END"
        )
    if found.verbatim is not None and found.rows.key is not None:
        joins.append(_join("verbatim", STAGED["verbatim"], found.verbatim, found.rows.key))
    if found.media is not None and found.rows.key is not None:
        counted = (
            f"SELECT c{found.media.key} AS key, count(*) AS mediaCount FROM {STAGED['media']} GROUP BY key"
        )
        joins.append(f"LEFT JOIN ({counted}) AS media ON media.key = found.c{found.rows.key}")
        values["mediaCount"] = "coalesce(media.mediaCount, 0)"
    if found.is_species_list:
        values["rowKind"] = "'species'"
    observers = _value(found, "recordedby")
    if observers:
        _note_observers(connection, f"WITH found AS ({rows}) SELECT DISTINCT {observers} {' '.join(joins)}")
        joins.append(f"LEFT JOIN {OBSERVERS} AS observer ON observer.text = {observers}")
        values["observerKey"] = "observer.key"
    identifier = _value(found, "occurrenceid")
    if identifier:
        values["occurrenceKey"] = occurrence_key(identifier)
    triplet = [_value(found, column) for column in CATALOGUE]
    if all(triplet):
        values["catalogKey"] = (
            f"CASE WHEN {' AND '.join(f'{value} IS NOT NULL' for value in triplet)} "
            f"THEN hash({', '.join(f'lower({value})' for value in triplet)}) END"
        )
    for column, name in _kept_columns(connection).items():
        value = _value(found, column)
        if value is not None:
            values[f'"{name}"'] = value
    selected = ", ".join(f"{value} AS {name}" for name, value in values.items())
    return f"INSERT INTO raw_gbif BY NAME WITH found AS ({rows}) SELECT {selected} {' '.join(joins)}"


def _note_observers(connection: duckdb.DuckDBPyConnection, distinct: str) -> None:
    """Make tmp_gbif_observer: by the text of recordedBy the digest that is kept instead of it."""
    texts = [text for (text,) in connection.execute(distinct).fetchall() if text]
    keys = observer_keys(texts)
    table = pa.table(
        {"text": pa.array(keys.keys(), pa.string()), "key": pa.array(keys.values(), pa.uint64())}
    )
    connection.register("found_observers", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {OBSERVERS} AS SELECT * FROM found_observers")
    connection.unregister("found_observers")


def _value(found: GbifFile, column: str) -> str | None:
    """Where the value of a column comes from: the row, its event, what was written verbatim, a default."""
    sides = [("found", found.rows, column), ("event", found.events, column)]
    sides.append(("verbatim", found.verbatim, FROM_VERBATIM.get(column, "")))
    cells, defaults = [], []
    for alias, table, term in sides:
        if table is not None and term in table.terms:
            cells.append(f"nullif({alias}.c{table.terms[term]}, '')")
        if table is not None and alias != "verbatim" and term in table.defaults:
            defaults.append(quoted(table.defaults[term]))
    if not cells and not defaults and column in GBIF_IS_WGS84:
        defaults.append(quoted(GBIF_IS_WGS84[column]))
    return f"coalesce({', '.join([*cells, *defaults])})" if cells or defaults else None


def _join(alias: str, staged: str, table: GbifTable, key: int) -> str:
    first = f"SELECT * FROM {staged} QUALIFY row_number() OVER (PARTITION BY c{table.key} ORDER BY rowid) = 1"
    return f"LEFT JOIN ({first}) AS {alias} ON {alias}.c{table.key} = found.c{key}"


def _kept_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The columns of raw_gbif that come from the file, by their lower-case names."""
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'raw_gbif' AND database_name = current_database()"
    ).fetchall()
    return {name.lower(): name for (name,) in rows if name.lower() not in OURS}


def _note_replaced(connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt) -> None:
    """Which snapshot replaces which, in whatever order they are loaded."""
    later = [entry.submissionId for entry in receipts(home, "gbif") if entry.replaces == receipt.submissionId]
    for replaced, by in (
        (receipt.submissionId, later[-1] if later else None),
        (receipt.replaces, receipt.submissionId),
    ):
        connection.execute("UPDATE raw_submission SET replacedBy = ? WHERE submissionId = ?", [by, replaced])


def _note_citations(connection: duckdb.DuckDBPyConnection, found: GbifFile, receipt: Receipt) -> None:
    """What the receipt says of the sources, and what the file itself says of others."""
    said = [Citation(**entry) for entry in receipt.reading.get("citations", [])]
    known = {cited.datasetKey for cited in said}
    for cited in [*said, *(cited for cited in found.citations if cited.datasetKey not in known)]:
        connection.execute(
            "INSERT INTO raw_citation BY NAME SELECT ? AS submissionId, ? AS datasetKey, ? AS title, ? AS citation, "
            "? AS license, ? AS doi, ? AS publisher",
            [receipt.submissionId, cited.datasetKey, cited.title, cited.citation, cited.license, cited.doi,
             cited.publisher],
        )  # fmt: skip
