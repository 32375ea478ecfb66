"""Titles: what the lines above a table say about all of its rows: 样方号：Y1　调查日期：2025年6月3日.

Also what the names of the file and of its sheets say: a year, a plot. Reading the values belongs to `surveys.values`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from surveys.headers import tidy

PAIR = re.compile(
    r"(?P<key>[^\s:：,，;；]{1,20})\s*[:：]\s*(?P<value>.*?)(?=\s+[^\s:：]{1,20}\s*[:：]|[;；]|$)"
)
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\d{4}(?!\d)|\D|$)")
PLAIN_SHEET_NAME = re.compile(r"^(sheet|工作表|表|table|data|数据)?\s*\d*$", re.IGNORECASE)


def stated_above(rows: Sequence[Sequence[str]], term_of: Callable[[str], str | None]) -> dict[str, str]:
    """Term to value of every pair in the lines above a header; the lowest line wins.

    A pair stands in one cell with a colon, or in two neighbouring cells.
    """
    stated: dict[str, str] = {}
    for row in rows:
        cells = [tidy(cell) for cell in row]
        for place, cell in enumerate(cells):
            for found in PAIR.finditer(cell.replace("\u3000", " ")):
                term = term_of(found["key"])
                if term and tidy(found["value"]):
                    stated[term] = tidy(found["value"])
            key = cell.rstrip(":：")
            following = cells[place + 1] if place + 1 < len(cells) else ""
            term = term_of(key) if key and following else None
            if term and term_of(following) is None and PAIR.search(following) is None:
                stated[term] = following
    return stated


def year_in(*texts: str) -> int | None:
    """The one year that a file name, a sheet name or a title names; None where it names none or several."""
    for text in texts:
        years = set(YEAR.findall(unicodedata.normalize("NFKC", text)))
        if len(years) == 1:
            return int(years.pop())
    return None


def names_something(sheet_name: str) -> bool:
    """Whether a sheet has been given a name of its own, rather than Sheet1 or 工作表1."""
    return not PLAIN_SHEET_NAME.match(sheet_name.strip())
