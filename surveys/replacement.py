"""Replacement: whether a file handed in is a corrected version of one handed in before."""

from __future__ import annotations

from pathlib import Path

import duckdb

from store.archive import Receipt, hash_file, receipts, verified_content
from store.home import Home
from surveys.errors import UnreadableFile
from surveys.identity import RUNNING_NUMBER
from surveys.loading import cell
from surveys.opening import ReadTable, SurveyFile, open_survey

SHARED_TO_REPLACE = 0.5


def replaced_submission(home: Home, path: Path, file_name: str, survey: SurveyFile) -> str | None:
    """The newest submission of the same file name with which at least half of its record numbers are shared."""
    earlier = [receipt for receipt in receipts(home, "survey") if receipt.fileName == file_name]
    if not earlier:
        return None
    sha256 = hash_file(path)
    replaced = {receipt.replaces for receipt in earlier}
    for receipt in reversed(earlier):
        if receipt.sha256 == sha256 or receipt.submissionId in replaced:
            continue
        old, new = _numbers_of(home, receipt), record_numbers(survey)
        if old and len(old & new) >= SHARED_TO_REPLACE * len(old):
            return receipt.submissionId
    return None


def _numbers_of(home: Home, receipt: Receipt) -> set[str]:
    try:
        return record_numbers(open_survey(verified_content(home, receipt), receipt.fileName, receipt.reading))
    except UnreadableFile:
        return set()


def record_numbers(survey: SurveyFile) -> set[str]:
    """The record numbers a file states, running numbers left out."""
    return set().union(*(_numbers_in(read) for read in survey.tables))


def _numbers_in(read: ReadTable) -> set[str]:
    column = next((column for column in read.columns if column.term == "occurrenceID"), None)
    if column is None:
        return set()
    with duckdb.connect(":memory:") as connection:
        connection.register("survey_lines", read.table.lines)
        rows = connection.execute(
            f"SELECT DISTINCT number FROM (SELECT {cell(column.position)} AS number FROM "
            "(SELECT string_split(text, $delimiter) AS cells FROM survey_lines)) "
            f"WHERE number IS NOT NULL AND NOT regexp_matches(number, '{RUNNING_NUMBER}')",
            {"delimiter": read.table.delimiter},
        ).fetchall()
    return {number for (number,) in rows}
