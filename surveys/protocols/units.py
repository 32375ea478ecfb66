"""Headers of tables: what each says about all of its rows, the units of its measured columns and the terms it has."""

from __future__ import annotations

from typing import Any

from store.engine import put, rows_for
from surveys.headers import unit_of

MEASURED_TERMS = (
    "sampleSizeValue", "samplingEffort", "eventDurationValue", "totalAreaSampledValue", "transectWidth",
    "observationRadius", "plantHeight", "diameterAtBreastHeight", "girthAtBreastHeight", "crownWidth",
    "crownWidthEastWest", "crownWidthNorthSouth",
)  # fmt: skip
TABLE = ("submissionId", "sheet", "headerLine", "block")
HEADER_TABLE = "tmp_header"
SCHEMA = {
    "submissionId": "string", "sheet": "string", "headerLine": "int64", "block": "int32",
    "columnTerms": "array<string>",
} | {f"unitOf_{term}": "string" for term in MEASURED_TERMS}  # fmt: skip


def unit_column(term: str) -> str:
    return f"unitOf_{term}"


def header_tables(engine: Any) -> None:
    """Make tmp_header: one row per table of a file: the terms of its columns, and the units measured ones state."""
    tables: dict[tuple[Any, ...], dict[str, str]] = {}
    for *table, term, header in rows_for(engine, _columns_read):
        tables.setdefault(tuple(table), {})[term] = header
    rows = [
        (
            *table,
            list(header),
            *(unit_of(header[term]) if term in header else None for term in MEASURED_TERMS),
        )
        for table, header in tables.items()
    ]
    put(engine, HEADER_TABLE, rows, SCHEMA)


def _columns_read(engine: Any) -> Any:
    columns = engine.table("raw_survey_column")
    return columns.filter(columns.term.notnull()).select(*TABLE, "term", "header")


def with_header(engine: Any, rows: Any) -> Any:
    """Survey rows with what `header_tables` says about the table they stand in."""
    return rows.left_join(engine.table(HEADER_TABLE), list(TABLE), rname="header_{name}")
