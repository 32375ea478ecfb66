"""Great Expectations inside DuckDB, with and without what we had to mend."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest

from quality import gx_duckdb
from quality.expectations import Expectation, Suite
from quality.suites import CELL_CODE

RUN_WITHOUT_PATCH = """
import duckdb
from quality import gx_duckdb
from quality.expectations import Expectation, Suite

gx_duckdb._keep_results_readable = lambda: None
connection = duckdb.connect(":memory:")
connection.execute("CREATE TABLE leaf AS SELECT 'a' AS leafId")
present = Expectation("present", "expect_column_values_to_not_be_null", {"column": "leafId"})
outcomes = gx_duckdb.evaluate(connection, [Suite("leaves", "leaf", True, (present,))])
print("passed" if outcomes["leaves"][0].success else outcomes["leaves"][0].cause)
"""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE leaf (leafId VARCHAR, size DOUBLE, cellCode VARCHAR)")
    connection.execute("INSERT INTO leaf VALUES ('a', 1, '1kmE1N1'), ('b', 2, '1kmW2S2'), (NULL, 9, 'here')")
    return connection


def suite(*expectations: Expectation) -> Suite:
    return Suite("leaves", "leaf", blocking=True, expectations=expectations)


def present(column: str, mostly: float = 1.0) -> Expectation:
    return Expectation(
        f"{column}-present", "expect_column_values_to_not_be_null", {"column": column, "mostly": mostly}
    )


def matches(column: str) -> Expectation:
    return Expectation("regex", "expect_column_values_to_match_regex", {"column": column, "regex": CELL_CODE})


def sizes(low: float, high: float) -> Expectation:
    return Expectation(
        "sizes", "expect_column_values_to_be_between", {"column": "size", "min_value": low, "max_value": high}
    )


def test_outcomes_come_back_in_the_order_of_the_suite_with_their_counts(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    query = {"unexpected_rows_query": "SELECT * FROM {batch} WHERE size > 1"}
    asked = suite(
        Expectation("query", "unexpected_rows_expectation", query),
        matches("cellCode"), sizes(0, 5), present("leafId"), present("size"),
    )  # fmt: skip
    outcomes = gx_duckdb.evaluate(connection, [asked])["leaves"]
    assert [(each.id, each.success, each.unexpected_count) for each in outcomes] == [
        ("query", False, 2),
        ("regex", False, 1),
        ("sizes", False, 1),
        ("leafId-present", False, 1),
        ("size-present", True, 0),
    ]


def test_a_missing_column_fails_with_its_cause_and_spoils_no_other_expectation(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    outcomes = gx_duckdb.evaluate(connection, [suite(present("stem"), present("size"))])["leaves"]
    assert not outcomes[0].success
    assert outcomes[0].unexpected_count is None
    assert "stem" in outcomes[0].cause
    assert outcomes[1].success


def test_not_a_number_is_outside_every_bound(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("INSERT INTO leaf VALUES ('c', 'nan', NULL), ('d', 'inf', NULL), ('e', NULL, NULL)")
    outcomes = gx_duckdb.evaluate(connection, [suite(sizes(0, 10))])["leaves"]
    assert outcomes[0].unexpected_count == 2


def test_the_connection_is_usable_and_the_table_unchanged_afterwards(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    gx_duckdb.evaluate(connection, [suite(present("leafId"))])
    assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == tables
    connection.execute("DROP TABLE leaf")


def test_cursors_are_closed_when_a_suite_cannot_even_begin(connection: duckdb.DuckDBPyConnection) -> None:
    opened: list[duckdb.DuckDBPyConnection] = []

    class Watched:
        def cursor(self) -> duckdb.DuckDBPyConnection:
            opened.append(connection.cursor())
            return opened[-1]

    with pytest.raises(Exception, match="no_such_table"):
        gx_duckdb.evaluate(Watched(), [Suite("none", "no_such_table", True, (present("leafId"),))])  # type: ignore[arg-type]
    assert opened
    for cursor in opened:
        with pytest.raises(duckdb.ConnectionException):
            cursor.execute("SELECT 1")


def test_importing_the_gates_does_not_import_great_expectations() -> None:
    program = "import sys, quality.gates; print('great_expectations' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.slow
def test_great_expectations_still_needs_to_be_told_to_keep_results_readable() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", RUN_WITHOUT_PATCH], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() != "passed", (
        "great_expectations now reads DuckDB results by itself: "
        "delete _keep_results_readable and _DialectName from quality/gx_duckdb.py, and this test"
    )


def test_great_expectations_still_needs_to_be_told_about_regular_expressions(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("DELETE FROM leaf WHERE cellCode = 'here'")
    monkeypatch.setattr(gx_duckdb, "_make_regular_expressions_work", lambda execution_engine: None)
    outcomes = gx_duckdb.evaluate(connection, [suite(matches("cellCode"))])["leaves"]
    assert not outcomes[0].success, (
        "great_expectations now finds DuckDB's regular expressions by itself: "
        "delete _make_regular_expressions_work from quality/gx_duckdb.py, and this test"
    )
