"""A plain workbook for what cannot be edited as it is: rows as read, or the values of an odd XLSX file.

What openpyxl does not know is lost on this way, which is told. Marks are put on the result by `edited`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from reports.problems.workbook.splicing import NOT_IN_XML
from surveys.files.guards import GuardedZip, guarded_workbook
from surveys.files.reading import read_sheets
from surveys.files.sheet import Sheet

LONGEST_SHEET_NAME = 31
LONGEST_TEXT = 32_767
NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
LOST_BY_COPYING = (
    "xl/charts/",
    "xl/embeddings/",
    "xl/activeX/",
    "xl/vbaProject.bin",
    "xl/pivotTables/",
    "xl/slicers/",
    "xl/externalLinks/",
)


def rows_as_read(source: Path, file_name: str) -> tuple[bytes, dict[str, str]]:
    """The rows at the lines they stand on, and what each sheet is called; a formula is its own text."""
    book = Workbook(write_only=True)
    titles: dict[str, str] = {}
    for sheet in read_sheets(source, file_name):
        title = sheet_title(sheet.name or Path(file_name).stem, book.sheetnames)
        written = book.create_sheet(title)
        titles[sheet.name] = title
        at = 0
        for line, cells in _cells_of_lines(sheet):
            for _ in range(at + 1, line):
                written.append([])
            written.append([_text_cell(written, cell) for cell in cells])
            at = line
    return _saved(book), titles


def values_alone(content: bytes, file_name: str) -> tuple[bytes, tuple[str, ...]]:
    """The workbook with values for formulas and which parts are lost; a formula without a result is its text."""
    archive = GuardedZip(content, file_name)
    formulas_alone = guarded_workbook(archive)
    book = load_workbook(io.BytesIO(content), data_only=True)
    for sheet in book.worksheets:
        for (line, column), formula in formulas_alone.get(sheet.title, {}).items():
            cell = sheet.cell(line, column)
            if not isinstance(cell, MergedCell):
                cell.value = formula.translate(NOT_IN_XML)[:LONGEST_TEXT]
                cell.data_type = "s"  # openpyxl takes a leading = for a formula
    lost = tuple(
        part.removeprefix("xl/").rstrip("/")
        for part in LOST_BY_COPYING
        if any(name.startswith(part) for name in archive.names)
    )
    return _saved(book), lost


def _cells_of_lines(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for batch in sheet.lines.to_batches():
        for row in batch.to_pylist():
            yield row["line"], row["text"].split(sheet.delimiter)


def _text_cell(sheet: WriteOnlyWorksheet, content: str) -> Cell | str | None:
    plain = content.translate(NOT_IN_XML)[:LONGEST_TEXT]
    if not plain.startswith(("=", "#")):
        return plain or None
    cell = WriteOnlyCell(sheet, plain)
    cell.data_type = "s"  # openpyxl takes a leading = for a formula
    return cell


def sheet_title(name: str, taken: list[str]) -> str:
    """A name that a workbook allows and that no other sheet has."""
    plain = (
        name.translate(NOT_IN_A_SHEET_NAME).translate(NOT_IN_XML).strip("'")[:LONGEST_SHEET_NAME] or "sheet"
    )
    title, number = plain, 2
    while title.lower() in {other.lower() for other in taken}:
        title = f"{plain[: LONGEST_SHEET_NAME - 5]} ({number})"
        number += 1
    return title


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
