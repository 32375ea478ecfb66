"""Loading: one archived GBIF file into raw_gbif, every value as text; names and logins of people stay behind.

Opening the archive belongs to `archives`, deciding what the texts mean to `standard`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb

from gbif.archives import GbifFile, open_gbif
from gbif.blank_lines import refuse_blank_lines
from gbif.errors import GbifError
from store.archive import Receipt, verified_content
from store.home import Home
from store.warehouse import note_submission, transaction

WRONG_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
ERROR_LINE = re.compile(r"(?:Line|line):? ?(\d+)")
# GBIF interprets every position to WGS84; SIMPLE_CSV leaves it unsaid.
GBIF_IS_WGS84 = {"geodeticdatum": "WGS84"}


def inspect_gbif(path: Path, file_name: str) -> int:
    """Read a GBIF file through without keeping anything; returns its rows, raises GbifError where it is broken."""
    with open_gbif(path, file_name) as found, duckdb.connect(":memory:") as connection:
        every_value = ", ".join(f"c{position}" for position in range(len(found.columns)))
        # count(*) alone would leave the values unread, and bytes that are no text unnoticed
        rows = _execute(connection, found, f"SELECT count(hash({every_value})) FROM {_source(found)}")
        refuse_blank_lines(found)
        return rows


def load_gbif(connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt) -> int:
    """Load one archived GBIF file; loading it again gives the same rows. Returns the number of rows read."""
    with open_gbif(verified_content(home, receipt), receipt.fileName) as found:
        # Staged first: numbering the rows while they are parsed would leave one core to do it all. Outside the
        # transaction, in which rowid would not count from 0.
        _execute(
            connection, found, f"CREATE OR REPLACE TEMP TABLE tmp_gbif_row AS SELECT * FROM {_source(found)}"
        )
        with transaction(connection):
            for table in ("raw_gbif", "raw_citation", "raw_submission"):
                connection.execute(f"DELETE FROM {table} WHERE submissionId = ?", [receipt.submissionId])
            rows = _execute(
                connection, found, _insert(found, _kept_columns(connection), receipt.submissionId)
            )
            note_submission(connection, receipt, rows, found.encoding)
            _note_citations(connection, found, receipt)
        connection.execute("DROP TABLE tmp_gbif_row")
    return rows


def _note_citations(connection: duckdb.DuckDBPyConnection, found: GbifFile, receipt: Receipt) -> None:
    for cited in found.citations:
        connection.execute(
            "INSERT INTO raw_citation VALUES (?, ?, ?, ?, ?, ?)",
            [receipt.submissionId, cited.datasetKey, cited.title, cited.citation, cited.license, cited.doi],
        )


def _kept_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The columns of raw_gbif that come from the file, by their lower-case names."""
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'raw_gbif'"
    ).fetchall()
    return {name.lower(): name for (name,) in rows if name not in ("submissionId", "line")}


def _insert(found: GbifFile, kept: dict[str, str], submission: str) -> str:
    positions: dict[str, int] = {}
    for position, column in enumerate(found.columns):
        if column in kept:
            positions.setdefault(column, position)
    defaults = {key: value for key, value in (GBIF_IS_WGS84 | found.defaults).items() if key in kept}
    values = []
    for column, position in positions.items():
        cell = f"nullif(c{position}, '')"
        if column in found.defaults:
            cell = f"coalesce({cell}, {_text(found.defaults[column])})"
        values.append(f'{cell} AS "{kept[column]}"')
    values += [
        f'{_text(value)} AS "{kept[column]}"' for column, value in defaults.items() if column not in positions
    ]
    return (
        f"INSERT INTO raw_gbif BY NAME SELECT {_text(submission)} AS submissionId, "
        f"{_line(found)} AS line, {', '.join(values)} FROM tmp_gbif_row"
    )


def _line(found: GbifFile) -> str:
    """The physical line a row begins on; line breaks inside quoted values count."""
    line = f"rowid + 1 + {found.header_lines}"
    if not found.quote:
        return line
    text = "concat(" + ", ".join(f"c{position}" for position in range(len(found.columns))) + ")"
    breaks = f"length({text}) - length(replace({text}, chr(10), ''))"
    return (
        f"{line} + coalesce(sum({breaks}) OVER "
        "(ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT"
    )


def _source(found: GbifFile) -> str:
    """The data file as a table function; its columns are c0, c1 …, all text, rows in the order of the file."""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(found.columns)))
    return (
        f"read_csv({_text(str(found.path))}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"skip = {found.header_lines}, delim = {_text(found.delimiter)}, quote = {_text(found.quote)}, "
        f"escape = {_text(found.quote)}, encoding = {_text(_encoding(found))}, nullstr = '')"
    )


def _execute(connection: duckdb.DuckDBPyConnection, found: GbifFile, statement: str) -> int:
    """Run a statement that answers with a count; what is wrong with a row becomes a GbifError."""
    try:
        row = connection.execute(statement).fetchone()
    except duckdb.Error as cause:
        raise _said_plainly(str(cause), found) from cause
    return int(row[0]) if row else 0


def _said_plainly(message: str, found: GbifFile) -> GbifError:
    """What DuckDB says about a row, without the row itself: it may name people."""
    line = ERROR_LINE.search(message)
    where = {"file": found.file_name, "line": _physical_line(found, int(line[1])) if line else "?"}
    if width := WRONG_WIDTH.search(message):
        return GbifError("error-row-width", **where, expected=width[1], found=width[2])
    if "unicode" in message:
        return GbifError("error-row-encoding", **where)
    first_line = message.split("\n", 1)[0]
    return GbifError("error-row", **where, cause=first_line[:200])


def _physical_line(found: GbifFile, row: int) -> int:
    """DuckDB counts rows, people count lines: they differ where line breaks stand inside quotes."""
    if not found.quote:
        return row
    with found.path.open(encoding=_encoding(found), errors="replace", newline="") as file:
        rows = csv.reader(file, delimiter=found.delimiter, quotechar=found.quote)
        try:
            for _ in range(row - 1):
                next(rows)
        except (csv.Error, StopIteration):
            return row
        return rows.line_num + 1


def _encoding(found: GbifFile) -> str:
    return "latin-1" if found.encoding.lower() in ("latin-1", "iso-8859-1", "latin1") else "utf-8"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
