"""CSV files that people open in Excel: Chinese shown as it is, and nothing that Excel would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

RUN_BY_EXCEL = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?\Z")


def write_excel_csv(header: Sequence[str], rows: Iterable[Iterable[object]], path: Path) -> None:
    """Write rows as UTF-8 with a byte-order mark; an empty value is an empty cell."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow([defused(cell) for cell in row])


def defused(cell: object) -> str:
    """An apostrophe before what Excel would take for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RUN_BY_EXCEL) and not NUMBER.match(text) else text
