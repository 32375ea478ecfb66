"""Headers of tables: what each says about all of its rows, the units of its measured columns and the terms it has."""

from __future__ import annotations

from typing import Any

from store.engine import keep
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


def header_tables(engine: Any) -> Any:
    """One row per table of a survey file: its key, the terms of its columns, and the unit each measured one states."""
    columns = engine.table("raw_survey_column")
    headers = columns.filter(columns.term.notnull()).select(*TABLE, "term", "header").execute()
    tables: dict[tuple[Any, ...], dict[str, str]] = {}
    for *table, term, header in headers.itertuples(index=False, name=None):
        tables.setdefault(tuple(table), {})[term] = header
    rows = [
        (
            *table,
            list(header),
            *(unit_of(header[term]) if term in header else None for term in MEASURED_TERMS),
        )
        for table, header in tables.items()
    ]
    return keep(engine, HEADER_TABLE, rows, SCHEMA)


def with_header(rows: Any, headers: Any) -> Any:
    """Survey rows with what `header_tables` says about the table they stand in."""
    joined = rows.left_join(headers, list(TABLE), rname="header_{name}")
    return joined.drop(*(name for name in joined.columns if name.startswith("header_")))
