"""Numbers as BDQ tests read them from text: plain decimal notation, the same for one record and for whole tables."""

from __future__ import annotations

import re

from quality.bdq.responses import EMPTY_CHARACTERS

# The same patterns are used on whole tables (`vectorised`); more digits than these are no measurement.
NUMBER = r"[+-]?([0-9]{1,30}(\.[0-9]{0,60})?|\.[0-9]{1,60})([eE][+-]?[0-9]{1,2})?"
INTEGER = r"[+-]?[0-9]{1,30}"
_NUMBER, _INTEGER = re.compile(NUMBER), re.compile(INTEGER)


def number(value: str) -> float | None:
    """The number a text is, around which there may be blanks; None if it is none."""
    text = value.strip(EMPTY_CHARACTERS)
    return float(text) if _NUMBER.fullmatch(text) else None


def integer(value: str) -> int | None:
    """The integer a text is, around which there may be blanks; None if it is none."""
    text = value.strip(EMPTY_CHARACTERS)
    return int(text) if _INTEGER.fullmatch(text) else None


def is_leap_year(year: int) -> bool:
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)
