"""Replacement: whether a file handed in is a corrected version of one handed in before.

Which row corrects which is found in `succession`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from store.archive import Receipt, hash_file, receipts, verified_content
from store.home import Home
from surveys.errors import UnreadableFile
from surveys.identity import RUNNING_NUMBER
from surveys.loading import cell
from surveys.opening import SurveyFile, open_survey
from surveys.read_table import ReadTable

SHARED_TO_REPLACE = 0.5
# What tells a record of an unnumbered table from the others; its count may have been mended.
TELLING = ("scientificName", "vernacularName", "eventDate", "eventID", "locality")


def find_replaced(home: Home, path: Path, file_name: str, survey: SurveyFile) -> Receipt | None:
    """The newest submission of the same file name with which at least half of its records are shared.

    Records are told by their numbers, or where it has none by species, date and place.
    """
    earlier = [receipt for receipt in receipts(home, "survey") if receipt.fileName == file_name]
    if not earlier:
        return None
    sha256 = hash_file(path)
    replaced = {receipt.replaces for receipt in earlier}
    marks = record_marks(survey)
    for receipt in reversed(earlier):
        if receipt.sha256 == sha256 or receipt.submissionId in replaced:
            continue
        old = _marks_of(home, receipt)
        if old and len(old & marks) >= SHARED_TO_REPLACE * len(old):
            return receipt
    return None


def _marks_of(home: Home, receipt: Receipt) -> set[str]:
    try:
        return record_marks(open_survey(verified_content(home, receipt), receipt.fileName, receipt.reading))
    except UnreadableFile:
        return set()


def record_marks(survey: SurveyFile) -> set[str]:
    """The record numbers a file states, running numbers left out; without any, what tells its rows apart."""
    numbers = set().union(*(_distinct(read, ("occurrenceID",)) for read in survey.tables))
    return numbers or set().union(*(_distinct(read, TELLING) for read in survey.tables))


def _distinct(read: ReadTable, terms: Iterable[str]) -> set[str]:
    """The distinct texts of some columns together; of record numbers, those that are no running numbers."""
    positions = {column.term: column.position for column in read.columns}
    found = [cell(positions[term]) for term in terms if term in positions]
    if not found:
        return set()
    with duckdb.connect(":memory:") as connection:
        connection.register("survey_lines", read.table.lines)
        rows = connection.execute(
            f"SELECT DISTINCT mark FROM (SELECT concat_ws('|', {', '.join(found)}) AS mark FROM "
            "(SELECT string_split(text, $delimiter) AS cells FROM survey_lines)) "
            f"WHERE mark <> '' AND NOT regexp_matches(mark, '{RUNNING_NUMBER}')",
            {"delimiter": read.table.delimiter},
        ).fetchall()
    return {mark for (mark,) in rows}
