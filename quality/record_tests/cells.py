"""Cells: what stands in one instead of a value, whatever its column."""

from __future__ import annotations

from typing import Any

import ibis

from quality.record_tests.record_test import RecordTest

# The cells that are looked at, by the term they are told under.
WRITTEN = {
    "scientificName": "verbatimScientificName", "vernacularName": "verbatimVernacularName",
    "eventDate": "verbatimEventDate", "eventTime": "verbatimEventTime", "decimalLongitude": "verbatimLongitude",
    "decimalLatitude": "verbatimLatitude", "individualCount": "verbatimIndividualCount",
    "organismQuantity": "verbatimOrganismQuantity", "locality": "locality",
}  # fmt: skip


def _is_formula(cell: Any) -> Any:
    return cell.startswith("=").fill_null(False)


def _first_formula(r: Any, outcome: dict[str, Any]) -> Any:
    return ibis.cases(*((_is_formula(r[column]), outcome[term]) for term, column in WRITTEN.items()))


CELLS = (
    RecordTest(
        "PARKWATCH_CELL_FORMULA", "warning", lambda r, _: _first_formula(r, {term: term for term in WRITTEN}),
        lambda r, _: (r.source == "survey") & ibis.or_(*(_is_formula(r[column]) for column in WRITTEN.values())),
        lambda r: _first_formula(r, {term: r[column] for term, column in WRITTEN.items()}),
    ),
)  # fmt: skip
