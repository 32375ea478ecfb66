"""The problem report as an annotated copy of the user's own workbook: cells coloured and commented, layout untouched.

Of a file that is no XLSX workbook, the rows as they were read are written at the lines they stand on. No formula is
written: cells hold the results that the user's file holds. Texts about problems come from `monitoring`.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from monitoring.inspection import Inspection
from monitoring.problems import SEVERITIES, Problem
from store.catalogue import text
from surveys.files.guards import GuardedZip, guarded_workbook
from surveys.files.reading import read_sheets
from surveys.files.sheet import Sheet

COLOURS = {"fatal": "FF9C9C", "error": "FF9C9C", "warning": "FFD98A", "info": "CFE3F7"}
AUTHOR = "Parkwatch 园哨"
LIST_TITLE = "问题 Problems"
LIST_HEADER = (
    "严重程度 severity", "工作表 sheet", "单元格 cell", "列名 header", "原值 value", "问题", "problem", "为什么", "why",
    "改法", "fix", "建议 suggestion", "规则 rule", "记录 recordId", "保留理由 acknowledged",
)  # fmt: skip
LIST_WIDTHS = (12, 14, 8, 14, 18, 40, 40, 30, 30, 40, 40, 20, 36, 30, 20)
COMMENT_WIDTH, COMMENT_HEIGHT = 380, 180
# Spreadsheet programs grow slow with many comments; beyond these, cells are only coloured and the list has the texts.
MOST_COMMENTS = 5_000
MOST_ON_THE_LIST = 100_000
LONGEST_SHEET_NAME = 31
NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
NOT_IN_XML = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd"))
LOST_BY_COPYING = (
    "xl/charts/",
    "xl/embeddings/",
    "xl/activeX/",
    "xl/vbaProject.bin",
    "xl/pivotTables/",
    "xl/slicers/",
)


@dataclass
class _Book:
    """The workbook being annotated, and the sheet that stands for each sheet of the inspection by its name."""

    workbook: Workbook
    sheets: dict[str, Worksheet] = field(default_factory=dict)


def write_annotated_workbook(inspection: Inspection, source: Path, target: Path) -> None:
    """Write the annotated copy of an inspected file (XLSX, whatever the source is)."""
    book = _own_workbook(source) if _is_xlsx(source) else _rows_as_read(source, inspection.fileName)
    by_cell: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in inspection.problems():
        if place := _place_of(problem, inspection):
            by_cell[problem.sheet, place].append(problem)
    commented = 0
    for (sheet, place), problems in by_cell.items():
        if sheet in book.sheets:
            commented += _annotate(
                book.sheets[sheet], place, problems, with_comment=commented < MOST_COMMENTS
            )
    _list_problems(book, inspection, _lost_by_copying(source))
    book.workbook.save(target)


def _is_xlsx(source: Path) -> bool:
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _own_workbook(source: Path) -> _Book:
    """The user's workbook with values for formulas; a formula that holds no result becomes its own text."""
    formulas_alone = guarded_workbook(GuardedZip(source.read_bytes(), source.name))
    workbook = load_workbook(source, data_only=True)
    book = _Book(workbook, {sheet.title: sheet for sheet in workbook.worksheets})
    for name, formulas in formulas_alone.items():
        for (line, column), formula in formulas.items():
            if name in book.sheets:
                _write_text(book.sheets[name], line, column, formula)
    return book


def _rows_as_read(source: Path, file_name: str) -> _Book:
    book = _Book(Workbook())
    empty = book.workbook.active
    for sheet in read_sheets(source, file_name):
        title = _sheet_title(sheet.name or Path(file_name).stem, book.workbook.sheetnames)
        written = book.workbook.create_sheet(title)
        book.sheets[sheet.name] = written
        for line, cells in _cells_of_lines(sheet):
            for column, cell in enumerate(cells, start=1):
                if cell:
                    _write_text(written, line, column, cell)
    if empty is not None:
        book.workbook.remove(empty)
    return book


def _cells_of_lines(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for batch in sheet.lines.to_batches():
        for row in batch.to_pylist():
            yield row["line"], row["text"].split(sheet.delimiter)


def _sheet_title(name: str, taken: list[str]) -> str:
    plain = (
        name.translate(NOT_IN_A_SHEET_NAME).translate(NOT_IN_XML).strip("'")[:LONGEST_SHEET_NAME] or "sheet"
    )
    title, number = plain, 2
    while title.lower() in {other.lower() for other in taken}:
        title = f"{plain[: LONGEST_SHEET_NAME - 5]} ({number})"
        number += 1
    return title


def _write_text(sheet: Worksheet, line: int, column: int, content: str) -> None:
    """As text whatever it looks like: openpyxl takes a leading = for a formula."""
    cell = sheet.cell(line, column)
    if isinstance(cell, MergedCell):
        return
    cell.value = content.translate(NOT_IN_XML)[:32_767]
    cell.data_type = "s"


def _place_of(problem: Problem, inspection: Inspection) -> str | None:
    """The cell of a problem: its own, the first of its line, or the header of its column."""
    if problem.line is not None:
        return f"{problem.column or 'A'}{problem.line}"
    if problem.column is None:
        return None
    header_line = next(
        (read.table.header_line for read in inspection.survey.tables if read.sheet == problem.sheet), 1
    )
    return f"{problem.column}{header_line}"


def _annotate(sheet: Worksheet, place: str, problems: list[Problem], *, with_comment: bool) -> bool:
    """Colour a cell and say in its comment what is wrong; returns whether a comment was written."""
    open_ones = [problem for problem in problems if problem.acknowledged is None]
    if not open_ones:
        return False
    worst = min(open_ones, key=lambda problem: SEVERITIES.index(problem.severity))
    cell = _visible_cell(sheet, place)
    cell.fill = PatternFill("solid", fgColor=COLOURS[worst.severity])
    if not with_comment:
        return False
    said = [_comment_on(problem) for problem in open_ones]
    if cell.comment is not None:
        said.insert(0, cell.comment.text)
    cell.comment = Comment("\n\n".join(said).translate(NOT_IN_XML), AUTHOR, COMMENT_HEIGHT, COMMENT_WIDTH)
    return True


def _visible_cell(sheet: Worksheet, place: str) -> Cell:
    """The cell itself, or the one that shows where it is merged into a block."""
    cell = sheet[place]
    if isinstance(cell, MergedCell):
        block = next(block for block in sheet.merged_cells.ranges if place in block)
        cell = sheet.cell(block.min_row, block.min_col)
    return cell


def _comment_on(problem: Problem) -> str:
    lines = [
        f"【{problem.rule}】",
        problem.message.zh, f"→ {problem.fix.zh}", problem.message.en, f"→ {problem.fix.en}",
    ]  # fmt: skip
    if problem.suggestion:
        lines.insert(3, f"{problem.value or ''} → {problem.suggestion}")
    return "\n".join(lines)


def _list_problems(book: _Book, inspection: Inspection, lost: tuple[str, ...]) -> None:
    """A sheet behind the others with every problem, each linked to its cell."""
    sheet = book.workbook.create_sheet(_sheet_title(LIST_TITLE, book.workbook.sheetnames))
    totals = inspection.totals
    said = text(
        "reports", "problems-workbook-totals", read=totals.read, accepted=totals.accepted,
        quarantined=totals.quarantined, rejected=totals.rejected,
    )  # fmt: skip
    notes = [said.zh, said.en]
    if lost:
        missing = text("reports", "problems-workbook-lost", parts=", ".join(lost))
        notes += [missing.zh, missing.en]
    for note in notes:
        sheet.append([note])
    sheet.append(list(LIST_HEADER))
    header_line = len(notes) + 1
    for cell in sheet[header_line]:
        cell.font = Font(bold=True)
    for width, letter in zip(
        LIST_WIDTHS, map(get_column_letter, range(1, len(LIST_WIDTHS) + 1)), strict=True
    ):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{header_line + 1}"
    for line, problem in enumerate(inspection.problems(), start=header_line + 1):
        if line - header_line > MOST_ON_THE_LIST:
            more = text("reports", "problems-workbook-more", most=MOST_ON_THE_LIST)
            sheet.append([more.zh, None, None, None, None, more.en])
            break
        _list_problem(book, sheet, line, problem, _place_of(problem, inspection))


def _list_problem(book: _Book, sheet: Worksheet, line: int, problem: Problem, place: str | None) -> None:
    severity = text("reports", f"problems-severity-{problem.severity}")
    shown = book.sheets.get(problem.sheet)
    row = (
        f"{severity.zh} {severity.en}", shown.title if shown else problem.sheet, place, problem.header, problem.value,
        problem.message.zh, problem.message.en, problem.why.zh, problem.why.en, problem.fix.zh, problem.fix.en,
        problem.suggestion, problem.rule, problem.recordId, problem.acknowledged,
    )  # fmt: skip
    for column, content in enumerate(row, start=1):
        if content:
            _write_text(sheet, line, column, content)
    sheet.cell(line, 1).fill = PatternFill("solid", fgColor=COLOURS[problem.severity])
    if shown is not None and place is not None:
        title = shown.title.replace("'", "''")
        cell = sheet.cell(line, 3)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{place}", display=place)
        cell.font = Font(color="0563C1", underline="single")


def _lost_by_copying(source: Path) -> tuple[str, ...]:
    """Parts of the user's workbook that the copy cannot keep: charts, embedded objects, macros, pivot tables."""
    if not _is_xlsx(source):
        return ()
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
    return tuple(
        part.removeprefix("xl/").rstrip("/")
        for part in LOST_BY_COPYING
        if any(name.startswith(part) for name in names)
    )
