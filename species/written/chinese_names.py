"""Chinese names brought to one form: simplified, in full characters, without what the writer doubted.

Scientific names belong to `scientific_names`, cells that hold both to `cells`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

# Ways to write a character that simplification leaves as they are.
VARIANTS = str.maketrans("鷿鷈鸊鷉𬸯杄噐荳楡槖蔴靑", "䴙䴘䴙䴘䴙扦器豆榆橐麻青")
DROPPED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff()（）\[\]【】〔〕《》“”\"'‘’、,，。.;；:：·•・_~～*＊]+")
BRACKETED = re.compile(r"[（(\[【〔]([^（）()\[\]【】〔〕]*)[）)\]】〕]")
DOUBT_BEFORE = re.compile(r"^(?:疑似为|疑似|疑为|疑是|可能是|可能为|可能|似为|似是)\s*")
DOUBT_BEHIND = re.compile(
    r"\s*(?:[?？]+|[（(](?:疑似|待定|待鉴定|存疑|未定|[?？]+)[）)]|待定|待鉴定|存疑|未定)$"
)
# 一种杨, 杨属一种, 某种蝶, 杨 sp.: only the group is known.
ONE_OF = re.compile(
    r"^(?:一种|某种|某|未知的?|未定的?|不明的?)|(?:一种|某种|未定种|待定种|sp+\.?|[0-9]+)$", re.I
)
UNKNOWN = re.compile(
    r"^(?:未知|不明|未识别|未鉴定|不认识|不详|无名|待定|待鉴定|未定|其他|其它|杂草|unknown)"
    r"(?:物?种|植物|动物|鸟类?|草|树种?|昆虫)?\s*(?:[0-9一二三四五六七八九十A-Za-z]*)$"
)
JOINED = re.compile(r"[和与及、，,;；/+&]")
GROUP = re.compile(r"^(.+?)(属|科)(?:植物|的?一?种|未定种|sp+\.?)?\s*[0-9]*$", re.I)


@dataclass(frozen=True)
class ChineseName:
    """A Chinese name as a record carries it.

    keys: the forms to look up, the likeliest first. qualifier: 疑似 and the like, as written. group: the name of the
    genus or family that alone is certain. parts: the keys of the names it may be joined of (榆树和油松).
    """

    keys: tuple[str, ...]
    qualifier: str | None = None
    group: str | None = None
    isUnknown: bool = False
    parts: tuple[str, ...] = ()


def chinese_key(text: str) -> str:
    """The form in which Chinese names, and any other words that are no scientific name, are compared."""
    return DROPPED.sub("", _simplified(unicodedata.normalize("NFKC", text)).translate(VARIANTS)).lower()


def read_chinese_name(text: str) -> ChineseName:
    """What a cell with a Chinese name says."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if UNKNOWN.match(plain):
        return ChineseName((), isUnknown=True)
    qualifier = None
    for doubt in (DOUBT_BEFORE, DOUBT_BEHIND):
        if found := doubt.search(plain):
            qualifier, plain = found.group().strip(), doubt.sub("", plain)
    if group := GROUP.match(plain):
        named = chinese_key(group.group(1) + group.group(2))
        return ChineseName((chinese_key(plain), named), qualifier, group=named)
    general = ONE_OF.sub("", plain)
    if general != plain and general:
        name = chinese_key(general)
        return ChineseName((chinese_key(plain),), qualifier or plain.replace(general, ""), group=f"{name}属")
    parts = tuple(key for key in map(chinese_key, JOINED.split(plain)) if len(key) > 1)
    return ChineseName(tuple(_ways_to_read(plain)), qualifier, parts=parts if len(parts) > 1 else ())


def split_names(text: str | None) -> list[str]:
    """The names in a cell of a list: 豹(金钱豹), 樱桃李；紫叶李; the first is the usual one."""
    if not text:
        return []
    if re.search(
        r"[（(]原(?:变|亚)?(?:种|型|品种)[）)]|\[[^\]]*[/／]", text
    ):  # one name: …(原变种), [艹/洽]草
        return [text.strip()]
    outside = BRACKETED.sub("、", text)
    parts = re.split(r"[、,，;；/／|]", "、".join([outside, *BRACKETED.findall(text)]))
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _ways_to_read(text: str) -> list[str]:
    """The whole, then without what stands in brackets, then that alone."""
    ways = [text]
    if bracketed := BRACKETED.findall(text):
        ways += [BRACKETED.sub("", text), *bracketed]
    return list(dict.fromkeys(key for key in map(chinese_key, ways) if key))


def _simplified(text: str) -> str:
    return _converter().convert(text) if any("\u3400" <= c <= "\u9fff" for c in text) else text


@functools.cache
def _converter() -> Any:
    from opencc import OpenCC  # its tables take 0.1 s

    return OpenCC("t2s")
