"""Cross-tables either way round: what stands across the top, what the cells say, what a nought and a gap mean."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from store.home import Home
from surveys.errors import UnreadableFile
from tests.surveys.readers.exports import Rows, check, csv_file, read, told


def records(path: Path, *terms: str) -> list[tuple[str | None, ...]]:
    return [tuple(found[term] for term in terms) for found in read(path)[1] if found["rowKind"] is None]


def test_plots_down_the_side_and_species_across_the_top(tmp_path: Path) -> None:
    rows = [
        ["样方号", "调查日期", "榆树", "旱柳", "侧柏"],
        ["Y1", "2026-06-03", "3", "", "1"],
        ["Y2", "2026-06-04", "0", "若干", ""],
    ]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    assert [(each["eventID"], each["eventDate"], each["vernacularName"], each["individualCount"]) for each in found] == [
        ("Y1", "2026-06-03", "榆树", "3"), ("Y1", "2026-06-03", "侧柏", "1"), ("Y2", "2026-06-04", "榆树", "0"),
        ("Y2", "2026-06-04", "旱柳", "若干"),
    ]  # fmt: skip
    assert [each["cellColumn"] for each in found] == ["C", "E", "C", "D"]


def test_latin_names_across_the_top_and_both_names_in_one_header(tmp_path: Path) -> None:
    rows = [["plot", "date", "Ulmus pumila", "旱柳 Salix matsudana"], ["P1", "2026-06-03", "3", "2"]]
    assert records(csv_file(tmp_path / "a.csv", rows), "scientificName", "vernacularName", "individualCount") == [
        ("Ulmus pumila", None, "3"), ("Salix matsudana", "旱柳", "2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        ["样方号", "日期", "土壤厚度", "郁闭度"],
        ["样方号", "日期", "枯落物厚(cm)", "坡位值"],
        ["样方号", "日期", "甲", "乙"],
    ],
)
def test_what_is_measured_on_a_plot_is_no_species(tmp_path: Path, header: list[str]) -> None:
    members = [[*header], ["Y1", "2026-06-03", "3", "4"]]
    path = csv_file(tmp_path / "a.csv", members)
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    assert refused.value.rule == "error-no-name-column"


def test_a_nought_is_an_absence_and_a_gap_says_nothing(home: Home, tmp_path: Path) -> None:
    rows = [
        ["日期：2026-06-03", "", ""],
        ["地点：文瀛湖公园", "", ""],
        ["中文名", "样方1", "样方2"],
        ["榆树", "0", "3"],
        ["旱柳", "", ""],
    ]
    path = csv_file(tmp_path / "a.csv", rows)
    report = check(home, path)
    assert report["totals"] == {"read": 3, "accepted": 2, "quarantined": 0, "rejected": 1}
    (unfilled,) = told(report, "PARKWATCH_ROW_UNFILLED")
    assert unfilled[1] == 5
    assert not told(report, "PARKWATCH_STATUS_COUNT_CONSISTENT")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [(["r", "2a", "+", "3"], "Braun-Blanquet scale"), (["12.5%", "30%", "5%", "0.5%"], None)],
)
def test_classes_and_covers_in_the_cells_are_no_numbers_of_plants(
    tmp_path: Path, cells: list[str], kind: str | None
) -> None:
    rows = [["物种", "Y1", "Y2"], ["榆树", *cells[:2]], ["旱柳", *cells[2:]]]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    term = "organismQuantity" if kind else "individualCount"
    assert [each[term] for each in found] == cells
    assert {each["organismQuantityType"] for each in found} == {kind}


def test_a_title_that_says_cover_makes_the_numbers_covers(tmp_path: Path) -> None:
    rows = [["草本层盖度调查表（%）", "", ""], ["物种", "Y1", "Y2"], ["榆树", "12", "3"]]
    assert records(csv_file(tmp_path / "a.csv", rows), "organismQuantity", "organismQuantityType", "individualCount") == [
        ("12", "percent cover", None), ("3", "percent cover", None),
    ]  # fmt: skip


def test_a_total_at_the_right_is_no_plot_and_a_total_below_is_no_record(home: Home, tmp_path: Path) -> None:
    rows = [["日期：2026-06-03", "", "", "", ""], ["地点：文瀛湖公园", "", "", "", ""], ["中文名", "样方1", "样方2", "合计", "频度"],
            ["榆树", "1", "3", "4", "100"], ["合计", "1", "3", "4", ""], ["注：天气晴", "", "", "", ""]]  # fmt: skip
    path = csv_file(tmp_path / "a.csv", rows)
    assert records(path, "eventID", "individualCount") == [("样方1", "1"), ("样方2", "3")]
    report = check(home, path)
    assert report["totals"] == {"read": 5, "accepted": 2, "quarantined": 0, "rejected": 3}


def test_plots_numbered_below_one_merged_cell(home: Home, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["日期：2026-06-03"], ["地点：文瀛湖公园"], ["序号", "物种", "样方", None, None], [None, None, 1, 2, 3],
                [1, "榆树", 3, None, -2]):  # fmt: skip
        sheet.append(row)
    for block in ("A3:A4", "B3:B4", "C3:E3"):
        sheet.merge_cells(block)
    book.save(tmp_path / "a.xlsx")
    assert records(tmp_path / "a.xlsx", "eventID", "vernacularName", "individualCount") == [
        ("1", "榆树", "3"), ("3", "榆树", "-2"),
    ]  # fmt: skip
    (wrong,) = told(check(home, tmp_path / "a.xlsx"), "PARKWATCH_COUNT_NOTNEGATIVE")
    assert wrong == ("Sheet", 5, "E", "3", "-2")


def test_plots_numbered_anew_in_every_group_keep_their_group(tmp_path: Path) -> None:
    rows = [["物种", "样地1", "", "样地2", ""], ["", "1", "2", "1", "2"], ["榆树", "3", "", "", "5"]]
    assert records(csv_file(tmp_path / "a.csv", rows), "eventID", "individualCount") == [
        ("样地1/1", "3"),
        ("样地2/2", "5"),
    ]


def test_a_table_that_begins_further_right_keeps_its_letters(tmp_path: Path) -> None:
    rows: Rows = [["", "", ""], ["", "物种", "Y1", "Y2"], ["", "榆树", "3", "4"]]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    assert [each["cellColumn"] for each in found] == ["C", "D"]


def test_texts_below_numbered_headers_make_no_cross_table(tmp_path: Path) -> None:
    rows = [["日期", "物种", "特征1", "特征2"], ["2026-06-03", "榆树", "树皮灰褐", "叶缘有锯齿"]]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    assert len(found) == 1
    assert found[0]["otherCells"] == {"特征1": "树皮灰褐", "特征2": "叶缘有锯齿"}
