"""Differing lines: what a snapshot says otherwise than the one before it, found line by line before anything is parsed.

Reading and hashing lines costs a tenth of parsing and keeping them; of two snapshots most lines are the same.
What the differing rows change is worked out in `changes`.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from gbif.archives import GbifFile
from gbif.tables import GbifTable, lines_of, source_of

LINES = "tmp_gbif_line"
BUFFER_IN_BYTES = 1 << 20
# In the order of the file: rowid tells the line. A hash of 64 bits: that one line of 100,000 new ones has the hash of
# another among ten million happens once in ten million snapshots.
DIGESTS = "CREATE OR REPLACE TEMP TABLE {name} AS SELECT hash(text) AS digest FROM {lines}"
PLACES_ONLY_IN = "SELECT rowid, digest FROM {side} ANTI JOIN {other} USING (digest) ORDER BY rowid"
AS_READ = "SELECT count(*) FROM found_lines WHERE hash(decode(line)) = digest"


def are_comparable(latter: GbifFile, former: GbifFile) -> bool:
    """Whether the same line says the same in both: one unquoted text each, with the same columns, gbifID among them."""
    mine, others = latter.rows, former.rows
    return (
        latter.tables == [mine]
        and former.tables == [others]
        and not mine.quote
        and not mine.is_parquet
        and not latter.is_species_list
        and "gbifid" in mine.terms
        and dataclasses.replace(mine, paths=(), file_name="")
        == dataclasses.replace(others, paths=(), file_name="")
    )


def stage_differing(
    connection: duckdb.DuckDBPyConnection,
    latter: GbifTable,
    former: GbifTable,
    come_staged: str,
    left_staged: str,
) -> int | None:
    """Stage the rows of either side whose lines the other has not; returns how many `latter` has.

    Beside them: tmp_gbif_line, the lines of those that come, in the same order. None where lines alone do not tell:
    they are not broken as they seem, or a record has no id.
    """
    sides = {"tmp_gbif_latter": latter, "tmp_gbif_former": former}
    try:
        for name, table in sides.items():
            connection.execute(DIGESTS.format(name=name, lines=lines_of(table)))
    except duckdb.InvalidInputException:  # a control character that lines are not read with
        return None
    come = _only_in(connection, "tmp_gbif_latter", "tmp_gbif_former", latter)
    left = _only_in(connection, "tmp_gbif_former", "tmp_gbif_latter", former)
    (count,) = connection.execute("SELECT count(*) FROM tmp_gbif_latter").fetchone() or (0,)
    for name in sides:
        connection.execute(f"DROP TABLE {name}")
    if come is None or left is None:
        return None
    places, _ = come
    lines = pa.table({"line": pa.array([place + 1 + latter.header_lines for place in places], pa.int64())})
    connection.register("found_lines", lines)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {LINES} AS SELECT * FROM found_lines")
    connection.unregister("found_lines")
    _stage(connection, latter, come[1], come_staged)
    _stage(connection, former, left[1], left_staged)
    return int(count)


def _stage(connection: duckdb.DuckDBPyConnection, table: GbifTable, lines: list[bytes], staged: str) -> None:
    with tempfile.NamedTemporaryFile(prefix="parkwatch-lines-") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        rows = dataclasses.replace(table, paths=(Path(file.name),), header_lines=0)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged} AS SELECT * FROM {source_of(rows)}")


def _only_in(
    connection: duckdb.DuckDBPyConnection, name: str, other: str, table: GbifTable
) -> tuple[list[int], list[bytes]] | None:
    """Places and lines of one side that the other has not; None where a line is not the one that was hashed."""
    differing = connection.execute(PLACES_ONLY_IN.format(side=name, other=other)).fetchall()
    places = [place for place, _ in differing]
    lines = list(_lines_at(table, places))
    digests = pa.array([digest for _, digest in differing], pa.uint64())
    connection.register("found_lines", pa.table({"line": pa.array(lines, pa.binary()), "digest": digests}))
    (as_read,) = connection.execute(AS_READ).fetchone() or (0,)
    connection.unregister("found_lines")
    if as_read < len(lines) or not all(_identity(line, table) for line in lines):
        return None
    return places, lines


def _lines_at(table: GbifTable, places: Sequence[int]) -> Iterator[bytes]:
    """The lines at places below the header, which rise; empty ones where the file ends before."""
    with table.path.open("rb", buffering=BUFFER_IN_BYTES) as file:
        next_line = -table.header_lines
        for place in places:
            yield next(islice(file, place - next_line, None), b"").rstrip(b"\r\n")
            next_line = place + 1


def _identity(line: bytes, table: GbifTable) -> bytes:
    """The gbifID of a line, a whole number; empty where there is none, or not as many cells as the table has."""
    cells = line.split(table.delimiter.encode())
    found = cells[table.terms["gbifid"]] if len(cells) == table.width else b""
    return found if found.isdigit() else b""
