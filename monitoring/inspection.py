"""Inspection: what would become of a survey file, told before it is handed in; nothing is kept.

The same reading, matching, placing and testing as in a run, in a warehouse of its own in memory.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from gbif.names import gbif_names
from monitoring.problems import Problem, Totals, make_visible
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_occurrences, build_quarantine
from quality.record_tests.record_test import Context
from species.taxa import build_taxa
from store.archive import Receipt
from store.catalogue import BilingualText, remedy, text
from store.errors import ParkwatchError
from store.region import Region
from store.warehouse import count_rows, open_in_memory
from surveys.columns import Column
from surveys.loading import load_rows
from surveys.opening import SurveyFile, open_survey

PROBLEMS = """
WITH read_as AS (
    SELECT sheet, headerLine, term, columnLetter, header FROM raw_survey_column WHERE term IS NOT NULL
    UNION ALL  -- where no column is the scientific name, the common name is what was tested
    SELECT sheet, headerLine, 'scientificName', columnLetter, header FROM raw_survey_column AS named
    WHERE term = 'vernacularName' AND NOT EXISTS (
        FROM raw_survey_column AS other WHERE other.sheet = named.sheet
        AND other.headerLine = named.headerLine AND other.term = 'scientificName')
)
SELECT
    test, severity, raw.sheet, raw.line,
    coalesce(across.columnLetter, read_as.columnLetter) AS columnLetter,
    coalesce(across.header, read_as.header) AS header, recordId, value, suggestion, bdqLabel
FROM core_flag JOIN raw_survey AS raw ON raw.rowNumber = core_flag.rowId % 10_000_000_000
LEFT JOIN read_as
    ON read_as.sheet = raw.sheet AND read_as.headerLine = raw.headerLine AND read_as.term = core_flag.term
LEFT JOIN raw_survey_column AS across  -- the cell of a cross-table, whose column has no header of its own
    ON across.sheet = raw.sheet AND across.headerLine = raw.headerLine AND across.columnLetter = raw.cellColumn
    AND read_as.header = ''
ORDER BY raw.rowNumber, test
"""


@dataclass(frozen=True)
class InspectedTable:
    """One table of the file: where its header stands, what its columns are read as, what holds for all its rows."""

    sheet: str
    header_line: int
    columns: tuple[Column, ...]
    stated: Mapping[str, str]
    stated_year: int | None


@dataclass(frozen=True)
class Inspection:
    """What a survey file holds and what would become of its rows."""

    encoding: str
    tables: tuple[InspectedTable, ...]
    sheets_left_out: tuple[str, ...]
    totals: Totals
    problems: tuple[Problem, ...]


def inspect_survey(
    path: Path,
    file_name: str,
    region: Region,
    day: date,
    extensions: Path,
    reading: Mapping[str, Any] | None = None,
) -> Inspection:
    """Inspect one survey file; raises UnreadableFile where no row of it could be used."""
    survey = open_survey(path, file_name, reading)
    with open_in_memory(extensions) as connection:
        load_rows(connection, survey, _receipt_of_now(file_name))
        build_taxa(connection, region, gbif_names(connection))
        build_sites(connection, region)
        read = build_records(connection, region)
        build_flags(connection, Context(region.extent, region.thresholds, day))
        build_quarantine(connection)
        return Inspection(
            encoding=survey.encoding,
            tables=tuple(
                InspectedTable(
                    table.sheet,
                    table.table.header_line,
                    tuple(table.columns),
                    table.stated,
                    table.stated_year,
                )
                for table in survey.tables
            ),
            sheets_left_out=survey.sheets_left_out,
            totals=Totals(
                read=read,
                accepted=build_occurrences(connection),
                quarantined=count_rows(connection, "core_quarantine WHERE disposition = 'quarantined'"),
                rejected=count_rows(connection, "core_quarantine WHERE disposition = 'rejected'"),
            ),
            problems=(*_file_problems(survey, file_name), *_problems(connection, file_name)),
        )


def unreadable(cause: ParkwatchError, file_name: str) -> Problem:
    """The one problem of a file that cannot be read at all."""
    line = cause.values.get("line")
    return Problem(
        rule=cause.rule, severity="fatal", file=file_name, sheet="", line=line if isinstance(line, int) else None,
        column=None, header=None, recordId=None, value=None, message=cause.message, fix=cause.remedy,
        suggestion=None, bdq=None,
    )  # fmt: skip


def _file_problems(survey: SurveyFile, file_name: str) -> Iterator[Problem]:
    """What concerns no single row: sheets without a table, columns whose header is not understood."""
    for sheet in survey.sheets_left_out:
        yield _of_the_file("SHEET_LEFT_OUT", "warning", file_name, sheet)
    for read in survey.tables:
        for column in read.columns:
            is_open = column.term is None and column.header and not column.isAcross
            if is_open and survey.mapping.term_of(column.header) is None:
                yield _of_the_file("COLUMN_UNKNOWN", "info", file_name, read.sheet, column)


def _of_the_file(
    rule: str, severity: str, file_name: str, sheet: str, column: Column | None = None
) -> Problem:
    header = make_visible(column.header) if column else None
    values = {"sheet": sheet, "header": header}
    return Problem(
        rule=rule, severity=severity, file=file_name, sheet=sheet, line=None,
        column=column.letter if column else None, header=header, recordId=None, value=header,
        message=text("surveys", rule, **values), fix=remedy("surveys", rule, **values), suggestion=None, bdq=None,
    )  # fmt: skip


def _problems(connection: duckdb.DuckDBPyConnection, file_name: str) -> Iterator[Problem]:
    rows = connection.execute(PROBLEMS).fetchall()
    for test, severity, sheet, line, letter, header, record, value, suggestion, bdq in rows:
        shown = make_visible(value or "")
        message, fix = _texts(test, shown, suggestion or "")
        yield Problem(
            rule=test, severity="info" if severity == "reject" else severity, file=file_name, sheet=sheet, line=line,
            column=letter, header=header, recordId=record, value=shown if value is not None else None,
            message=message, fix=fix,
            suggestion=suggestion, bdq=bdq,
        )  # fmt: skip


@functools.lru_cache(maxsize=10_000)
def _texts(test: str, value: str, suggestion: str) -> tuple[BilingualText, BilingualText]:
    """What a test says about a value, and the remedy; many rows share both."""
    values = {"value": value, "suggestion": suggestion}
    return text("quality", test, **values), remedy("quality", test, **values)


def _receipt_of_now(file_name: str) -> Receipt:
    now = datetime.now(UTC).isoformat()
    return Receipt(
        submissionId="survey-inspected", kind="survey", fileName=file_name, sha256="", sizeInBytes=0,
        receivedAt=now, knownSince=now, receivedFrom="", origin="inspection",
    )  # fmt: skip
