"""Errors as people make them, put into clean rows at random: each knows where it stands and what may be said of it.

The clean rows belong to `clean_surveys`, looking for what was planted to `intake`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.clean_surveys import Layout, SurveyTable

Change = Callable[[str], str]
POINT = ("longitude", "latitude")
UNREAD_POINT = ("PARKWATCH_COORDINATES_READABLE",)
UNREAD_COUNT = ("PARKWATCH_COUNT_READABLE", "PARKWATCH_CELL_FORMULA")
NO_DAY = ("VALIDATION_EVENTDATE_STANDARD",)
NO_NAME = ("VALIDATION_SCIENTIFICNAME_FOUND",)


@dataclass(frozen=True)
class CellError:
    """One kind of error within the cells of a row.

    `changes` gives the new cells by role; `at` the roles at any of whose cells it may be told (empty: at the row as
    a whole); `rules` what may be said.
    """

    changes: dict[str, str | Change]
    rules: tuple[str, ...]
    at: tuple[str, ...]
    only_in: tuple[str, ...] = ()

    def fits(self, layout: Layout) -> bool:
        named = not self.only_in or layout.file_name in self.only_in
        return named and set(self.changes) <= set(layout.roles)

    def planted(self, row: list[str], layout: Layout) -> list[str]:
        cells = dict(zip(layout.roles, row, strict=True))
        for role, change in self.changes.items():
            cells[role] = change if isinstance(change, str) else change(cells[role])
        return list(cells.values())


@dataclass(frozen=True)
class RowError:
    """One kind of row that is no record, or that slipped; `planted` gives it from a clean row of the layout.

    It follows that row, or `replaces` it.
    """

    planted: Callable[[list[str], Layout], list[str]]
    rules: tuple[str, ...]
    at: tuple[str, ...] = ()
    replaces: bool = False
    needs: tuple[str, ...] = ()

    def fits(self, layout: Layout) -> bool:
        return set(self.needs) <= set(layout.roles)


@dataclass(frozen=True)
class Planted:
    """One planted error: its kind, the line it stands on, where and as what it may be told."""

    kind: str
    line: int
    columns: tuple[str, ...]
    rules: tuple[str, ...]


def cell(role: str, change: str | Change, *rules: str) -> CellError:
    """An error in the cells of one role, told at that cell."""
    return CellError({role: change}, rules, (role,))


def _swapped(row: list[str], layout: Layout) -> list[str]:
    x, y = (layout.roles.index(role) for role in POINT)
    row[x], row[y] = row[y], row[x]
    return row


def _alone(text: str) -> Callable[[list[str], Layout], list[str]]:
    return lambda row, _: [text] + [""] * (len(row) - 1)


DEGREES = ("2025鸟类样线.csv", "植物样方调查.xlsx")
KINDS: dict[str, CellError | RowError] = {
    "name on no list": cell("name", "啥也不是草", *NO_NAME),
    "name lost in conversion": cell("name", "??", *NO_NAME),
    "name in the wrong encoding": cell("name", "鏃辨煶", *NO_NAME),
    "two species in one cell": cell(
        "name", lambda name: f"{name}和不知名小鸟", *NO_NAME, "VALIDATION_TAXON_UNAMBIGUOUS"
    ),
    "number in the name cell": cell("name", "12", *NO_NAME),
    "no name": cell("name", "", "VALIDATION_TAXON_NOTEMPTY"),
    "date in words": cell("date", "上回那天", *NO_DAY),
    "day that does not exist": cell("date", "2025-02-30", *NO_DAY),
    "month that does not exist": cell("date", "2025-13-03", *NO_DAY),
    "year of five digits": cell("date", "20255-06-03", *NO_DAY),
    "end before beginning": cell("date", "2025-06-09/2025-06-03", *NO_DAY),
    "no date": cell("date", "", "VALIDATION_EVENTDATE_NOTEMPTY"),
    "date in the future": cell("date", "2031-06-03", "VALIDATION_EVENTDATE_INRANGE"),
    "date before any survey": cell("date", "1025-06-03", "VALIDATION_EVENTDATE_INRANGE", *NO_DAY),
    "month that lost its nought": cell("date", "2024.1", "PARKWATCH_EVENTDATE_TRAILINGZERO"),
    "time in words": cell("time", "吃过早饭", "PARKWATCH_EVENTTIME_READABLE"),
    "time that does not exist": cell("time", "25:70", "PARKWATCH_EVENTTIME_READABLE"),
    "longitude and latitude swapped": RowError(
        _swapped, ("PARKWATCH_COORDINATES_TRANSPOSED",), POINT, replaces=True, needs=POINT
    ),
    "longitude of the wrong sign": CellError(
        {"longitude": lambda x: f"-{x}"}, ("PARKWATCH_COORDINATES_SIGN",), ("longitude",), DEGREES
    ),
    "latitude of the wrong sign": CellError(
        {"latitude": lambda y: f"-{y}"}, ("PARKWATCH_COORDINATES_SIGN",), ("latitude",), DEGREES
    ),
    "position 0, 0": CellError({"longitude": "0", "latitude": "0"}, ("VALIDATION_COORDINATES_NOTZERO",), POINT),
    "latitude beyond the pole": cell("latitude", "140.07", "VALIDATION_DECIMALLATITUDE_INRANGE"),
    "longitude beyond the date line": cell("longitude", "213.3", "VALIDATION_DECIMALLONGITUDE_INRANGE"),
    "point in another province": CellError(
        {"longitude": "104.06", "latitude": "30.67"}, ("PARKWATCH_WITHIN_REACH",), POINT
    ),
    "degree mistyped": CellError(
        {"longitude": lambda x: x.replace("11", "12", 1)}, ("PARKWATCH_WITHIN_REACH",), POINT, DEGREES
    ),
    "longitude without its point": CellError(
        {"longitude": lambda x: x.replace(".", "")},
        ("PARKWATCH_COORDINATES_SCALED", "VALIDATION_DECIMALLONGITUDE_INRANGE"), ("longitude",), DEGREES,
    ),
    "latitude without its point": CellError(
        {"latitude": lambda y: y.replace(".", "")},
        ("PARKWATCH_COORDINATES_SCALED", "VALIDATION_DECIMALLATITUDE_INRANGE"), ("latitude",), DEGREES,
    ),
    "longitude in words": cell("longitude", "路东", *UNREAD_POINT),
    "latitude in words": cell("latitude", "桥北", *UNREAD_POINT),
    "letter O for a nought": cell("longitude", "113.3O5", *UNREAD_POINT),
    "no longitude": cell("longitude", "", *UNREAD_POINT),
    "no latitude": cell("latitude", "", *UNREAD_POINT),
    "sixty minutes and more": cell("longitude", "113°78′12.0″", *UNREAD_POINT),
    "planar coordinates of the wrong zone": CellError(
        {"longitude": "35440290", "latitude": "4438280"},
        ("PARKWATCH_COORDINATES_ZONE_OTHER", "PARKWATCH_WITHIN_REACH"), POINT,
    ),
    "unknown datum": cell("datum", "本队自定", "PARKWATCH_DATUM_KNOWN"),
    "accuracy of nought": cell("uncertainty", "0", "VALIDATION_COORDINATEUNCERTAINTY_INRANGE"),
    "negative accuracy": cell("uncertainty", "-5", "VALIDATION_COORDINATEUNCERTAINTY_INRANGE"),
    "accuracy of 50 km": cell("uncertainty", "50000", "PARKWATCH_COORDINATES_PRECISE"),
    "another division": cell(
        "division", lambda name: "灵丘县" if name != "灵丘县" else "新荣区", "PARKWATCH_DIVISION_CONSISTENT"
    ),
    "unknown place": CellError(
        {"place": "老地方"}, ("PARKWATCH_PLACE_KNOWN",), ("place",), ("行道树清查.csv",)
    ),
    "no place": CellError({"place": ""}, ("PARKWATCH_PLACE_NOTEMPTY",), ("place",), ("行道树清查.csv",)),
    "negative count": cell("count", "-3", "PARKWATCH_COUNT_NOTNEGATIVE"),
    "improbable count": cell("count", "5000000", "PARKWATCH_COUNT_PROBABLE"),
    "telephone number as a count": cell("count", "13800138000", "PARKWATCH_COUNT_PROBABLE", *UNREAD_COUNT),
    "remark in the count cell": cell("count", "飞走了没数清", *UNREAD_COUNT),
    "formula in the count cell": cell("count", "=SUM(F2:F9)", *UNREAD_COUNT),
    "nought although it was found": CellError(
        {"status": "是", "count": "0"}, ("PARKWATCH_STATUS_COUNT_CONSISTENT",), ("status", "count")
    ),
    "cover in words": cell("cover", "一大片吧", "PARKWATCH_QUANTITY_READABLE"),
    "unknown status": cell("status", "也许", "VALIDATION_OCCURRENCESTATUS_STANDARD"),
    "unknown kind of record": cell("basis", "听说的", "VALIDATION_BASISOFRECORD_STANDARD"),
    "the same row again": RowError(
        lambda row, _: row, ("PARKWATCH_ROW_DUPLICATE",), needs=("number",)
    ),
    "total row": RowError(_alone("合计"), ("PARKWATCH_ROW_TOTAL",)),
    "note between the rows": RowError(_alone("注：以上由第二组填写"), ("PARKWATCH_ROW_NOTE",)),
    "empty row": RowError(_alone(""), ("PARKWATCH_ROW_EMPTY",)),
    "row shifted by a column": RowError(
        lambda row, _: ["", *row[:-1]], NO_DAY, ("date",), replaces=True, needs=("number", "event")
    ),
}  # fmt: skip


def plant(table: SurveyTable, each: int, seed: int) -> list[Planted]:
    """Put every kind that fits into so many rows of a clean table, no two into one row; tells where they stand."""
    chance = random.Random(seed)
    layout = table.layout
    chosen = [kind for kind, error in KINDS.items() if error.fits(layout) for _ in range(each)]
    chance.shuffle(chosen)
    places = sorted(chance.sample(range(1, len(table.rows)), len(chosen)))
    planted, rows, taken_up_to = [], [], 0
    for place, kind in zip(places, chosen, strict=True):
        error, row = KINDS[kind], list(table.rows[place])
        rows += table.rows[taken_up_to:place]
        taken_up_to = place + 1
        if isinstance(error, RowError) and not error.replaces:
            rows.append(table.rows[place])  # the clean row stays, the other follows it
        rows.append(error.planted(row, layout))
        planted.append(_told(kind, error, layout.first_line + len(rows) - 1, layout))
    table.rows[:] = rows + table.rows[taken_up_to:]
    return planted


def _told(kind: str, error: CellError | RowError, line: int, layout: Layout) -> Planted:
    columns: Sequence[str] = [layout.column_of(role) for role in error.at]
    return Planted(kind, line, tuple(columns), error.rules)
