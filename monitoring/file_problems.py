"""Problems of a whole survey file: that it cannot be read, or what concerns no single row of it.

Problems of rows are found by `quality` and told in `inspection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from monitoring.problems import LINES_SHOWN, Problem, make_visible
from quality.acknowledgements import Acknowledgement, reason_for_file
from store.catalogue import remedy, text, why
from store.errors import ParkwatchError
from surveys.columns import Column
from surveys.opening import SurveyFile
from surveys.profiles import Profile


def unreadable(cause: ParkwatchError, file_name: str) -> Problem:
    """The one problem of a file that cannot be read at all."""
    line = cause.values.get("line")
    return Problem(
        rule=cause.rule, severity="fatal", file=file_name, sheet="", line=line if isinstance(line, int) else None,
        column=None, header=None, recordId=None, value=None, message=cause.message, why=cause.why, fix=cause.remedy,
        suggestion=None, bdq=None,
    )  # fmt: skip


def file_problems(
    survey: SurveyFile, file_name: str, acknowledged: Sequence[Acknowledgement] = ()
) -> Iterator[Problem]:
    """What concerns no single row: sheets without a table, columns not understood, what a protocol asks for."""
    for problem in _found(survey, file_name):
        yield replace(
            problem, acknowledged=reason_for_file(acknowledged, problem.rule, file_name, problem.value)
        )


def _found(survey: SurveyFile, file_name: str) -> Iterator[Problem]:
    for sheet in survey.sheets_left_out:
        severity = "warning" if sheet in survey.tables_missed else "info"
        yield _of_the_file("SHEET_LEFT_OUT", severity, file_name, sheet)
    for read in survey.tables:
        for column in read.columns:
            if column.is_unknown:
                yield _of_the_file("COLUMN_UNKNOWN", "info", file_name, read.sheet, column)
    for problem in survey.problems:
        yield _of_the_file(problem.rule, problem.severity, file_name, problem.sheet, values=problem.values)
    if survey.recognised:
        yield _of_the_file("PROFILE_APPLIED", "info", file_name, "", profile=survey.recognised)


def _of_the_file(
    rule: str,
    severity: str,
    file_name: str,
    sheet: str,
    column: Column | None = None,
    profile: Profile | None = None,
    values: Mapping[str, Any] | None = None,
) -> Problem:
    header = make_visible(column.header) if column else None
    values = {"sheet": sheet, "header": header} | dict(values or {})
    if profile:
        values |= {
            "profile": profile.name,
            "headers": make_visible(", ".join(list(profile.columns)[:LINES_SHOWN])),
        }
    return Problem(
        rule=rule, severity=severity, file=file_name, sheet=sheet, line=None,
        column=column.letter if column else None, header=header, recordId=None, value=header,
        message=text("surveys", rule, **values), why=why("surveys", rule, **values),
        fix=remedy("surveys", rule, **values), bdq=None,
        suggestion=column.guesses[0].term if column and column.guesses else None,
    )  # fmt: skip
