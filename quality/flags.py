"""Flags: the record tests applied to every record, and what follows from them.

A record that fails a test of severity `reject` is no record, one that fails an `error` is held back, all others are
accepted: core_occurrence is core_record without core_held. Rows read = accepted + quarantined + rejected. Only
records made again since the last time are judged again (`store.stages`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import ibis

from quality.acknowledgements import Acknowledgement, note_acknowledged
from quality.record_decisions import RecordDecision, apply_decisions, fingerprint_of
from quality.record_tests.dates import DAYS_FROM_1900_TO_1904
from quality.record_tests.record_test import Context, RecordTest
from quality.record_tests.registry import RECORD_TESTS, TEST_VERSION
from store.engine import SqlParts, duckdb_engine, sql_for, sql_parts
from store.stages import note_followed, tell_stages, touched_rows
from store.warehouse import count_rows, note_build, transaction

HELD = """
    SELECT rowId, submissionId, bool_or(severity = 'reject') AS rejected
    FROM core_flag WHERE severity IN ('reject', 'error') GROUP BY rowId, submissionId
"""
HOLD = """
INSERT INTO core_held
SELECT rowId, CASE WHEN bool_or(severity = 'reject') THEN 'rejected' ELSE 'quarantined' END,
    list(test ORDER BY severity = 'error', test)
FROM core_flag WHERE severity IN ('reject', 'error') {among} GROUP BY rowId
"""
JUDGED, HELD_ANEW = "tmp_judged", "tmp_held_anew"
# Of rows that are no records nothing is asked but why; the others mostly lie together, and few of the rest are read.
RECORDS_JUDGED = f"""
CREATE OR REPLACE TEMP TABLE {JUDGED}_whole AS
SELECT rowId FROM core_record WHERE rowFault IS NULL AND rowId IN (SELECT rowId FROM {JUDGED}_row);
CREATE OR REPLACE TEMP TABLE {JUDGED} AS
SELECT * FROM core_record WHERE rowId IN (SELECT rowId FROM {JUDGED}_whole)
UNION ALL BY NAME
SELECT rowId, recordId, source, submissionId, line, rowFault FROM core_record
WHERE rowFault IS NOT NULL AND rowId IN (SELECT rowId FROM {JUDGED}_row)
"""
# Of the day only this is asked: has what a record says begun, or would it have as Excel on old Macs counts days?
OF_RECENT_DAYS = f"""
INSERT INTO {JUDGED}_row SELECT rowId FROM core_record
WHERE ((eventDateStart > $lastJudged AND eventDateStart <= $today)
    OR (source = 'survey' AND eventDateStart + {DAYS_FROM_1900_TO_1904} > $lastJudged
        AND eventDateStart + {DAYS_FROM_1900_TO_1904} <= $today))
    AND rowId NOT IN (SELECT rowId FROM {JUDGED}_row)
"""


def build_flags(
    connection: duckdb.DuckDBPyConnection, context: Context, acknowledged: Sequence[Acknowledgement] = ()
) -> int:
    """Bring core_flag up to core_record: one row per record and test it fails. Returns the number of flags."""
    fingerprint = _fingerprint(context)
    in_part = touched_rows(connection, "core_flag", fingerprint, f"{JUDGED}_row") and _add_recent_days(
        connection, context
    )
    if in_part:
        connection.execute(RECORDS_JUDGED)
    records = JUDGED if in_part else "core_record"
    asked = sql_parts(sql_for(duckdb_engine(connection), _questions, context, records))
    with transaction(connection):
        if in_part:
            connection.execute(f"DELETE FROM core_flag WHERE rowId IN (SELECT rowId FROM {JUDGED}_row)")
            tell_stages(connection, ["core_held"], f"SELECT rowId FROM {JUDGED}_row")
        else:
            connection.execute("DELETE FROM core_flag")
            tell_stages(connection, ["core_held"], None)
        # Test by test: one statement for all of them would hold every flag in memory at once.
        for number, test in enumerate(RECORD_TESTS):
            connection.execute(f"INSERT INTO core_flag BY NAME {_failures(number, test, asked)}")
        note_followed(connection, "core_flag", fingerprint)
        note_followed(connection, "core_flag on", context.today.isoformat())
        flags = note_build(connection, "core_flag")
    note_acknowledged(connection, acknowledged)
    return flags


def build_quarantine(connection: duckdb.DuckDBPyConnection, decided: Sequence[RecordDecision] = ()) -> int:
    """Bring core_held up to core_flag and what people decided: one row per record not accepted, with its tests."""
    fingerprint = TEST_VERSION + fingerprint_of(decided)
    in_part = touched_rows(connection, "core_held", fingerprint, HELD_ANEW)
    among = f"AND rowId IN (SELECT rowId FROM {HELD_ANEW})" if in_part else ""
    with transaction(connection):
        connection.execute(f"DELETE FROM core_held WHERE true {among}")
        connection.execute(HOLD.format(among=among))
        apply_decisions(connection, decided)
        note_followed(connection, "core_held", fingerprint)
        note_build(connection, "core_quarantine")
    return count_rows(connection, "core_held")


def _fingerprint(context: Context) -> str:
    """Of all but the day and the records that decides the flags."""
    return hashlib.sha256(repr((TEST_VERSION, context.extent, context.thresholds)).encode()).hexdigest()


def _add_recent_days(connection: duckdb.DuckDBPyConnection, context: Context) -> bool:
    """Add what the day last judged on may have decided; False where days go backwards and nothing is known."""
    row = connection.execute(
        "SELECT fingerprint FROM meta_built_with WHERE tableName = 'core_flag on'"
    ).fetchone()
    if row is None or row[0] > context.today.isoformat():
        return False
    connection.execute(OF_RECENT_DAYS, {"lastJudged": date.fromisoformat(row[0]), "today": context.today})
    return True


def count_dispositions(connection: duckdb.DuckDBPyConnection, submission: str) -> tuple[int, int, int, int]:
    """Rows of one submission: read, accepted, quarantined, rejected, without building the tables of them."""
    read, held, rejected = connection.execute(
        "SELECT (SELECT count(*) FROM core_record WHERE submissionId = $submission), count(*), "
        f"count(*) FILTER (rejected) FROM ({HELD}) WHERE submissionId = $submission",
        {"submission": submission},
    ).fetchone() or (0, 0, 0)
    return read, read - held, held - rejected, rejected


def _questions(engine: Any, context: Context, table: str) -> Any:
    """For every test, by its number, the columns failsN, termN, valueN, suggestionN of the records (Ibis).

    All of them are turned into SQL together: Ibis takes as long for one test as for all.
    """
    records = engine.table(table)
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
    result = "POTENTIAL_ISSUE" if test.id.startswith("ISSUE_") else "NOT_COMPLIANT"
    bdq = [f"'{text}'" if text else "NULL" for text in (test.bdqLabel, test.bdqGuid)]
    return (
        f"SELECT rowId, recordId, source, submissionId, line, '{test.id}' AS test, {bdq[0]} AS bdqLabel, "
        f"{bdq[1]} AS bdqGuid, '{test.severity}' AS severity, {term} AS term, {value} AS value, "
        f"{suggestion} AS suggestion, '{TEST_VERSION}' AS testVersion, 'RUN_HAS_RESULT' AS status, "
        f"'{result}' AS result FROM {asked.source} WHERE {fails}"
    )
