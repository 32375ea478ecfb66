"""Generations: what a run publishes, each a read-only folder that readers open and nobody edits.

A generation holds the core_ and out_ tables, the report files and a manifest. The raw_ tables stay behind (and
core_record, a working table whose rows are all in core_occurrence or core_quarantine):
they hold people's names and can be rebuilt from the archive.

    generations/
      20260701T020000Z-1a2b3c4d/    parkwatch.duckdb, manifest.json, report-…html
      current -> 20260701T020000Z-1a2b3c4d
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from store.archive import sync_folder
from store.errors import DiskFull, StoreError
from store.home import Home
from store.warehouse import count_rows, migrate, table_names

KEPT_GENERATIONS = 3
PUBLISHED_PREFIXES = ("core_", "out_")
UNPUBLISHED = ("core_record", "core_held")  # working tables of which the published views are made
PUBLISHED_VIEWS = ("core_occurrence", "core_quarantine")  # as tables
DATABASE = "parkwatch.duckdb"
MANIFEST = "manifest.json"


def publish(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    *,
    inputs: Mapping[str, Any],
    files: Sequence[Path] = (),
) -> Path:
    """Copy, reopen and count, swap `current`, keep the last three; returns the new generation's folder.

    `inputs` goes into the manifest: hashes of everything read, versions of lists and code. `files` are
    copied in beside the tables. Raises DiskFull or StoreError; whatever goes wrong, `current` still names
    the old generation.
    """
    # to the microsecond: two published within a second must still sort by age
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{uuid.uuid4().hex[:8]}"
    target, building = home.generations / name, home.generations / f".building-{name}"
    _remove_leftovers(home)
    try:
        _require_room(home, connection, files)
        building.mkdir(parents=True)
        counts = _copy_tables(connection, building / DATABASE)
        for file in files:
            shutil.copy2(file, building / file.name)
        manifest = {"generation": name, "tables": counts, "inputs": inputs}
        document = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str)
        (building / MANIFEST).write_text(document, encoding="utf-8")
        _recount(building / DATABASE, counts)
        _make_durable(building)
        building.rename(target)
        _point_current_at(home, target)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as cause:
        shutil.rmtree(building, ignore_errors=True)
        if getattr(cause, "errno", None) == errno.ENOSPC or "No space left" in str(cause):
            raise _disk_full(home, needed=_size(connection)) from cause
        raise
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _keep_last(home, KEPT_GENERATIONS)
    return target


def generations(home: Home) -> list[Path]:
    """The finished generations, oldest first."""
    return sorted(
        path
        for path in home.generations.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )


def current_generation(home: Home) -> Path:
    """The generation readers see; StoreError where nothing has been published."""
    if not home.current.exists():
        raise StoreError("error-no-generation", path=home.path)
    return home.current.resolve()


def read_manifest(generation: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
    return document


@contextmanager
def open_generation(generation: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a generation for reading only, with no way out to files or network."""
    connection = duckdb.connect(
        str(generation / DATABASE),
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "lock_configuration": "true",
        },
    )
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def former_generation(home: Home, connection: duckdb.DuckDBPyConnection) -> Iterator[str | None]:
    """Attach the current generation to an open warehouse for reading; gives the name it is attached under.

    None where nothing is published yet, or what is has an older schema and cannot be compared.
    """
    if not home.current.exists():
        yield None
        return
    path = str(current_generation(home) / DATABASE).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS former (READ_ONLY)")
    try:
        schemas = "SELECT (SELECT max(version) FROM former.meta_migration) = max(version) FROM meta_migration"
        is_same = connection.execute(schemas).fetchone()
        yield "former" if is_same and is_same[0] else None
    finally:
        connection.execute("DETACH former")


def _copy_tables(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
    """Write the published tables into a new database of the same schema; returns rows per table."""
    with duckdb.connect(str(path)) as empty:
        migrate(empty, path)
        for view in PUBLISHED_VIEWS:
            _make_table(empty, view)
        for table in (*table_names(empty, "raw_"), *UNPUBLISHED):
            empty.execute(f"DROP TABLE {table}")
        empty.execute("DROP VIEW raw_newest_submission")
        tables = table_names(empty, *PUBLISHED_PREFIXES)
    connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS generation")
    try:
        for table in tables:
            connection.execute(f"INSERT INTO generation.{table} BY NAME SELECT * FROM main.{table}")
    finally:
        connection.execute("DETACH generation")
    return {table: count_rows(connection, table) for table in tables}


def _make_table(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    """A table of the same name, columns and comment instead of a view."""
    (comment,) = connection.execute(
        "SELECT comment FROM duckdb_views() WHERE view_name = ?", [view]
    ).fetchone() or ("",)
    connection.execute(f"CREATE TABLE kept AS SELECT * FROM {view}")
    connection.execute(f"DROP VIEW {view}")
    connection.execute(f"ALTER TABLE kept RENAME TO {view}")
    connection.execute(f"COMMENT ON TABLE {view} IS '{comment.replace(chr(39), chr(39) * 2)}'")


def _recount(path: Path, expected: Mapping[str, int]) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        for table, rows in expected.items():
            found = count_rows(connection, table)
            if found != rows:
                raise StoreError("error-generation-damaged", table=table, expected=rows, found=found)


def _make_durable(folder: Path) -> None:
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        path.chmod(0o444)
    sync_folder(folder)


def _point_current_at(home: Home, generation: Path) -> None:
    """Swap the link in one step: a reader sees the old generation or the new one, never neither."""
    link = home.generations / f".current-{generation.name}"
    link.symlink_to(generation.name)
    link.replace(home.current)
    sync_folder(home.generations)


def _keep_last(home: Home, kept: int) -> None:
    current = current_generation(home)
    for old in generations(home)[:-kept]:
        if old != current:
            shutil.rmtree(old, ignore_errors=True)


def _remove_leftovers(home: Home) -> None:
    """A run killed while publishing leaves a folder nobody reads."""
    for path in home.generations.glob(".building-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in home.generations.glob(".current-*"):
        path.unlink(missing_ok=True)


def _size(connection: duckdb.DuckDBPyConnection) -> int:
    """Bytes the warehouse takes now: more than a generation of it can need."""
    row = connection.execute(
        "SELECT sum(block_size * used_blocks)::BIGINT FROM pragma_database_size()"
    ).fetchone()
    return int(row[0] or 0) if row else 0


def _require_room(home: Home, connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    needed = _size(connection) + sum(file.stat().st_size for file in files)
    if shutil.disk_usage(home.generations).free < needed:
        raise _disk_full(home, needed)


def _disk_full(home: Home, needed: int) -> DiskFull:
    free = shutil.disk_usage(home.generations).free
    return DiskFull("error-disk-full", path=home.generations, needed=needed >> 20, free=free >> 20)
