"""Writes the workbooks among the golden files: `python -m tests.surveys.golden_workbooks`.

They are kept as files, since their bytes are what is tested; this shows how each was made.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FOLDER = Path(__file__).parent / "golden" / "workbooks"
SITE = "文瀛湖公园"
HEADER = ["记录编号", "日期", "中文名", "数量", "地点"]
DAY = date(2025, 6, 3)
Rows = Sequence[Sequence[Any]]


def xlsx(name: str, sheets: dict[str, Rows], merged: Sequence[str] = (), from_1904: bool = False) -> None:
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    if book.active is not None:
        book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for block in merged:
            sheet.merge_cells(block)
    book.save(FOLDER / f"{name}.xlsx")


def xls(name: str, rows: Rows, from_1904: bool = False) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    sheet = book.add_sheet("记录")
    as_date = xlwt.easyxf(num_format_str="YYYY/M/D")
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(line, place, value, as_date)
            else:
                sheet.write(line, place, value)
    book.save(str(FOLDER / f"{name}.xls"))


def ods(name: str, rows: Rows) -> None:
    book = OpenDocumentSpreadsheet()
    table = Table(name="记录")
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, date):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            elif isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=value)
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(FOLDER / f"{name}.ods"))


def main() -> None:
    rows: list[list[Any]] = [
        HEADER,
        ["G-1", DAY, "喜鹊", 3, SITE],
        ["G-2", "2025年6月", "麻雀", "若干", SITE],
    ]
    xlsx("real_dates_and_numbers", {"记录": [
        [*HEADER, "开始时间"],
        ["G-1", DAY, "喜鹊", 3, SITE, time(9, 30)],
        ["G-2", datetime.fromisoformat("2025-06-04 14:20"), "麻雀", 5.0, SITE, None],
        ["G-3", 45811, "喜鹊", "12", SITE, "下午3点半"],
        ["G-4", "2025-06-05", "麻雀", "'7", SITE, None],
    ]})  # fmt: skip
    xlsx("days_counted_from_1904", {"记录": rows}, from_1904=True)
    xlsx("title_and_header_of_two_lines", {"记录": [
        ["大同市公园鸟类调查记录表（2025年）"], [],
        ["记录编号", "日期", "中文名", "坐标", None, "坐标系", "数量(只)"],
        [None, None, None, "经度", "纬度", None, None],
        ["G-1", "6月3日", "喜鹊", 113.3, 40.0767, "WGS84", 3],
        ["G-2", "6.4", "麻雀", "113°18′00″", "40°4′36.12″", "WGS84", "约50"],
    ]}, merged=("A1:G1", "D3:E3", "A3:A4", "B3:B4", "C3:C4", "F3:F4", "G3:G4"))  # fmt: skip
    xlsx("merged_plots_and_counts", {"样方": [
        ["样方号", "调查日期", "地点", "中文名", "株数"],
        ["Y1", "2025-06-03", SITE, "榆树", 3], [None, None, None, "旱柳", None], [None, None, None, "油松", 2],
        ["Y2", "2025-06-04", SITE, "榆树", "丛"], [None, None, None, "旱柳", 1],
    ]}, merged=("A2:A4", "B2:B4", "C2:C4", "E2:E3", "A5:A6", "B5:B6", "C5:C6"))  # fmt: skip
    xlsx("totals_and_notes_below", {"记录": [
        HEADER, ["G-1", DAY, "喜鹊", 3, SITE], ["小计", None, None, 3, None], ["G-2", DAY, "麻雀", 5, SITE],
        ["合计", None, None, 8, None], [], ["注：阴天，两人同时记录，能见度一般"], ["Grand Total", None, None, 8, None],
    ]})  # fmt: skip
    xlsx("a_plot_below_another", {"样方": [
        ["样方号：Y1　调查日期：2025年6月3日　地点：文瀛湖公园"], ["中文名", "株数", "盖度(%)"], ["榆树", 3, 35], ["旱柳", "3丛", "<1"],
        [], ["样方号：Y2　调查日期：2025年6月4日　地点：文瀛湖公园"], ["中文名", "株数", "盖度(%)"], ["油松", "≥10", "5-10"],
    ]})  # fmt: skip
    plot = ["中文名", "株数", "调查日期", "地点"]
    xlsx("one_sheet_a_plot", {
        "Y1": [plot, ["榆树", 3, DAY, SITE]], "Y2": [plot, ["旱柳", "若干", DAY, SITE]], "说明": [["填表说明"], ["每个样方一张表"]],
    })  # fmt: skip
    xlsx("species_by_plots", {"样方2025": [
        ["地点：文瀛湖公园", None, None, None], ["中文名", "样方1", "样方2", "样方3"],
        ["榆树", 3, None, "若干"], ["旱柳", 0, "2丛", 1], ["合计", 3, 2, 1],
    ]})  # fmt: skip
    xlsx("species_by_days", {"鸟类": [
        ["中文名", "地点", DAY, date(2025, 6, 10)], ["喜鹊", SITE, 3, "—"], ["麻雀", SITE, "约50", 2],
    ]})  # fmt: skip
    xlsx("full_width_and_invisible_characters", {"记录": [
        ["记录编号", "日　期", "中文名\u200b", "数量（只）", "地点 "],
        ["G-1", "２０２５．６．３", "喜鹊\u00a0", "３", "\u3000" + SITE], ["G-2", " 2025-06-04", "\u200b麻雀", "３～５", SITE],
    ]})  # fmt: skip
    xlsx(
        "a_formula_without_its_result",
        {"记录": [HEADER, ["G-1", DAY, "喜鹊", "=1+2", SITE], ["G-2", DAY, "麻雀", 2, SITE]]},
    )
    xls("old_workbook", rows)
    xls("old_workbook_counted_from_1904", rows, from_1904=True)
    ods("open_document", rows)
    with zipfile.ZipFile(FOLDER / "two_tables_in_a_zip.zip", "w") as archive:
        for number, (name, species) in enumerate((("鸟类.csv", "喜鹊"), ("植物.csv", "榆树")), start=1):
            text = f"{','.join(HEADER)}\nG-{number},2025-06-03,{species},3,{SITE}\n"
            archive.writestr(zipfile.ZipInfo(name, (2025, 6, 3, 0, 0, 0)), text.encode("utf-8"))


if __name__ == "__main__":
    main()
