"""Verticals: elevations and depths, in metres and as they were written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from quality.bdq.numbers import number
from quality.bdq.responses import (
    Asked,
    BdqFunction,
    Response,
    Terms,
    compliant_if,
    filled_in,
    internal_prerequisites_not_met,
    is_empty,
    not_amended,
    value_of,
)

# International yard and pound agreement of 1959; the fathom is two yards.
METRES = {
    "m": "1", "metre": "1", "metres": "1", "meter": "1", "meters": "1", "mts": "1", "mtrs": "1", "metros": "1",
    "mètres": "1", "米": "1", "公尺": "1", "km": "1000", "kms": "1000", "kilometre": "1000", "kilometres": "1000",
    "kilometer": "1000", "kilometers": "1000", "公里": "1000", "千米": "1000", "cm": "0.01", "ft": "0.3048",
    "feet": "0.3048", "foot": "0.3048", "'": "0.3048", "′": "0.3048", "英尺": "0.3048", "yd": "0.9144",
    "yds": "0.9144", "yard": "0.9144", "yards": "0.9144", "fathom": "1.8288", "fathoms": "1.8288", "fm": "1.8288",
    "fms": "1.8288", "ftm": "1.8288", "mile": "1609.344", "miles": "1609.344", "mi": "1609.344",
}  # fmt: skip
WORDS = (
    "min", "max", "minimum", "maximum", "mindepth", "maxdepth", "minelevation", "maxelevation", "depth",
    "elevation", "elev", "alt", "altitude", "to", "a", "al", "and", "from", "between", "of", "at", "bis", "asl",
    "masl", "msnm", "above", "below", "sea", "level", "surface", "deep", "high", "s", "l", "海拔", "深", "水深", "深度",
    "至", "到", "约",
)  # fmt: skip
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
TOKEN = re.compile(rf"(?P<number>{NUMBER})|(?P<word>[^\W\d_]+|['′])|(?P<sign>[-–—~+]|[:=,;.()/])|\s+")


def in_range(term: str, *, is_depth: bool) -> BdqFunction:
    kind = "Depth" if is_depth else "Elevation"

    def test(terms: Terms, asked: Asked) -> Response:
        metres = number(value_of(terms, term))
        if metres is None or (is_depth and metres < 0):
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty or no such number")
        least, most = (
            float(asked.parameter(f"{side}Valid{kind}InMeters")) for side in ("minimum", "maximum")
        )
        return compliant_if(least <= metres <= most, f"{term} against {least:g} to {most:g}")

    return test


def minimum_not_above_maximum(kind: str, *, is_depth: bool) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        least, most = (number(value_of(terms, f"dwc:{side}imum{kind}InMeters")) for side in ("min", "max"))
        if least is None or most is None or (is_depth and min(least, most) < 0):
            return internal_prerequisites_not_met("one of the two is bdqval:Empty or no such number")
        return compliant_if(least <= most, f"minimum {least:g}, maximum {most:g}")

    return test


def from_verbatim(kind: str) -> BdqFunction:
    minimum, maximum, verbatim = (
        f"dwc:minimum{kind}InMeters",
        f"dwc:maximum{kind}InMeters",
        f"dwc:verbatim{kind}",
    )

    def test(terms: Terms, asked: Asked) -> Response:
        written = value_of(terms, verbatim)
        if not written or not is_empty(terms.get(minimum)) or not is_empty(terms.get(maximum)):
            return internal_prerequisites_not_met(f"{verbatim} is bdqval:Empty, or metres are given")
        metres = metres_of(written, may_be_negative=kind == "Elevation")
        if metres is None:
            return not_amended(f"{verbatim} is ambiguous: one value or range with its unit is needed")
        return filled_in({minimum: metres[0], maximum: metres[1]}, f"read from {verbatim}")

    return test


def metres_of(written: str, *, may_be_negative: bool = False) -> tuple[str, str] | None:
    """Least and greatest metres of one value or one range with its unit; None where anything is left unclear."""
    values: list[Decimal] = []
    units: list[str | None] = []
    for kind, text in _tokens(written) or [("unknown", "")]:
        if kind == "number":
            values.append(Decimal(text.replace(",", "")))
            units.append(None)
        elif kind == "unit" and units and units[-1] is None:
            units[-1] = text
        elif kind == "minus" and not values and may_be_negative:
            values, units = [], []
        elif kind in ("unit", "unknown"):
            return None
    if not 1 <= len(values) <= 2 or units[-1] is None:
        return None
    is_negative = may_be_negative and len(values) == 1 and re.match(r"\s*[-–]", written) is not None
    metres = [
        value * Decimal(METRES[unit or units[-1] or "m"]) for value, unit in zip(values, units, strict=True)
    ]
    least, most = min(metres), max(metres)
    return (_plain(-least), _plain(-least)) if is_negative else (_plain(least), _plain(most))


def _tokens(written: str) -> list[tuple[str, str]] | None:
    tokens, at = [], 0
    while at < len(written):
        found = TOKEN.match(written, at)
        if found is None:
            return None
        at = found.end()
        word = (found["word"] or "").casefold()
        if found["number"]:
            tokens.append(("number", found["number"]))
        elif word in METRES:
            tokens.append(("unit", word))
        elif word and word not in WORDS:
            return None
        elif found["sign"] in ("-", "–", "—", "~"):
            tokens.append(("minus", found["sign"]))
    return tokens


def _plain(metres: Decimal) -> str:
    text = f"{metres:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_MINDEPTH_INRANGE": in_range("dwc:minimumDepthInMeters", is_depth=True),
    "VALIDATION_MAXDEPTH_INRANGE": in_range("dwc:maximumDepthInMeters", is_depth=True),
    "VALIDATION_MINELEVATION_INRANGE": in_range("dwc:minimumElevationInMeters", is_depth=False),
    "VALIDATION_MAXELEVATION_INRANGE": in_range("dwc:maximumElevationInMeters", is_depth=False),
    "VALIDATION_MINDEPTH_LESSTHAN_MAXDEPTH": minimum_not_above_maximum("Depth", is_depth=True),
    "VALIDATION_MINELEVATION_LESSTHAN_MAXELEVATION": minimum_not_above_maximum("Elevation", is_depth=False),
    "AMENDMENT_MINDEPTHMAXDEPTH_FROM_VERBATIM": from_verbatim("Depth"),
    "AMENDMENT_MINELEVATIONMAXELEVATION_FROM_VERBATIM": from_verbatim("Elevation"),
}
