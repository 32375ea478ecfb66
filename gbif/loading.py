"""Loading: one archived GBIF file into raw_gbif, every value as text; names and logins of people stay behind.

Opening the archive belongs to `archives`, deciding what the texts mean to `standard`.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from gbif.archives import GbifFile, open_gbif
from gbif.errors import GbifError
from store.archive import Receipt, verified_content
from store.home import Home
from store.warehouse import count_rows, note_submission, transaction

WRONG_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
ERROR_LINE = re.compile(r"(?:Line|line):? ?(\d+)")
GBIF_IS_WGS84 = {
    "geodeticdatum": "WGS84"
}  # GBIF interprets every position to WGS84; SIMPLE_CSV leaves it unsaid


def inspect_gbif(path: Path, file_name: str) -> int:
    """Read a GBIF file through without keeping anything; returns its rows, raises GbifError where it is broken."""
    with open_gbif(path, file_name) as found, duckdb.connect(":memory:") as connection:
        every_value = ", ".join(f"c{position}" for position in range(len(found.columns)))
        # count(*) alone would leave the values unread, and bytes that are no text unnoticed
        return _read(connection, found, f"SELECT count(hash({every_value})) FROM rows")


def load_gbif(connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt) -> int:
    """Load one archived GBIF file; loading it again gives the same rows. Returns the number of rows read."""
    with open_gbif(verified_content(home, receipt), receipt.fileName) as found, transaction(connection):
        for table in ("raw_gbif", "raw_citation", "raw_submission"):
            connection.execute(f"DELETE FROM {table} WHERE submissionId = ?", [receipt.submissionId])
        kept = _kept_columns(connection)
        rows = _read(connection, found, _insert(found, kept, receipt.submissionId))
        note_submission(connection, receipt, rows, found.encoding)
        for citation in found.citations:
            connection.execute(
                "INSERT INTO raw_citation VALUES (?, ?, ?, ?, ?, ?)",
                [
                    receipt.submissionId, citation.datasetKey, citation.title, citation.citation,
                    citation.license, citation.doi,
                ],
            )  # fmt: skip
    return rows


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
    values = [f"nullif(c{position}, '') AS \"{kept[column]}\"" for column, position in positions.items()]
    values += [
        f'{_text(value)} AS "{kept[column]}"' for column, value in defaults.items() if column not in positions
    ]
    return (
        f"INSERT INTO raw_gbif BY NAME SELECT {_text(submission)} AS submissionId, "
        f"{_line(found)} AS line, {', '.join(values)} FROM rows"
    )


def _line(found: GbifFile) -> str:
    """The physical line a row begins on; line breaks inside quoted values count."""
    number = "row_number() OVER ()"
    if not found.quote:
        return f"{number} + {found.header_lines}"
    text = "concat(" + ", ".join(f"c{position}" for position in range(len(found.columns))) + ")"
    breaks = f"length({text}) - length(replace({text}, chr(10), ''))"
    return (
        f"{number} + {found.header_lines} + coalesce(sum({breaks}) OVER "
        "(ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT"
    )


def _read(connection: duckdb.DuckDBPyConnection, found: GbifFile, statement: str) -> int:
    """Run a statement over the rows of the data file; returns the count it answers with."""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(found.columns)))
    source = (
        f"read_csv({_text(str(found.path))}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"skip = {found.header_lines}, delim = {_text(found.delimiter)}, quote = {_text(found.quote)}, "
        f"escape = {_text(found.quote)}, encoding = {_text(_encoding(found))}, "
        "nullstr = '')"
    )
    try:
        with_rows = statement.replace("FROM rows", f"FROM {source}")
        row = connection.execute(with_rows).fetchone()
    except duckdb.Error as cause:
        raise _said_plainly(str(cause), found.file_name) from cause
    return int(row[0]) if row else count_rows(connection, "raw_gbif")


def _said_plainly(message: str, file_name: str) -> GbifError:
    """What DuckDB says about a row, without the row itself: it may name people."""
    line = ERROR_LINE.search(message)
    where = {"file": file_name, "line": line[1] if line else "?"}
    if width := WRONG_WIDTH.search(message):
        return GbifError("error-row-width", **where, expected=width[1], found=width[2])
    if "unicode" in message:
        return GbifError("error-row-encoding", **where)
    first_line = message.split("\n", 1)[0]
    return GbifError("error-row", **where, cause=first_line[:200])


def _encoding(found: GbifFile) -> str:
    return "latin-1" if found.encoding.lower() in ("latin-1", "iso-8859-1", "latin1") else "utf-8"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
