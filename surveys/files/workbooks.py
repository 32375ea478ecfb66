"""Workbooks: every sheet of an XLSX, XLS or ODS file as texts, each cell as its author sees it.

Only values are read: a formula is the result the file holds for it, never run. What a hostile workbook may not
do is in `guards`; finding tables on a sheet belongs to `surveys.layout`.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from surveys.errors import UnreadableFile
from surveys.files.guards import refuse_hostile_workbook
from surveys.files.sheet import MergedCells, Sheet, sheet_of_rows

MIDNIGHT = time(0, 0)


def read_workbook(content: bytes, file_name: str, prefix: str = "") -> list[Sheet]:
    """The sheets of a workbook that hold anything, in its order, hidden ones too; UnreadableFile if it is broken."""
    refuse_hostile_workbook(content, file_name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [
                sheet for name in workbook.sheet_names if (sheet := _sheet(workbook, name, file_name, prefix))
            ]
    except PasswordError as cause:
        raise UnreadableFile("error-workbook-encrypted", file=file_name) from cause
    except (CalamineError, ValueError, OverflowError, OSError) as cause:
        raise UnreadableFile("error-workbook-broken", file=file_name, cause=cause) from cause


def _sheet(workbook: CalamineWorkbook, name: str, file_name: str, prefix: str) -> Sheet | None:
    found = workbook.get_sheet_by_name(name)
    rows = [
        (line, [text_of(value) for value in row])
        for line, row in enumerate(found.to_python(skip_empty_area=False), start=1)
    ]
    if not any(any(cells) for _, cells in rows):
        return None
    merged = tuple(
        MergedCells(first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
        for first, last in found.merged_cell_ranges or ()
    )
    return sheet_of_rows(f"{prefix}{name}", rows, merged=merged, file=file_name)


def text_of(value: Any) -> str:
    """A cell's value as text: 3 for 3.0, ISO 8601 for dates and times."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return "" if value is None else str(value).replace("\r\n", "\n")
