"""Flagged cells: the failed tests of one inspected file, each at the sheet, line and column that its author sees.

What a problem says to a person is put together in `inspection`; whether a test fails is decided in `quality`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

ROWS_AT_A_TIME = 2_000
# Where the term a test speaks of has no cell in the row, the cell that its value was taken from.
TAKEN_FROM = {
    "parentEventID": ("eventID",),
    "scientificName": ("vernacularName",),
    "decimalLongitude": ("verbatimCoordinates",),
    "decimalLatitude": ("verbatimCoordinates",),
    "eventDate": ("year", "month", "day"),
    "eventTime": ("endTime", "eventDate"),
    "locality": ("locationID", "county", "eventID"),
    "samplingEffort": (
        "eventDurationValue",
        "sampleSizeValue",
        "totalAreaSampledValue",
        "endTime",
        "deploymentEnd",
    ),
    "endTime": ("eventTime",),
    "targetTaxonomicScope": ("isTaxonomicScopeFullyReported",),
}
# What stands for a term only in a table that has no column of it: an empty cell of its own is what is meant.
STANDS_FOR = {"verbatimSRS": ("decimalLongitude", "verbatimCoordinates")}
FLAGGED_CELLS = """
CREATE OR REPLACE TABLE tmp_flagged_cell AS
WITH raw AS ({rows}),
place AS (  -- one row per term and kind of row: the tables of the file, and which cells are filled
    SELECT DISTINCT flag.term, raw.sheet, raw.headerLine, raw.block, raw.filled
    FROM core_flag AS flag JOIN raw ON raw.rowNumber = flag.rowId % 10_000_000_000
    WHERE flag.submissionId = $submission
),
cell AS (  -- the column a flag is about, one whose cell is filled before the others
    SELECT
        place.term, place.sheet, place.headerLine, place.block, place.filled,
        named.columnLetter, named.header, named.cellSheet,
        row_number() OVER (
            PARTITION BY place.term, place.sheet, place.headerLine, place.block, place.filled
            ORDER BY named.term IS NULL,
                NOT (taken.isMeant OR coalesce(list_contains(place.filled, named.term), false)), taken.place
        ) AS choice
    FROM place JOIN tmp_taken_from AS taken ON taken.term = place.term
    LEFT JOIN raw_survey_column AS named
        ON named.submissionId = $submission AND named.sheet = place.sheet AND named.headerLine = place.headerLine
        AND named.block = place.block AND named.term = taken.cellTerm
)
SELECT
    raw.rowNumber, flag.test, flag.severity,
    CASE WHEN elsewhere.line IS NULL THEN raw.sheet ELSE cell.cellSheet END AS sheet,
    coalesce(elsewhere.line, raw.line) AS line,
    CASE WHEN is_here OR elsewhere.line IS NOT NULL THEN coalesce(across.columnLetter, cell.columnLetter) END
        AS columnLetter,
    CASE WHEN is_here OR elsewhere.line IS NOT NULL THEN coalesce(across.header, cell.header) END AS header,
    flag.recordId, flag.value, flag.suggestion, flag.bdqLabel, flag.acknowledgedReason
FROM core_flag AS flag
JOIN raw ON raw.rowNumber = flag.rowId % 10_000_000_000
JOIN cell ON cell.term = flag.term AND cell.sheet = raw.sheet AND cell.headerLine = raw.headerLine
    AND cell.block = raw.block AND cell.filled = raw.filled AND choice = 1
CROSS JOIN LATERAL (  -- the line of another sheet that the cell was taken from
    SELECT raw.joinedLines[cell.cellSheet] AS line, cell.cellSheet IS NULL AS is_here
) AS elsewhere
LEFT JOIN raw_survey_column AS across  -- the cell of a cross-table, whose column has no header of its own
    ON across.submissionId = $submission AND across.sheet = raw.sheet AND across.headerLine = raw.headerLine
    AND across.block = raw.block AND across.columnLetter = raw.cellColumn AND cell.header = ''
WHERE flag.submissionId = $submission
"""
IN_FILE_ORDER = """
SELECT test, severity, sheet, line, columnLetter, header, recordId, value, suggestion, bdqLabel,
    acknowledgedReason, 1, [line]
FROM tmp_flagged_cell ORDER BY rowNumber, test
"""
GROUPED_BY_CAUSE = """
SELECT
    test, severity, sheet, min(line) AS line, columnLetter, any_value(header),
    min_by(recordId, rowNumber), value, suggestion, any_value(bdqLabel),
    acknowledgedReason, count(*) AS times,
    list(DISTINCT line ORDER BY line)[1:{lines}]
FROM tmp_flagged_cell GROUP BY test, severity, sheet, columnLetter, value, suggestion, acknowledgedReason
ORDER BY acknowledgedReason IS NOT NULL,
    CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, times DESC, line, test
"""


@dataclass(frozen=True, slots=True)
class FlaggedCell:
    """A failed test at the cell it is about, or (`count` > 1) a group of them that share all but line and record."""

    test: str
    severity: str
    sheet: str
    line: int
    columnLetter: str | None
    header: str | None
    recordId: str
    value: str | None
    suggestion: str | None
    bdqLabel: str | None
    acknowledgedReason: str | None
    count: int
    lines: list[int]


def find_flagged_cells(connection: duckdb.DuckDBPyConnection, submission: str) -> None:
    """Make tmp_flagged_cell from core_flag: one row per failed test, with the place of its cell.

    No temporary table, so that several readers can go through it at once; the warehouse is the inspection's own.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE tmp_taken_from (term VARCHAR, cellTerm VARCHAR, place INT, isMeant BOOLEAN)"
    )
    terms = [term for (term,) in connection.execute("SELECT DISTINCT term FROM core_flag").fetchall()]
    cells = [
        (term, cell_term, place, place == 0 and term in STANDS_FOR)
        for term in terms
        for place, cell_term in enumerate((term, *TAKEN_FROM.get(term, ()), *STANDS_FOR.get(term, ())))
    ]
    if cells:
        connection.executemany("INSERT INTO tmp_taken_from VALUES (?, ?, ?, ?)", cells)
    asked = {cell_term for _, cell_term, *_ in cells}
    known = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = 'raw_survey'"
        ).fetchall()
        if name in asked
    ]
    filled = ", ".join(f"CASE WHEN {name} IS NOT NULL THEN '{name}' END" for name in known)
    rows = (
        "SELECT rowNumber, sheet, line, cellColumn, headerLine, block, joinedLines, "
        f"list_filter([{filled}]::VARCHAR[], lambda term: term IS NOT NULL) AS filled "
        "FROM raw_survey WHERE submissionId = $submission"
    )
    connection.execute(FLAGGED_CELLS.format(rows=rows), {"submission": submission})


def cells_in_file_order(connection: duckdb.DuckDBPyConnection) -> Iterator[FlaggedCell]:
    return _stream(connection, IN_FILE_ORDER)


def cells_by_cause(
    connection: duckdb.DuckDBPyConnection, lines_named: int, most: int | None = None
) -> Iterator[FlaggedCell]:
    """One per test, column, value and suggestion: errors first, the most frequent first; those let stand last."""
    limit = "" if most is None else f"LIMIT {most}"
    return _stream(connection, GROUPED_BY_CAUSE.format(lines=lines_named) + limit)


def count_asking(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Flagged cells that ask something of the file's author (errors, warnings): still open, and let stand."""
    still_open, let_stand = connection.execute(
        "SELECT count(*) FILTER (acknowledgedReason IS NULL), count(acknowledgedReason) "
        "FROM tmp_flagged_cell WHERE severity IN ('error', 'warning')"
    ).fetchone() or (0, 0)
    return still_open, let_stand


def _stream(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[FlaggedCell]:
    cursor = connection.cursor().execute(query)
    while rows := cursor.fetchmany(ROWS_AT_A_TIME):
        for row in rows:
            yield FlaggedCell(*row)
