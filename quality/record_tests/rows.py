"""Rows that are no records (empty ones, totals, notes, pictures without an animal) or belong to what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from quality.record_tests.record_test import Context, RecordTest, column

# As `rowFault` of the standard record names them; those from blank on come from readers of exports and cross-tables.
NAMES_OF_FAULTS = (
    "empty", "total", "note", "duplicate", "replaced", "blank", "notanimal", "unclassified", "media", "unfilled",
    "gone", "specieslist",
)  # fmt: skip


def _fault(name: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.rowFault == name


ROW_FAULTS = tuple(
    RecordTest(f"PARKWATCH_ROW_{name.upper()}", "reject", "row", _fault(name), lambda _: ibis.null("string"))
    for name in NAMES_OF_FAULTS
)
JOINED = (
    RecordTest(
        "PARKWATCH_PARENT_FOUND", "warning", "parentEventID", lambda r, _: r.unjoinedKey.notnull(),
        column("unjoinedKey"),
    ),
)  # fmt: skip
