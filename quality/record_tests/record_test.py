"""The shape of a record test, what it may know beside the record, and the questions several subjects share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from store.region import Extent, Thresholds

Severity = Literal["reject", "error", "warning", "info"]


@dataclass(frozen=True)
class Context:
    """What a test may know beside the record: the region's extent and thresholds, the day of judgement."""

    extent: Extent
    thresholds: Thresholds
    today: date


@dataclass(frozen=True)
class RecordTest:
    """One test.

    `fails` takes the records (Ibis table) and the context, `value` the records that fail, `suggestion` these and the
    context; `term` names the cell at fault, or finds it out from both.
    """

    id: str
    severity: Severity
    term: str | Callable[[Any, Context], Any]
    fails: Callable[[Any, Context], Any]
    value: Callable[[Any], Any]
    suggestion: Callable[[Any, Context], Any] | None = None
    bdqLabel: str | None = None
    bdqGuid: str | None = None


def wrote_coordinates(r: Any) -> Any:
    return r.verbatimLatitude.notnull() | r.verbatimLongitude.notnull()


def has_point(r: Any) -> Any:
    return r.decimalLatitude.notnull() & r.decimalLongitude.notnull()


def pair(r: Any) -> Any:
    """Both coordinate cells as written; a cell that holds both is told once."""
    both = r.verbatimLongitude.fill_null("") + ", " + r.verbatimLatitude.fill_null("")
    in_one_cell = (r.verbatimLongitude == r.verbatimLatitude) & ~r.verbatimLongitude.re_search("^[0.]+$")
    return in_one_cell.fill_null(False).ifelse(r.verbatimLongitude, both)


def column(name: str) -> Callable[[Any], Any]:
    return lambda r: r[name].cast("string")
