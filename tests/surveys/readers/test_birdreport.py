"""中国观鸟记录中心: twelve columns, no coordinates, and a 0 that means heard."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from store.home import Home
from tests.surveys.readers.exports import check, csv_file, read, told

HEADER = ["活动编号", "观测开始时间", "观测结束时间", "中文名", "学名", "省", "州/市", "区/县", "IUCN受胁级别",
          "国家保护等级", "CITES保护等级", "鸟种数量"]  # fmt: skip


def row(name: str = "喜鹊", latin: str = "Pica serica", count: str = "3", **cells: str) -> list[str]:
    usual = ["20260603001", "2026-06-03 06:30:00", "2026-06-03 09:10:00", name, latin, "山西省", "大同市", "平城区",
             "LC", "", "", count]  # fmt: skip
    return [cells.get(header, cell) for header, cell in zip(HEADER, usual, strict=True)]


def test_a_row_is_a_record_of_its_activity_with_its_hours(tmp_path: Path) -> None:
    survey, (found,) = read(csv_file(tmp_path / "a.csv", [HEADER, row()]))
    assert (found["eventID"], found["county"], found["individualCount"]) == ("20260603001", "平城区", "3")
    assert (found["eventDate"], found["endDate"]) == ("2026-06-03 06:30:00", "2026-06-03 09:10:00")
    terms = {column.header: column.term for column in survey.tables[0].columns if column.term}
    assert (terms["省"], terms["州/市"]) == ("stateProvince", "municipality")


def test_a_count_of_nought_means_heard_and_is_no_absence(home: Home, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [HEADER, row(count="0"), row("麻雀", "Passer montanus", "5")])
    _, rows = read(path)
    assert [(found["individualCount"], found["occurrenceStatus"]) for found in rows] == [
        (None, "present"),
        ("5", "present"),
    ]
    assert rows[0]["otherCells"]["鸟种数量"] == "0"
    report = check(home, path)
    assert report["totals"] == {"read": 2, "accepted": 2, "quarantined": 0, "rejected": 0}
    assert not told(report, "PARKWATCH_STATUS_COUNT_CONSISTENT")


def test_the_same_checklist_downloaded_again_has_the_same_ids(tmp_path: Path) -> None:
    ids = [
        {found["occurrenceID"] for found in read(csv_file(tmp_path / name, rows))[1]}
        for name, rows in (
            ("a.csv", [HEADER, row(), row("麻雀")]),
            ("b.csv", [HEADER, row("麻雀"), row(count="9")]),
        )
    ]
    assert ids[0] == ids[1] == {"birdreport:20260603001:喜鹊", "birdreport:20260603001:麻雀"}


def test_a_workbook_is_told_by_its_columns_too_and_by_cell(home: Home, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (HEADER, row(), row(观测开始时间="2026-06-31 06:30:00", 鸟种数量="-2")):
        book.active.append(cells)
    book.save(tmp_path / "report.xlsx")
    report = check(home, tmp_path / "report.xlsx")
    assert report["totals"]["quarantined"] == 1
    (wrong,) = told(report, "PARKWATCH_COUNT_NOTNEGATIVE")
    assert wrong == ("Sheet", 3, "L", "鸟种数量", "-2")
    (wrong,) = told(report, "VALIDATION_EVENTDATE_STANDARD")
    assert wrong[:4] == ("Sheet", 3, "B", "观测开始时间")


def test_the_other_layout_of_the_same_site_is_read_like_any_table(tmp_path: Path) -> None:
    rows = [
        ["序号", "编号", "鸟种名称", "日期", "数量"],
        ["1", "101", "喜鹊", "46176", "3"],
        ["2", "102", "麻雀", "46176", "5"],
    ]
    _, found = read(csv_file(tmp_path / "a.csv", rows))
    assert [(each["vernacularName"], each["eventDate"], each["individualCount"]) for each in found] == [
        ("喜鹊", "46176", "3"), ("麻雀", "46176", "5"),
    ]  # fmt: skip
