"""Points that look made up or coarsened: both halves alike, or written to two decimals or fewer."""

from __future__ import annotations

from collections.abc import Iterator

from quality.comparisons.rows import Rows

ROUNDED = "^[+-]?[0-9]+([.][0-9]{0,2})?$"
WRITTEN = "verbatimLongitude || ', ' || verbatimLatitude"
FINE_ENOUGH_IN_METRES = 1000  # two decimals are about a kilometre


def points() -> Iterator[Rows]:
    yield Rows(
        "PARKWATCH_COORDINATES_EQUAL", "warning", "decimalLatitude",
        f"SELECT rowId, {WRITTEN} AS value, NULL AS suggestion FROM core_record "
        "WHERE abs(decimalLatitude) = abs(decimalLongitude) AND decimalLatitude <> 0",
    )  # fmt: skip
    yield Rows(
        "PARKWATCH_COORDINATES_ROUNDED", "info", "decimalLatitude",
        f"SELECT rowId, {WRITTEN} AS value, NULL AS suggestion FROM core_record "
        f"WHERE regexp_matches(verbatimLatitude, '{ROUNDED}') AND regexp_matches(verbatimLongitude, '{ROUNDED}') "
        f"AND decimalLatitude IS NOT NULL AND (decimalLatitude <> 0 OR decimalLongitude <> 0) "
        f"AND coalesce(coordinateUncertaintyInMeters, 0) < {FINE_ENOUGH_IN_METRES}",
    )  # fmt: skip
