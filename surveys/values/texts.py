"""Texts of cells in the one form in which values are compared: width, dashes, blanks and case made alike.

What a text means belongs to the modules beside this one.
"""

from __future__ import annotations

import re
import unicodedata

import cn2an

DASHES = re.compile(r"[—–―‐‑−]+")
NUMERAL = r"[〇零一二两三四五六七八九十百千万廿]+"
UNITS_ALONE = ("百", "千", "万")


def levelled(text: str) -> str:
    """NFKC, lower case, every dash a hyphen, no blanks at the ends."""
    return DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().lower()


def chinese_number(text: str) -> int | None:
    """The number a Chinese numeral names: 十二, 两百, 百 (as in 百余), 二〇二五; None where it is none."""
    if text.startswith(UNITS_ALONE):
        text = "一" + text
    try:
        return int(cn2an.cn2an(text, "normal"))
    except (ValueError, KeyError, IndexError):
        return None
