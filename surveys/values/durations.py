"""Durations: how long people looked (1.5小时, 90分钟, 2h30min, 1:30), in minutes. Times of day belong to `times`."""

from __future__ import annotations

import re

from surveys.values.texts import NUMERAL, chinese_number, levelled

MINUTES = {
    "d": 1440.0, "day": 1440.0, "days": 1440.0, "天": 1440.0, "日": 1440.0,
    "h": 60.0, "hr": 60.0, "hrs": 60.0, "hour": 60.0, "hours": 60.0, "小时": 60.0, "个小时": 60.0, "时": 60.0,
    "钟头": 60.0, "min": 1.0, "mins": 1.0, "minute": 1.0, "minutes": 1.0, "m": 1.0, "分": 1.0, "分钟": 1.0, "'": 1.0,
    "s": 1 / 60, "sec": 1 / 60, "second": 1 / 60, "seconds": 1 / 60, "秒": 1 / 60, "秒钟": 1 / 60, '"': 1 / 60,
}  # fmt: skip
UNITS = "|".join(sorted(MINUTES, key=len, reverse=True))
PART = re.compile(rf"(\d{{1,6}}(?:\.\d+)?|{NUMERAL}|半)\s*({UNITS})(半)?(?![a-z])")
PLAIN = re.compile(r"^\d{1,6}(?:\.\d+)?$")
CLOCK = re.compile(r"^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$")
ABOUT = re.compile(r"^(?:约|大约|近|共|ca\.?|~|≈)\s*|(?:左右)$")
HALF = "半"


def read_duration(text: str, unit_of_header: str | None = None) -> float | None:
    """Minutes, None where the text is no duration; a number alone is in the unit of the column's header."""
    tidy = ABOUT.sub("", levelled(text).replace("个半小时", "小时半")).strip()
    if found := CLOCK.match(tidy):
        return _rounded(int(found[1]) * 60 + int(found[2]) + int(found[3] or 0) / 60)
    if PLAIN.match(tidy):
        minutes = MINUTES.get(levelled(unit_of_header or "").strip("()[] "))
        return None if minutes is None else _rounded(float(tidy) * minutes)
    parts = PART.findall(tidy)
    if not parts or PART.sub("", tidy).strip(" ,、零又"):
        return None
    total = 0.0
    for number, unit, and_a_half in parts:
        value = _number(number)
        if value is None:
            return None
        total += (value + (0.5 if and_a_half else 0)) * MINUTES[unit]
    return _rounded(total)


def _number(text: str) -> float | None:
    if text == HALF:
        return 0.5
    return float(text) if text[0].isdigit() and text.isascii() else chinese_number(text)


def _rounded(number: float) -> float:
    return float(f"{number:.10g}")
