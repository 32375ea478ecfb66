"""Units: the unit that the header of each measured column states, table by table."""

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


def unit_column(term: str) -> str:
    return f"unitOf_{term}"


def header_units(engine: Any) -> Any:
    """One row per table with a measured column: its key, and the unit of each measured term (null: none stated)."""
    columns = engine.table("raw_survey_column")
    headers = columns.filter(columns.term.isin(MEASURED_TERMS)).select(*TABLE, "term", "header").execute()
    tables: dict[tuple[Any, ...], dict[str, str | None]] = {}
    for *table, term, header in headers.itertuples(index=False, name=None):
        tables.setdefault(tuple(table), {})[term] = unit_of(header)
    rows = [(*table, *(units.get(term) for term in MEASURED_TERMS)) for table, units in tables.items()]
    schema = {"submissionId": "string", "sheet": "string", "headerLine": "int64", "block": "int32"}
    return keep(
        engine,
        "tmp_header_unit",
        rows,
        schema | {unit_column(term): "string" for term in MEASURED_TERMS},
    )


def with_units(rows: Any, units: Any) -> Any:
    """Survey rows with what `header_units` says about the table they stand in."""
    joined = rows.left_join(units, list(TABLE), rname="unit_{name}")
    return joined.drop(*(name for name in joined.columns if name.startswith("unit_")))
