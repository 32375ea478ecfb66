"""Corrected cells: cells of survey rows that a person corrected, put into raw_survey beside what was written there.

A correction is about one value of one record: in a later file of the record it is put in again where the cell still
says the same, and left where the cell was changed. Who may correct and why is kept by `quality.record_decisions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from store.engine import duckdb_engine, sql_for
from store.warehouse import transaction
from surveys.columns import TERMS
from surveys.identity import PREFIX, with_identity

IDENTIFIED = "tmp_identified"
UNDO = """
UPDATE raw_survey SET "{term}" = done.verbatim, inheritedId = done.inheritedBefore FROM raw_correction AS done
WHERE done.term = '{term}' AND NOT list_contains($standing, done.decisionId)
    AND done.submissionId = raw_survey.submissionId AND done.rowNumber = raw_survey.rowNumber
"""


@dataclass(frozen=True)
class Correction:
    """By term what was written in the cells of a record and what should stand there."""

    recordId: str
    cells: Mapping[str, tuple[str | None, str | None]]
    decisionId: str


def written_cells(connection: duckdb.DuckDBPyConnection, record_id: str) -> dict[str, Any] | None:
    """The row of raw_survey that the record is, its newest where there are several; None where there is none."""
    _identify(connection)
    return _row_of(connection, record_id)


def _identify(connection: duckdb.DuckDBPyConnection) -> None:
    identified = sql_for(duckdb_engine(connection), _identified)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {IDENTIFIED} AS {identified}")


def _row_of(connection: duckdb.DuckDBPyConnection, record_id: str) -> dict[str, Any] | None:
    columns = ", ".join(f'"{term}"' for term in TERMS)
    found = connection.execute(
        f"SELECT submissionId, rowNumber, inheritedId, {columns} FROM raw_survey JOIN {IDENTIFIED} "
        "USING (submissionId, rowNumber) WHERE recordId = ? ORDER BY knownSince DESC, submissionId LIMIT 1",
        [record_id],
    )
    rows = found.to_arrow_table().to_pylist()
    return rows[0] if rows else None


def apply_corrections(connection: duckdb.DuckDBPyConnection, corrections: Iterable[Correction]) -> int:
    """Bring raw_survey up to the corrections that stand; returns the number of cells changed now."""
    standing = list(corrections)
    changed: set[str] = set()
    with transaction(connection):
        changed |= _undo(connection, [one.decisionId for one in standing])
        cells = 0
        if standing:
            _identify(connection)
        for one in standing:
            row = _row_of(connection, one.recordId)
            for term, (before, after) in one.cells.items() if row else ():
                if row and term in TERMS and row[term] == before and before != after:
                    _put(connection, row, one, term)
                    changed.add(row["submissionId"])
                    cells += 1
        for submission in changed:  # so that its records are made again
            connection.execute(
                "UPDATE raw_submission SET loadedAt = now() AT TIME ZONE 'UTC' WHERE submissionId = ?",
                [submission],
            )
    return cells


def _undo(connection: duckdb.DuckDBPyConnection, standing: list[str]) -> set[str]:
    done = connection.execute(
        "SELECT DISTINCT submissionId, term FROM raw_correction WHERE NOT list_contains(?, decisionId)",
        [standing],
    ).fetchall()
    for term in {term for _, term in done}:
        connection.execute(UNDO.format(term=term), {"standing": standing})
    connection.execute("DELETE FROM raw_correction WHERE NOT list_contains(?, decisionId)", [standing])
    return {submission for submission, _ in done}


def _put(connection: duckdb.DuckDBPyConnection, row: Mapping[str, Any], one: Correction, term: str) -> None:
    """Change one cell; an unnumbered row keeps the id that its content gave it."""
    place = [row["submissionId"], row["rowNumber"]]
    connection.execute(
        "INSERT INTO raw_correction VALUES (?, ?, ?, ?, ?, ?)",
        [*place, term, row[term], row["inheritedId"], one.decisionId],
    )
    connection.execute(
        f'UPDATE raw_survey SET "{term}" = ?, inheritedId = ? WHERE submissionId = ? AND rowNumber = ?',
        [one.cells[term][1], one.recordId.removeprefix(PREFIX), *place],
    )


def _identified(engine: Any) -> Any:
    rows = with_identity(engine.table("raw_survey"), engine.table("raw_submission"))
    return rows.filter(rows.replacedBy.isnull()).select("submissionId", "rowNumber", "recordId", "knownSince")
