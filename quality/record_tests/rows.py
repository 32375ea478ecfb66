"""Rows that are no records: empty ones, totals, notes, repetitions, rows of a file that was corrected since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quality.record_tests.record_test import Context, RecordTest


def _fault(name: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.rowFault == name


ROW_FAULTS = tuple(
    RecordTest(f"PARKWATCH_ROW_{name.upper()}", "reject", "row", _fault(name), lambda r: r.recordId)
    for name in ("empty", "total", "note", "duplicate", "replaced")
)
