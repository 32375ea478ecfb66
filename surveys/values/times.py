"""Clock times as people write them, read into ISO 8601 local times; dates belong to `dates`."""

from __future__ import annotations

import re

from surveys.values.texts import NUMERAL, chinese_number, levelled

HALF_DAYS = (
    "凌晨",
    "清晨",
    "早上",
    "早晨",
    "上午",
    "中午",
    "下午",
    "傍晚",
    "晚上",
    "夜间",
    "夜里",
    "晚",
    "早",
)
AFTERNOON = ("下午", "傍晚", "晚上", "夜间", "夜里", "晚", "pm", "p.m.")
MERIDIEM = "am|pm|a\\.m\\.|p\\.m\\."
CLOCK = re.compile(
    rf"^(?P<before>{'|'.join(HALF_DAYS)}|{MERIDIEM})?\s*(?P<h>\d{{1,2}}|{NUMERAL})\s*"
    rf"(?:[::时点]\s*(?P<m>\d{{1,2}}(?=\D|$)|{NUMERAL}|半|整|一刻|三刻)?\s*分?"
    rf"(?:\s*[::]?\s*(?P<s>\d{{1,2}})(?:\.\d+)?秒?)?)?\s*(?P<after>{MERIDIEM})?"
    r"(?P<zone>z|\+\d{2}:?\d{2})?$"
)
PACKED = re.compile(r"^([01]\d|2[0-3])([0-5]\d)(?:([0-5]\d))?$")
DAY_FRACTION = re.compile(r"^0?\.\d+$")
BETWEEN = re.compile(r"\s*(?:-|~|至|到|/)\s*")
QUARTERS = {"半": 30, "整": 0, "一刻": 15, "三刻": 45}
SECONDS_A_DAY = 86_400


def read_time(text: str) -> str | None:
    """`09:30`, `09:30:15` or an interval `09:30/11:00`, a zone kept where one is written; None for no time."""
    tidy = levelled(text)
    if (single := _single(tidy)) is not None:
        return single
    halves = BETWEEN.split(tidy)
    if len(halves) == 2:
        start = _single(halves[0])
        end = _single(_half_day_of(halves[0]) + halves[1]) or _single(halves[1])
        if start and end:
            return f"{start}/{end}"
    return None


def _half_day_of(text: str) -> str:
    """下午 of 下午3点半-5点, which holds for the end too."""
    return next((word for word in HALF_DAYS if text.startswith(word)), "")


def _single(tidy: str) -> str | None:
    if DAY_FRACTION.match(tidy):  # how a spreadsheet stores a time of day
        return _written(*_of_seconds(round(float(tidy) * SECONDS_A_DAY)), "")
    if found := PACKED.match(tidy):
        return _written(int(found[1]), int(found[2]), int(found[3] or 0), "")
    found = CLOCK.match(tidy)
    if not found or not (found["before"] or found["after"] or re.search(r"[::时点]", tidy)):
        return None
    hour, minute = _number(found["h"]), _minutes(found["m"])
    if hour is None or minute is None:
        return None
    half_day = found["before"] or found["after"]
    if (half_day in AFTERNOON and 1 <= hour < 12) or (half_day == "中午" and 1 <= hour < 4):
        hour += 12
    if half_day in ("am", "a.m.", "凌晨") and hour == 12:
        hour = 0
    return _written(hour, minute, int(found["s"] or 0), (found["zone"] or "").upper())


def _of_seconds(seconds: int) -> tuple[int, int, int]:
    return seconds // 3600 % 24, seconds // 60 % 60, seconds % 60


def _minutes(text: str | None) -> int | None:
    if text is None:
        return 0
    return QUARTERS[text] if text in QUARTERS else _number(text)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else chinese_number(text)


def _written(hour: int, minute: int, second: int, zone: str) -> str | None:
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "") + zone
