"""Verbatim dates: what a date written otherwise than ISO 8601 means, where only one reading is possible.

Names of months in many languages come from CLDR (Babel); a name that is another month in another language is no month.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel.dates import get_day_names, get_month_names

from quality.bdq.iso_dates import iso_date

# Languages of labels in collections and of surveys here.
LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "da", "nb", "nn", "sv", "fi", "is", "et", "lv", "lt", "pl", "cs",
    "sk", "hu", "ro", "hr", "sl", "sr_Latn", "ru", "uk", "bg", "el", "tr", "ca", "eu", "gl", "af", "id", "la", "zh",
    "ja", "ko",
)  # fmt: skip
ROMAN = {
    numeral: number
    for number, numeral in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), start=1
    )
}
SHORTEST_NAME = 3
FILLERS = {"of", "de", "del", "the", "den", "der", "le", "am", "on", "di", "do"}
RANGE = re.compile(r"\s*(?:\bto\b|\bthrough\b|\bbis\b|\bau\b|\bal\b|\band\b|[–—~至到]|-(?!\d{1,2}-\d)|/)\s*")
CLOCK = re.compile(r"[ T](?=\d{1,2}:\d{2})")
CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?")
TOKEN = re.compile(r"(\d+)(?:st|nd|rd|th|er|º)?(?![^\W_])|([^\W\d_]+)\.?|(\d+)", re.IGNORECASE)
UNKNOWN_DAY = re.compile(r"x{1,2}|\?{1,2}|-{2}", re.IGNORECASE)
Parts = tuple[int | None, int | None, int | None]  # year, month, day


def read_date(text: str) -> str | None:
    """The ISO date or interval a text means, as precise as it is; None where it is ambiguous or no date."""
    text = unicodedata.normalize("NFC", text).strip()
    clocked = CLOCK.sub("T", text, count=1)
    if "T" in clocked and iso_date(clocked):
        return clocked
    single = _written(_parts(text))
    return single or _interval(text)


def month_named(text: str) -> int | None:
    """The month a name, an abbreviation or a Roman numeral means."""
    name = text.strip().rstrip(".").casefold()
    return ROMAN.get(name) or _months().get(name)


def _interval(text: str) -> str | None:
    """Two dates; what the first leaves out is as in the second: 9.ii-10.iii.2000."""
    for mark in RANGE.finditer(text):
        last = _parts(text[mark.end() :])
        first = _parts(text[: mark.start()], completed_by=last) if last else None
        start, end = _written(first), _written(last)
        if start and end and iso_date(f"{start}/{end}"):
            return f"{start}/{end}"
    return None


def _written(parts: Parts | None) -> str | None:
    if parts is None or parts[0] is None:
        return None
    year, month, day = parts
    text = f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")
    return text if iso_date(text) and not (day and not month) else None


def _parts(text: str, completed_by: Parts | None = None) -> Parts | None:
    """Year, month and day that a text gives; None where they can be told apart in more than one way."""
    chinese = CHINESE.fullmatch(text.strip())
    if chinese:
        year, month, day = (int(part) if part else None for part in chinese.groups())
        return year, month, day
    numbers, names = _tokens(text)
    if numbers is None or len(names) > 1:
        return None
    years = [number for number, digits in numbers if digits == 4]
    others = [number for number, digits in numbers if digits != 4]
    if (
        len(years) > 1
        or len(years) + len(others) != len(numbers)
        or any(digits in (3,) or digits > 4 for _, digits in numbers)
    ):
        return None
    year = years[0] if years else completed_by[0] if completed_by else None
    if names:
        return (year, names[0], others[0] if others else None) if len(others) <= 1 else None
    if not others:
        return (year, None, None) if years else None
    if len(others) == 1:
        return (year, completed_by[1], others[0]) if completed_by and completed_by[1] and not years else None
    return (
        _numeric(year, others, is_year_first=bool(years) and numbers[0][1] == 4) if len(others) == 2 else None
    )


def _numeric(year: int | None, others: list[int], *, is_year_first: bool) -> Parts | None:
    """Day and month as numbers: which is which must be certain, by the year in front or by being more than 12."""
    first, second = others
    if is_year_first and 1 <= first <= 12:
        return year, first, second
    if first == second or (first > 12 and 1 <= second <= 12):
        return year, second, first
    if second > 12 and 1 <= first <= 12:
        return year, first, second
    return None


def _tokens(text: str) -> tuple[list[tuple[int, int]] | None, list[int]]:
    """Numbers with how many digits they have, and months named; None where a word is neither month nor filler."""
    numbers: list[tuple[int, int]] = []
    names: list[int] = []
    rest = TOKEN.sub(" ", text)
    if rest.strip(" .,-/'’日月年?"):
        return None, names
    for matched in TOKEN.finditer(text):
        digits, word = matched[1] or matched[3], matched[2]
        if digits:
            numbers.append((int(digits), len(digits)))
        elif word.casefold() in FILLERS or word.casefold() in _weekdays() or UNKNOWN_DAY.fullmatch(word):
            continue
        elif month := month_named(word):
            names.append(month)
        else:
            return None, names
    return numbers, names


@cache
def _months() -> dict[str, int]:
    """Names of months without those that mean different ones in different languages (listopad, srpen)."""
    meant: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    key = name.rstrip(".").casefold()
                    if len(key) >= SHORTEST_NAME or not key.isascii():
                        meant.setdefault(key, set()).add(number)
    meant.setdefault("sept", set()).add(9)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


@cache
def _weekdays() -> frozenset[str]:
    months = _months()
    return frozenset(
        key
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", language).values()
        if (key := name.rstrip(".").casefold()) not in months
    )
