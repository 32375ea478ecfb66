"""Amendments are proposals: told once per distinct cells, counted where the reading came to the same, changing nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from quality.amendments import APPLIED, build_amendments, proposing_tests
from store.warehouse import open_in_memory
from tests.quality.test_scorecards import put_record

DAY = date(2026, 6, 30)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        yield connection


def proposals(connection: duckdb.DuckDBPyConnection, test: str) -> list[tuple[Any, ...]]:
    build_amendments(connection, DAY)
    found = connection.execute(
        "SELECT status, verbatim, proposed, records, applied FROM core_amendment WHERE test = ? ORDER BY ALL",
        [test],
    ).fetchall()
    return [(status, json.loads(was), json.loads(will), *counts) for status, was, will, *counts in found]


def test_a_date_that_can_be_standardised_is_proposed_once_and_counted(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for line in (2, 3, 4):
        put_record(
            warehouse, line, written_eventDate="3 June 2026", eventDate="2026-06-03" if line < 4 else None
        )
    found = proposals(warehouse, "AMENDMENT_EVENTDATE_STANDARDIZED")
    assert found == [("AMENDED", {"eventDate": "3 June 2026"}, {"eventDate": "2026-06-03"}, 3, 2)]


def test_cells_that_are_standard_or_that_nobody_can_read_get_no_proposal(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    put_record(warehouse, 2, written_eventDate="2026-06-03", written_sex="Male")
    put_record(warehouse, 3, written_eventDate="one day", written_sex="purple")
    assert proposals(warehouse, "AMENDMENT_EVENTDATE_STANDARDIZED") == []
    assert proposals(warehouse, "AMENDMENT_SEX_STANDARDIZED") == []


def test_a_word_of_another_vocabulary_is_proposed_and_not_applied_where_it_was_read_otherwise(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    put_record(warehouse, 2, written_sex="M", sex="unknown")
    found = proposals(warehouse, "AMENDMENT_SEX_STANDARDIZED")
    assert found == [("AMENDED", {"sex": "M"}, {"sex": "Male"}, 1, 0)]


def test_the_cells_stay_as_they_were_written(warehouse: duckdb.DuckDBPyConnection) -> None:
    put_record(warehouse, 2, written_eventDate="3 June 2026")
    build_amendments(warehouse, DAY)
    assert warehouse.execute("SELECT eventDate FROM raw_survey").fetchall() == [("3 June 2026",)]


def test_rows_that_are_no_records_get_no_proposal(warehouse: duckdb.DuckDBPyConnection) -> None:
    put_record(warehouse, 2, written_eventDate="3 June 2026", rowFault="total")
    assert proposals(warehouse, "AMENDMENT_EVENTDATE_STANDARDIZED") == []


def test_what_is_applied_is_among_what_is_proposed() -> None:
    assert set(APPLIED) <= {test.label for test in proposing_tests()}
