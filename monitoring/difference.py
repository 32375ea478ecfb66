"""The difference between a corrected survey file and the one it replaces: records added, changed and removed.

Which row is which is found in `surveys.succession`; showing it belongs to `reports` and the command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from monitoring.problems import make_visible
from store.archive import Receipt
from surveys.identity import PREFIX
from surveys.succession import COMPARED, pair_rows

COUNTS = """
SELECT
    (SELECT count(*) FROM tmp_later WHERE rowNumber NOT IN (SELECT laterRow FROM tmp_pair)),
    (SELECT count(DISTINCT laterRow) FROM tmp_changed_cell),
    (SELECT count(*) FROM tmp_former WHERE rowNumber NOT IN (SELECT formerRow FROM tmp_pair)),
    (SELECT count(*) FROM tmp_pair) - (SELECT count(DISTINCT laterRow) FROM tmp_changed_cell)
"""
CHANGED_CELLS = """
CREATE OR REPLACE TABLE tmp_changed_cell AS
WITH both_rows AS (
    SELECT laterRow, former, later FROM tmp_pair
    JOIN tmp_former AS former ON former.rowNumber = formerRow
    JOIN tmp_later AS later ON later.rowNumber = laterRow
    WHERE former.content <> later.content OR former.otherCells IS DISTINCT FROM later.otherCells
        OR former.occurrenceID IS DISTINCT FROM later.occurrenceID
),
named AS (
    SELECT laterRow, unnest([{named}], recursive := true) FROM both_rows
),
other AS (
    SELECT laterRow, header, former.otherCells[header] AS before, later.otherCells[header] AS after
    FROM (
        SELECT *, unnest(list_distinct(list_concat(
            coalesce(map_keys(former.otherCells), []), coalesce(map_keys(later.otherCells), [])))) AS header
        FROM both_rows
    )
)
SELECT laterRow, term, NULL AS header, before, after FROM named WHERE before IS DISTINCT FROM after
UNION ALL
SELECT laterRow, NULL, header, before, after FROM other WHERE before IS DISTINCT FROM after
"""
ROWS = """
SELECT 'added' AS kind, later.identity, later.sheet, later.line, NULL AS term, NULL AS header, NULL AS before,
    coalesce(later.scientificName, later.vernacularName) AS after, later.rowNumber AS place
FROM tmp_later AS later WHERE later.rowNumber NOT IN (SELECT laterRow FROM tmp_pair)
UNION ALL
SELECT 'changed', later.identity, later.sheet, later.line, cell.term, coalesce(cell.header, named.header),
    cell.before, cell.after, later.rowNumber
FROM tmp_changed_cell AS cell JOIN tmp_later AS later ON later.rowNumber = cell.laterRow
LEFT JOIN raw_survey_column AS named
    ON named.submissionId = later.submissionId AND named.sheet = later.sheet
    AND named.headerLine = later.headerLine AND named.block = later.block AND named.term = cell.term
UNION ALL
SELECT 'removed', former.identity, former.sheet, former.line, NULL, NULL,
    coalesce(former.scientificName, former.vernacularName), NULL, 1e15::BIGINT + former.rowNumber
FROM tmp_former AS former WHERE former.rowNumber NOT IN (SELECT formerRow FROM tmp_pair)
ORDER BY place, term, header
"""


@dataclass(frozen=True)
class DifferenceRow:
    """One record added or removed (`before` or `after` is its name), or one changed cell of a record.

    `line` is that of the new file, for a removed record that of the old one.
    """

    kind: str
    recordId: str
    sheet: str
    line: int
    term: str | None
    header: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """How a file differs from the submission it replaces, in records. Read its rows while the warehouse is open."""

    connection: duckdb.DuckDBPyConnection
    previous: str
    fileName: str
    receivedAt: str
    added: int
    changed: int
    removed: int
    same: int

    @property
    def rows(self) -> Iterator[DifferenceRow]:
        """In the order of the new file, what was removed at the end."""
        return self.first_rows()

    def first_rows(self, most: int | None = None) -> Iterator[DifferenceRow]:
        limit = "" if most is None else f"LIMIT {most}"
        for kind, identity, sheet, line, term, header, before, after, _ in self.connection.execute(
            ROWS + limit
        ).fetchall():
            yield DifferenceRow(
                kind, PREFIX + identity, sheet, line, term, header,
                None if before is None else make_visible(before), None if after is None else make_visible(after),
            )  # fmt: skip


def difference_to(connection: duckdb.DuckDBPyConnection, submission: str, replaced: Receipt) -> Difference:
    """Compare two loaded submissions row by row."""
    pair_rows(connection, submission, replaced.submissionId)
    named = ", ".join(
        f"{{'term': '{term}', 'before': former.{term}, 'after': later.{term}}}" for term in COMPARED
    )
    connection.execute(CHANGED_CELLS.format(named=named))
    added, changed, removed, same = connection.execute(COUNTS).fetchone() or (0, 0, 0, 0)
    return Difference(
        connection,
        replaced.submissionId,
        replaced.fileName,
        replaced.receivedAt,
        added,
        changed,
        removed,
        same,
    )
