"""Counts as people write them: an exact number, or bounds, parts, clumps and words kept as written.

Only what was counted becomes individualCount; 若干, 丛, Cop¹ and 3-5 never do (reference formats, section 3.3).
Cover, density and the other quantities with a column of their own belong to `quantities`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from surveys.values.scales import DRUDE, drude_code
from surveys.values.texts import NUMERAL, chinese_number, levelled

UNIT = r"\s*(?:只|株|棵|个|头|条|尾|匹|羽|枚|朵|本|individuals?|inds?\.?|plants?|birds?)?"
NUMBER = rf"(\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}|{NUMERAL})"
EXACT = re.compile(rf"^([-+]?\d{{1,9}}(?:\.0+)?){UNIT}$")
EXACT_WORDS = re.compile(rf"^{NUMBER}{UNIT}$")
FRACTION = re.compile(rf"^(\d{{1,9}}\.\d+){UNIT}$")
TEENS = re.compile(rf"^({NUMERAL}|\d{{0,4}}0)几{UNIT}$")
TENS = re.compile(rf"^(?:几|数)([十百千]){UNIT}$")
ABOUT_A_FEW = re.compile(rf"^([一二三四五六七八])([二三四五六七八九]){UNIT}$")
RANGE = re.compile(rf"^(?:约|大约)?\s*{NUMBER}{UNIT}\s*(?:-|~|至|到)\s*{NUMBER}{UNIT}$")
AT_LEAST = re.compile(
    rf"^(?:≥|>=|>|≧|超过|至少|不少于|多于|大于|上)\s*{NUMBER}{UNIT}$|^{NUMBER}\s*(?:\+|余|多|以上){UNIT}$"
    rf"|^{NUMBER}{UNIT}\s*(?:\+|以上|余|有余)$"
)
AT_MOST = re.compile(
    rf"^(?:≤|<=|<|≦|近|将近|接近|不到|不足|少于|小于|至多|最多)\s*{NUMBER}{UNIT}$|^{NUMBER}{UNIT}\s*以下$"
)
ESTIMATE = re.compile(
    rf"^(?:约|大约|大概|估计|估|about|around|approx\.?|ca\.?|c\.|~|≈|±)\s*{NUMBER}{UNIT}$|^{NUMBER}{UNIT}\s*(?:左右|上下|±|\?)$"
)
PARTS_ADDED = re.compile(r"^\d{1,6}(?:\s*\+\s*\d{1,6})+$")
PART = re.compile(
    r"(?P<n>\d{1,6})\s*(?:只|头)?(?:♂|♀|雄|雌|公|母|亚成|成|幼|雏)[体鸟鹿]?|(?:♂|♀|雄|雌|公|母|亚成|成|幼|雏)[体鸟]?\s*[:]?(?P<m>\d{1,6})\s*(?:只|头)?"
)
TENTHS = re.compile(r"^\d+\s*成$")
COUNTED_BY = {"丛": "clumps", "簇": "clumps", "墩": "clumps", "片": "patches", "对": "pairs", "群": "groups"}
COUNTED_BY |= {"巢": "nests", "窝": "nests", "枝": "stems"}
BY_OTHERS = re.compile(rf"^{NUMBER}?\s*([{''.join(COUNTED_BY)}])$")
PERCENT = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*%$")
ABSENT = {"0", "无", "未见", "未发现", "没有", "未见到", "absent", "none"}
NOT_RECORDED = {"", "-", "--", "/", "\\", "空", "na", "n/a", "null", "nan", "#n/a", "未记录", "未统计", "缺"}
WORDS = "abundance in words"
NOT_UNDERSTOOD = "verbatim"
BOUNDS = ("range", "lower bound", "upper bound")
PERCENT_COVER = "percent cover"
WORDS_FOR_PRESENT = {
    "若干", "数株", "几株", "几只", "数只", "数个", "几个", "多", "较多", "很多", "极多", "众多", "大量", "成群",
    "成片", "少量", "少", "较少", "很少", "极少", "个别", "零星", "散生", "常见", "偶见", "少见", "罕见", "普遍",
    "广布", "稀少", "尚多", "不多", "不多而分散", "单株", "稀疏", "密集",
    "优势", "优势种", "多数", "少数", "一些", "许多", "数十", "不计其数", "√", "✓", "✔", "+", "++", "+++", "有", "是",
    "present", "few", "several", "some", "many", "common", "abundant", "rare", "frequent", "occasional", "x", "y",
    "yes",
}  # fmt: skip


@dataclass(frozen=True)
class Count:
    """What a count cell says: an exact or estimated number, bounds, or a quantity in words or other units.

    `present` is None where the cell says nothing; `minimum` and `maximum` are bounds in individuals.
    """

    individualCount: int | None = None
    organismQuantity: str | None = None
    organismQuantityType: str | None = None
    present: bool | None = None
    minimum: int | None = None
    maximum: int | None = None


def read_count(text: str) -> Count:
    """What the text of a count cell says; a text of no known notation is kept as `verbatim`."""
    tidy = levelled(text)
    if tidy in NOT_RECORDED:
        return Count()
    if tidy in ABSENT:
        return Count(individualCount=0, present=False)
    if found := EXACT.match(tidy):
        number = int(float(found[1]))
        return Count(individualCount=number, present=number != 0)
    written = text.strip()
    if tidy in WORDS_FOR_PRESENT:
        return Count(None, written, WORDS, present=True)
    return _bounded(tidy, written) or _in_parts(tidy, written) or _in_other_units(tidy, written)


def _bounded(tidy: str, written: str) -> Count | None:
    """Ranges, bounds and estimates, in digits or Chinese numerals."""
    if found := ABOUT_A_FEW.match(tidy):  # before the exact numerals: 三五只 is no thirty-five
        return _between(written, _number(found[1]), _number(found[2]))
    if found := EXACT_WORDS.match(tidy):
        return Count(individualCount=_number(found[1]), present=True) if _number(found[1]) else None
    if found := TEENS.match(tidy):
        start = _number(found[1])
        return _between(written, start and start + 1, start and start + 9)
    if found := TENS.match(tidy):
        unit = _number(found[1])
        return _between(written, unit and unit * 2, unit and unit * 10 - 1)
    if found := RANGE.match(tidy):
        return _between(written, _number(found[1]), _number(found[2]))
    if found := AT_LEAST.match(tidy):
        return Count(None, written, "lower bound", True, minimum=_first(found))
    if found := AT_MOST.match(tidy):
        return Count(None, written, "upper bound", True, maximum=_first(found))
    if found := ESTIMATE.match(tidy):
        return Count(_first(found), written, "estimate", present=True)
    return None


def _between(written: str, low: int | None, high: int | None) -> Count | None:
    if low is None or high is None or low > high:
        return None
    return Count(None, written, "range", present=True, minimum=low, maximum=high)


def _in_parts(tidy: str, written: str) -> Count | None:
    """2♂1♀, 1成2幼, 3+2: the sum, with the parts kept as written."""
    if PARTS_ADDED.match(tidy):
        return Count(sum(map(int, tidy.split("+"))), written, "parts", present=True)
    if TENTHS.match(tidy):  # 7成: seven tenths, not seven adults
        return None
    parts = [int(found["n"] or found["m"]) for found in PART.finditer(tidy)]
    if parts and not PART.sub("", tidy).strip(" ,，、;+/和"):
        return Count(sum(parts), written, "parts", present=True)
    return None


def _in_other_units(tidy: str, written: str) -> Count:
    if found := BY_OTHERS.match(tidy):
        number = _number(found[1]) if found[1] else None
        return Count(None, str(number) if number else written, COUNTED_BY[found[2]], present=True)
    if code := drude_code(tidy):
        return Count(None, code, DRUDE, present=True)
    if found := PERCENT.match(tidy):
        return Count(None, found[1], PERCENT_COVER, present=float(found[1]) > 0)
    if found := FRACTION.match(tidy):
        return Count(None, found[1], "individuals", present=float(found[1]) > 0)
    return Count(None, written, NOT_UNDERSTOOD, present=True)


def _first(found: re.Match[str]) -> int | None:
    return next((_number(group) for group in found.groups() if group), None)


def _number(text: str) -> int | None:
    digits = text.replace(",", "")
    return int(digits) if digits.isdecimal() else chinese_number(text)
