"""Survey tables as Hypothesis draws them: known headers, messy cells, any encoding, delimiter or kind of file."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from hypothesis import strategies as st

HEADERS = {
    "number": ["记录编号", "occurrenceID", "*编号（必填）"],
    "event": ["样方号", "样线编号", "eventID"],
    "date": ["调查日期", "日期", "eventDate", "观测日期"],
    "time": ["开始时间", "eventTime"],
    "name": ["中文名", "鸟种", "树种名称", "vernacularName"],
    "latin": ["学名", "拉丁名", "scientificName"],
    "count": ["数量", "个体数", "株数", "individualCount"],
    "cover": ["盖度(%)", "多度"],
    "longitude": ["经度", "东经", "decimalLongitude"],
    "latitude": ["纬度", "北纬", "decimalLatitude"],
    "datum": ["坐标系", "geodeticDatum"],
    "place": ["地点", "观测点", "locality"],
    "status": ["是否发现", "occurrenceStatus"],
    "remark": ["备注", "occurrenceRemarks"],
    "own": ["我们自己的列", "x9"],
}
GOOD = {
    "number": ["A-1", "A-2", "B 7", "树-3", "=A-9"],
    "event": ["Y1", "Y2", "L-03", "+4"],
    "date": ["2025-06-03", "2025年6月3日", "2025.6.3", "45811", "2025年6月", "2025-06-03/2025-06-05", "20250603"],
    "time": ["8:30", "上午9点", "14：20", "08:00-09:30"],
    "name": ["榆树", "黄花刺茄", "麻雀", "榆 树"],
    "latin": ["Ulmus pumila", "Solanum rostratum Dunal", "Passer montanus"],
    "count": ["3", "12只", "约50", "3-5", "若干", "≥10", "2♂1♀", "3丛", "十几", "0", "近20", "Cop1", "2.5"],
    "cover": ["30", "12.5", "80"],
    "longitude": ["113.06", "113.3", "113°03′36″", "113.0612345"],
    "latitude": ["40.06", "40.1", "40°03′36″"],
    "datum": ["WGS84", "CGCS2000", "GCJ-02", "BD-09"],
    "place": ["pond区", "west区", "=west区"],
    "status": ["有", "无", "detected"],
    "remark": ["路边", "-2 处", "@张"],
    "own": ["a", "1"],
}  # fmt: skip
MESSY = [
    "", " ", "\u3000", "无", "/", "—", "??", "合计", "注：填表人某某", "啥也不是", "2025-02-30", "1925", "-3", "99999999", "113",
    "40.06", "113.06", "1e309", "=1+1", "'=1+1", "NaN", "NULL", "０", "１１３．０６", "\u200b榆树", "x" * 300, '引"号', "a,b;c\td",
    "第一行\n第二行", "'", "\ufeff", "🌳", "<b>", "%s{0}", "';--",
]  # fmt: skip


@dataclass(frozen=True)
class MessyFile:
    """A table and how it is written down; what it holds stays readable where a test fails."""

    name: str
    table: list[list[str]]
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        if path.suffix == ".xlsx":
            _write_workbook(self.table, path)
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("里面/表.csv", self._text().encode(self.encoding))
        else:
            path.write_bytes(self._text().encode(self.encoding))
        return path

    def _text(self) -> str:
        target = io.StringIO()
        csv.writer(target, delimiter=self.delimiter, lineterminator=self.line_end).writerows(self.table)
        return target.getvalue()


@st.composite
def tables(draw: st.DrawFn, messy: bool = True) -> list[list[str]]:
    """A header and some rows; without `messy`, each cell says something sensible for its column."""
    others = draw(st.lists(st.sampled_from(sorted(HEADERS)), unique=True, max_size=9))
    roles = ["date", "name", *(role for role in others if role not in ("date", "name"))]
    if not messy:
        roles = list(dict.fromkeys([*roles, "longitude", "latitude"]))
    odd = st.one_of(
        st.sampled_from(MESSY), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
    )

    def cell(role: str) -> st.SearchStrategy[str]:
        sensible = st.sampled_from(GOOD[role])
        return st.one_of(sensible, sensible, odd) if messy else sensible

    header = [draw(st.sampled_from(HEADERS[role])) for role in roles]
    rows = draw(st.lists(st.tuples(*map(cell, roles)), min_size=1, max_size=40))
    return [header, *map(list, rows)]


def files(messy: bool = True) -> st.SearchStrategy[MessyFile]:
    return st.builds(
        MessyFile, st.sampled_from(["表.csv", "表.xlsx", "表.zip"]), tables(messy),
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.sampled_from(",\t;"),
        st.sampled_from(["\n", "\r\n"]),
    )  # fmt: skip


def _write_workbook(table: list[list[str]], path: Path) -> None:
    book = openpyxl.Workbook()
    for line, row in enumerate(table, start=1):
        for column, text in enumerate(row, start=1):
            if text:
                made = book.active.cell(line, column)
                made.value, made.data_type = text, "s"
    book.save(path)
