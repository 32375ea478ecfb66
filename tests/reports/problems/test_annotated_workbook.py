"""The annotated copy of the user's own workbook, as the user opens it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from monitoring.inspection import inspect_survey
from reports.problems.as_workbook import COLOURS, LIST_TITLE, write_annotated_workbook
from store.region import read_region

DATONG = Path(__file__).resolve().parents[3] / "regions" / "datong"
HEADER = ["日期", "鸟种", "数量", "地点", "两倍"]


def own_workbook(path: Path) -> Path:
    """As a person leaves it: a merged title, a comment, a wide column, bold type, formulas with and without results."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "六月 '晨'"
    for row in (["大同公园鸟类调查 2026年"], HEADER, ["2026-06-03", "麻雀", 3, "文瀛湖公园", "=C3*2"],
                ["6月31日", "没这个种", 1, "文瀛湖公园", "=1+1"], ["2026-06-04", "=CMD()", -4, "文瀛湖公园", None]):  # fmt: skip
        sheet.append(row)
    sheet["B5"].data_type = "s"
    sheet.merge_cells("A1:E1")
    sheet["A4"].comment = Comment("队长：再核对", "队长")
    sheet["B4"].font = Font(bold=True, name="宋体")
    sheet.column_dimensions["B"].width = 31
    sheet.row_dimensions[2].height = 40
    book.save(path)
    return path


def annotated(folder: Path, source: Path) -> openpyxl.Workbook:
    target = folder / "annotated.xlsx"
    with inspect_survey(
        source, source.name, read_region(DATONG), date(2026, 6, 30), folder / "scratch"
    ) as found:
        write_annotated_workbook(found, source, target)
    return openpyxl.load_workbook(target)


def colour(sheet: Worksheet, place: str) -> str:
    return str(sheet[place].fill.fgColor.rgb)[2:]


def test_wrong_cells_are_coloured_and_commented_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    book = annotated(tmp_path, own_workbook(tmp_path / "鸟.xlsx"))
    sheet = book["六月 '晨'"]
    assert colour(sheet, "A4") == colour(sheet, "B4") == colour(sheet, "C5") == COLOURS["error"]
    assert colour(sheet, "A3") == "000000"
    assert (
        "没这个种" in sheet["B4"].comment.text
        and "VALIDATION_SCIENTIFICNAME_FOUND" in sheet["B4"].comment.text
    )
    assert sheet["A4"].comment.text.startswith("队长：再核对")
    assert (sheet["B4"].font.b, sheet["B4"].font.name, sheet["B4"].value) == (True, "宋体", "没这个种")
    assert [str(block) for block in sheet.merged_cells.ranges] == ["A1:E1"]
    assert (sheet.column_dimensions["B"].width, sheet.row_dimensions[2].height) == (31, 40)


def test_no_formula_is_left_and_none_is_lost(tmp_path: Path) -> None:
    annotated(tmp_path, own_workbook(tmp_path / "鸟.xlsx"))
    with zipfile.ZipFile(tmp_path / "annotated.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and not any(b"<f>" in content or b"<f " in content for content in sheets)
    sheet = openpyxl.load_workbook(tmp_path / "annotated.xlsx")["六月 '晨'"]
    assert (sheet["E3"].value, sheet["E3"].data_type) == ("=C3*2", "s")
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=CMD()", "s")


def test_the_list_behind_the_sheets_leads_to_every_cell(tmp_path: Path) -> None:
    listed = annotated(tmp_path, own_workbook(tmp_path / "鸟.xlsx"))[LIST_TITLE]
    rows = {(row[2].value, row[12].value): row for row in listed.iter_rows(min_row=4)}
    cell = rows["B4", "VALIDATION_SCIENTIFICNAME_FOUND"][2]
    assert cell.hyperlink.location == "'六月 ''晨'''!B4"
    assert cell.hyperlink.target is None


def test_rows_of_a_text_file_stand_at_their_own_lines(tmp_path: Path) -> None:
    source = tmp_path / "鸟.csv"
    source.write_text("标题\n\n日期,鸟种,数量,地点\n2026-06-03,=1+1,3,文瀛湖公园\n", encoding="gb18030")
    sheet = annotated(tmp_path, source)["鸟"]
    assert (sheet["A3"].value, sheet["B4"].value, sheet["B4"].data_type) == ("日期", "=1+1", "s")
    assert colour(sheet, "B4") == COLOURS["error"]


def test_sheets_of_a_zip_get_names_that_a_workbook_allows(tmp_path: Path) -> None:
    source = tmp_path / "鸟.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name in (
            "样方[一]/很长很长很长很长很长很长很长很长很长的名字.csv",
            "样方[一]/很长很长很长很长很长很长很长很长很长的名字2.csv",
        ):
            archive.writestr(name, "日期,鸟种,数量,地点\n2026-06-03,没这个种,3,文瀛湖公园\n")
    first, second, _ = annotated(tmp_path, source).worksheets
    assert colour(first, "B2") == colour(second, "B2") == COLOURS["error"]


def test_what_the_copy_cannot_keep_is_told(tmp_path: Path) -> None:
    source = own_workbook(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "鸟.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/embeddings/oleObject1.bin", b"x")
    listed = annotated(tmp_path, tmp_path / "鸟.xlsx")[LIST_TITLE]
    assert "embeddings" in str(listed["A3"].value)


def test_a_problem_of_a_merged_cell_shows_on_the_block(tmp_path: Path) -> None:
    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("A3:A4")

    book = annotated(tmp_path, changed(own_workbook(tmp_path / "plain.xlsx"), tmp_path / "鸟.xlsx", merged))
    assert book.worksheets[0]["A3"].value == "2026-06-03"


def changed(source: Path, target: Path, change: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.load_workbook(source)
    change(book.worksheets[0])
    book.save(target)
    return target
