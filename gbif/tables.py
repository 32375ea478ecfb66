"""Tables: the data files of a GBIF file, text or Parquet, as DuckDB reads them; what is wrong with a row, said plainly.

Which files there are and what their columns mean belongs to `archives`; what becomes of the rows to `loading`.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from gbif.errors import GbifError

WRONG_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
ERROR_LINE = re.compile(r"(?:Line|line):? ?(\d+)")
CHUNK_IN_CHARACTERS = 1 << 20
READ_AS_THEY_ARE = ("utf-8", "ascii", "iso8859-1")
USUAL_LINE_BREAKS = ("\n", "\r\n", "\r")


@dataclass(frozen=True)
class GbifTable:
    """One data file (text), or several that are one (Parquet), and how to read it.

    `terms` gives the position of each term, in lower case without its namespace; `key` the position of the id that
    tables are joined by; `defaults` the values of terms that have no column or none in a row.
    """

    paths: tuple[Path, ...]
    file_name: str
    terms: Mapping[str, int]
    width: int
    defaults: Mapping[str, str] = field(default_factory=dict)
    key: int | None = None
    delimiter: str = "\t"
    quote: str = ""
    header_lines: int = 1
    encoding: str = "utf-8"
    is_parquet: bool = False

    @property
    def path(self) -> Path:
        return self.paths[0]

    @property
    def columns(self) -> list[str]:
        return [f"c{position}" for position in range(self.width)]


def source_of(table: GbifTable) -> str:
    """The table as a table function; its columns are c0, c1 …, all text, rows in the order of the file."""
    if table.is_parquet:
        return _parquet_source(table)
    columns = ", ".join(f"'{column}': 'VARCHAR'" for column in table.columns)
    return (
        f"read_csv({quoted(str(table.path))}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"skip = {table.header_lines}, delim = {quoted(table.delimiter)}, quote = {quoted(table.quote)}, "
        f"escape = {quoted(table.quote)}, encoding = '{_duckdb_encoding(table.encoding)}', nullstr = '')"
    )


def lines_of(table: GbifTable) -> str:
    """The lines of an unquoted text table below its header as a table function with one column, `text`."""
    return (
        f"read_csv({quoted(str(table.path))}, columns = {{'text': 'VARCHAR'}}, auto_detect = false, header = false, "
        f"skip = {table.header_lines}, delim = '\x01', quote = '', escape = '', "
        f"encoding = '{_duckdb_encoding(table.encoding)}', nullstr = '\x02')"
    )


def line_of(table: GbifTable) -> str:
    """The physical line a row begins on, from its rowid; line breaks inside quoted values count."""
    line = f"rowid + 1 + {table.header_lines}"
    if not table.quote or table.is_parquet:
        return line
    text = f"concat({', '.join(table.columns)})"
    breaks = f"length({text}) - length(replace({text}, chr(10), ''))"
    return (
        f"{line} + coalesce(sum({breaks}) OVER "
        "(ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT"
    )


def execute(connection: duckdb.DuckDBPyConnection, table: GbifTable, statement: str) -> int:
    """Run a statement that answers with a count; what is wrong with a row becomes a GbifError."""
    try:
        row = connection.execute(statement).fetchone()
    except duckdb.Error as cause:
        raise _said_plainly(str(cause), table) from cause
    return int(row[0]) if row else 0


def quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def as_utf8(path: Path, encoding: str, line_break: str, file_name: str) -> str:
    """Make a text file one that DuckDB reads, in place; returns the encoding it then has.

    GbifError names the line at which the bytes are none of the encoding.
    """
    known = codecs.lookup(encoding).name
    if known in READ_AS_THEY_ARE and line_break in USUAL_LINE_BREAKS:
        return known
    target, tail = path.with_name(path.name + ".utf8"), ""
    keeping = 0 if line_break in USUAL_LINE_BREAKS else len(line_break) - 1  # a line break may be cut in two
    try:
        with (
            path.open(encoding=encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            while chunk := source.read(CHUNK_IN_CHARACTERS):
                text = tail + chunk
                if line_break not in USUAL_LINE_BREAKS:
                    text = text.replace(line_break, "\n")
                text, tail = text[: len(text) - keeping], text[len(text) - keeping :]
                copy.write(text)
            copy.write(tail)
    except UnicodeError as cause:
        line = _first_bad_line(path, encoding)
        raise GbifError("error-row-encoding", file=file_name, line=line, encoding=encoding) from cause
    target.replace(path)
    return "utf-8"


def _first_bad_line(path: Path, encoding: str) -> int | str:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return number
    return "?"


def _parquet_source(table: GbifTable) -> str:
    files = ", ".join(quoted(str(path)) for path in table.paths)
    read = f"read_parquet([{files}])"
    with duckdb.connect(":memory:") as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()
    cells = [f"{_as_text(name, kind)} AS c{position}" for position, (name, kind, *_) in enumerate(described)]
    return f"(SELECT {', '.join(cells)} FROM {read})"


def _as_text(name: str, kind: str) -> str:
    """A Parquet column as GBIF's SIMPLE_CSV would write it."""
    column = '"' + name.replace('"', '""') + '"'
    if kind.startswith("STRUCT(array_element") and kind.endswith("[]"):  # as GBIF's snapshots write lists
        return f"array_to_string(list_transform({column}, one -> one.array_element), ';')"
    if kind.endswith("[]"):
        return f"array_to_string({column}, ';')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S')"
    return f"nullif({column}::VARCHAR, '')"


def _said_plainly(message: str, table: GbifTable) -> GbifError:
    """What DuckDB says about a row, without the row itself: it may name people."""
    line = ERROR_LINE.search(message)
    where = {"file": table.file_name, "line": _physical_line(table, int(line[1])) if line else "?"}
    if width := WRONG_WIDTH.search(message):
        return GbifError("error-row-width", **where, expected=width[1], found=width[2])
    if "unicode" in message:
        return GbifError("error-row-encoding", **where, encoding="UTF-8")
    return GbifError("error-row", **where, cause=message.split("\n", 1)[0][:200])


def _physical_line(table: GbifTable, row: int) -> int:
    """DuckDB counts rows, people count lines: they differ where line breaks stand inside quotes."""
    if not table.quote or table.is_parquet:
        return row
    with table.path.open(encoding=table.encoding, errors="replace", newline="") as file:
        rows = csv.reader(file, delimiter=table.delimiter[:1], quotechar=table.quote)
        try:
            for _ in range(row - 1):
                next(rows)
        except (csv.Error, StopIteration):
            return row
        return rows.line_num + 1


def _duckdb_encoding(encoding: str) -> str:
    return "latin-1" if encoding == "iso8859-1" else "utf-8"
