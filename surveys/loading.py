"""Loading: one archived survey file into the raw_ tables, every cell as text, nothing left out.

Deciding what the texts mean belongs to `standard`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from store.archive import Receipt, receipts, verified_content
from store.home import Home
from store.warehouse import note_submission, transaction
from surveys.columns import TERMS, Column, Mapping, assign_terms, require_a_name
from surveys.errors import UnreadableFile
from surveys.tables import SurveyTable, read_table

SHEET_OF_TEXT_FILES = ""
SAMPLE_ROWS = 50
BLANKS = "' ' || chr(9) || chr(160) || chr(12288) || chr(8203) || chr(65279)"


@dataclass(frozen=True)
class SurveyFile:
    """A survey file that can be read: its table and what each of its columns is read as."""

    table: SurveyTable
    columns: list[Column]
    mapping: Mapping


def open_survey(path: Path, file_name: str, reading: AnyMapping[str, Any] | None = None) -> SurveyFile:
    """Read a survey file without keeping anything; raises UnreadableFile where no row of it could be used.

    `reading` is what the giver said about it: `columns` and `constants` as in a mapping file.
    """
    mapping = Mapping(dict((reading or {}).get("columns", {})), dict((reading or {}).get("constants", {})))
    table = read_table(path, file_name, lambda header: mapping.term_of(header) is not None)
    columns = assign_terms(table.header, mapping, _sample(table))
    require_a_name(columns, mapping, file_name, table.header_line)
    if table.lines.num_rows == 0:
        raise UnreadableFile("error-no-rows", file=file_name, line=table.header_line)
    return SurveyFile(table, columns, mapping)


def load_survey(connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt) -> int:
    """Load one archived survey file; loading it again gives the same rows. Returns the number of rows read."""
    survey = open_survey(verified_content(home, receipt), receipt.fileName, receipt.reading)
    later = [
        other.submissionId for other in receipts(home, "survey") if other.replaces == receipt.submissionId
    ]
    return load_rows(connection, survey, receipt, later[-1] if later else None)


def load_rows(
    connection: duckdb.DuckDBPyConnection,
    survey: SurveyFile,
    receipt: Receipt,
    replaced_by: str | None = None,
) -> int:
    """Write an opened survey file into raw_submission, raw_survey_column and raw_survey, all or nothing."""
    connection.register("survey_lines", survey.table.lines)
    try:
        with transaction(connection):
            for table in ("raw_survey", "raw_survey_column", "raw_submission"):
                connection.execute(f"DELETE FROM {table} WHERE submissionId = ?", [receipt.submissionId])
            connection.execute(
                _insert_rows(survey),
                {"id": receipt.submissionId, "delimiter": survey.table.delimiter} | survey.mapping.constants,
            )
            connection.executemany(
                "INSERT INTO raw_survey_column VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (receipt.submissionId, SHEET_OF_TEXT_FILES, c.position, c.letter, c.header, c.term)
                    for c in survey.columns
                ],
            )
            rows = survey.table.lines.num_rows
            _note_submission(connection, receipt, rows, survey.table.encoding, replaced_by)
    finally:
        connection.unregister("survey_lines")
    return rows


def _note_submission(
    connection: duckdb.DuckDBPyConnection, receipt: Receipt, rows: int, encoding: str, replaced_by: str | None
) -> None:
    note_submission(connection, receipt, rows, encoding)
    connection.execute(
        "UPDATE raw_submission SET replacedBy = ? WHERE submissionId = ?", [replaced_by, receipt.submissionId]
    )
    if receipt.replaces:
        connection.execute(
            "UPDATE raw_submission SET replacedBy = ? WHERE submissionId = ?",
            [receipt.submissionId, receipt.replaces],
        )


def _insert_rows(survey: SurveyFile) -> str:
    """The INSERT that takes the cells of `survey_lines` apart, column by column."""
    by_term = {column.term: column.position for column in survey.columns if column.term}
    values = []
    for term in TERMS:
        if term in by_term:
            values.append(f"{cell(by_term[term])} AS {term}")
        elif term in survey.mapping.constants:
            values.append(f"${term} AS {term}")
    cells = "cells" if "cells" in survey.table.lines.column_names else "string_split(text, $delimiter)"
    return (
        f"INSERT INTO raw_survey BY NAME SELECT $id AS submissionId, '{SHEET_OF_TEXT_FILES}' AS sheet, line, "
        f"{', '.join([*values, _other_cells(survey)])} "
        f"FROM (SELECT line, {cells} AS cells FROM survey_lines WHERE $delimiter IS NOT NULL)"
    )


def cell(position: int) -> str:
    """SQL of the tidied text at a 1-based position of `cells`, empty as NULL."""
    return f"nullif(trim(cells[{position}], {BLANKS}), '')"


def _other_cells(survey: SurveyFile) -> str:
    """The cells without a term, under their headers; cells beyond the last header under their position."""
    entries = [
        f"{{'key': {_quoted(_unique_header(survey.columns, column))}, 'value': {cell(column.position)}}}"
        for column in survey.columns
        if column.term is None
    ]
    width = len(survey.columns)
    named = f"[{', '.join(entries)}]" if entries else "[]::STRUCT(key VARCHAR, value VARCHAR)[]"
    beyond = (
        f"list_transform(range({width + 1}, len(cells) + 1), "
        "lambda place: {'key': '#' || place, 'value': nullif(trim(cells[place]), '')})"
    )
    entries_kept = f"list_filter(list_concat({named}, {beyond}), lambda entry: entry.value IS NOT NULL)"
    if not entries:
        return f"CASE WHEN len(cells) > {width} THEN map_from_entries({entries_kept}) END AS otherCells"
    return f"nullif(map_from_entries({entries_kept}), MAP {{}}) AS otherCells"


def _unique_header(columns: list[Column], column: Column) -> str:
    taken = [other.header for other in columns if other.term is None]
    header = column.header or column.letter
    return header if taken.count(column.header) == 1 and column.header else f"{header} ({column.letter})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sample(table: SurveyTable) -> list[list[str]]:
    rows = table.lines.slice(0, SAMPLE_ROWS)
    if "cells" in rows.column_names:
        sample: list[list[str]] = rows["cells"].to_pylist()
        return sample
    return list(csv.reader(rows["text"].to_pylist(), delimiter=table.delimiter))
