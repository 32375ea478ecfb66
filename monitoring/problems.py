"""Problems: what is wrong with a survey file, as a person is told it.

What makes a problem is decided in `quality` and `surveys`; showing them belongs to `reports` and the command.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from store.catalogue import BilingualText

SEVERITIES = ("fatal", "error", "warning", "info")
LINES_SHOWN = 12
SPELLED_OUT = ("Cc", "Cf", "Zl", "Zp")
BLANKS_UNLIKE_A_SPACE = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one row, or of the whole file where `line` is None.

    `severity` is fatal (file unreadable), error (row quarantined), warning (kept and flagged) or info
    (interpreted, or no record). `value` is as written, with invisible characters made visible. `acknowledged` is the
    reason for which a person lets it stand.
    """

    rule: str
    severity: str
    file: str
    sheet: str
    line: int | None
    column: str | None
    header: str | None
    recordId: str | None
    value: str | None
    message: BilingualText
    why: BilingualText
    fix: BilingualText
    suggestion: str | None
    bdq: str | None
    acknowledged: str | None = None


@dataclass(frozen=True)
class Totals:
    """Rows of a file: read = accepted + quarantined + rejected."""

    read: int
    accepted: int
    quarantined: int
    rejected: int


@dataclass(frozen=True)
class Cause:
    """Problems that share rule, column, value and suggestion: the first, how many, and the first of their lines."""

    example: Problem
    count: int
    lines: tuple[int, ...] = ()


def make_visible(text: str) -> str:
    """The text with what cannot be seen spelled out: ‹U+200B›, and ␣ for blanks at the ends."""
    shown = "".join(
        f"‹U+{ord(character):04X}›"
        if unicodedata.category(character) in SPELLED_OUT or character in BLANKS_UNLIKE_A_SPACE
        else character
        for character in text
    )
    begin, end = len(shown) - len(shown.lstrip(" ")), len(shown) - len(shown.rstrip(" "))
    if begin == len(shown):
        return "␣" * len(shown)
    return "␣" * begin + shown[begin : len(shown) - end] + "␣" * end
