"""Numeric rules: the BDQ tests of presence and of numbers as Ibis expressions, for whole tables.

Each says the same as the function of its label for one record (a property test compares them). Rules over words are
answered once per distinct value instead (`vectorised`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

import ibis

from quality.bdq.coordinates import HALF_OF_THE_EQUATOR_IN_METRES
from quality.bdq.events import MONTHS_OF_30, MONTHS_OF_31
from quality.bdq.numbers import INTEGER, NUMBER
from quality.bdq.presence import HIGH_SEAS, ISSUES
from quality.bdq.registry_data import registry_rows
from quality.bdq.responses import Asked

NOT_EMPTY = r"[^\x00-\x20]"
PADDED = r"^[\x00-\x20]*({pattern})[\x00-\x20]*$"
# What a test answers, told by its place in this list: one byte a row and test.
ANSWERS = (
    "INTERNAL_PREREQUISITES_NOT_MET", "EXTERNAL_PREREQUISITES_NOT_MET", "COMPLIANT", "NOT_COMPLIANT", "POTENTIAL_ISSUE",
    "NOT_ISSUE", "AMENDED", "FILLED_IN", "NOT_AMENDED", "RUN_HAS_RESULT",
)  # fmt: skip
CODE = {answer: place for place, answer in enumerate(ANSWERS)}


class Columns:
    """The terms of a table as Ibis columns of text; a term without a column is empty in every row."""

    def __init__(self, table: Any, column_of: Mapping[str, str]) -> None:
        self._table, self._column_of = table, column_of

    def text(self, term: str) -> Any:
        return self._table[self._column_of[term]] if term in self._column_of else ibis.null("string")

    def is_filled(self, term: str) -> Any:
        return self.text(term).re_search(NOT_EMPTY).fill_null(False)

    def number(self, term: str) -> Any:
        return self._read(term, NUMBER)

    def integer(self, term: str) -> Any:
        return self._read(term, INTEGER)

    def _read(self, term: str, pattern: str) -> Any:
        bare = self.text(term).re_extract(PADDED.format(pattern=pattern), 1)
        return bare.re_replace(r"^\+", "").nullif("").try_cast("float64")


NumericRule: TypeAlias = Callable[[Columns, Asked], Any]


def _validated(is_met: Any, is_compliant: Any) -> Any:
    answer = is_compliant.fill_null(False).ifelse(CODE["COMPLIANT"], CODE["NOT_COMPLIANT"])
    return is_met.fill_null(False).ifelse(answer, CODE["INTERNAL_PREREQUISITES_NOT_MET"])


def _any_filled(terms: tuple[str, ...], yes: str, no: str) -> NumericRule:
    def rule(columns: Columns, asked: Asked) -> Any:
        return ibis.or_(*(columns.is_filled(term) for term in terms)).ifelse(CODE[yes], CODE[no])

    return rule


def _country_filled(columns: Columns, asked: Asked) -> Any:
    is_at_sea = columns.text("dwc:countryCode").identical_to(HIGH_SEAS)
    return (columns.is_filled("dwc:country") | is_at_sea).ifelse(CODE["COMPLIANT"], CODE["NOT_COMPLIANT"])


def _within(term: str, limit: float) -> NumericRule:
    def rule(columns: Columns, asked: Asked) -> Any:
        value = columns.number(term)
        return _validated(value.notnull(), value.between(-limit, limit))

    return rule


def _coordinates_not_zero(columns: Columns, asked: Asked) -> Any:
    latitude, longitude = (columns.number(f"dwc:decimal{axis}") for axis in ("Latitude", "Longitude"))
    return _validated(latitude.notnull() & longitude.notnull(), (latitude != 0) | (longitude != 0))


def _uncertainty(columns: Columns, asked: Asked) -> Any:
    term = "dwc:coordinateUncertaintyInMeters"
    return _validated(columns.is_filled(term), columns.number(term).between(1, HALF_OF_THE_EQUATOR_IN_METRES))


def _vertical(side: str, kind: str) -> NumericRule:
    def rule(columns: Columns, asked: Asked) -> Any:
        metres = columns.number(f"dwc:{side}{kind}InMeters")
        is_met = metres.notnull() & (metres >= 0) if kind == "Depth" else metres.notnull()
        least, most = (float(asked.parameter(f"{end}Valid{kind}InMeters")) for end in ("minimum", "maximum"))
        return _validated(is_met, metres.between(least, most))

    return rule


def _in_order(kind: str) -> NumericRule:
    def rule(columns: Columns, asked: Asked) -> Any:
        least, most = (columns.number(f"dwc:{side}{kind}InMeters") for side in ("minimum", "maximum"))
        is_met = least.notnull() & most.notnull()
        if kind == "Depth":
            is_met = is_met & (least >= 0) & (most >= 0)
        return _validated(is_met, least <= most)

    return rule


def _integer_between(term: str, highest: int) -> NumericRule:
    def rule(columns: Columns, asked: Asked) -> Any:
        return _validated(columns.is_filled(term), columns.integer(term).between(1, highest))

    return rule


def _year(columns: Columns, asked: Asked) -> Any:
    year = columns.integer("dwc:year")
    earliest, latest = (int(asked.parameter(name)[:4]) for name in ("earliestValidDate", "latestValidDate"))
    return _validated(year.notnull(), year.between(earliest, latest))


def _day(columns: Columns, asked: Asked) -> Any:
    day, month = columns.integer("dwc:day"), columns.integer("dwc:month")
    year = (
        columns.text("dwc:year").re_extract(PADDED.format(pattern="[0-9]{4}"), 1).nullif("").try_cast("int64")
    )
    month = month.between(1, 12).ifelse(month, ibis.null("float64")).fill_null(-1)
    is_late = day.between(29, 31)
    is_leap_day = (day == 29) & (month == 2)
    is_met = day.notnull() & ~(is_late & (month == -1)) & ~(is_leap_day & year.isnull())
    is_leap = (year % 400 == 0) | ((year % 4 == 0) & (year % 100 != 0))
    fits = (
        day.between(1, 28)
        | (day.between(29, 30) & month.isin(MONTHS_OF_30))
        | (is_late & month.isin(MONTHS_OF_31))
        | (is_leap_day & is_leap.fill_null(False))
    )
    return _validated(is_met, fits)


@cache
def numeric_rules() -> Mapping[str, NumericRule]:
    """By label the tests that are answered row by row inside the engine."""
    rules: dict[str, NumericRule] = {}
    for row in registry_rows():
        terms = tuple(row["actedUpon"].split())
        if row["label"].endswith("_NOTEMPTY") and row["type"] == "Validation":
            rules[row["label"]] = _any_filled(terms, "COMPLIANT", "NOT_COMPLIANT")
        elif row["label"] in ISSUES:
            rules[row["label"]] = _any_filled(terms, "POTENTIAL_ISSUE", "NOT_ISSUE")
    return rules | {
        "VALIDATION_COUNTRY_NOTEMPTY": _country_filled,
        "VALIDATION_DECIMALLATITUDE_INRANGE": _within("dwc:decimalLatitude", 90),
        "VALIDATION_DECIMALLONGITUDE_INRANGE": _within("dwc:decimalLongitude", 180),
        "VALIDATION_COORDINATES_NOTZERO": _coordinates_not_zero,
        "VALIDATION_COORDINATEUNCERTAINTY_INRANGE": _uncertainty,
        "VALIDATION_MINDEPTH_INRANGE": _vertical("minimum", "Depth"),
        "VALIDATION_MAXDEPTH_INRANGE": _vertical("maximum", "Depth"),
        "VALIDATION_MINELEVATION_INRANGE": _vertical("minimum", "Elevation"),
        "VALIDATION_MAXELEVATION_INRANGE": _vertical("maximum", "Elevation"),
        "VALIDATION_MINDEPTH_LESSTHAN_MAXDEPTH": _in_order("Depth"),
        "VALIDATION_MINELEVATION_LESSTHAN_MAXELEVATION": _in_order("Elevation"),
        "VALIDATION_YEAR_INRANGE": _year,
        "VALIDATION_MONTH_STANDARD": _integer_between("dwc:month", 12),
        "VALIDATION_DAY_STANDARD": _integer_between("dwc:day", 31),
        "VALIDATION_DAY_INRANGE": _day,
    }
