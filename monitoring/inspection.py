"""Inspection: what would become of a survey file, told before it is handed in; nothing is kept.

The same reading, matching, placing and testing as in a run, in a warehouse of its own. Where a cell with a problem
stands is found in `flagged_cells`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from monitoring.difference import Difference, difference_to
from monitoring.file_problems import file_problems
from monitoring.flagged_cells import (
    FlaggedCell,
    cells_by_cause,
    cells_in_file_order,
    count_asking,
    find_flagged_cells,
)
from monitoring.problems import LINES_SHOWN, Cause, Problem, Totals, make_visible
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.acknowledgements import Acknowledgement, acknowledgements
from quality.flags import build_flags, count_dispositions
from quality.record_tests.record_test import Context
from species.index.build import build_index
from store.archive import Receipt
from store.catalogue import BilingualText, remedy, text, why
from store.home import Home
from store.region import Region
from store.warehouse import open_scratch, with_room_for
from surveys.loading import load_rows, load_survey
from surveys.opening import SurveyFile, open_survey, without_rows
from surveys.profiles import saved_profiles
from surveys.replacement import find_replaced

INSPECTED = "survey-inspected"
SEVERITY_TOLD = {"reject": "info"}
ASKING = ("error", "warning")


@dataclass(frozen=True)
class Inspection:
    """What a survey file holds and what would become of its rows; to be asked while its warehouse is open."""

    connection: duckdb.DuckDBPyConnection
    survey: SurveyFile
    fileName: str
    totals: Totals
    difference: Difference | None
    checkedAt: datetime
    acknowledged: Sequence[Acknowledgement] = ()

    def problems(self) -> Iterator[Problem]:
        """Every problem of the file, then every problem of every row in the order of the file."""
        yield from file_problems(self.survey, self.fileName, self.acknowledged)
        for cell in cells_in_file_order(self.connection):
            yield _problem(cell, self.fileName)

    @cached_property
    def open_problems(self) -> int:
        """Errors and warnings that nobody has let stand."""
        return self._asking[0]

    @cached_property
    def settled_problems(self) -> int:
        """Errors and warnings that a person lets stand."""
        return self._asking[1]

    @cached_property
    def _asking(self) -> tuple[int, int]:
        still_open, let_stand = count_asking(self.connection)
        about_file = [
            problem
            for problem in file_problems(self.survey, self.fileName, self.acknowledged)
            if problem.severity in ASKING
        ]
        settled = sum(problem.acknowledged is not None for problem in about_file)
        return still_open + len(about_file) - settled, let_stand + settled

    def causes(self, most: int | None = None) -> Iterator[Cause]:
        """The same grouped by cause: those of the file first, then by severity, the most frequent first.

        `most` is the number of causes of rows that are told.
        """
        for problem in file_problems(self.survey, self.fileName, self.acknowledged):
            yield Cause(problem, 1)
        for cell in cells_by_cause(self.connection, LINES_SHOWN, most):
            yield Cause(_problem(cell, self.fileName), cell.count, tuple(cell.lines))


@contextmanager
def inspect_survey(
    path: Path,
    file_name: str,
    region: Region,
    day: date,
    scratch: Path,
    reading: Mapping[str, Any] | None = None,
    home: Home | None = None,
    survey: SurveyFile | None = None,
) -> Iterator[Inspection]:
    """Inspect one survey file, `survey` where it is open already; raises UnreadableFile where no row could be used.

    `scratch` is a folder for what does not fit into memory; with a `home`, the file is compared with the submission
    there that it would replace.
    """
    read = survey or open_survey(path, file_name, reading, saved_profiles(home)[0] if home else ())
    survey = None  # its rows are let go of below
    replaced = find_replaced(home, path, file_name, read) if home else None
    acknowledged = acknowledgements(home) if home else []
    with open_scratch(scratch, read.row_count) as connection:
        if home and replaced:
            with_room_for(connection, lambda: load_survey(connection, home, replaced))
        receipt = _receipt_of_now(file_name, replaced)
        with_room_for(connection, lambda: load_rows(connection, read, receipt))
        read = without_rows(read)
        difference = difference_to(connection, INSPECTED, replaced) if replaced else None
        with_room_for(connection, lambda: build_index(connection, region, home))
        build_sites(connection, region)
        with_room_for(connection, lambda: build_records(connection, region, home))
        context = Context(region.extent, region.thresholds, day)
        with_room_for(connection, lambda: build_flags(connection, context, acknowledged))
        with_room_for(connection, lambda: find_flagged_cells(connection, INSPECTED))
        totals = Totals(*count_dispositions(connection, INSPECTED))
        yield Inspection(connection, read, file_name, totals, difference, region.today(), acknowledged)


def _problem(cell: FlaggedCell, file_name: str) -> Problem:
    shown = make_visible(cell.value or "")
    message, reason, fix = _texts(cell.test, shown, cell.suggestion or "")
    return Problem(
        rule=cell.test, severity=SEVERITY_TOLD.get(cell.severity, cell.severity), file=file_name, sheet=cell.sheet,
        line=cell.line, column=cell.columnLetter, header=cell.header, recordId=cell.recordId,
        value=shown if cell.value is not None else None, message=message, why=reason, fix=fix,
        suggestion=cell.suggestion, bdq=cell.bdqLabel, acknowledged=cell.acknowledgedReason,
    )  # fmt: skip


@functools.lru_cache(maxsize=10_000)
def _texts(test: str, value: str, suggestion: str) -> tuple[BilingualText, BilingualText, BilingualText]:
    """What a test says about a value, why it matters, and the remedy; many rows share all three."""
    values = {"value": value, "suggestion": suggestion}
    return text("quality", test, **values), why("quality", test, **values), remedy("quality", test, **values)


def _receipt_of_now(file_name: str, replaced: Receipt | None) -> Receipt:
    now = datetime.now(UTC).isoformat()
    return Receipt(
        submissionId=INSPECTED, kind="survey", fileName=file_name, sha256="", sizeInBytes=0,
        receivedAt=now, knownSince=now, receivedFrom="", origin="inspection",
        replaces=replaced.submissionId if replaced else None,
    )  # fmt: skip
