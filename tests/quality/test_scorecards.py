"""Scorecards: test by test, before and after reading, apart by source, file and site; never one number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.bdq.registry import registry, run, with_defaults
from quality.bdq.responses import Asked
from quality.scorecards import build_scorecards, purposes, scored_tests
from store.warehouse import open_in_memory

DAY = date(2026, 6, 30)
WRITTEN: dict[str, Any] = {
    "submissionId": "s1", "sheet": "", "line": 2, "rowNumber": 2, "occurrenceID": "R-1", "eventDate": "2026年6月3日",
    "scientificName": "Ulmus pumila", "basisOfRecord": "观察", "decimalLatitude": "40.1", "decimalLongitude": "113.3",
}  # fmt: skip
READ: dict[str, Any] = {
    "rowId": 1, "recordId": "survey:R-1", "source": "survey", "submissionId": "s1", "line": 2, "occurrenceID": "R-1",
    "firstSeen": "2026-06-20", "basisOfRecord": "HumanObservation", "occurrenceStatus": "detected",
    "verbatimScientificName": "Ulmus pumila", "matchType": "EXACT", "matchedName": "Ulmus pumila", "eventDate": "2026-06-03",
    "year": 2026, "month": 6, "decimalLatitude": 40.1, "decimalLongitude": 113.3, "withinRegion": True,
    "siteIDs": ["park", "wetland"],
}  # fmt: skip


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        yield connection


def put(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


def put_record(connection: duckdb.DuckDBPyConnection, line: int, **changes: Any) -> None:
    """A survey row and its record; `written_…` changes the row, the others the record."""
    of_row = {
        name.removeprefix("written_"): value for name, value in changes.items() if name.startswith("written_")
    }
    of_record = {name: value for name, value in changes.items() if not name.startswith("written_")}
    submission = of_record.get("submissionId", "s1")
    put(
        connection,
        "raw_survey",
        WRITTEN | {"line": line, "rowNumber": line, "submissionId": submission} | of_row,
    )
    put(
        connection,
        "core_record",
        READ | {"line": line, "rowId": line, "recordId": f"survey:{line}"} | of_record,
    )


def score(connection: duckdb.DuckDBPyConnection, test: str, phase: str, scope: str, scope_id: str) -> Any:
    return connection.execute(
        "SELECT compliant, notCompliant, prerequisitesNotMet FROM out_score "
        "WHERE test = ? AND phase = ? AND scope = ? AND scopeId = ?",
        [test, phase, scope, scope_id],
    ).fetchone()


def test_a_date_read_by_us_fails_as_written_and_passes_as_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    put_record(warehouse, 2)
    build_scorecards(warehouse, DAY)
    assert score(warehouse, "VALIDATION_EVENTDATE_STANDARD", "preAmendment", "source", "survey") == (0, 1, 0)
    assert score(warehouse, "VALIDATION_EVENTDATE_STANDARD", "postAmendment", "source", "survey") == (1, 0, 0)


def test_what_could_not_be_asked_is_told_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    put_record(warehouse, 2)
    put_record(warehouse, 3, decimalLatitude=None, decimalLongitude=None)
    put_record(warehouse, 4, decimalLatitude=91.0)
    build_scorecards(warehouse, DAY)
    assert score(warehouse, "VALIDATION_DECIMALLATITUDE_INRANGE", "postAmendment", "source", "survey") == (
        1,
        1,
        1,
    )


def test_a_record_in_nested_sites_counts_in_each_and_rows_that_are_no_records_in_none(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    put_record(warehouse, 2)
    put_record(warehouse, 3, siteIDs=["park"])
    put_record(warehouse, 4, rowFault="total")
    build_scorecards(warehouse, DAY)
    of = [
        score(warehouse, "VALIDATION_TAXON_NOTEMPTY", "preAmendment", "site", site)
        for site in ("park", "wetland")
    ]
    assert of == [(2, 0, 0), (1, 0, 0)]
    assert score(warehouse, "VALIDATION_TAXON_NOTEMPTY", "preAmendment", "source", "survey") == (2, 0, 0)


def test_each_file_has_a_scorecard_of_its_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    put_record(warehouse, 2)
    put_record(warehouse, 2, submissionId="s2", eventDate=None)
    build_scorecards(warehouse, DAY)
    of = [
        score(warehouse, "VALIDATION_EVENTDATE_NOTEMPTY", "postAmendment", "submission", id)
        for id in ("s1", "s2")
    ]
    assert of == [(1, 0, 0), (0, 1, 0)]


def test_a_record_is_good_for_a_purpose_only_where_it_meets_all_its_tests(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    put_record(warehouse, 2)
    put_record(warehouse, 3, decimalLatitude=0.0, decimalLongitude=0.0)
    put_record(warehouse, 4, decimalLatitude=None, decimalLongitude=None)
    build_scorecards(warehouse, DAY)
    found = warehouse.execute(
        "SELECT good, notGood, notKnown FROM out_fitness WHERE scope = 'source' AND purpose = 'alarms'"
    ).fetchall()
    assert found == [(1, 1, 1)]


def test_a_warehouse_without_records_has_no_scores(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert build_scorecards(warehouse, DAY) == 0


def test_a_purpose_asks_only_tests_that_are_scored() -> None:
    assert {test for purpose in purposes().values() for test in purpose.tests} <= set(scored_tests())


def test_scores_of_earlier_days_are_kept_by_source_and_those_of_the_day_are_made_again(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    put_record(warehouse, 2)
    for day in (date(2026, 6, 29), DAY, DAY):
        build_scorecards(warehouse, day)
    found = warehouse.execute(
        "SELECT day, scope, count(*) FROM out_score GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    tests = len(scored_tests())
    assert found[0] == (date(2026, 6, 29), "source", 2 * tests)
    assert found[1:] == [(DAY, "site", 4 * tests), (DAY, "source", 2 * tests), (DAY, "submission", 2 * tests)]


cells = st.one_of(
    st.none(), st.text(max_size=4), st.sampled_from(["2026-06-03", "40.1", "-91", "0", "WGS84", "CC0"])
)
asked_of = st.fixed_dictionaries(
    dict.fromkeys(
        ("eventDate", "year", "month", "decimalLatitude", "decimalLongitude", "basisOfRecord"), cells
    )
)


@settings(max_examples=8, deadline=None)
@given(st.lists(asked_of, min_size=1, max_size=4))
def test_a_scorecard_counts_what_each_record_alone_would_be_told(
    written: list[dict[str, str | None]],
) -> None:
    with open_in_memory() as connection:
        for line, row in enumerate(written, start=2):
            put_record(connection, line, **{f"written_{name}": value for name, value in row.items()})
        build_scorecards(connection, DAY)
        for label in scored_tests():
            test = registry()[label]
            told = []
            for row in written:
                cells_of_row = {term: (WRITTEN | row).get(term.partition(":")[2]) for term in test.terms}
                terms = {term: value for term, value in cells_of_row.items() if value is not None}
                response = run(test, terms, Asked(with_defaults(test, {}, DAY), DAY))
                told.append(response.result if response else None)
            good = sum(result in ("COMPLIANT", "NOT_ISSUE") for result in told)
            bad = sum(result in ("NOT_COMPLIANT", "POTENTIAL_ISSUE") for result in told)
            assert score(connection, label, "preAmendment", "source", "survey") == (
                good,
                bad,
                len(told) - good - bad,
            )
