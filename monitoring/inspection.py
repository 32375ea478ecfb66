"""Inspection: what would become of a survey file, told before it is handed in; nothing is kept.

The same reading, matching, placing and testing as in a run, in a warehouse of its own in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from gbif.names import gbif_names
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_occurrences, build_quarantine
from quality.record_tests import Context
from species.taxa import build_taxa
from store.archive import Receipt
from store.catalogue import BilingualText, remedy, text
from store.region import Region
from store.warehouse import count_rows, open_in_memory
from surveys.columns import Column
from surveys.loading import load_rows, open_survey

LINES_SHOWN = 12

PROBLEMS = f"""
WITH read_as AS (
    SELECT term, columnLetter, header FROM raw_survey_column WHERE term IS NOT NULL
    UNION ALL  -- where no column is the scientific name, the common name is what was tested
    SELECT 'scientificName', columnLetter, header FROM raw_survey_column
    WHERE term = 'vernacularName' AND 'scientificName' NOT IN (SELECT coalesce(term, '') FROM raw_survey_column)
)
SELECT
    test, severity, value, suggestion, any_value(columnLetter) AS columnLetter, any_value(header) AS header,
    count(*) AS rows, list(line ORDER BY line)[:{LINES_SHOWN}] AS lines
FROM core_flag LEFT JOIN read_as USING (term)
GROUP BY test, severity, value, suggestion
ORDER BY CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 WHEN 'reject' THEN 3 ELSE 4 END,
    rows DESC, min(line), value
"""


@dataclass(frozen=True)
class Problem:
    """One kind of problem with one value: where it stands, what is wrong, how to mend it."""

    test: str
    severity: str
    message: BilingualText
    remedy: BilingualText
    column: str | None
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Inspection:
    """What a survey file holds and what would become of its rows."""

    encoding: str
    header_line: int
    columns: tuple[Column, ...]
    read: int
    accepted: int
    quarantined: int
    rejected: int
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
            encoding=survey.table.encoding,
            header_line=survey.table.header_line,
            columns=tuple(survey.columns),
            read=read,
            accepted=build_occurrences(connection),
            quarantined=count_rows(connection, "core_quarantine WHERE disposition = 'quarantined'"),
            rejected=count_rows(connection, "core_quarantine WHERE disposition = 'rejected'"),
            problems=tuple(_problems(connection)),
        )


def _problems(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    problems = []
    for test, severity, value, suggestion, letter, header, rows, lines in connection.execute(
        PROBLEMS
    ).fetchall():
        values = {"value": value or "", "suggestion": suggestion or ""}
        problems.append(
            Problem(
                test=test,
                severity=severity,
                message=text("quality", test, **values),
                remedy=remedy("quality", test, **values),
                column=f"{letter} ({header})" if letter else None,
                rows=rows,
                lines=tuple(lines),
            )
        )
    return problems


def _receipt_of_now(file_name: str) -> Receipt:
    now = datetime.now(UTC).isoformat()
    return Receipt(
        submissionId="survey-inspected", kind="survey", fileName=file_name, sha256="", sizeInBytes=0,
        receivedAt=now, knownSince=now, receivedFrom="", origin="inspection",
    )  # fmt: skip
