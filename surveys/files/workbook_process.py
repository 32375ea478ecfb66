"""The process in which a workbook is read: within limits of memory and time, so that a broken one harms nobody else.

Started by `workbooks` with the workbook on stdin; answers on stdout with one JSON document. It stands alone, to start
quickly: nothing of Parkwatch is imported here.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

CELL_SEPARATOR = "\x1f"
MIDNIGHT = time(0, 0)


def main() -> None:
    memory_in_bytes, seconds = map(int, sys.argv[1:3])
    resource.setrlimit(resource.RLIMIT_AS, (memory_in_bytes, memory_in_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True)


def answer(content: bytes) -> dict[str, Any]:
    """`sheets`, or `refused`: encrypted or broken, with the cause.

    A sheet is its name, the texts of its lines from the first on, and its merged blocks.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return {"sheets": [_sheet(workbook, name) for name in workbook.sheet_names]}
    except PasswordError:
        return {"refused": "encrypted", "cause": ""}
    except (CalamineError, ValueError, OverflowError, OSError) as cause:
        return {"refused": "broken", "cause": str(cause)[:200]}


def _sheet(workbook: CalamineWorkbook, name: str) -> dict[str, Any]:
    found = workbook.get_sheet_by_name(name)
    rows = found.to_python(skip_empty_area=False)
    lines = [CELL_SEPARATOR.join(text_of(value) for value in row) for row in rows]
    return {"name": name, "lines": lines, "merged": found.merged_cell_ranges or []}


def text_of(value: Any) -> str:
    """A cell's value as text: 3 for 3.0, ISO 8601 for dates and times."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace(CELL_SEPARATOR, " ")
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
    return "" if value is None else str(value)


if __name__ == "__main__":
    main()
