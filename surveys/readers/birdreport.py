"""中国观鸟记录中心 (birdreport.cn): the table of 12 columns that its report query exports.

A count of 0 there means heard or not counted, never absence. Its other tables have headers of their own
and are read like any table typed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveys.headers import tidy
from surveys.readers.export import Export, ExportColumn, SourceSheet, ToldRow, export_of, known_columns

TELLING = ("活动编号", "观测开始时间", "中文名", "鸟种数量")
COUNT = "鸟种数量"
NOT_COUNTED = re.compile(r"^0+(\.0+)?$")


def is_birdreport(source: SourceSheet) -> bool:
    return source.holds(*TELLING)


def read_birdreport(source: SourceSheet) -> Export:
    count = source.header.index(COUNT)
    columns = [
        *known_columns("birdreport").of(source),
        ExportColumn(COUNT, count, "individualCount"),
        ExportColumn("活动编号", source.header.index("活动编号"), "occurrenceID"),
    ]
    stated = {"occurrenceStatus": "present", "samplingProtocol": "观鸟活动（中国观鸟记录中心）"}
    return export_of(source, columns, _told(source, count), stated)


def _told(source: SourceSheet, at_count: int) -> Iterator[ToldRow]:
    """Each row with its count where one was counted; a 0 is kept as written among the other cells."""
    width = len(source.header)
    at_activity, at_name = source.header.index("活动编号"), source.header.index("中文名")
    for line, cells in source.rows():
        written = tidy(cells[at_count])
        counted = "" if NOT_COUNTED.match(written) else written
        activity, name = tidy(cells[at_activity]), tidy(cells[at_name])
        own = cells[:width]
        own[at_count] = "" if counted else written
        record = f"birdreport:{activity}:{name}" if activity and name else ""
        yield ToldRow(line, [*own, counted, record, *cells[width:]])
