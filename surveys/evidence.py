"""Evidence: what the values of one column look like: dates, Latin names, running numbers, yes and no.

What follows from it for an ambiguous header is decided in `ambiguity`, for an unknown one in `guesses`; what a single
value means, in `values`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from surveys.headers import tidy
from surveys.values.angles import read_angle, read_pair
from surveys.values.dates import read_date
from surveys.values.planar import EASTINGS, NORTHINGS, planar_pair_in
from surveys.values.times import read_time

LEAP_YEAR = 2000  # in which every day without a year can be read
# Endings of Latin epithets: “House sparrow” looks like a binomial, a column of such does not end like one.
LATIN_ENDING = r"(?:us|a|um|is|ae|ii?|ans|ens|oides|ix|yx|ax|or|os|ense|ale|are|ile|nne|rre)"
BINOMIAL = re.compile(
    rf"^[A-Z][a-zë-]{{2,}} (?:× ?|x |cf\. |aff\. )?(?:[a-zë-]*{LATIN_ENDING}|spp?\.?)(?![a-zë-])"
)
EPITHET = re.compile(rf"^(?:[a-zë-]{{2,}}{LATIN_ENDING}|spp?\.?\d*)$")
GENUS = re.compile(r"^[A-Z][a-zë-]{2,}$")
CHINESE_NAME = re.compile(r"^[\u3400-\u9fff𫚉]{1,10}(?: ?[（(].*[)）])?(?: ?sp\.?)?$")
PLACE = re.compile(
    r"(?:公园|广场|湖|河|江|山|岛|湿地|水库|绿地|绿道|小区|社区|街|街道|路|大道|桥|村|镇|乡|县|区|市|林场|保护区|校园|大学|学校|基地|站"
    r"|[东南西北]岸|[东南西北]门|park|garden|lake|river|road|street|reserve|wetland)$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^[-+]?\d+(?:\.\d+)?$")
WHOLE_NUMBER = re.compile(r"^\d+(?:\.0+)?$")
YEAR = re.compile(r"^(?:1[89]|20)\d\d年?$")
PERCENT = re.compile(r"^\d{1,3}(?:\.\d+)?\s*%$")
YES_OR_NO = {
    "有", "无", "是", "否", "√", "×", "✓", "✗", "✔", "在", "不在",
    "y", "n", "yes", "no", "true", "false", "present", "absent",
}  # fmt: skip
FEWEST_IN_A_SERIES = 3
LONGEST_LOOKED_AT = 120  # what is longer is a remark, whatever it begins with
STEPS_IN_A_SERIES = 0.9


@dataclass(frozen=True)
class Evidence:
    """The cells of one column in the first rows of a table, tidied, '' where empty."""

    cells: tuple[str, ...]

    @functools.cached_property
    def filled(self) -> tuple[str, ...]:
        return tuple(cell for cell in self.cells if cell)

    @functools.cached_property
    def counted(self) -> Counter[str]:
        return Counter(self.filled)

    @property
    def filled_share(self) -> float:
        return len(self.filled) / len(self.cells) if self.cells else 0.0

    @property
    def are_unique(self) -> bool:
        return len(self.filled) >= FEWEST_IN_A_SERIES and len(self.counted) == len(self.filled)

    @property
    def are_one_value(self) -> bool:
        return len(self.filled) > FEWEST_IN_A_SERIES and len(self.counted) == 1

    @functools.cached_property
    def numbers(self) -> tuple[float, ...]:
        """The plain numbers among the cells, ascending."""
        return tuple(sorted(float(cell) for cell in self.filled if is_number(cell)))

    @property
    def are_running(self) -> bool:
        """1, 2, 3 …, beginning anew perhaps where a plot does."""
        if len(self.filled) < FEWEST_IN_A_SERIES or not all(map(is_whole_number, self.filled)):
            return False
        series = [int(float(cell)) for cell in self.filled]
        steps = [after in (before + 1, 1) for before, after in pairwise(series)]
        return len(set(series)) > 1 and sum(steps) >= STEPS_IN_A_SERIES * len(steps)

    def share(self, looks_right: Callable[[str], bool]) -> float:
        """The share of filled cells that look right; each distinct text is looked at once."""
        right = sum(times for text, times in self.counted.items() if looks_right(text))
        return right / len(self.filled) if self.filled else 0.0


def evidence_of(sample: Sequence[Sequence[str]], position: int) -> Evidence:
    """The evidence of the column at a 1-based position of some rows."""
    cells = (row[position - 1][:LONGEST_LOOKED_AT] if position <= len(row) else "" for row in sample)
    return Evidence(tuple(map(tidy, cells)))


def is_date(text: str) -> bool:
    return read_date(text) is not None and (len(text) > 4 or is_year(text))


def is_day(text: str) -> bool:
    """A date that may leave out its year: 6月3日, 6.3."""
    return read_date(text, LEAP_YEAR) is not None and (len(text) > 4 or not text.isdecimal() or is_year(text))


def is_clock(text: str) -> bool:
    return read_time(text) is not None and not is_year(text)


def is_year(text: str) -> bool:
    return bool(YEAR.match(text))


def is_binomial(text: str) -> bool:
    return bool(BINOMIAL.match(text))


def is_epithet(text: str) -> bool:
    return bool(EPITHET.match(text.lower() if text.isupper() else text))


def is_genus(text: str) -> bool:
    return bool(GENUS.match(text.capitalize() if text.isupper() else text))


def is_chinese_name(text: str) -> bool:
    return bool(CHINESE_NAME.match(text))


def is_place(text: str) -> bool:
    return bool(PLACE.search(text))


def is_number(text: str) -> bool:
    return bool(NUMBER.match(text)) and text.isascii()


def is_whole_number(text: str) -> bool:
    return bool(WHOLE_NUMBER.match(text)) and text.isascii() and len(text) < 16


def is_percentage(text: str) -> bool:
    return bool(PERCENT.match(unicodedata.normalize("NFKC", text)))


def is_yes_or_no(text: str) -> bool:
    return text.lower() in YES_OR_NO


def is_coordinate_pair(text: str) -> bool:
    return read_pair(text) is not None or planar_pair_in(text) is not None


def is_northing(text: str) -> bool:
    """Planar metres north of the equator, as far as China reaches."""
    return is_number(text) and NORTHINGS[0] <= float(text) <= NORTHINGS[1]


def is_easting(text: str) -> bool:
    """Planar metres, with or without the number of the zone before them."""
    if not is_number(text) or float(text) < EASTINGS[0]:
        return False
    zone, within = divmod(float(text), 1_000_000)
    return EASTINGS[0] <= within <= EASTINGS[1] and (zone == 0 or 13 <= zone <= 45)


def is_chinese_longitude(text: str) -> bool:
    angle = read_angle(text)
    return angle is not None and 73 <= angle.degrees <= 136


def is_chinese_latitude(text: str) -> bool:
    angle = read_angle(text)
    return angle is not None and 18 <= angle.degrees <= 54
