"""The empty forms: what a person finds in the workbook, and that only the sheet of records is read."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from surveys.opening import open_survey
from surveys.protocols.catalogue import Protocol, protocols
from surveys.protocols.choices import choices
from surveys.templates import EXAMPLE, HEADER_ROW, NOTES, OPTIONS, RECORDS, write_form
from tests.surveys.forms import example_rows_of, filled_form

ALL = list(protocols().values())


def named(protocol: Protocol) -> str:
    return protocol.id


@pytest.fixture(params=ALL, ids=named)
def form(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Protocol, Path]:
    path = tmp_path / "form.xlsx"
    write_form(request.param, path)
    return request.param, path


def test_a_form_has_records_examples_notes_and_options(form: tuple[Protocol, Path]) -> None:
    protocol, path = form
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [RECORDS, EXAMPLE, NOTES, OPTIONS]
    records = book[RECORDS]
    assert [cell.value for cell in records[HEADER_ROW]] == [column.header for column in protocol.columns]
    assert (records.max_row, records.freeze_panes) == (HEADER_ROW, f"A{HEADER_ROW + 1}")
    assert records.print_title_rows == "$1:$2"
    assert book[EXAMPLE].max_row == HEADER_ROW + len(protocol.examples)
    notes = " ".join(str(cell.value) for row in book[NOTES].iter_rows() for cell in row if cell.value)
    for said in (protocol.description.zh, protocol.description.en, protocol.source, "2026-06", "GCJ-02"):
        assert said in notes
    assert ("未经核对" in notes) == (protocol.sureness == "unconfirmed")


def test_required_columns_carry_a_star_and_measured_ones_their_unit(form: tuple[Protocol, Path]) -> None:
    protocol, path = form
    headers = [str(cell.value) for cell in openpyxl.load_workbook(path)[RECORDS][HEADER_ROW]]
    for column, header in zip(protocol.columns, headers, strict=True):
        assert ("*" in header) == (column.need == "required")
        assert column.unit is None or f"({column.unit})" in header
        assert column.label.zh in header
        assert column.label.en in header


def test_every_column_has_help_and_every_list_a_drop_down(form: tuple[Protocol, Path]) -> None:
    protocol, path = form
    book = openpyxl.load_workbook(path)
    rules = book[RECORDS].data_validations.dataValidation
    assert len(rules) == len(protocol.columns)
    for column, rule in zip(protocol.columns, rules, strict=True):
        assert column.help.zh in rule.prompt
        assert len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32
        assert (rule.type == "list") == (column.list is not None)
        if column.list:
            sheet, cells = rule.formula1.split("!")
            offered = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
            assert offered == [choice.offered for choice in choices(column.list)]


def test_no_cell_of_a_form_holds_a_formula(form: tuple[Protocol, Path]) -> None:
    _, path = form
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in sheets:
            assert not re.search(rb"<f[ >]", package.read(name)), name


def test_dates_and_numbers_of_trees_are_kept_as_text(form: tuple[Protocol, Path]) -> None:
    protocol, path = form
    records = openpyxl.load_workbook(path)[RECORDS]
    for position, column in enumerate(protocol.columns, start=1):
        is_text = records.column_dimensions[get_column_letter(position)].number_format == "@"
        assert is_text == (column.kind in ("text", "date", "time", "choice"))


def test_only_the_records_are_read_and_nothing_is_asked_about_the_other_sheets(
    form: tuple[Protocol, Path], tmp_path: Path
) -> None:
    protocol, _ = form
    rows = example_rows_of(protocol)
    survey = open_survey(filled_form(protocol.id, tmp_path / "filled.xlsx", rows), "filled.xlsx")
    (read,) = survey.tables
    assert (read.sheet, read.table.lines.num_rows) == (RECORDS, len(rows))
    assert read.stated["statedProtocol"] == protocol.id
    assert (survey.sheets_left_out, survey.problems) == ((), ())
    assert not [column.header for column in read.columns if column.is_unknown]


def test_a_form_is_still_known_when_its_sheet_is_saved_as_text(
    form: tuple[Protocol, Path], tmp_path: Path
) -> None:
    protocol, _ = form
    filled = filled_form(protocol.id, tmp_path / "filled.xlsx", example_rows_of(protocol))
    text = tmp_path / "数据.csv"
    rows = openpyxl.load_workbook(filled)[RECORDS].iter_rows(values_only=True)
    text.write_text("\n".join("\t".join(str(cell or "") for cell in row) for row in rows), encoding="gb18030")
    (read,) = open_survey(text, text.name).tables
    assert read.stated["statedProtocol"] == protocol.id


def test_rows_written_on_the_example_sheet_are_told(tmp_path: Path) -> None:
    path = filled_form("casual", tmp_path / "a.xlsx", example_rows_of(protocols()["casual"]))
    book = openpyxl.load_workbook(path)
    book[EXAMPLE].append([None, "2026-08-09", None, "文瀛湖公园", None, None, None, None, "榆树"])
    book.save(path)
    survey = open_survey(path, path.name)
    assert [(problem.rule, problem.sheet) for problem in survey.problems] == [
        ("FORM_EXAMPLE_FILLED", EXAMPLE)
    ]
    assert survey.row_count == len(protocols()["casual"].examples)


def test_a_table_of_a_protocol_is_told_what_columns_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("日期,地点,鸟种,数量,调查方法\n2026-06-03,文瀛湖公园,麻雀,3,样点法\n", encoding="utf-8")
    problems = open_survey(path, path.name).problems
    lacking = [(p.rule, p.severity, p.values.get("zh_column")) for p in problems]
    assert lacking == [
        ("PROTOCOL_COLUMN_MISSING", "warning", "样点编号"),
        ("PROTOCOL_COLUMN_MISSING", "warning", "开始时间"),
        ("PROTOCOL_EFFORT_MISSING", "warning", None),
    ]


def test_a_protocol_guessed_from_a_name_is_only_mentioned(tmp_path: Path) -> None:
    path = tmp_path / "植物样方.csv"
    path.write_text("样方号,日期,地点,种名,株数\nY1,2026-06-03,文瀛湖公园,榆树,3\n", encoding="utf-8")
    problems = open_survey(path, path.name).problems
    assert {problem.severity for problem in problems} == {"info"}
    assert problems[0].rule == "PROTOCOL_BY_NAME"
    asked = open_survey(path, path.name, {"protocol": "casual"})
    assert asked.tables[0].stated["statedProtocol"] == "casual"
    assert asked.problems == ()
