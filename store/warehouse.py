"""The warehouse: one DuckDB file with a versioned schema, opened by one writer at a time.

Published copies for readers belong to `generations`; what the tables mean to `migrations/*.sql`.
"""

from __future__ import annotations

import functools
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TypeAlias, TypeVar

import duckdb

from store.archive import Receipt
from store.errors import StoreError, WarehouseLocked
from store.home import Home

Result = TypeVar("Result")
LOCK_POLL_IN_SECONDS = 0.2
# With Python and its libraries this keeps a survey of 100,000 rows within 500 MB; more is kept on disk.
SCRATCH_MEMORY_IN_MEGABYTES = 128
SCRATCH_MEMORY_A_THOUSAND_ROWS_IN_MEGABYTES = 0.2
# What does not fit is kept on disk: ten million records want no more than a third.
WAREHOUSE_MEMORY_IN_MEGABYTES = 4_000
LENT_MORE = 1.2  # times as much at each further attempt
MOST_ATTEMPTS = 20
# rowId = place of the submission * rows of a submission + number of the row: what a BIGINT holds
PLACES, ROWS_OF_A_SUBMISSION = 900_000_000, 10_000_000_000
COMMENTS = """
SELECT 'TABLE', table_name, comment FROM duckdb_tables() WHERE comment IS NOT NULL
UNION ALL SELECT 'VIEW', view_name, comment FROM duckdb_views() WHERE comment IS NOT NULL AND NOT internal
UNION ALL SELECT 'COLUMN', table_name || '."' || column_name || '"', comment FROM duckdb_columns()
WHERE comment IS NOT NULL AND NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables())
"""
Config: TypeAlias = dict[str, str | bool | int | float | list[str]]
CONFIG: Config = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@contextmanager
def open_warehouse(home: Home, wait_in_seconds: float = 600.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing, waiting for another writer to let go; migrate it; close it for sure."""
    connection = _connect(home.warehouse, wait_in_seconds)
    try:
        migrate(connection, home.warehouse)
        yield connection
    finally:
        connection.close()


@contextmanager
def open_scratch(folder: Path, rows: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse for so many rows, in a folder that is thrown away afterwards.

    What does not fit into its memory stays on disk; one thread, since each takes a share of the memory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    memory = SCRATCH_MEMORY_IN_MEGABYTES + SCRATCH_MEMORY_A_THOUSAND_ROWS_IN_MEGABYTES * rows / 1000
    config = CONFIG | {
        "memory_limit": f"{memory:.0f}MB", "threads": 1, "temp_directory": str(folder / "spilled"),
    }  # fmt: skip
    connection = _open(str(folder / "scratch.duckdb"), config)
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")  # nobody opens the file again
    try:
        migrate(connection, folder)
        yield connection
    finally:
        connection.close()


def with_room_for(connection: duckdb.DuckDBPyConnection, step: Callable[[], Result]) -> Result:
    """Do a step that can be done again; where a scratch warehouse has too little memory for it, lend it more."""
    (granted,) = connection.execute("SELECT memory_limit FROM pragma_database_size() LIMIT 1").fetchone() or (
        "",
    )
    number, unit = granted.split()
    lent = float(number)
    try:
        for _ in range(MOST_ATTEMPTS):
            try:
                return step()
            except duckdb.OutOfMemoryException:
                lent *= LENT_MORE
                connection.execute(f"SET memory_limit = '{lent:.0f}{unit}'")
        return step()
    finally:
        with suppress(duckdb.OutOfMemoryException):  # what is still in use cannot be taken back
            connection.execute(f"SET memory_limit = '{granted}'")


@contextmanager
def open_in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse of its own, for looking at one file without touching anything that is kept."""
    connection = _open(":memory:", CONFIG)
    try:
        migrate(connection, Path(":memory:"))
        yield connection
    finally:
        connection.close()


def _open(database: str, config: Config) -> duckdb.DuckDBPyConnection:
    """Open a database that prints no progress between our own lines."""
    connection = duckdb.connect(database, config=config)
    connection.execute("SET enable_progress_bar = false")
    return connection


def _connect(path: Path, wait_in_seconds: float) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_in_seconds
    while True:
        try:
            connection = _open(
                str(path),
                CONFIG | {"memory_limit": f"{_memory_in_megabytes()}MB"},
            )
        except duckdb.IOException as cause:
            if "lock" not in str(cause).lower():
                raise
            if time.monotonic() >= deadline:
                raise WarehouseLocked(
                    "error-warehouse-locked", path=path, seconds=round(wait_in_seconds)
                ) from cause
            time.sleep(LOCK_POLL_IN_SECONDS)
        else:
            return connection


def _memory_in_megabytes() -> int:
    """What the warehouse may take: on a small machine six tenths, which leave room for Python."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return min(WAREHOUSE_MEMORY_IN_MEGABYTES, installed * 6 // 10)


def load_spatial(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the spatial extension out of its Python package; nothing is downloaded or copied.

    Only what works with geometry asks for it: loading takes 0.2 s.
    """
    package = resources.files("duckdb_extension_spatial")
    with resources.as_file(
        package / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    ) as path:
        connection.load_extension(str(path))


def migrations() -> list[tuple[int, str]]:
    """Version and SQL text of every migration, in order."""
    folder = resources.files("store") / "migrations"
    files = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name
    )
    return [(int(item.name.split("_")[0]), item.read_text(encoding="utf-8")) for item in files]


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the schema to the newest version: a new database at once, an older one step by step."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS meta_migration "
        "(version INTEGER PRIMARY KEY, appliedAt TIMESTAMP NOT NULL)"
    )
    done = {version for (version,) in connection.execute("SELECT version FROM meta_migration").fetchall()}
    known = migrations()
    if done and max(done) > known[-1][0]:
        raise StoreError("error-newer-schema", path=path, found=max(done), known=known[-1][0])
    if not done:
        with transaction(connection):
            connection.execute(whole_schema())
        return
    for version, sql in known:
        if version in done:
            continue
        with transaction(connection):
            connection.execute(sql)
            connection.execute("INSERT INTO meta_migration VALUES (?, now() AT TIME ZONE 'UTC')", [version])


@functools.cache
def whole_schema() -> str:
    """What all migrations together come to, as one script: a process makes many new databases, most of them small."""
    with duckdb.connect(":memory:", config=CONFIG) as connection:
        for _, sql in migrations():
            connection.execute(sql)
        tables = [
            sql
            for (sql,) in connection.execute("SELECT sql FROM duckdb_tables() ORDER BY table_oid").fetchall()
        ]
        views = connection.execute("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal").fetchall()
        comments = connection.execute(COMMENTS).fetchall()
    statements = [*tables, *_after_what_they_read(dict(views))]
    statements += [f"COMMENT ON {kind} {name} IS {_quoted(comment)};" for kind, name, comment in comments]
    versions = ", ".join(f"({version}, now() AT TIME ZONE 'UTC')" for version, _ in migrations())
    return "\n".join([*statements, f"INSERT INTO meta_migration VALUES {versions};"])


def _after_what_they_read(views: dict[str, str]) -> list[str]:
    """The statements of views, each after those of the views it names."""
    ordered: list[str] = []
    left = dict(views)
    while left:
        ready = [name for name in left if not any(other in left[name] for other in left if other != name)]
        ordered += [left.pop(name) for name in ready]
    return ordered


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any failure."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def replace_rows(connection: duckdb.DuckDBPyConnection, table: str, *selects: str) -> int:
    """Replace the whole content of a table by SELECTs in one transaction; returns the row count.

    A SELECT names its columns as the table does; order does not matter. The build is noted in `meta_build`,
    so that a verdict on an older build of the table no longer counts.
    """
    with transaction(connection):
        connection.execute(f"DELETE FROM {table}")
        for select in selects:
            connection.execute(f"INSERT INTO {table} BY NAME {select}")
        return note_build(connection, table)


def note_build(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Note that a table has been rebuilt, inside the transaction that wrote it; returns its row count."""
    row_count = count_rows(connection, table)
    connection.execute(
        "INSERT OR REPLACE INTO meta_build VALUES (?, ?, ?, now() AT TIME ZONE 'UTC')",
        [table, uuid.uuid4().hex, row_count],
    )
    return row_count


def note_published(connection: duckdb.DuckDBPyConnection) -> None:
    """Note how many rows each table had when it was published, for the next run to be compared with."""
    connection.execute(
        "INSERT OR REPLACE INTO meta_published SELECT tableName, rowCount, now() AT TIME ZONE 'UTC' FROM meta_build"
    )


def note_submission(
    connection: duckdb.DuckDBPyConnection, receipt: Receipt, rows_read: int, encoding: str
) -> None:
    """Note in raw_submission that a file's rows are loaded, inside the transaction that loads them."""
    connection.execute(
        "INSERT INTO raw_submission (submissionId, kind, fileName, sha256, sizeInBytes, receivedAt, knownSince, "
        "confirmedSince, receivedFrom, encoding, rowsRead, place, loadedAt) VALUES (?, ?, ?, ?, ?, "
        "?::TIMESTAMPTZ AT TIME ZONE 'UTC', ?::TIMESTAMPTZ AT TIME ZONE 'UTC', "
        "?::TIMESTAMPTZ AT TIME ZONE 'UTC', ?, ?, ?, ?, now() AT TIME ZONE 'UTC')",
        [
            receipt.submissionId, receipt.kind, receipt.fileName, receipt.sha256, receipt.sizeInBytes,
            receipt.receivedAt, receipt.knownSince, receipt.knownSince, receipt.receivedFrom, encoding, rows_read,
            _free_place(connection, receipt.submissionId),
        ],
    )  # fmt: skip


def _free_place(connection: duckdb.DuckDBPyConnection, submission: str) -> int:
    """A number for a submission's rows that depends on no other submission, but where two would share it."""
    taken = {place for (place,) in connection.execute("SELECT place FROM raw_submission").fetchall()}
    place = int.from_bytes(hashlib.sha256(submission.encode()).digest()[:8]) % PLACES
    while place in taken:
        place = (place + 1) % PLACES
    return place


def count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def table_names(connection: duckdb.DuckDBPyConnection, *prefixes: str) -> list[str]:
    """The warehouse's own tables whose names begin with one of the prefixes, in alphabetical order."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() "
        "WHERE NOT temporary AND schema_name = 'main' ORDER BY table_name"
    ).fetchall()
    return [name for (name,) in rows if name.startswith(prefixes)]
