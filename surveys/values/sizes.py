"""Sizes: how large a plot or how long a transect is (100㎡, 1m×1m, 10*10, 2公里), in square metres or metres.

The unit stands in the cell, else in the column's header. Cover and other quantities of a species belong to
`quantities`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from surveys.values.texts import levelled

METRES = {
    "m": 1.0, "米": 1.0, "cm": 0.01, "厘米": 0.01, "公分": 0.01, "mm": 0.001, "毫米": 0.001,
    "km": 1000.0, "公里": 1000.0, "千米": 1000.0, "里": 500.0,
}  # fmt: skip
SQUARE_METRES = {
    "m2": 1.0, "m^2": 1.0, "平方米": 1.0, "平米": 1.0, "cm2": 1e-4, "平方厘米": 1e-4, "km2": 1e6, "平方公里": 1e6,
    "平方千米": 1e6, "ha": 10_000.0, "hm2": 10_000.0, "公顷": 10_000.0, "亩": 10_000 / 15,
}  # fmt: skip
NUMBER = r"(\d{1,9}(?:,\d{3})*(?:\.\d+)?)"
ONE = re.compile(rf"^(?:约|大约|ca\.?)?\s*{NUMBER}\s*(\D*(?:\^?2)?)$")
SIDES = re.compile(rf"^{NUMBER}\s*([^\d\sx×*]*)\s*[x×*]\s*{NUMBER}\s*([^\d\s]*(?:\^?2)?)$")


@dataclass(frozen=True)
class Size:
    """An area in m2 or a length in m; `unit` is None where neither the cell nor the header names one."""

    value: float
    unit: str | None


def read_size(text: str, unit_of_header: str | None = None) -> Size | None:
    """The size a cell names, None where it names none; sides of a plot (10*10) without a unit are metres."""
    tidy, usual = levelled(text), _unit(unit_of_header or "")
    if found := SIDES.match(tidy):
        first, second = _unit(found[2]), _unit(found[4])
        return _of_sides(_number(found[1]), _number(found[3]), first or second, second or first, usual)
    found = ONE.match(tidy)
    if not found or (found[2] and not _unit(found[2])):
        return None
    return _in_metres(_number(found[1]), _unit(found[2]) or usual)


def _of_sides(one: float, other: float, first: str, second: str, usual: str) -> Size | None:
    """Width times length. 10×10㎡, as some write it, means sides of ten metres."""
    sides = [
        METRES.get(unit)
        if unit not in SQUARE_METRES
        else 1.0
        if unit in ("m2", "m^2", "平方米", "平米")
        else None
        for unit in (first or usual or "m", second or usual or "m")
    ]
    if sides[0] is None or sides[1] is None:
        return None
    return Size(_rounded(one * sides[0] * other * sides[1]), "m2")


def _in_metres(number: float, unit: str) -> Size | None:
    if unit in SQUARE_METRES:
        return Size(_rounded(number * SQUARE_METRES[unit]), "m2")
    if unit in METRES:
        return Size(_rounded(number * METRES[unit]), "m")
    return Size(number, None)


def _unit(text: str) -> str:
    """The unit of a text in the spelling of the tables above; empty where it is none of them."""
    unit = levelled(text).replace(" ", "").strip("()[]")
    return unit if unit in METRES or unit in SQUARE_METRES else ""


def _number(digits: str) -> float:
    return float(digits.replace(",", ""))


def _rounded(number: float) -> float:
    return float(f"{number:.10g}")
