"""Blocks: plots side by side, plots with several columns each, and the habits of spreadsheets around them."""

from __future__ import annotations

import time
from pathlib import Path

import openpyxl

from store.home import Home
from tests.surveys.readers.exports import check, csv_file, read, told


def test_plots_side_by_side_are_tables_of_their_own(home: Home, tmp_path: Path) -> None:
    rows = [
        ["日期：2026-06-03", "", "", "", "", "", ""], ["地点：文瀛湖公园", "", "", "", "", "", ""],
        ["样方号：Y1", "", "", "", "样方号：Y2", "", ""], ["物种", "株数", "高度", "", "物种", "株数", "高度"],
        ["榆树", "3", "2", "", "侧柏", "1", "4"], ["旱柳", "1", "5", "", "", "", ""], ["", "", "", "", "油松", "-2", "6"],
    ]  # fmt: skip
    path = csv_file(tmp_path / "a.csv", rows)
    _, found = read(path)
    assert [(each["eventID"], each["vernacularName"], each["individualCount"], each["line"]) for each in found] == [
        ("Y1", "榆树", "3", 5), ("Y1", "旱柳", "1", 6), ("Y2", "侧柏", "1", 5), ("Y2", "油松", "-2", 7),
    ]  # fmt: skip
    assert {each["eventDate"] for each in found} == {"2026-06-03"}
    report = check(home, path)
    assert [cell[:4] for cell in told(report, "PARKWATCH_COUNT_NOTNEGATIVE")] == [("", 7, "F", "株数")]
    assert report["totals"]["read"] == 4


def test_a_bare_name_above_each_table_is_its_plot(tmp_path: Path) -> None:
    rows = [
        ["东岸", "", "", "西岸", ""],
        ["物种", "株数", "", "物种", "株数"],
        ["榆树", "3", "", "侧柏", "1"],
    ]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    assert [(each["eventID"], each["vernacularName"]) for each in found] == [
        ("东岸", "榆树"),
        ("西岸", "侧柏"),
    ]


def test_tables_without_a_gap_between_are_told_by_their_repeated_headers(tmp_path: Path) -> None:
    rows = [["物种", "株数", "物种", "株数"], ["榆树", "3", "侧柏", "1"]]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    assert [(each["vernacularName"], each["individualCount"]) for each in found] == [
        ("榆树", "3"),
        ("侧柏", "1"),
    ]


def test_a_plot_with_a_count_and_a_cover_makes_one_record_of_both(home: Home, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["日期：2026-06-03"], ["地点：文瀛湖公园"], ["物种", "样方1", None, "样方2", None, "合计", None],
                [None, "株数", "盖度", "株数", "盖度", "株数", "盖度"], ["榆树", 3, "12%", None, None, 3, 12],
                ["旱柳", 1, "5%", -4, "30%", -3, 35], ["侧柏"]):  # fmt: skip
        sheet.append(row)
    for block in ("A3:A4", "B3:C3", "D3:E3", "F3:G3"):
        sheet.merge_cells(block)
    book.save(tmp_path / "a.xlsx")
    _, found = read(tmp_path / "a.xlsx")
    records = [each for each in found if each["rowKind"] is None]
    assert [(each["eventID"], each["vernacularName"], each["individualCount"], each["organismQuantity"]) for each in records] == [
        ("样方1", "榆树", "3", "12%"), ("样方1", "旱柳", "1", "5%"), ("样方2", "旱柳", "-4", "30%"),
    ]  # fmt: skip
    report = check(home, tmp_path / "a.xlsx")
    assert [cell[:4] for cell in told(report, "PARKWATCH_COUNT_NOTNEGATIVE")] == [("Sheet", 6, "D", "株数")]
    assert [cell[1] for cell in told(report, "PARKWATCH_ROW_UNFILLED")] == [7]


def test_a_plot_named_above_each_table_of_a_sheet_is_not_lost(tmp_path: Path) -> None:
    rows = [
        ["样方1", ""],
        ["物种", "株数"],
        ["榆树", "3"],
        ["", ""],
        ["样方2", ""],
        ["物种", "株数"],
        ["侧柏", "1"],
    ]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    named = [(each["eventID"], each["vernacularName"]) for each in found if each["vernacularName"]]
    assert named == [("样方1", "榆树"), ("样方2", "侧柏")]


def test_an_empty_first_sheet_a_hidden_one_and_a_million_formatted_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("记录")
    for row in (["日期", "中文名", "数量"], ["2026-06-03", "榆树", 3]):
        sheet.append(row)
    sheet.cell(1_000_000, 3).number_format = "0.00"
    hidden = book.create_sheet("旧")
    hidden.sheet_state = "hidden"
    for row in (["日期", "中文名", "数量"], ["2025-06-03", "旱柳", 1]):
        hidden.append(row)
    book.save(tmp_path / "a.xlsx")
    started = time.monotonic()
    _, found = read(tmp_path / "a.xlsx")
    assert time.monotonic() - started < 20
    assert [each["vernacularName"] for each in found if each["rowKind"] is None] == ["榆树", "旱柳"]
    assert len(found) == 2


def test_the_same_header_twice_is_kept_twice(tmp_path: Path) -> None:
    rows = [["日期", "中文名", "备注", "备注"], ["2026-06-03", "榆树", "甲", "乙"]]
    _, (found,) = read(csv_file(tmp_path / "a.csv", rows))
    assert "甲" in str(found)
    assert "乙" in str(found)
