"""Headers: which term a column header of a survey table means, and the unit it states.

The variants are data (`headers.csv`: header, term, language, and for a header that means one of several things the
rule of `ambiguity` by which the values decide). What a term is, in words, belongs to `terms`; which column wins where
two mean the same, to `columns`.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from importlib import resources

from opencc import OpenCC

from surveys.terms import terms

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
BRACKETS = str.maketrans("【】[]〔〕{}〖〗", "()()()()()")
QUOTES = "\"'“”‘’「」"
UNIT_IN_BRACKETS = re.compile(r"\([^()]*\)")
LAST_BRACKETS = re.compile(r"\([^()]*\)$")
WHOLE_IN_BRACKETS = re.compile(r"^\(([^()]*)\)$")
LEADING_NUMBER = re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}[.、):]|[一二三四五六七八九十]{1,3}[、.])\s*(?=\D)")
CIRCLED_NUMBER = re.compile(r"^[\u2460-\u2473]")
MARKS = re.compile(r"[*※★#]|\((?:必填|必填项|选填|可选|非必填|required|optional)\)", re.IGNORECASE)
NAMESPACE = re.compile(
    r"^(?:https?://rs\.tdwg\.org/[\w/]+/|https?://purl\.org/dc/terms/|(?:dwc|dcterms|dc):)"
)
SEPARATORS_IN_ENGLISH = str.maketrans("", "", "_.-")
LONGEST_HEADER = 80

CHINESE = re.compile(r"[\u3400-\u9fff]")
BETWEEN_LANGUAGES = re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z]{2})|(?<=[A-Za-z]{2})(?=[\u3400-\u9fff])")
BETWEEN_WORDS = re.compile(r"[\s/|(),;:·]+")
BETWEEN_ALTERNATIVES = re.compile(r"[/|、]|或")
# 样方ID, 物种 code: no translation but half of a Chinese word.
NUMBERED = {"id": "编号", "no": "编号", "number": "编号", "code": "代码"}

# Unit as written in a header (compared like headers) and as it is kept.
UNITS = {
    "m": "m", "米": "m", "metres": "m", "meters": "m", "cm": "cm", "厘米": "cm", "公分": "cm", "mm": "mm", "毫米": "mm",
    "km": "km", "公里": "km", "千米": "km", "ft": "ft", "feet": "ft", "in": "inch", "inch": "inch", "inches": "inch",
    "m2": "m2", "m^2": "m2", "sqm": "m2", "平方米": "m2", "平米": "m2", "cm2": "cm2", "km2": "km2", "平方公里": "km2",
    "hm2": "ha", "ha": "ha", "公顷": "ha", "亩": "亩", "m×m": "m", "m*m": "m", "m×n": "m",
    "%": "%", "percent": "%", "pct": "%", "°": "°", "度": "°", "deg": "°", "degrees": "°", "℃": "°C", "°c": "°C",
    "g": "g", "克": "g", "kg": "kg", "千克": "kg", "公斤": "kg", "g/m2": "g/m2",
    "年": "年", "a": "年", "岁": "年", "years": "年", "天": "天", "days": "天", "日": "天",
    "h": "h", "小时": "h", "hours": "h", "min": "min", "分钟": "min", "minutes": "min", "人时": "人时", "人·时": "人时",
    "株": "株", "只": "只", "个": "个", "头": "头", "棵": "棵", "条": "条", "尾": "尾", "羽": "羽", "丛": "丛",
    "株/m2": "株/m2", "株/hm2": "株/ha", "株/ha": "株/ha", "只/km2": "只/km2",
}  # fmt: skip
UNIT_AT_THE_END = re.compile(
    r"(?:(?<=[_/,:\s-])|(?<=[^\x00-\x7f]))(m|cm|mm|km|ft|in|m2|km2|hm2|ha|%|pct|percent|°|℃|°c|米|厘米|亩|公顷|平方米|kg|min)$"
)


@dataclass(frozen=True, slots=True)
class KnownHeader:
    """A header as it is usually written, its usual term, and the rule by which its values may decide otherwise."""

    written: str
    term: str
    decidedBy: str = ""


def tidy(text: str) -> str:
    """A cell as a person means it: no invisible characters, no blanks of any width at the ends."""
    return text.translate(INVISIBLE).strip().strip("\u3000\xa0").strip()


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@functools.lru_cache(maxsize=30_000)
def _simplified(character: str) -> str:
    return character if character.isascii() else str(_converter().convert(character))


@functools.lru_cache(maxsize=65_536)
def normalised(header: str) -> str:
    """The form in which headers are compared: NFKC, simplified, lower case, no blanks, marks, list numbers.

    All brackets are round ones; in English headers dots, hyphens and underscores fall away too (plot.id, plot_id).
    """
    text = "".join(_plain(header).lower().split()).replace("_", "").rstrip(":：?？")
    if text.isascii():
        return text.translate(SEPARATORS_IN_ENGLISH)
    return "".join(map(_simplified, text)).replace("座标", "坐标")  # 座標 is what Taiwan writes for 坐标


def _plain(header: str) -> str:
    """The header without what is only decoration, its blanks and line breaks still in it."""
    text = CIRCLED_NUMBER.sub("", header.translate(INVISIBLE).strip())
    text = unicodedata.normalize("NFKC", text).translate(BRACKETS).strip().strip(QUOTES)
    text = WHOLE_IN_BRACKETS.sub(r"\1", MARKS.sub("", text).strip())
    return NAMESPACE.sub("", LEADING_NUMBER.sub("", text).strip())


@functools.cache
def known_headers() -> dict[str, KnownHeader]:
    """Every header of `headers.csv` and the name of every term, normalised."""
    text = (resources.files("surveys") / "headers.csv").read_text(encoding="utf-8")
    known = {normalised(term): KnownHeader(term, term) for term in terms()}
    for row in csv.DictReader(text.splitlines()):
        known[normalised(row["header"])] = KnownHeader(row["header"], row["term"], row["decided_by"] or "")
    return known


def term_of(header: str) -> str | None:
    """The term a header usually means, None for an unknown one."""
    meaning = meaning_of(header)
    return meaning.term if meaning else None


@functools.lru_cache(maxsize=65_536)
def meaning_of(header: str) -> KnownHeader | None:
    """What a header means: as it stands, without its unit, as one of two words for it, or by either language's half."""
    if len(header) > LONGEST_HEADER:
        return None
    return _in_one_language(header) or _of_alternatives(header) or _of_either_half(header)


def _in_one_language(header: str) -> KnownHeader | None:
    key = normalised(header)
    known = known_headers()
    if key in known:
        return known[key]
    bare, without_brackets = LAST_BRACKETS.sub("", key), UNIT_IN_BRACKETS.sub("", key)
    return (
        known.get(bare)
        or known.get(without_brackets)
        or known.get(normalised(UNIT_AT_THE_END.sub("", _plain(header).lower())))
    )


def _of_alternatives(header: str) -> KnownHeader | None:
    """日期/时间, 学名、拉丁名: words for one meaning."""
    words = BETWEEN_ALTERNATIVES.split(_plain(header))
    if len(words) < 2 or not all(words):
        return None
    meanings = [_in_one_language(word) for word in words]
    first = meanings[0]
    if first is None or any(meaning is None or meaning.term != first.term for meaning in meanings):
        return None
    return first


def _of_either_half(header: str) -> KnownHeader | None:
    """调查日期 Survey date, Longitude (经度): the Chinese half decides where both are known."""
    text = BETWEEN_LANGUAGES.sub(" ", _without_units(_plain(header)))
    words = [word for word in BETWEEN_WORDS.split(text) if word]
    chinese = "".join(word for word in words if CHINESE.search(word))
    english = " ".join(word for word in words if not CHINESE.search(word))
    if not chinese or not english:
        return None
    if behind := NUMBERED.get(english.lower().rstrip(".")):
        return known_headers().get(normalised(chinese) + behind)
    return _in_one_language(chinese) or _in_one_language(english)


def _without_units(text: str) -> str:
    return UNIT_IN_BRACKETS.sub(lambda found: " " if _unit(found.group()) else found.group(), text)


def unit_of(header: str) -> str | None:
    """The unit a header states: 胸径(cm), 树高/m, 盖度%, 面积（单位：㎡）; None where it states none."""
    plain = _plain(header).lower()
    for in_brackets in UNIT_IN_BRACKETS.findall(plain):
        if unit := _unit(in_brackets):
            return unit
    at_the_end = UNIT_AT_THE_END.search(plain)
    return _unit(at_the_end.group()) if at_the_end and _in_one_language(header) else None


def _unit(written: str) -> str | None:
    text = "".join(written.lower().split()).strip("()").removeprefix("单位").lstrip(":：")
    return UNITS.get(text)
