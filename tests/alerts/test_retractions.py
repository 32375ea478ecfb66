"""What GBIF withdraws, corrects or identifies anew is told of every warning that rested on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from alerts.retractions import find_retractions
from store.warehouse import migrate


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two warnings of the last generation, on gbif:1 and 2 and on gbif:2 alone; the first one still stands."""
    former = tmp_path / "former.duckdb"
    with duckdb.connect(str(former)) as connection:
        migrate(connection, former)
        warn(connection, "w-both", "gbif:1", "gbif:2")
        warn(connection, "w-one", "gbif:2")
        snapshot(connection, "s-1")
    with duckdb.connect(str(tmp_path / "now.duckdb")) as connection:
        migrate(connection, former)
        connection.execute(f"ATTACH '{former}' AS former (READ_ONLY)")
        warn(connection, "w-both", "gbif:1")
        for name in ("s-1", "s-2", "s-3"):
            snapshot(connection, name)
        yield connection


def warn(connection: duckdb.DuckDBPyConnection, warning: str, *records: str) -> None:
    connection.execute(
        "INSERT INTO out_warning (warningId, kind, taxonID, scientificName, placeKind, placeID, placeZh, placeEn, level, "
        "late, firstEventDate, firstSeen, recordCount, reasons, evidence) VALUES (?, 'new-to-region', 't', 'Solanum', "
        "'region', 'x', '某地', 'Somewhere', 'orange', false, '2026-06-01', now()::TIMESTAMP, 1, '[]', ?)",
        [warning, json.dumps([{"recordId": record} for record in records])],
    )


def snapshot(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(
        "INSERT INTO out_gbif_snapshot VALUES (?, 'f', TIMESTAMP '2026-01-01', 1, NULL, NULL, 0, 0, 0)",
        [name],
    )


def change(
    connection: duckdb.DuckDBPyConnection,
    record: str,
    kind: str,
    *fields: str,
    submission: str = "s-2",
    day: int = 1,
) -> None:
    connection.execute(
        "INSERT INTO out_gbif_change VALUES (?, ?, 's-1', ?::TIMESTAMP, ?, ?, 'Solanum', 'Ulmus')",
        [record, submission, f"2026-02-0{day}", kind, list(fields)],
    )


def told(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    return [(row["warningId"], kind, row["records"]) for row, kind in find_retractions(connection, "former")]


@pytest.mark.parametrize("kind", ["gone", "reidentified"])
def test_a_warning_that_lost_all_its_records_ends_and_another_goes_on(
    warehouse: duckdb.DuckDBPyConnection, kind: str
) -> None:
    change(warehouse, "gbif:2", kind)
    assert told(warehouse) == [("w-both", f"gbif-{kind}", 1), ("w-one", f"gbif-{kind}-ended", 1)]


def test_another_date_or_place_is_told_and_a_corrected_catalogue_number_is_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    change(warehouse, "gbif:1", "changed", "catalogNumber")
    assert told(warehouse) == []
    change(warehouse, "gbif:2", "changed", "catalogNumber", "eventDate")
    assert told(warehouse) == [("w-both", "gbif-changed", 1), ("w-one", "gbif-changed-ended", 1)]


def test_the_last_of_several_changes_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    change(warehouse, "gbif:1", "reidentified", "taxonKey")
    change(warehouse, "gbif:1", "gone", submission="s-3", day=2)
    assert told(warehouse) == [("w-both", "gbif-gone", 1)]


def test_what_was_told_in_the_last_generation_is_not_told_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    change(warehouse, "gbif:1", "gone", submission="s-1")
    assert told(warehouse) == []


def test_records_that_no_warning_rests_on_are_nobodys_news(warehouse: duckdb.DuckDBPyConnection) -> None:
    change(warehouse, "gbif:77", "gone")
    assert told(warehouse) == []
