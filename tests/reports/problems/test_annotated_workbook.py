"""The annotated copy of the user's own workbook, as the user opens it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from monitoring.inspection import inspect_survey
from reports.problems.as_workbook import write_annotated_workbook
from reports.problems.workbook.cells import SheetEditor
from reports.problems.workbook.marks import COLOURS
from reports.problems.workbook.notes import with_notes, with_shapes
from reports.problems.workbook.problem_sheet import LIST_TITLE
from reports.problems.workbook.styles import Styles
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


def with_parts(source: Path, target: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return target


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_macros_are_left_out_and_that_is_told(tmp_path: Path) -> None:
    source = own_workbook(tmp_path / "plain.xlsx")
    listed = annotated(tmp_path, with_parts(source, tmp_path / "鸟.xlsx", {"xl/vbaProject.bin": b"x"}))[
        LIST_TITLE
    ]
    assert "vbaProject" in str(listed["A3"].value)
    assert "xl/vbaProject.bin" not in parts_of(tmp_path / "annotated.xlsx")


def test_a_workbook_with_macro_sheets_is_rebuilt_and_what_is_lost_is_told(tmp_path: Path) -> None:
    source = own_workbook(tmp_path / "plain.xlsx")
    odd = {"xl/macrosheets/sheet1.xml": b"<x/>", "xl/embeddings/oleObject1.bin": b"x"}
    book = annotated(tmp_path, with_parts(source, tmp_path / "鸟.xlsx", odd))
    assert "embeddings" in str(book[LIST_TITLE]["A3"].value)
    assert not parts_of(tmp_path / "annotated.xlsx").keys() & odd.keys()
    assert colour(book.worksheets[0], "B4") == COLOURS["error"]


def rich_workbook(path: Path) -> Path:
    """A chart, choices, a rule of colours, names, a frozen pane, a hidden sheet and a part that nobody knows."""

    def enrich(sheet: Worksheet) -> None:
        book = sheet.parent
        assert isinstance(book, openpyxl.Workbook)
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=3, min_row=3, max_row=5))
        sheet.add_chart(chart, "H2")
        choices = DataValidation("list", formula1='"1,2"')
        choices.add("C3:C9")
        sheet.add_data_validation(choices)
        sheet.conditional_formatting.add(
            "C3:C9", CellIsRule("greaterThan", ["5"], fill=PatternFill("solid", "00FF00"))
        )
        sheet.freeze_panes = "A3"
        sheet["C5"].number_format = "0.000"
        sheet["C5"].fill = PatternFill("solid", fgColor="123456")
        sheet["B3"].fill = PatternFill("solid", fgColor="654321")
        hidden = book.create_sheet("藏")
        hidden.sheet_state = "hidden"
        book.defined_names["地"] = DefinedName("地", attr_text="'藏'!$A$1:$A$3")
        book.defined_names["坏"] = DefinedName("坏", attr_text="CALL(&quot;x&quot;)")

    plain = changed(own_workbook(path.with_name("plain.xlsx")), path.with_name("rich.xlsx"), enrich)
    return with_parts(plain, path, {"xl/media/odd.bin": b"\x00kept"})


def test_every_part_that_needs_no_change_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    source = rich_workbook(tmp_path / "鸟.xlsx")
    annotated(tmp_path, source)
    before, after = parts_of(source), parts_of(tmp_path / "annotated.xlsx")
    changed_parts = {name for name in before if after.get(name) != before[name]}
    drawings = {name for name in before if "comment" in name.lower() or name.endswith(".vml")}
    assert changed_parts - drawings == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }  # fmt: skip
    assert {
        "xl/media/odd.bin",
        "xl/charts/chart1.xml",
        "xl/worksheets/sheet2.xml",
    } <= after.keys() - changed_parts


def test_charts_choices_rules_panes_and_harmless_names_are_kept(tmp_path: Path) -> None:
    book = annotated(tmp_path, rich_workbook(tmp_path / "鸟.xlsx"))
    sheet = book.worksheets[0]
    assert len(sheet._charts) == len(sheet.data_validations.dataValidation) == 1
    assert len(sheet.conditional_formatting) == 1
    assert (sheet.freeze_panes, book["藏"].sheet_state) == ("A3", "hidden")
    assert list(book.defined_names) == ["地"]
    assert (sheet["C5"].number_format, colour(sheet, "C5")) == ("0.000", COLOURS["error"])
    assert colour(sheet, "B3") == "654321"


def test_calamine_reads_the_copy_like_the_original(tmp_path: Path) -> None:
    source = rich_workbook(tmp_path / "鸟.xlsx")
    annotated(tmp_path, source)
    before, after = (CalamineWorkbook.from_path(str(path)) for path in (source, tmp_path / "annotated.xlsx"))
    assert after.sheet_names == [*before.sheet_names, LIST_TITLE]
    names = [row[:4] for row in after.get_sheet_by_index(0).to_python()]
    assert names == [row[:4] for row in before.get_sheet_by_index(0).to_python()]


def rewritten(sheet: str, colours: dict[int, dict[int, str]], size: int = 7) -> str:
    """A sheet streamed in small pieces, so that tags are cut anywhere."""
    content = sheet.encode()
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    styles = Styles(
        b"<styleSheet><fonts/><fills><fill/></fills><cellXfs count='2'><xf fontId='0'/><xf fillId='0'/></cellXfs></styleSheet>"
    )
    return b"".join(SheetEditor(colours, styles, None).rewritten(pieces)).decode()


@pytest.mark.parametrize("size", [1, 7, 50, 10_000])
def test_a_sheet_in_any_namespace_keeps_every_byte_but_its_marks(size: int) -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:mc="m" mc:Ignorable="z"><x:cols/>'
        '<x:sheetData><x:row r="2" spans="1:1"><x:c r="B2"><x:f>A1&gt;2</x:f><x:v>7</x:v></x:c></x:row><x:row r="4"/>'
        "</x:sheetData><!-- > --></x:worksheet>"
    )
    assert rewritten(sheet, {}, size) == sheet.replace("<x:f>A1&gt;2</x:f>", "")
    marked = rewritten(sheet, {2: {1: "FF0000", 2: "FF0000"}, 3: {1: "FF0000"}, 4: {3: "FF0000"}}, size)
    assert '<x:row r="2"><x:c r="A2" s="2"/><x:c r="B2" s="2"><x:v>7</x:v></x:c></x:row>' in marked
    assert (
        '<x:row r="3"><x:c r="A3" s="2"/></x:row><x:row r="4"><x:c r="C4" s="2"/></x:row></x:sheetData><!--'
        in marked
    )


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


def test_our_note_goes_below_the_users_and_never_into_a_thread() -> None:
    own = (
        "<comments><authors><author>tc={1}</author><author>队长</author></authors><commentList>"
        '<comment ref="A1" authorId="0"><text><t>thread</t></text></comment>'
        '<comment ref="A2" authorId="1"><text><t>再核对</t></text></comment></commentList></comments>'
    )
    content, fresh = with_notes(own.encode(), {(1, 1): ["a"], (2, 1): ["b<"], (3, 1): ["c"]})
    assert fresh == [(3, 1)]
    written = content.decode()
    assert "<text><t>thread</t></text>" in written
    assert '<r><t>再核对</t></r><r><t xml:space="preserve">\n\nb&lt;</t></r></text>' in written
    assert '<comment ref="A3" authorId="2">' in written


def test_a_drawing_that_is_no_xml_gets_our_shapes_too() -> None:
    own = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="_x0000_s1025"><br></v:shape></xml>'
    written = with_shapes(own, [(3, 2)])
    assert b'<v:shape id="_x0000_s1025"><br></v:shape>' in written
    assert b'id="_x0000_s2049"' in written and b"<x:Row>2</x:Row><x:Column>1</x:Column>" in written
