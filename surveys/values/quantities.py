"""Quantities other than counts: cover, abundance degrees, density, area, biomass, each with the unit it is in.

The unit comes from the cell, else from the column's header (盖度(%), 面积(㎡)); a column of scale codes is told by all
its cells together. Counts of individuals belong to `counts`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from surveys.headers import UNIT_IN_BRACKETS, normalised
from surveys.values.counts import NOT_RECORDED, PERCENT_COVER, WORDS, WORDS_FOR_PRESENT, read_count
from surveys.values.scales import (
    BRAUN_BLANQUET,
    DOMIN,
    DRUDE,
    braun_blanquet_code,
    domin_code,
    drude_code,
    scale_of,
)  # fmt: skip
from surveys.values.texts import NUMERAL, chinese_number, levelled

TENTHS = re.compile(rf"^(\d(?:\.\d)?|{NUMERAL})成$")
MEASURED = re.compile(r"^(<|>|≤|≥|约)?\s*(\d+(?:\.\d+)?)\s*([^\d\s].*)?$")
BETWEEN = re.compile(r"^(\d+(?:\.\d+)?)\s*%?\s*[-~至到]\s*(\d+(?:\.\d+)?)\s*%?$")
# Unit as written: the type it is kept in, and what it is multiplied by. 1 亩 is 1/15 hectare.
UNITS = {
    "%": (PERCENT_COVER, 1.0), "m2": ("m2", 1.0), "㎡": ("m2", 1.0), "平方米": ("m2", 1.0), "平米": ("m2", 1.0),
    "亩": ("m2", 10_000 / 15), "公顷": ("m2", 10_000.0), "hm2": ("m2", 10_000.0), "ha": ("m2", 10_000.0),
    "g": ("g", 1.0), "克": ("g", 1.0), "kg": ("g", 1000.0), "千克": ("g", 1000.0), "公斤": ("g", 1000.0),
    "斤": ("g", 500.0), "丛": ("clumps", 1.0), "簇": ("clumps", 1.0), "丛/m2": ("clumps per m2", 1.0),
    "株": ("individuals", 1.0), "棵": ("individuals", 1.0), "只": ("individuals", 1.0), "个": ("individuals", 1.0),
    "株/m2": ("individuals per m2", 1.0), "个/m2": ("individuals per m2", 1.0), "只/m2": ("individuals per m2", 1.0),
    "株/㎡": ("individuals per m2", 1.0), "株/平方米": ("individuals per m2", 1.0),
    "只/km2": ("individuals per km2", 1.0), "株/hm2": ("individuals per ha", 1.0), "株/ha": ("individuals per ha", 1.0),
    "株/公顷": ("individuals per ha", 1.0), "只/hm2": ("individuals per ha", 1.0), "只/ha": ("individuals per ha", 1.0),
    "只/公顷": ("individuals per ha", 1.0), "株/亩": ("individuals per ha", 15.0), "只/km": ("individuals per km", 1.0),
    "g/m2": ("g per m2", 1.0), "kg/m2": ("g per m2", 1000.0), "kg/hm2": ("g per m2", 0.1), "kg/ha": ("g per m2", 0.1),
    "t/hm2": ("g per m2", 100.0), "t/ha": ("g per m2", 100.0),
}  # fmt: skip
PLANTS_OR_CLUMPS = "individuals or clumps"
TYPE_OF_HEADER = (
    ("频度", "percent"), ("frequency", "percent"), ("多度等级", "abundance class"), ("多度级", "abundance class"),
    ("盖度等级", "cover class"), ("盖度", PERCENT_COVER), ("cover", PERCENT_COVER),
    ("多度", "abundance, scale not stated"), ("株(丛)数", PLANTS_OR_CLUMPS), ("株丛数", PLANTS_OR_CLUMPS),
    ("株数/丛数", PLANTS_OR_CLUMPS), ("丛数", "clumps"),
    ("密度", "individuals per m2"), ("density", "individuals per m2"), ("面积", "m2"), ("area", "m2"),
    ("生物量", "g"), ("鲜重", "g"), ("干重", "g"), ("biomass", "g"), ("株数", "individuals"),
    ("只数", "individuals"), ("数量", "individuals"), ("个体数", "individuals"),
)  # fmt: skip
DOMIN_IN_HEADER = "domin"
HEADER_OF_CODES = ("braun", "布朗", "bb等级", "bb级")


@dataclass(frozen=True)
class Quantity:
    """A quantity as Darwin Core keeps it: organismQuantity with its organismQuantityType; both None where empty."""

    organismQuantity: str | None
    organismQuantityType: str | None


def type_of_column(header: str, texts: Collection[str]) -> str | None:
    """The organismQuantityType or unit that a column's header and cells together say; None: each its own."""
    tidy = normalised(header)
    if any(word in tidy for word in HEADER_OF_CODES):
        return BRAUN_BLANQUET
    if DOMIN_IN_HEADER in tidy:
        return DOMIN
    if scale := scale_of(texts):
        return scale
    brackets = [
        found for found in UNIT_IN_BRACKETS.findall(tidy) if tidy.endswith(found)
    ]  # 株(丛)数 has no unit
    in_brackets = [unit.strip("()[]【】") for unit in brackets]
    if unit := next((unit for unit in in_brackets if unit in UNITS and unit != "%"), None):
        return unit
    return next((kind for word, kind in TYPE_OF_HEADER if word in tidy), None)


def read_quantity(text: str, of_column: str | None) -> Quantity:
    """What one cell of a quantity column says; `of_column` is what `type_of_column` found for the whole column."""
    tidy = levelled(text)
    if tidy in NOT_RECORDED:
        return Quantity(None, None)
    if of_column == BRAUN_BLANQUET and (code := braun_blanquet_code(tidy)):
        return Quantity(code, BRAUN_BLANQUET)
    if of_column == DOMIN and (code := domin_code(tidy)):
        return Quantity(code, DOMIN)
    if code := drude_code(tidy):
        return Quantity(code, DRUDE)
    if tidy in WORDS_FOR_PRESENT:
        return Quantity(text.strip(), WORDS)
    if measured := _measured(tidy, text.strip(), of_column):
        return measured
    count = read_count(text)
    if count.organismQuantity is not None:
        return Quantity(count.organismQuantity, count.organismQuantityType)
    return Quantity(text.strip(), None)


def _measured(tidy: str, written: str, of_column: str | None) -> Quantity | None:
    """A number with a unit of its own, or with that of the column; a bound or range stays as written."""
    if tenths := TENTHS.match(tidy):
        share = float(tenths[1]) if tenths[1][0].isascii() else chinese_number(tenths[1])
        return None if share is None else Quantity(f"{share * 10:g}", PERCENT_COVER)
    column_kind, _ = UNITS.get(of_column or "", (of_column, 1.0))
    if column_kind and BETWEEN.match(tidy):
        return Quantity(written, column_kind)
    found = MEASURED.match(tidy)
    if not found:
        return None
    unit = (found[3] or "").replace(" ", "") or of_column or ""
    if unit not in UNITS:
        is_plain = bool(unit) and unit == of_column
        return Quantity(written if found[1] else found[2], of_column) if is_plain else None
    kind, factor = UNITS[unit]
    if found[1]:
        return Quantity(written, column_kind or kind)
    number = f"{float(found[2]) * factor:.6g}" if factor != 1 else found[2]
    return Quantity(number, "percent" if unit == "%" and of_column == "percent" else kind)
