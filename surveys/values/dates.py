"""Dates as people write them in survey tables, read into a day or an interval of days.

An unknown day or month never becomes the first: 2025年6月 is the interval of that month. What cannot be read is
None; nothing is guessed between day and month, and a lunar date (农历) is no date here. The clock written beside a
date is read in `times`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.values.texts import chinese_number, levelled
from surveys.values.times import read_time

EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119: a five-digit number in a date column is one of these
SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "spring": (3, 5), "summer": (6, 8)}
SEASONS |= {"autumn": (9, 11), "fall": (9, 11)}
THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}

LUNAR = re.compile(r"农历|阴历|旧历|[正腊]月|初[一二三四五六七八九十]")
IN_NUMERALS = re.compile(r"[〇零一二三四五六七八九十廿]+(?=年|月|日|号)")
SERIAL_WITH_CLOCK = re.compile(r"^(\d{5})(\.\d+)$")
CLOCK = re.compile(
    r"[t ]*(?:(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|am|pm) ?)?"
    r"(?:\d{1,2}[::时]\d{0,2}.*|(?:\d{1,2}|[一二三四五六七八九十]{1,3})点.*|\d{1,2} ?[ap]m)$"
)
HALF_DAY = re.compile(r" *(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间)$")
WEEKDAY = re.compile(r"[(\[]?(?:星期|周)[一二三四五六日天][)\]]?")
Y, M, D = r"(?P<y>\d{4}|\d{2}(?=年))", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
DAY = re.compile(rf"^{Y}(?:年|[-./]){M}(?:月|[-./]){D}[日号]?$")
MONTH = re.compile(rf"^{Y}(?:年|[-./]){M}月?$")
WITHOUT_YEAR = re.compile(r"^\d{1,2}(?:月|[-./]\d{1,2}(?:\D|$))")
SEASON_ALONE = re.compile(r"^(?:春|夏|秋|冬)[季天]?$")
MONTHS_OF_A_YEAR = re.compile(rf"^{Y}年{M}月?[-~至到](?P<until>\d{{1,2}})月$")
TWO_YEARS = re.compile(r"^(?P<y>(?:19|20)\d\d)年?[-~至到](?P<until>(?:19|20)\d\d)年?$")
YEAR = re.compile(r"^(?P<y>\d{4})年?$")
COMPACT = re.compile(r"^(?P<y>(?:1[6-9]|2[01])\d\d)(?P<m>\d\d)(?P<d>\d\d)$")
THIRD = re.compile(rf"^{Y}(?:年|[-./]){M}月?(?P<third>上旬|中旬|下旬)$")
SEASON = re.compile(r"^(?P<y>\d{4})年?[ -]?(?P<season>春|夏|秋|spring|summer|autumn|fall)[季天]?$")
WINTER = re.compile(r"^(?P<y>\d{4})年?[ -]?(?:冬[季天]?|winter)$")
DAY_FIRST = re.compile(r"^(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>\d{4})$")
IN_WORDS = re.compile(r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?[ -]?(?P<name>[a-z]{3,9})\.?,?[ -]?(?P<y>\d{4})$")
MONTH_IN_WORDS = re.compile(r"^(?P<name>[a-z]{3,9})\.? ?(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<y>\d{4})$")


@dataclass(frozen=True)
class DateInterval:
    """The first and the last day on which something may have been observed; equal where the day is known."""

    start: date
    end: date

    @property
    def iso(self) -> str:
        """ISO 8601 as Darwin Core's eventDate wants it: a day, or start/end."""
        if self.start == self.end:
            return self.start.isoformat()
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def read_date(text: str, year: int | None = None) -> DateInterval | None:
    """The day or interval a text names, None where it names none; see reference formats, section 3.2.

    `year` is the one meant where none is written (6月3日, 6.3, 6月上旬), as a file's name or title states it.
    """
    tidy = _tidied(text)
    if LUNAR.search(tidy):
        return None
    interval = _between(tidy) or _with_clock(tidy)
    if interval is None and year is not None:
        interval = _in_year(tidy, year)
    return interval


def clock_beside(text: str) -> str | None:
    """The ISO time written beside a date (2025年6月3日 上午9:30, 45811.39583), or the interval of two."""
    tidy = _tidied(text)
    if serial := SERIAL_WITH_CLOCK.match(tidy):
        return read_time(f"0{serial[2]}")
    clocks = []
    halves = tidy.split("/")
    for part in halves if len(halves) == 2 and all(map(_with_clock, halves)) else [tidy]:
        written = CLOCK.search(part)
        clocks.append(read_time(written.group().strip("t ")) if written else None)
    found = [clock for clock in clocks if clock]
    return "/".join(found) if found and len(found) == len(clocks) else None


def _tidied(text: str) -> str:
    tidy = WEEKDAY.sub("", levelled(text).replace("。", ".")).strip()
    tidy = re.sub(r"\s*([年月日号])\s*", r"\1", tidy)
    tidy = re.sub(r"(?<=[日号])(?=\d)", " ", tidy)
    return IN_NUMERALS.sub(lambda found: _digits(found.group()), tidy)


def _digits(numeral: str) -> str:
    number = chinese_number(numeral)
    return numeral if number is None else str(number)


def _in_year(tidy: str, year: int) -> DateInterval | None:
    """6月3日, 6.3, 6月上旬, 夏季, 春: the year is the one that file or title states."""
    if SEASON_ALONE.match(tidy):
        return _single(f"{year}年{tidy}")
    if not WITHOUT_YEAR.match(tidy):
        return None
    dated = f"{year}年{tidy}" if "月" in tidy else f"{year}.{tidy}".replace("/", ".")
    return _between(dated) or _with_clock(dated)


def _with_clock(tidy: str) -> DateInterval | None:
    """A date that may have a clock, or a part of the day, beside it."""
    if interval := _single(tidy):
        return interval
    without_clock = HALF_DAY.sub("", CLOCK.sub("", tidy)).strip()
    return _single(without_clock) if without_clock != tidy else None


def read_date_parts(year: str | None, month: str | None, day: str | None) -> DateInterval | None:
    """The interval of separate year, month and day cells, as far down as they are filled."""
    parts = [part.strip().rstrip("年月日号") for part in (year, month, day) if part and part.strip()]
    if not year or not all(re.fullmatch(r"\d{1,4}(?:\.0)?", part) for part in parts):
        return None
    if day and not month:
        return None
    return _single("-".join(str(int(float(part))).zfill(4 if place == 0 else 1)
                            for place, part in enumerate(parts)))  # fmt: skip


def _between(text: str) -> DateInterval | None:
    """Two dates with a sign between them; the second may leave out what it shares with the first."""
    for found in re.finditer(r"/|~|-{1,2}|至|到|、|,|;|和|及", text):
        start = _with_clock(text[: found.start()].strip()) if text[: found.start()] else None
        if start is None or (found.group() in "/-" and start.end - start.start > timedelta(days=0)):
            continue
        rest = text[found.end() :].strip()
        end = _with_clock(rest) or _completed(rest, start.start)
        if end is not None and start.start <= end.end:
            return DateInterval(start.start, end.end)
    return _two_wholes(text)


def _two_wholes(text: str) -> DateInterval | None:
    """start/end of months or years as ISO 8601 writes them: 2025-06/2025-08."""
    halves = text.split("/")
    if len(halves) != 2 or len(halves[1]) < 4:
        return None
    start, end = _single(halves[0].strip()), _single(halves[1].strip())
    if start and end and start.start <= end.end:
        return DateInterval(start.start, end.end)
    return None


def _completed(text: str, first: date) -> DateInterval | None:
    """“6.5” or “5日” after a first day: the year, or year and month, are those of the first."""
    month_and_day = re.fullmatch(r"(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?", text)
    if month_and_day:
        return _day(first.year, int(month_and_day[1]), int(month_and_day[2]))
    day = re.fullmatch(r"(\d{1,2})[日号]?", text)
    return _day(first.year, first.month, int(day[1])) if day else None


def _single(text: str) -> DateInterval | None:
    if found := DAY.match(text) or COMPACT.match(text):
        return _day(_year(found["y"]), int(found["m"]), int(found["d"]))
    if found := THIRD.match(text):
        first, last = THIRDS[found["third"]]
        return _days(_year(found["y"]), int(found["m"]), first, last)
    if found := MONTH.match(text):
        return _days(_year(found["y"]), int(found["m"]), 1, 31)
    if found := MONTHS_OF_A_YEAR.match(text):
        return _months(_year(found["y"]), int(found["m"]), int(found["until"]))
    if found := TWO_YEARS.match(text):
        return _between_years(int(found["y"]), int(found["until"]))
    if found := YEAR.match(text) or WINTER.match(text):  # a winter belongs to two years: only one is named
        return _months(int(found["y"]), 1, 12)
    if found := SEASON.match(text):
        return _months(int(found["y"]), *SEASONS[found["season"]])
    serial = SERIAL_WITH_CLOCK.match(text)
    number = serial[1] if serial else text
    if number.isdecimal() and len(number) == 5 and int(number) in EXCEL_SERIALS:
        day = EXCEL_EPOCH + timedelta(days=int(number))
        return DateInterval(day, day)
    return _western(text)


def _western(text: str) -> DateInterval | None:
    """Day, month, year with the year last. 03/06/2025 may be March or June and is not read."""
    if found := IN_WORDS.match(text):
        return _day(int(found["y"]), MONTHS.get(found["name"], 0), int(found["d"]))
    if found := MONTH_IN_WORDS.match(text):
        month = MONTHS.get(found["name"], 0)
        if found["d"]:
            return _day(int(found["y"]), month, int(found["d"]))
        return _days(int(found["y"]), month, 1, 31)
    if found := DAY_FIRST.match(text):
        first, second, year = int(found["d"]), int(found["m"]), int(found["y"])
        if first == second or first > 12:
            return _day(year, second, first)
        if second > 12:
            return _day(year, first, second)
    return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day(year: int, month: int, day: int) -> DateInterval | None:
    return _days(year, month, day, day)


def _days(year: int, month: int, first: int, last: int) -> DateInterval | None:
    if not (1 <= year <= 9998 and 1 <= month <= 12):
        return None
    length = calendar.monthrange(year, month)[1]
    if first < 1 or first > length or (first == last and last > length):
        return None
    return DateInterval(date(year, month, first), date(year, month, min(last, length)))


def _months(year: int, first: int, last: int) -> DateInterval | None:
    start, end = _days(year, first, 1, 31), _days(year, last, 1, 31)
    return DateInterval(start.start, end.end) if start and end and first <= last else None


def _between_years(first: int, last: int) -> DateInterval | None:
    return DateInterval(date(first, 1, 1), date(last, 12, 31)) if first <= last else None
