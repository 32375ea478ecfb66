"""Flags: the record tests applied to every record, and what follows from them.

A record that fails a test of severity `reject` is no record, one that fails an `error` is held back, all others are
accepted. Fills core_flag, core_quarantine and core_occurrence; rows read = accepted + quarantined + rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import ibis

from quality.acknowledgements import Acknowledgement, note_acknowledged
from quality.record_tests.record_test import Context, RecordTest
from quality.record_tests.registry import RECORD_TESTS, TEST_VERSION
from store.engine import SqlParts, duckdb_engine, sql_for, sql_parts
from store.warehouse import replace_rows

HELD = """
    SELECT rowId, submissionId, bool_or(severity = 'reject') AS rejected,
        list(test ORDER BY severity = 'error', test) AS tests
    FROM core_flag WHERE severity IN ('reject', 'error') GROUP BY rowId, submissionId
"""
QUARANTINE = f"""
WITH held AS ({HELD})
SELECT core_record.*, CASE WHEN rejected THEN 'rejected' ELSE 'quarantined' END AS disposition, tests
FROM held JOIN core_record USING (rowId, submissionId)
"""
ACCEPTED = """
SELECT * FROM core_record WHERE rowId NOT IN (SELECT rowId FROM core_quarantine)
"""


def build_flags(
    connection: duckdb.DuckDBPyConnection, context: Context, acknowledged: Sequence[Acknowledgement] = ()
) -> int:
    """Rebuild core_flag: one row per record and test it fails. Returns the number of flags."""
    asked = sql_parts(sql_for(duckdb_engine(connection), _questions, context))
    # Test by test: one statement for all of them would hold every flag in memory at once.
    flags = replace_rows(
        connection, "core_flag", *(_failures(number, test, asked) for number, test in enumerate(RECORD_TESTS))
    )
    note_acknowledged(connection, acknowledged)
    return flags


def build_quarantine(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild core_quarantine: one row per record not accepted, with the tests that hold it back."""
    return replace_rows(connection, "core_quarantine", QUARANTINE)


def build_occurrences(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild core_occurrence: one row per accepted record."""
    return replace_rows(connection, "core_occurrence", ACCEPTED)


def count_dispositions(connection: duckdb.DuckDBPyConnection, submission: str) -> tuple[int, int, int, int]:
    """Rows of one submission: read, accepted, quarantined, rejected, without building the tables of them."""
    read, held, rejected = connection.execute(
        "SELECT (SELECT count(*) FROM core_record WHERE submissionId = $submission), count(*), "
        f"count(*) FILTER (rejected) FROM ({HELD}) WHERE submissionId = $submission",
        {"submission": submission},
    ).fetchone() or (0, 0, 0)
    return read, read - held, held - rejected, rejected


def _questions(engine: Any, context: Context) -> Any:
    """For every test, by its number, the columns failsN, termN, valueN, suggestionN of core_record (Ibis).

    All of them are turned into SQL together: Ibis takes as long for one test as for all.
    """
    records = engine.table("core_record")
    questions: dict[str, Any] = {}
    for number, test in enumerate(RECORD_TESTS):
        fails = test.fails(records, context)
        if test.severity != "reject":  # a row that is no record is not asked anything else
            fails = fails & records.rowFault.isnull()
        term = ibis.literal(test.term) if isinstance(test.term, str) else test.term(records, context)
        suggestion = test.suggestion(records, context) if test.suggestion else ibis.null("string")
        questions |= {
            f"fails{number}": fails, f"term{number}": term, f"value{number}": test.value(records).cast("string"),
            f"suggestion{number}": suggestion.cast("string"),
        }  # fmt: skip
    return records.select(**questions)


def _failures(number: int, test: RecordTest, asked: SqlParts) -> str:
    """The SELECT of one row per record that fails the test, in the columns of core_flag."""
    term, value, suggestion, fails = (
        asked.columns[f"{part}{number}"] for part in ("term", "value", "suggestion", "fails")
    )
    bdq = [f"'{text}'" if text else "NULL" for text in (test.bdqLabel, test.bdqGuid)]
    return (
        f"SELECT rowId, recordId, source, submissionId, line, '{test.id}' AS test, {bdq[0]} AS bdqLabel, "
        f"{bdq[1]} AS bdqGuid, '{test.severity}' AS severity, {term} AS term, {value} AS value, "
        f"{suggestion} AS suggestion, '{TEST_VERSION}' AS testVersion FROM {asked.source} WHERE {fails}"
    )
