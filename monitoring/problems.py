"""Problems: what is wrong with a survey file, row by row, and the same grouped by cause.

What makes a problem is decided in `quality` and `surveys`; showing them belongs to `reports` and the command.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
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
    (interpreted, or no record). `value` is as written, with invisible characters made visible.
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
    fix: BilingualText
    suggestion: str | None
    bdq: str | None


@dataclass(frozen=True)
class Totals:
    """Rows of a file: read = accepted + quarantined + rejected."""

    read: int
    accepted: int
    quarantined: int
    rejected: int


@dataclass(frozen=True)
class Cause:
    """The problems that share rule, place of the column and value: one example and all their lines."""

    example: Problem
    lines: tuple[int, ...]

    @property
    def count(self) -> int:
        return max(len(self.lines), 1)


def causes(problems: Sequence[Problem]) -> list[Cause]:
    """Problems grouped by cause: those of the file first, then by severity, the most frequent first."""
    grouped: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.rule, problem.sheet, problem.column, problem.value, problem.suggestion)
        grouped.setdefault(key, []).append(problem)
    found = [
        Cause(group[0], tuple(sorted(problem.line for problem in group if problem.line is not None)))
        for group in grouped.values()
    ]
    return sorted(
        found,
        key=lambda cause: (
            cause.example.line is not None, SEVERITIES.index(cause.example.severity), -cause.count, cause.lines[:1],
        ),
    )  # fmt: skip


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
