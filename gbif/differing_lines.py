"""Differing lines: what a snapshot says otherwise than the one before it, found line by line before anything is parsed.

Reading and hashing lines costs a tenth of parsing and keeping them; of two snapshots most lines are the same.
What the differing rows change is worked out in `changes`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import islice

import duckdb
import pyarrow as pa

from gbif.archives import GbifFile
from gbif.tables import GbifTable, lines_of, source_of

LINES = "tmp_gbif_line"
LEFT = "tmp_gbif_left"
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
    connection: duckdb.DuckDBPyConnection, latter: GbifTable, former: GbifTable, staged: str
) -> int | None:
    """Stage the rows of `latter` whose lines `former` does not hold; returns how many lines `latter` has in all.

    Beside them: tmp_gbif_line (line, in the same order) and tmp_gbif_left (gbifID of the lines only `former` holds).
    None where lines alone do not tell: they are not broken as they seem, or a record has no id.
    """
    sides = {"tmp_gbif_latter": latter, "tmp_gbif_former": former}
    try:
        for name, table in sides.items():
            connection.execute(DIGESTS.format(name=name, lines=lines_of(table)))
    except duckdb.InvalidInputException:  # a control character that lines are not read with
        return None
    found = {
        name: _only_in(connection, name, other, sides[name])
        for name, other in zip(sides, reversed(sides), strict=True)
    }
    (count,) = connection.execute("SELECT count(*) FROM tmp_gbif_latter").fetchone() or (0,)
    for name in sides:
        connection.execute(f"DROP TABLE {name}")
    if None in found.values():
        return None
    places, lines = found["tmp_gbif_latter"]
    _keep(
        connection, LEFT, "gbifID", [_identity(line, former).decode() for line in found["tmp_gbif_former"][1]]
    )
    _keep(connection, LINES, "line", [place + 1 + latter.header_lines for place in places])
    written = latter.path.with_name("differing-lines")
    written.write_bytes(b"".join(line + b"\n" for line in lines))
    rows = dataclasses.replace(latter, paths=(written,), header_lines=0)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged} AS SELECT * FROM {source_of(rows)}")
    return int(count)


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


def _keep(
    connection: duckdb.DuckDBPyConnection, name: str, column: str, values: Sequence[str] | Sequence[int]
) -> None:
    kind = pa.string() if column == "gbifID" else pa.int64()
    connection.register("kept_values", pa.table({column: pa.array(values, kind)}))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM kept_values")
    connection.unregister("kept_values")
