"""Succession: which row of a corrected file is which row of the file it replaces.

By the team's own record numbers; else by what the row says, by species and visit, and at last by where it stands
between rows that are known. What makes a single row's id belongs to `identity`.
"""

from __future__ import annotations

import duckdb

from store.engine import duckdb_engine, sql_of
from surveys.columns import TERMS
from surveys.identity import NOT_ITS_OWN, with_identity_in_file

COMPARED = tuple(term for term in TERMS if term not in NOT_ITS_OWN)
ALIKE = 0.5
NAME = "coalesce(scientificName, vernacularName)"
VISIT = ("sheet", NAME, "eventID", "eventDate", "locality")
# The columns by whose equality rows are paired, from the surest on; the nth of equal ones with the nth.
PASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("statedId IS NOT NULL", ("statedId", "content")),
    ("statedId IS NOT NULL", ("statedId",)),
    ("statedId IS NULL", ("sheet", "content")),
    ("statedId IS NULL", ("content",)),
    (f"statedId IS NULL AND {NAME} IS NOT NULL", (*VISIT, "occurrenceID")),
    (f"statedId IS NULL AND {NAME} IS NOT NULL", VISIT),
)
PAIR = """
INSERT INTO tmp_pair
WITH {sides}
SELECT former.rowNumber, later.rowNumber
FROM former JOIN later ON {equal} AND former.place = later.place
"""
SIDE = """{side} AS (
    SELECT {columns}, rowNumber, row_number() OVER (PARTITION BY {positions} ORDER BY rowNumber) AS place
    FROM tmp_{side} WHERE {condition} AND rowNumber NOT IN (SELECT {side}Row FROM tmp_pair)
)"""
# A row between two known ones that is like the one that stood there: its species or its date was corrected.
PAIR_BY_PLACE = """
INSERT INTO tmp_pair
WITH former AS (
    SELECT tmp_former.*, last_value(laterRow IGNORE NULLS) OVER before AS anchor,
        rowNumber - coalesce(last_value(if(laterRow IS NULL, NULL, rowNumber) IGNORE NULLS) OVER before, 0) AS distance
    FROM tmp_former LEFT JOIN tmp_pair ON formerRow = rowNumber
    WINDOW before AS (ORDER BY rowNumber ROWS UNBOUNDED PRECEDING)
),
later AS (
    SELECT tmp_later.*, last_value(laterRow IGNORE NULLS) OVER before AS anchor,
        rowNumber - coalesce(last_value(laterRow IGNORE NULLS) OVER before, 0) AS distance
    FROM tmp_later LEFT JOIN tmp_pair ON laterRow = rowNumber
    WINDOW before AS (ORDER BY rowNumber ROWS UNBOUNDED PRECEDING)
)
SELECT former.rowNumber, later.rowNumber
FROM former JOIN later
    ON former.anchor IS NOT DISTINCT FROM later.anchor AND former.distance = later.distance
WHERE former.statedId IS NULL AND later.statedId IS NULL
    AND former.rowNumber NOT IN (SELECT formerRow FROM tmp_pair)
    AND later.rowNumber NOT IN (SELECT laterRow FROM tmp_pair)
    AND {equal_cells} >= {alike} * {filled_cells}
"""
INHERIT = """
UPDATE raw_survey SET inheritedId = former.identity
FROM tmp_pair
JOIN tmp_former AS former ON former.rowNumber = formerRow
JOIN tmp_later AS later ON later.rowNumber = laterRow
WHERE raw_survey.submissionId = $submission AND raw_survey.rowNumber = laterRow
    AND later.statedId IS NULL AND former.identity <> later.identity
"""


def inherit_identities(connection: duckdb.DuckDBPyConnection, submission: str, replaced: str) -> None:
    """Give the unnumbered rows of a corrected file the ids of the rows they correct; both must be loaded."""
    pair_rows(connection, submission, replaced)
    connection.execute(INHERIT, {"submission": submission})


def pair_rows(connection: duckdb.DuckDBPyConnection, submission: str, replaced: str) -> None:
    """Make tmp_former and tmp_later, the filled rows of both files, and tmp_pair (formerRow, laterRow)."""
    raw = duckdb_engine(connection).table("raw_survey")
    for table, chosen in (("tmp_former", replaced), ("tmp_later", submission)):
        rows = sql_of(with_identity_in_file(raw.filter(raw.submissionId == chosen)))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {rows}")
    connection.execute("CREATE OR REPLACE TEMP TABLE tmp_pair (formerRow BIGINT, laterRow BIGINT)")
    for condition, columns in PASSES:
        names = [f"key{number}" for number in range(len(columns))]
        selected = ", ".join(f"{column} AS {name}" for column, name in zip(columns, names, strict=True))
        sides = ", ".join(
            SIDE.format(side=side, columns=selected, positions=", ".join(columns), condition=condition)
            for side in ("former", "later")
        )
        equal = " AND ".join(f"former.{name} IS NOT DISTINCT FROM later.{name}" for name in names)
        connection.execute(PAIR.format(sides=sides, equal=equal))
    connection.execute(
        PAIR_BY_PLACE.format(
            equal_cells=_sum_over_terms("former.{0} = later.{0}"),
            filled_cells=_sum_over_terms("former.{0} IS NOT NULL OR later.{0} IS NOT NULL"),
            alike=ALIKE,
        )
    )


def _sum_over_terms(condition: str) -> str:
    cells = (f"coalesce({condition.format(term)}, false)::INT" for term in COMPARED)
    return f"({' + '.join(cells)})"
