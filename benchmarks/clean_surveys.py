"""Clean survey files of several teams, drawn by a seed: what the planted errors are put into.

Species and places are those of the Datong lists; nothing here is an observation. The errors belong to `planted_errors`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import shapely

from benchmarks.invented import Nature, Sighting

FIRST_DAY, LAST_DAY = date(2024, 4, 1), date(2025, 10, 20)
Say = Callable[[Nature, Sighting, int], str]


@dataclass(frozen=True)
class Layout:
    """How one team writes: a header for each role a column plays, and what stands above the table."""

    file_name: str
    group: str
    columns: dict[str, tuple[str, Say]]  # role: header, what its cell says
    titles: tuple[str, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def roles(self) -> list[str]:
        return list(self.columns)

    @property
    def first_line(self) -> int:
        """The line of the first row of data."""
        return len(self.titles) + 2

    def column_of(self, role: str) -> str:
        """The column that a role's cells stand in, as a spreadsheet names it."""
        return chr(ord("A") + self.roles.index(role))


@dataclass
class SurveyTable:
    """The rows of one file, each a list of cells in the order of the layout's columns."""

    layout: Layout
    rows: list[list[str]] = field(default_factory=list)

    def write(self, folder: Path) -> Path:
        path = folder / self.layout.file_name
        if path.suffix == ".xlsx":
            self._write_workbook(path)
        else:
            path.write_bytes(self._text().encode(self.layout.encoding))
        return path

    def _headers(self) -> list[str]:
        return [header for header, _ in self.layout.columns.values()]

    def _text(self) -> str:
        target = io.StringIO()
        writer = csv.writer(target, delimiter=self.layout.delimiter, lineterminator="\r\n")
        writer.writerows([[title] for title in self.layout.titles])
        writer.writerow(self._headers())
        writer.writerows(self.rows)
        return target.getvalue()

    def _write_workbook(self, path: Path) -> None:
        """Numbers and dates as a spreadsheet keeps them, all else as text."""
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        book = Workbook(write_only=True)
        sheet = book.create_sheet("样方记录")
        for row in ([[title] for title in self.layout.titles], [self._headers()], self.rows):
            for cells in row:
                made = [WriteOnlyCell(sheet, _as_kept(cell)) for cell in cells]
                for cell in made:
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
                sheet.append(made)
        book.save(path)


def _as_kept(cell: str) -> str | float | datetime | None:
    try:
        return float(cell)
    except ValueError:
        pass
    try:
        return datetime.strptime(cell, "%Y-%m-%d")  # noqa: DTZ007  a sheet's dates have no zone
    except ValueError:
        return cell or None


def clean_table(layout: Layout, rows: int, seed: int) -> SurveyTable:
    """So many rows of a layout; the same seed gives the same rows."""
    nature = Nature(seed)
    group = nature.birds if layout.group == "birds" else nature.plants
    table = SurveyTable(layout)
    for number in range(1, rows + 1):
        sighting = nature.sighting(group, FIRST_DAY, LAST_DAY, sorted(nature.sites))
        table.rows.append([say(nature, sighting, number) for _, say in layout.columns.values()])
    return table


def _division(nature: Nature, sighting: Sighting) -> str:
    point = shapely.Point(sighting.longitude, sighting.latitude)
    return next((one.nameZh for one in nature.region.divisions if one.geometry.contains(point)), "")


BIRD_TRANSECTS = Layout(
    "2025鸟类样线.csv", "birds",
    {
        "number": ("记录编号", lambda nature, s, n: f"NB-{n:05d}"),
        "event": ("样线编号", lambda nature, s, n: f"L{n % 40:02d}"),
        "date": ("调查日期", lambda nature, s, n: s.day.isoformat()),
        "time": ("开始时间", lambda nature, s, n: f"{6 + n % 5:02d}:{n % 60:02d}"),
        "name": ("中文名", lambda nature, s, n: s.species.vernacularNameZh),
        "count": ("数量", lambda nature, s, n: str(s.count)),
        "longitude": ("经度", lambda nature, s, n: f"{s.longitude:.5f}"),
        "latitude": ("纬度", lambda nature, s, n: f"{s.latitude:.5f}"),
        "datum": ("坐标系", lambda nature, s, n: "WGS84"),
        "uncertainty": ("定位精度(m)", lambda nature, s, n: str(5 + n % 20)),
        "remark": ("备注", lambda nature, s, n: ("飞过", "停在树上", "")[n % 3]),
    },
)  # fmt: skip
PLANT_QUADRATS = Layout(
    "植物样方调查.xlsx", "plants",
    {
        "event": ("样方号", lambda nature, s, n: f"Y{n // 12:03d}"),
        "date": ("日期", lambda nature, s, n: s.day.isoformat()),
        "name": ("学名", lambda nature, s, n: s.species.canonicalName),
        "count": ("株数", lambda nature, s, n: str(s.count)),
        "cover": ("盖度(%)", lambda nature, s, n: str(1 + n % 60)),
        "longitude": ("经度", lambda nature, s, n: f"{s.longitude:.5f}"),
        "latitude": ("纬度", lambda nature, s, n: f"{s.latitude:.5f}"),
        "division": ("区县", lambda nature, s, n: _division(nature, s)),
        "remark": ("备注", lambda nature, s, n: f"坡向{n % 8}"),
    },
    titles=("大同市植物样方调查记录表", "坐标系：CGCS2000"),
)  # fmt: skip
TREE_INVENTORY = Layout(
    "行道树清查.csv", "plants",
    {
        "number": ("编号", lambda nature, s, n: f"T{n:06d}"),
        "name": ("树种", lambda nature, s, n: s.species.vernacularNameZh),
        "date": ("调查日期", lambda nature, s, n: f"{s.day:%Y/%m/%d}"),
        "diameter": ("胸径(cm)", lambda nature, s, n: str(8 + n % 50)),
        "place": ("地点", lambda nature, s, n: s.site.nameZh if s.site else ""),
        "remark": ("备注", lambda nature, s, n: "长势良好" if n % 4 else ""),
    },
    encoding="utf-8-sig",
)  # fmt: skip
CASUAL_RECORDS = Layout(
    "随手记.csv", "birds",
    {
        "date": ("观测日期", lambda nature, s, n: f"{s.day.year}年{s.day.month}月{s.day.day}日"),
        "place": ("观测点", lambda nature, s, n: f"{s.site.nameZh if s.site else ''}"),
        "name": ("鸟种", lambda nature, s, n: s.species.vernacularNameZh),
        "count": ("数量", lambda nature, s, n: str(s.count)),
        "status": ("是否发现", lambda nature, s, n: "是"),
        "basis": ("basisOfRecord", lambda nature, s, n: "HumanObservation"),
        "longitude": ("东经", lambda nature, s, n: _minutes(s.longitude)),
        "latitude": ("北纬", lambda nature, s, n: _minutes(s.latitude)),
        "datum": ("坐标系", lambda nature, s, n: "WGS84"),
        "remark": ("备注", lambda nature, s, n: f"第{n}条"),
    },
    encoding="gb18030", delimiter="\t",
)  # fmt: skip
LAYOUTS = (BIRD_TRANSECTS, PLANT_QUADRATS, TREE_INVENTORY, CASUAL_RECORDS)


def _minutes(degrees: float) -> str:
    seconds = round(degrees * 36_000)
    return f"{seconds // 36_000}°{seconds // 600 % 60:02d}′{seconds % 600 / 10:04.1f}″"
