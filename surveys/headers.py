"""Headers: which Darwin Core term a column header of a survey table means.

The variants are data (`headers.csv`: header, term, language; a header known to mean something that has no
column of its own carries an empty term). Which column wins where two mean the same is decided in `columns`.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from importlib import resources

from opencc import OpenCC

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
UNIT_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
LEADING_NUMBER = re.compile(r"^\d{1,2}[.、)]\s*")


def tidy(text: str) -> str:
    """A cell as a person means it: no invisible characters, no blanks of any width at the ends."""
    return text.translate(INVISIBLE).strip().strip("\u3000\xa0").strip()


@functools.cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


@functools.cache
def normalised(header: str) -> str:
    """The form in which headers are compared: NFKC, simplified, lower case, no blanks, asterisks, list numbers."""
    text = unicodedata.normalize("NFKC", header.translate(INVISIBLE))
    text = LEADING_NUMBER.sub("", text.strip()).replace("*", "").replace("(必填)", "")
    text = "".join(text.lower().split()).replace("_", "").rstrip(":：")
    return text if text.isascii() else str(_to_simplified().convert(text))


@functools.cache
def known_headers() -> dict[str, str]:
    """Normalised header to term (empty where the meaning has no column of its own)."""
    text = (resources.files("surveys") / "headers.csv").read_text(encoding="utf-8")
    return {normalised(row["header"]): row["term"] for row in csv.DictReader(text.splitlines())}


def term_of(header: str) -> str | None:
    """The Darwin Core term a header means, '' for a known meaning without a term, None for an unknown one."""
    known = known_headers()
    exact = normalised(header)
    if exact in known:
        return known[exact]
    without_unit = UNIT_IN_BRACKETS.sub("", exact)
    return known.get(without_unit) if without_unit else None
