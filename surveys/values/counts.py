"""Counts and abundance as people write them: an exact number, or words, ranges and scales kept as written.

Only an exact number becomes individualCount; 若干, 丛, Cop¹ and 3-5 never do (reference formats, section 3.3).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

UNIT = r"(?:只|株|棵|个|头|条|尾|匹|羽|对|individuals?|ind\.?)?"
EXACT = re.compile(rf"^[-+]?\d{{1,9}}(?:\.0+)?\s*{UNIT}$")
NUMERALS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
CHINESE = re.compile(rf"^([{''.join(NUMERALS)}])\s*[只株棵个头条尾匹羽]?$")
ABSENT = {"0", "无", "未见", "未发现", "没有", "absent", "none"}
NOT_RECORDED = {"", "-", "--", "/", "\\", "空", "na", "n/a", "null"}
KINDS = (
    ("range", re.compile(r"^\d+\s*(?:-|~|至|到)\s*\d+")),
    ("lower bound", re.compile(r"^(?:≥|>=|>|超过|近)\s*\d+|^\d+\s*(?:\+|以上|余|多)")),
    ("estimate", re.compile(r"^(?:约|大约|ca\.?|c\.)\s*\d+|^\d+\s*(?:左右|±)")),
    ("parts", re.compile(r"[♂♀成幼雌雄+]")),
    ("clumps", re.compile(r"[丛簇片]")),
    ("Drude scale", re.compile(r"^(?:soc|cop|sp|sol|un)[.\s]*[1-3]?\.?$")),
    ("percentage cover", re.compile(r"^\d+(?:\.\d+)?\s*%$")),
)
WORDS = "abundance in words"
WORDS_FOR_PRESENT = {
    "若干", "数株", "几株", "几只", "数只", "多", "大量", "成群", "少量", "少", "个别", "零星", "常见", "偶见",
    "稀少", "√", "✓", "+", "有",
}  # fmt: skip


@dataclass(frozen=True)
class Count:
    """What a count cell says: an exact number, or a quantity in words; `present` is None where it says nothing."""

    individualCount: int | None = None
    organismQuantity: str | None = None
    organismQuantityType: str | None = None
    present: bool | None = None


def read_count(text: str) -> Count:
    tidy = re.sub(r"[—–―]", "-", unicodedata.normalize("NFKC", text)).strip().lower()
    if tidy in NOT_RECORDED:
        return Count()
    if tidy in ABSENT:
        return Count(individualCount=0, present=False)
    if EXACT.match(tidy) and "对" not in tidy:
        number = int(float(re.match(r"[-+]?[\d.]+", tidy)[0]))  # type: ignore[index]
        return Count(individualCount=number, present=number != 0)
    if found := CHINESE.match(tidy):
        return Count(individualCount=NUMERALS[found[1]], present=True)
    kind = next((name for name, pattern in KINDS if pattern.search(tidy)), WORDS)
    return Count(organismQuantity=text.strip(), organismQuantityType=kind, present=True)
