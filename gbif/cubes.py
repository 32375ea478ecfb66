"""Cubes: tables that GBIF works out from SQL, one tab-separated file in a zip. They are kept, and counted here.

Their columns are whatever the SQL names; occurrences are read in `archives`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from gbif.errors import GbifError
from gbif.tables import GbifTable, execute, source_of
from gbif.unpacking import unpack_zip


def inspect_cube(path: Path, file_name: str) -> int:
    """Read a cube through; returns its rows, raises GbifError where it is broken."""
    with tempfile.TemporaryDirectory(prefix="parkwatch-cube-") as temporary:
        unpack_zip(path, file_name, Path(temporary))
        tables = [found for found in Path(temporary).rglob("*") if found.is_file()]
        if len(tables) != 1:
            raise GbifError("error-no-data-file", file=file_name, member="")
        with tables[0].open(encoding="utf-8-sig", errors="replace") as file:
            columns = file.readline(1 << 20).rstrip("\r\n").lower().split("\t")
        terms = {column: position for position, column in enumerate(columns)}
        table = GbifTable((tables[0],), file_name, terms, len(columns))
        with duckdb.connect(":memory:") as connection:
            every_value = f"SELECT count(hash({', '.join(table.columns)})) FROM {source_of(table)}"
            return execute(connection, table, every_value)
