"""Measurements: height, diameter, girth and crown of a plant, read once per distinct cell into fixed units.

Whether a value is plausible belongs to `quality`. A bound or a range is no number: it stays in the verbatim cell.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from surveys.protocols.lookups import Lookup, distinct_texts, look_up, with_read
from surveys.protocols.units import unit_column, with_header
from surveys.values.texts import levelled

# Term: the name it is kept under, the metres in the unit of that name, the unit of a number without one.
KEPT_AS: Mapping[str, tuple[str, float, str]] = {
    "plantHeight": ("plantHeightInMeters", 1.0, "m"),
    "diameterAtBreastHeight": ("diameterAtBreastHeightInCentimeters", 0.01, "cm"),
    "girthAtBreastHeight": ("girthAtBreastHeightInCentimeters", 0.01, "cm"),
    "crownWidth": ("crownWidthInMeters", 1.0, "m"),
    "crownWidthEastWest": ("crownWidthEastWestInMeters", 1.0, "m"),
    "crownWidthNorthSouth": ("crownWidthNorthSouthInMeters", 1.0, "m"),
}
METRES = {
    "m": 1.0, "米": 1.0, "cm": 0.01, "厘米": 0.01, "公分": 0.01, "mm": 0.001, "毫米": 0.001, "km": 1000.0,
    "公里": 1000.0, "ft": 0.3048, "inch": 0.0254, "in": 0.0254, "英尺": 0.3048, "英寸": 0.0254,
}  # fmt: skip
LENGTH = re.compile(r"^(?:约|大约|近|ca\.?|~|≈)?\s*(\d+(?:\.\d+)?)\s*([a-z米厘毫公分里英尺寸]*)\.?(?:左右)?$")
PLAIN = r"^[0-9]{1,9}(\.[0-9]+)?$"
BETWEEN_SIDES = re.compile(r"\s*[x×*]\s*")
SEPARATOR = "\x1f"
TEXTS, NUMBERS = "map<string, string>", "map<string, float64>"


@functools.lru_cache(maxsize=65_536)
def read_measurement(term: str, text: str, unit: str | None) -> float | None:
    """The number in the unit that the term is kept in; of a crown 6×5 the mean of both sides; None for no number."""
    _, metres, usual = KEPT_AS[term]
    sides = [_metres(side, unit or usual) for side in BETWEEN_SIDES.split(levelled(text))]
    if len(sides) > 2 or any(side is None for side in sides) or (len(sides) == 2 and "crown" not in term):
        return None
    return round(sum(side for side in sides if side is not None) / len(sides) / metres, 6)


def _metres(text: str, unit: str) -> float | None:
    found = LENGTH.match(text)
    factor = METRES.get(found[2] or unit) if found else None
    return float(found[1]) * factor if found and factor else None


def read_measurements(engine: Any) -> tuple[tuple[str, Lookup], ...]:
    """Each measured term that the tables have, with what its texts mean that are no plain numbers."""
    named = distinct_texts(engine, _terms)
    return tuple((term, _read(engine, term)) for term in KEPT_AS if term in named)


def _read(engine: Any, term: str) -> Lookup:
    read = {}
    for key in distinct_texts(engine, _raw_key, term):
        unit, _, text = key.partition(SEPARATOR)
        read[key] = read_measurement(term, text, unit or None)
    return look_up(engine, f"read_{term}", read, "float64")


def _raw_key(engine: Any, term: str) -> Any:
    return _key(with_header(engine, engine.table("raw_survey")), term)


def _terms(engine: Any) -> Any:
    return engine.table("raw_survey_column").term


def with_measurements(engine: Any, rows: Any, lookups: Sequence[tuple[str, Lookup]]) -> Any:
    """Adds verbatimMeasurements and measurements to rows that know the headers of their tables."""
    if not lookups:
        return rows.mutate(verbatimMeasurements=ibis.null(TEXTS), measurements=ibis.null(NUMBERS))
    terms = [term for term, _ in lookups]
    rows = with_read(engine, rows, [(_key(rows, term), lookup) for term, lookup in lookups])
    said = [rows[term].notnull() for term in terms]
    texts = ibis.map(ibis.array(terms), ibis.array([rows[term] for term in terms]))
    numbers = ibis.map(
        ibis.array([KEPT_AS[term][0] for term in terms]),
        ibis.array([_number(rows, term) for term in terms]),
    )
    return rows.mutate(
        verbatimMeasurements=ibis.or_(*said).ifelse(texts, ibis.null(TEXTS)),
        measurements=ibis.or_(*said).ifelse(numbers, ibis.null(NUMBERS)),
    )


def _number(rows: Any, term: str) -> Any:
    """Plain numbers set-wise in the unit of the header, every other text as it was looked up."""
    _, metres, usual = KEPT_AS[term]
    unit = rows[unit_column(term)]
    factor = unit.fill_null(usual).cases(*METRES.items(), else_=ibis.null("float64")) / metres
    plain = (_plain(rows, term).cast("float64") * factor).round(6)
    return plain.fill_null(rows[f"read_{term}"])


def _plain(rows: Any, term: str) -> Any:
    return rows[term].re_search(PLAIN).ifelse(rows[term], ibis.null("string"))


def _key(rows: Any, term: str) -> Any:
    """Unit and text of a cell that is no plain number."""
    said = rows[unit_column(term)].fill_null("") + SEPARATOR + rows[term]
    return rows[term].re_search(PLAIN).ifelse(ibis.null("string"), said)
