"""The warehouse has one writer, a documented schema, and all-or-nothing writes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from store.errors import StoreError, WarehouseLocked
from store.home import Home
from store.warehouse import (
    count_rows,
    load_spatial,
    migrate,
    migrations,
    open_in_memory,
    open_warehouse,
    replace_rows,
    table_names,
)

HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from typing import Any
from store.home import Home
from store.warehouse import open_warehouse
with open_warehouse(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder(home: Home, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(home.path), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_every_table_says_what_one_row_of_it_is(home: Home) -> None:
    with open_warehouse(home) as connection:
        rows = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE table_name != 'meta_migration'"
        ).fetchall()
    assert len(rows) > 20
    assert [name for name, comment in rows if not (comment or "").startswith("One row per")] == []


def test_opening_twice_migrates_once(home: Home) -> None:
    for _ in range(2):
        with open_warehouse(home) as connection:
            assert count_rows(connection, "meta_migration") == len(migrations())


def test_a_warehouse_of_an_older_schema_gives_each_submission_a_number_of_its_own(home: Home) -> None:
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            "CREATE TABLE meta_migration (version INTEGER PRIMARY KEY, appliedAt TIMESTAMP NOT NULL)"
        )
        for version, sql in migrations():
            if version <= 10:
                connection.execute(sql)
                connection.execute("INSERT INTO meta_migration VALUES (?, now())", [version])
        connection.execute(
            "INSERT INTO raw_submission BY NAME SELECT 's' || range AS submissionId, 'gbif' AS kind, 'f' AS fileName, "
            "'x' AS sha256, 0 AS sizeInBytes, now()::TIMESTAMP AS receivedAt, now()::TIMESTAMP AS knownSince, "
            "'t' AS receivedFrom, 1 AS rowsRead, now()::TIMESTAMP AS loadedAt FROM range(20)"
        )
    with open_warehouse(home) as connection:
        assert connection.execute(
            "SELECT count(DISTINCT place), count(confirmedSince) FROM raw_submission"
        ).fetchone() == (20, 20)


def test_a_newer_schema_is_not_touched(home: Home) -> None:
    with open_warehouse(home) as connection:
        connection.execute("INSERT INTO meta_migration VALUES (999, now() AT TIME ZONE 'UTC')")
    with pytest.raises(StoreError) as caught, open_warehouse(home):
        pass
    assert caught.value.rule == "error-newer-schema"


def test_a_second_writer_waits_for_the_first(home: Home) -> None:
    process = holder(home, 1.0)
    with open_warehouse(home, wait_in_seconds=30) as connection:
        assert process.poll() is not None or process.wait(timeout=5) == 0
        assert "raw_survey" in table_names(connection, "raw_")


def test_a_writer_that_waited_too_long_says_so_in_both_languages(home: Home) -> None:
    process = holder(home, 30)
    try:
        with pytest.raises(WarehouseLocked) as caught, open_warehouse(home, wait_in_seconds=0.5):
            pass
        assert "数据仓库" in caught.value.message.zh
        assert "warehouse" in caught.value.message.en
    finally:
        process.kill()
        process.wait()


def test_a_killed_writer_leaves_the_last_commit_and_no_lock(home: Home) -> None:
    with open_warehouse(home) as connection:
        replace_rows(connection, "meta_gate", "SELECT 'g' gate, 't' tableName, 'b' buildId, true success, "
                     "true blocking, now() AT TIME ZONE 'UTC' checkedAt, '{}' details")  # fmt: skip
    process = holder(home, 60)
    process.kill()
    process.wait()
    time.sleep(0.1)
    with open_warehouse(home, wait_in_seconds=5) as connection:
        assert count_rows(connection, "meta_gate") == 1


def test_a_failed_replacement_leaves_the_old_rows(tmp_path: Path) -> None:
    with open_in_memory() as connection:
        good = "SELECT 'a' tableName, 'b' buildId, 1 rowCount, now() AT TIME ZONE 'UTC' builtAt"
        connection.execute(f"INSERT INTO meta_build BY NAME {good}")
        with pytest.raises(Exception, match="constraint"):
            replace_rows(connection, "meta_build", f"{good} UNION ALL {good}")
        assert count_rows(connection, "meta_build") == 1


def test_spatial_functions_work_without_any_download(tmp_path: Path) -> None:
    with open_in_memory() as connection:
        load_spatial(connection)
        area = connection.execute(
            "SELECT ST_Area(ST_GeomFromText('POLYGON((0 0,2 0,2 2,0 2,0 0))'))"
        ).fetchone()
    assert area == (4.0,)


def test_a_service_without_a_home_directory_still_gets_the_spatial_extension() -> None:
    script = (
        "from store.warehouse import load_spatial, open_in_memory;"
        "manager = open_in_memory(); load_spatial(manager.__enter__())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


def test_rows_of_an_older_warehouse_keep_their_places(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(migrations()[0][1])
        connection.execute("INSERT INTO raw_survey (submissionId, sheet, line) VALUES ('s', '', 7)")
        connection.execute("INSERT INTO raw_survey_column VALUES ('s', '', 1, 'A', '日期', 'eventDate')")
        connection.execute(migrations()[1][1])
        assert connection.execute("SELECT rowNumber, headerLine FROM raw_survey").fetchall() == [(7, 0)]
        assert connection.execute("SELECT headerLine, header FROM raw_survey_column").fetchall() == [
            (0, "日期")
        ]


def described(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Every table, view and column with its type, constraints and comment."""
    return connection.execute(
        "SELECT 'table', table_name, NULL, sql, comment, NULL FROM duckdb_tables() UNION ALL "
        # EXCLUDE lists its columns in any order
        "SELECT 'view', view_name, NULL, list_sort(string_split(sql, ''))::VARCHAR, comment, NULL FROM duckdb_views() "
        "WHERE NOT internal UNION ALL "
        "SELECT 'column', table_name, column_name, data_type, comment, is_nullable FROM duckdb_columns() "
        "WHERE NOT internal UNION ALL "
        "SELECT 'constraint', table_name, NULL, constraint_text, NULL, NULL FROM duckdb_constraints() ORDER BY ALL"
    ).fetchall()


def test_a_new_warehouse_is_what_all_migrations_step_by_step_come_to(tmp_path: Path) -> None:
    with open_in_memory() as at_once, duckdb.connect(":memory:") as stepwise:
        stepwise.execute(
            "CREATE TABLE meta_migration (version INTEGER PRIMARY KEY, appliedAt TIMESTAMP NOT NULL)"
        )
        stepwise.execute("INSERT INTO meta_migration VALUES (0, now())")  # an older one
        migrate(stepwise, tmp_path)
        assert described(at_once) == described(stepwise)
        versions = at_once.execute("SELECT version FROM meta_migration ORDER BY version").fetchall()
        assert versions == [(version,) for version, _ in migrations()]
