"""Amendments: what BDQ Core proposes for the cells of surveys, once per distinct cells of a file.

Proposals change nothing by themselves. What a record is read as is decided in `surveys`, which takes over a few of them
(APPLIED: the same text, whoever reads it); how often it did is counted here, and the cells stay as they were written.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb

from quality.bdq import geography, taxonomy
from quality.bdq.registry import BdqTest, registry, run, with_defaults
from quality.bdq.responses import Asked
from quality.bdq.vectorised import columns_of_terms
from quality.scorecards import READ
from store.engine import duckdb_engine, put
from store.warehouse import ROWS_OF_A_SUBMISSION, note_build, transaction

# The reading of surveys comes to the same as these, wherever they propose anything.
APPLIED = (
    "AMENDMENT_EVENTDATE_STANDARDIZED", "AMENDMENT_EVENTDATE_FROM_YEARMONTHDAY", "AMENDMENT_EVENT_FROM_EVENTDATE",
    "AMENDMENT_OCCURRENCESTATUS_ASSUMEDDEFAULT",
)  # fmt: skip
# Every point would be one distinct proposal more.
OF_POINTS = ("AMENDMENT_GEODETICDATUM_ASSUMEDDEFAULT", "AMENDMENT_COORDINATES_FROM_VERBATIM")
PROPOSED = "tmp_proposed"
LIVE = f"""
SELECT raw_survey.*, record.rowId AS readId FROM raw_survey JOIN core_record AS record
    ON record.submissionId = raw_survey.submissionId AND record.rowId % {ROWS_OF_A_SUBMISSION} = raw_survey.rowNumber
WHERE record.source = 'survey' AND record.rowFault IS NULL
"""
COUNT = """
INSERT INTO core_amendment
SELECT found.submissionId, '{test}', '{guid}', found.status, found.verbatim::JSON, found.proposed::JSON, count(*),
    count(*) FILTER (read."{column}"::VARCHAR = found.amended)
FROM {proposed} AS found JOIN ({live}) AS raw ON raw.submissionId = found.submissionId AND {same}
JOIN tmp_read AS read ON read.rowId = raw.readId
GROUP BY ALL ORDER BY ALL
"""


@functools.cache
def proposing_tests() -> tuple[BdqTest, ...]:
    """The amendments of BDQ Core that need no list of names, no shapes and no points."""
    apart = {*geography.TESTS, *taxonomy.TESTS, *OF_POINTS}
    return tuple(
        test
        for label, test in registry().items()
        if test.type == "Amendment" and test.function and label not in apart
    )


def build_amendments(connection: duckdb.DuckDBPyConnection, day: date) -> int:
    """Rebuild core_amendment from raw_survey and core_record; returns the number of distinct proposals."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE tmp_read AS SELECT * FROM ({READ}) WHERE source = 'survey'"
    )
    columns = {
        name for (name,) in connection.execute("SELECT column_name FROM (DESCRIBE tmp_read)").fetchall()
    }
    names = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'raw_survey' AND data_type = 'VARCHAR'"
    ).fetchall()
    column_of = columns_of_terms(name for (name,) in names)
    with transaction(connection):
        connection.execute("DELETE FROM core_amendment")
        for test in proposing_tests():
            present = list(dict.fromkeys(column_of[term] for term in test.terms if term in column_of))
            read_column = next((name for name in map(_bare, test.actedUpon) if name in columns), None)
            if present and read_column:
                _count(connection, test, present, column_of, read_column, day)
        proposals = note_build(connection, "core_amendment")
    connection.execute("DROP TABLE tmp_read")
    return proposals


def _count(
    connection: duckdb.DuckDBPyConnection,
    test: BdqTest,
    present: list[str],
    column_of: dict[str, str],
    read_column: str,
    day: date,
) -> None:
    listed = ", ".join(f'"{name}"' for name in present)
    distinct = connection.execute(f"SELECT DISTINCT submissionId, {listed} FROM raw_survey").fetchall()
    rows = list(_proposals(test, present, column_of, read_column, distinct, day))
    if not rows:
        return
    schema = dict.fromkeys(("submissionId", *present, "status", "verbatim", "proposed", "amended"), "string")
    put(duckdb_engine(connection), PROPOSED, rows, schema)
    same = " AND ".join(f'raw."{name}" IS NOT DISTINCT FROM found."{name}"' for name in present)
    connection.execute(
        COUNT.format(
            test=test.label, guid=test.guid, column=read_column, proposed=PROPOSED, live=LIVE, same=same
        )
    )


def _proposals(
    test: BdqTest,
    present: list[str],
    column_of: dict[str, str],
    read_column: str,
    distinct: list[tuple[Any, ...]],
    day: date,
) -> Iterator[tuple[Any, ...]]:
    """The distinct cells for which the test proposes something, with what it proposes."""
    asked = Asked(with_defaults(test, {}, day), day)
    for submission, *values in distinct:
        written = dict(zip(present, values, strict=True))
        terms = {term: written[name] for term, name in column_of.items() if written.get(name) is not None}
        response = run(test, terms, asked)
        if response and response.amendment:
            proposed = {_bare(term): value for term, value in response.amendment.items()}
            stands = {name: written.get(name) for name in present if written.get(name)}
            yield (
                submission, *values, response.status, json.dumps(stands, ensure_ascii=False),
                json.dumps(proposed, ensure_ascii=False), proposed.get(read_column),
            )  # fmt: skip


def _bare(term: str) -> str:
    return term.partition(":")[2]
