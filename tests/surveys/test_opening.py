"""Files as people keep them: workbooks, titles, merged cells, several tables and sheets, zips."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.errors import UnreadableFile
from surveys.files.reading import read_sheets
from surveys.opening import SurveyFile, open_survey

HEADER = ["样方号", "调查日期", "中文名", "数量"]


def workbook(path: Path, sheets: dict[str, list[list[object]]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for block in merged:
            sheet.merge_cells(block)
    book.save(path)
    return path


def text_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def opened(path: Path) -> SurveyFile:
    return open_survey(path, path.name)


def rows_of(survey: SurveyFile) -> list[list[str]]:
    return [
        text.split(read.table.delimiter)
        for read in survey.tables
        for text in read.table.lines["text"].to_pylist()
    ]


def test_a_workbook_is_read_with_the_lines_its_author_sees(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", {"记录": [["大同公园样方调查"], [], HEADER, ["Y1", "2025-06-03", "榆树", 3]]}
    )
    (read,) = opened(path).tables
    assert (read.sheet, read.table.header_line, read.table.lines["line"].to_pylist()) == ("记录", 3, [4])
    assert rows_of(opened(path)) == [["Y1", "2025-06-03", "榆树", "3"]]


def test_a_merged_plot_holds_for_every_line_it_spans_and_a_merged_count_does_not(tmp_path: Path) -> None:
    rows = [HEADER, ["Y1", "2025-06-03", "榆树", 3], [None, None, "旱柳", None]]
    path = workbook(tmp_path / "a.xlsx", {"记录": rows}, merged=("A2:A3", "B2:B3", "D2:D3"))
    assert rows_of(opened(path))[1] == ["Y1", "2025-06-03", "旱柳", ""]


def test_a_header_of_two_lines_is_one_header(tmp_path: Path) -> None:
    text = "样方号,日期,坐标,,中文名\n,,经度,纬度,\nY1,2025-06-03,113.3,40.07,榆树\n"
    (read,) = opened(text_file(tmp_path / "a.csv", text)).tables
    assert [column.term for column in read.columns] == [
        "eventID", "eventDate", "decimalLongitude", "decimalLatitude", "vernacularName",
    ]  # fmt: skip
    assert read.table.lines["line"].to_pylist() == [3]


def test_a_second_header_in_english_is_no_row(tmp_path: Path) -> None:
    text = "日期,中文名,数量\neventDate,species,count\n2025-06-03,榆树,3\n"
    survey = opened(text_file(tmp_path / "a.csv", text))
    assert rows_of(survey) == [["2025-06-03", "榆树", "3"]]


def test_a_line_of_units_belongs_to_the_header(tmp_path: Path) -> None:
    text = "日期,树种,胸径,树高\n,,cm,m\n2025-06-03,榆树,30,8\n"
    survey = opened(text_file(tmp_path / "a.csv", text))
    assert survey.tables[0].table.header == ("日期", "树种", "胸径(cm)", "树高(m)")
    assert rows_of(survey) == [["2025-06-03", "榆树", "30", "8"]]


def test_what_stands_above_a_table_holds_for_all_its_rows(tmp_path: Path) -> None:
    text = "样方号：Y1　日期：2025年6月3日,,\n地点,文瀛湖,\n中文名,数量,备注\n榆树,3,\n旱柳,1,\n"
    (read,) = opened(text_file(tmp_path / "a.csv", text)).tables
    assert read.stated == {
        "eventID": "Y1", "eventDate": "2025年6月3日", "locality": "文瀛湖", "namedProtocol": "quadrat",
    }  # fmt: skip


def test_several_plots_below_one_another_are_several_tables(tmp_path: Path) -> None:
    block = "样方号：{plot},,\n日期：2025-06-03,,\n中文名,数量,高度\n榆树,3,2\n旱柳,1,4\n\n"
    survey = opened(text_file(tmp_path / "a.csv", block.format(plot="Y1") + block.format(plot="Y2")))
    assert [read.stated["eventID"] for read in survey.tables] == ["Y1", "Y2"]
    assert [read.table.header_line for read in survey.tables] == [3, 9]
    assert [row[0] for row in rows_of(survey) if row[0]] == ["榆树", "旱柳"] * 2


def test_a_header_repeated_on_every_page_begins_no_new_table(tmp_path: Path) -> None:
    page = "日期,中文名,数量\n2025-06-03,榆树,3\n"
    survey = opened(text_file(tmp_path / "a.csv", page * 3))
    assert len(survey.tables) == 1
    assert survey.tables[0].table.lines["line"].to_pylist() == [2, 4, 6]


def test_one_sheet_a_plot_takes_the_plot_from_the_sheet_and_sheets_without_species_are_named(
    tmp_path: Path,
) -> None:
    table: list[list[object]] = [["日期", "中文名", "数量"], ["2025-06-03", "榆树", 3]]
    path = workbook(tmp_path / "a.xlsx", {"样方甲": table, "样方乙": table, "说明": [["本表由某某填写"]]})
    survey = opened(path)
    assert [read.stated["eventID"] for read in survey.tables] == ["样方甲", "样方乙"]
    assert survey.sheets_left_out == ("说明",)


def test_the_year_of_the_file_is_known_to_its_dates(tmp_path: Path) -> None:
    text = "日期,中文名,数量\n6月3日,榆树,3\n"
    assert opened(text_file(tmp_path / "2025夏季调查.csv", text)).tables[0].stated_year == 2025
    assert opened(text_file(tmp_path / "2024-2025调查.csv", text)).tables[0].stated_year is None


def test_headers_in_traditional_characters_are_understood(tmp_path: Path) -> None:
    text = "編號,物種名,覆蓋度(%),調查日期\n1,苘麻,12.5,2025-06-03\n"
    (read,) = opened(text_file(tmp_path / "a.csv", text)).tables
    assert [column.term for column in read.columns] == [
        "occurrenceID", "vernacularName", "organismQuantity", "eventDate",
    ]  # fmt: skip


def test_the_tables_of_a_zip_are_read_by_name_and_what_systems_leave_in_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("甲.csv", "日期,中文名\n2025-06-03,榆树\n")
        archive.writestr("乙.csv", "日期,中文名\n2025-06-03,旱柳\n".encode("gb18030"))
        archive.writestr("__MACOSX/甲.csv", "x")
    assert [read.sheet for read in opened(path).tables] == ["甲.csv", "乙.csv"]


def test_species_by_plots_is_a_record_for_every_filled_cell(tmp_path: Path) -> None:
    text = "序号,中文名,样方1,样方2,样方3,备注\n1,榆树,3,,若干,路边\n2,旱柳,,2,,\n"
    (read,) = opened(text_file(tmp_path / "a.csv", text)).tables
    assert [column.term for column in read.columns[-2:]] == ["eventID", "individualCount"]
    assert [(row[1], row[5], *row[-2:]) for row in rows_of(opened(tmp_path / "a.csv"))] == [
        ("榆树", "路边", "样方1", "3"), ("榆树", "路边", "样方3", "若干"), ("旱柳", "", "样方2", "2"),
    ]  # fmt: skip
    assert read.table.lines["line"].to_pylist() == [2, 2, 3]
    assert read.table.lines["cellColumn"].to_pylist() == ["C", "E", "D"]


def test_species_by_days_is_a_record_for_every_filled_cell(tmp_path: Path) -> None:
    text = "鸟种,2025-06-03,2025-06-10\n麻雀,3,5\n喜鹊,,1\n"
    survey = opened(text_file(tmp_path / "a.csv", text))
    assert [row[-2:] for row in rows_of(survey)] == [
        ["2025-06-03", "3"],
        ["2025-06-10", "5"],
        ["2025-06-10", "1"],
    ]


def test_repeated_measurements_are_no_plots(tmp_path: Path) -> None:
    text = "树种,胸径1,胸径2,日期\n榆树,30,31,2025-06-03\n"
    survey = opened(text_file(tmp_path / "a.csv", text))
    assert len(rows_of(survey)) == 1


@pytest.mark.parametrize("member", ["../a.csv", "/etc/a.csv", "C:\\a.csv", "a/../../b.csv", "..\\a.csv"])
def test_a_zip_that_points_outside_itself_is_refused(tmp_path: Path, member: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "日期,中文名\n2025-06-03,榆树\n")
    assert refusal(path) == "error-zip-path"


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        opened(path)
    assert refused.value.message.zh and refused.value.remedy.en
    return refused.value.rule


def test_a_zip_that_expands_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", (b"0" * 999 + b"\n") * 60_000)
    assert refusal(path) == "error-zip-bomb"


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    path = repacked(tmp_path, lambda text: text.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1))
    assert refusal(path) == "error-workbook-entity"


def test_a_stray_cell_in_the_last_column_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = repacked(tmp_path, lambda text: text.replace('r="A1"', 'r="XFD1"'))
    assert refusal(path) == "error-workbook-too-wide"


def repacked(folder: Path, change: object) -> Path:
    source = workbook(folder / "plain.xlsx", {"记录": [HEADER, ["Y1", "2025-06-03", "榆树", 3]]})
    path = folder / "changed.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.startswith("xl/worksheets/"):
                text = change(text if text.startswith("<?xml") else f'<?xml version="1.0"?>{text}')  # type: ignore[operator]
            new.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"%PDF-1.7\n", "error-no-table-file"),
        (b"<html><table><tr><td>1</td></tr></table>", "error-no-table-file"),
        (b"PK\x03\x04 and no more", "error-zip-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", "error-workbook-broken"),
        ('日期,中文名\n2025-06-03,"榆树\n'.encode() + b"2025-06-03,a\n" * 99, "error-quote-unclosed"),
        ('日期,中文名\n2025-06-03,"榆树\n'.encode(), "error-quote-unclosed"),
        (b"a," * 300_000, "error-too-many-columns"),
        (b"a" * (3 << 20), "error-line-too-long"),
    ],
    ids=[
        "pdf",
        "html",
        "half-a-zip",
        "half-an-xls",
        "unclosed-quote",
        "unclosed-at-the-end",
        "too-wide",
        "too-long",
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path) == rule


@settings(deadline=None)  # a workbook is read in a process of its own
@given(
    head=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
    rest=st.binary(max_size=300),
)
def test_arbitrary_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes(head + rest)
    try:
        read_sheets(path, "a.csv")
    except UnreadableFile as refused:
        assert refused.message.zh


@given(text=st.text(st.sampled_from("日期中文名数量经度,\n\t 12.\"'：:／;；"), max_size=200))
def test_arbitrary_tables_are_opened_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = text_file(tmp_path_factory.mktemp("text") / "a.csv", text)
    try:
        assert opened(path).row_count > 0
    except UnreadableFile as refused:
        assert refused.message.zh
