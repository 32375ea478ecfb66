"""Titles: what the lines above a table say about all of its rows: 样方号：Y1　调查日期：2025年6月3日.

Also what the names of the file and of its sheets say: a year, a plot. Reading the values belongs to `surveys.values`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from surveys.ambiguity import Question, decide
from surveys.columns import READ_AS, TERMS
from surveys.evidence import Evidence
from surveys.headers import meaning_of, tidy

PAIR = re.compile(
    r"(?P<key>[^\s:：,，;；]{1,20})\s*[:：]\s*(?P<value>.*?)(?=\s+[^\s:：]{1,20}\s*[:：]|[;；]|$)"
)
LABEL = re.compile(r"[^\W\d_]")  # 10:30 is no fact about 10
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\d{4}(?!\d)|\D|$)")
PLOT = re.compile(r"^[^\W\d]{0,6}[-_# ]{0,2}\d{1,4}[-_ ]?[^\W\d]{0,3}(?:/[^\W\d]{0,6}[-_# ]{0,2}\d{1,4})?$")
DIGITS = re.compile(r"[\d\s#_/-]+")
PLOT_ALONE = re.compile(r"^(?P<word>[^\W\d]{1,8}?)[-_#№ ]{0,2}(?:[A-Za-z]{1,3}-?)?\d{1,4}号?$")
SUMMARY = re.compile(
    r"^(?:合计|小计|总计|总和|总数|总株数|总数量|总只数|累计|平均|均值|平均值|频度|频率|相对.*|重要值|标准差|标准误"
    r"|(?:grand |sub)?totals?|sum|mean|average|frequency|sd|se)(?:[(（].*)?$",
    re.IGNORECASE,
)
PLAIN_SHEET_NAME = re.compile(r"^(sheet|工作表|表|table|data|数据)?\s*\d*$", re.IGNORECASE)


def stated_above(rows: Sequence[Sequence[str]], term_of: Callable[[str], str | None]) -> dict[str, str]:
    """Term to value of every pair in the lines above a header; the lowest line wins.

    A pair stands in one cell with a colon, or in two neighbouring cells. What raw_survey has no column for (坡度：15°)
    stands under its label as written; a label nobody knows must have its colon.
    """
    stated: dict[str, str] = {}
    for row in rows:
        cells = [tidy(cell) for cell in row]
        for place, cell in enumerate(cells):
            for found in PAIR.finditer(cell.replace("\u3000", " ")):
                label, value = found["key"], tidy(found["value"])
                term = _term_above(label, value, term_of)
                if value and (term or (LABEL.search(label) and not value.startswith("//"))):
                    stated[_kept_under(label, term)] = value
            key = cell.rstrip(":：")
            following = cells[place + 1] if place + 1 < len(cells) else ""
            term = _term_above(key, following, term_of) if key and following else None
            if term and term_of(following) is None and PAIR.search(following) is None:
                stated[_kept_under(key, term)] = following
        filled = [cell for cell in cells if cell]
        if (
            len(filled) == 1
            and (alone := PLOT_ALONE.match(filled[0]))
            and term_of(alone["word"]) == "eventID"
        ):
            stated["eventID"] = filled[0]
    return stated


def names_a_plot(header: str, term_of: Callable[[str], str | None]) -> bool:
    """样方3, Y-12, 7: letters and a number; but not 胸径1, which names a measurement."""
    plain = unicodedata.normalize("NFKC", tidy(header))
    word = DIGITS.sub("", plain)
    return bool(PLOT.match(plain)) and (
        len(word) < 2 or term_of(word) in (None, "eventID", "locationID", "parentEventID")
    )


def is_summary(header: str) -> bool:
    """合计, 平均, 频度: what is worked out from the plots and is none itself."""
    return bool(SUMMARY.match(unicodedata.normalize("NFKC", tidy(header))))


def _term_above(key: str, value: str, term_of: Callable[[str], str | None]) -> str | None:
    """What a key above a table means; its one value decides, and a number for all rows is that of the visit."""
    usual, meaning = term_of(key), meaning_of(key)
    if usual is None or meaning is None or usual != meaning.term:
        return usual
    term = decide(meaning.decidedBy, Question(key, usual, Evidence((value,)), {}))
    return "eventID" if term == "occurrenceID" else term


def _kept_under(label: str, term: str | None) -> str:
    return term if term and READ_AS.get(term, term) in TERMS else label


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
