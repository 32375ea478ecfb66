"""Templates: the workbook in which people write down the records of one protocol, in both languages.

What a protocol asks for is data (`surveys.protocols`); how a filled workbook is recognised belongs to
`surveys.protocols.forms`. No cell holds a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.catalogue import BilingualText, text
from surveys.protocols.catalogue import FormColumn, Protocol
from surveys.protocols.choices import choices
from surveys.protocols.forms import example_rows
from surveys.protocols.recognition import form_mark

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

RECORDS, EXAMPLE, NOTES, OPTIONS = "记录 Records", "示例 Example", "说明 Notes", "选项 Options"
HEADER_ROW = 2
LAST_ROW = 5000  # down to which drop-downs reach
NOTES_IN_GENERAL = (
    "form-note-rows", "form-note-dates", "form-note-counts", "form-note-absence", "form-note-coordinates",
    "form-note-people", "form-note-columns", "form-note-hand-in",
)  # fmt: skip
FILL_OF_NEED = {"required": "F8CBAD", "recommended": "FFE699", "optional": "EDEDED"}
WIDTH_OF_KIND = {"text": 17, "date": 16, "time": 12, "number": 15, "count": 12, "choice": 22}
KEPT_AS_TEXT = (
    "text",
    "date",
    "time",
    "choice",
)  # so that no spreadsheet turns 001 into 1 or 2026-06 into a day
LONGEST_PROMPT = 255
WIDTH_OF_NOTES = 72
HEIGHT_OF_LINE = 16


def write_form(protocol: Protocol, path: Path) -> None:
    """Write the empty workbook of a protocol: records, examples, notes, and the lists behind its drop-downs."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = f"{protocol.name.zh} {protocol.name.en}"
    book.properties.creator = "Parkwatch"
    records = book.create_sheet(RECORDS)
    _write_table(records, protocol, "", "form-title-records")
    ranges = _write_options(book, protocol)
    _add_validation(records, protocol, ranges)
    example = book.create_sheet(EXAMPLE, 1)
    _write_table(example, protocol, "example", "form-title-example")
    _write_examples(example, protocol)
    _write_notes(book.create_sheet(NOTES, 2), protocol)
    book.save(path)


def _write_table(sheet: Worksheet, protocol: Protocol, aid: str, title: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    name = text("surveys", title, zh_name=protocol.name.zh, en_name=protocol.name.en)
    sheet["A1"] = f"{name.zh} {name.en} {form_mark(protocol, aid)}"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.row_dimensions[1].height = 1.5 * HEIGHT_OF_LINE
    line = Side(style="thin", color="A6A6A6")
    for position, column in enumerate(protocol.columns, start=1):
        cell = sheet.cell(HEADER_ROW, position, column.header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color=FILL_OF_NEED[column.need])
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
        dimension = sheet.column_dimensions[cell.column_letter]
        dimension.width = WIDTH_OF_KIND[column.kind]
        if column.kind in KEPT_AS_TEXT:
            dimension.number_format = "@"
    sheet.row_dimensions[HEADER_ROW].height = 3 * HEIGHT_OF_LINE + 6
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    _set_up_print(sheet)
    sheet.print_title_rows = f"1:{HEADER_ROW}"


def _set_up_print(sheet: Worksheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def _write_options(book: Workbook, protocol: Protocol) -> dict[str, str]:
    """One column a list; returns the range of each, which a drop-down refers to."""
    sheet = book.create_sheet(OPTIONS)
    sheet["A1"] = f"{OPTIONS} {form_mark(protocol, 'options')}"
    lists = sorted({column.list for column in protocol.columns if column.list})
    ranges = {}
    for position, name in enumerate(lists, start=1):
        offered = [choice.offered for choice in choices(name)]
        for row, value in enumerate(offered, start=HEADER_ROW):
            letter = sheet.cell(row, position, value).column_letter
        sheet.column_dimensions[letter].width = 28
        ranges[name] = f"'{OPTIONS}'!${letter}${HEADER_ROW}:${letter}${HEADER_ROW + len(offered) - 1}"
    sheet.sheet_state = "hidden"
    return ranges


def _add_validation(sheet: Worksheet, protocol: Protocol, ranges: dict[str, str]) -> None:
    """A drop-down for every list, and for every column its help; other words are allowed after a warning."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    unusual = text("surveys", "form-unusual-word")
    for position, column in enumerate(protocol.columns, start=1):
        rule = DataValidation(
            type="list" if column.list else None,
            formula1=ranges[column.list] if column.list else None,
            allow_blank=True,
            showInputMessage=True,
            promptTitle=_short(column.label, 32),
            prompt=_short(column.help, LONGEST_PROMPT),
            showErrorMessage=column.list is not None,
            errorStyle="warning",
            error=_short(unusual, LONGEST_PROMPT),
        )
        letter = get_column_letter(position)
        rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}")
        sheet.add_data_validation(rule)


def _short(said: BilingualText, longest: int) -> str:
    """Both languages where a spreadsheet has room for them, else the Chinese alone."""
    both = f"{said.zh}\n{said.en}" if longest > 32 else f"{said.zh} {said.en}"
    return both if len(both) <= longest else said.zh[:longest]


def _write_examples(sheet: Worksheet, protocol: Protocol) -> None:
    from openpyxl.styles import Font

    for row, cells in enumerate(example_rows(protocol), start=HEADER_ROW + 1):
        for position, (column, written) in enumerate(zip(protocol.columns, cells, strict=True), start=1):
            if written:
                cell = sheet.cell(row, position, _value(column, written))
                cell.font = Font(italic=True, color="7F7F7F")
                if column.kind in KEPT_AS_TEXT:
                    cell.number_format = "@"


def _value(column: FormColumn, written: str) -> Any:
    """A number where the column is for numbers and this is one, so that a spreadsheet can work with it."""
    if column.kind in KEPT_AS_TEXT:
        return written
    try:
        number = float(written)
    except ValueError:
        return written
    return int(number) if number.is_integer() else number


def _write_notes(sheet: Worksheet, protocol: Protocol) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet["A1"] = f"{NOTES} {form_mark(protocol, 'notes')}"
    rows: list[tuple[str, Sequence[str]]] = [
        ("head", (protocol.name.zh, protocol.name.en)),
        ("", (protocol.description.zh, protocol.description.en)),
        *(
            ("", (f"{number}. {step.zh}", f"{number}. {step.en}"))
            for number, step in enumerate(protocol.steps, 1)
        ),
        *_headed("form-head-general", *(text("surveys", rule) for rule in NOTES_IN_GENERAL)),
        *_headed("form-head-columns", *map(_explained, protocol.columns)),
        *_headed("form-head-source", _source(protocol)),
    ]
    for number, (kind, cells) in enumerate(rows, start=HEADER_ROW):
        sheet.row_dimensions[number].height = HEIGHT_OF_LINE * max(map(_lines, cells)) + 2
        for position, said in enumerate(cells, start=1):
            cell = sheet.cell(number, position, said)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if kind == "head":
                cell.font = Font(bold=True, size=12)
                cell.fill = PatternFill("solid", start_color="DDEBF7")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = WIDTH_OF_NOTES
    _set_up_print(sheet)


def _lines(said: str) -> int:
    """How many lines a text takes in a column of notes; a Chinese character is as wide as two others."""
    width = sum(1 if character.isascii() else 2 for character in said)
    return 1 + width // (WIDTH_OF_NOTES - 8)


def _headed(head: str, *notes: BilingualText) -> list[tuple[str, tuple[str, str]]]:
    title = text("surveys", head)
    return [("head", (title.zh, title.en)), *(("", (note.zh, note.en)) for note in notes)]


def _explained(column: FormColumn) -> BilingualText:
    return text(
        "surveys", f"form-column-{column.need}", zh_label=column.label.zh, en_label=column.label.en,
        zh_help=column.help.zh, en_help=column.help.en,
    )  # fmt: skip


def _source(protocol: Protocol) -> BilingualText:
    rule = "form-source" if protocol.sureness == "high" else "form-source-unconfirmed"
    return text("surveys", rule, source=protocol.source)
