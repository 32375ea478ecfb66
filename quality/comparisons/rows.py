"""The shape of one comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rows:
    """The records that one comparison flags: a SELECT of rowId, value and suggestion (texts)."""

    test: str
    severity: Literal["warning", "info"]
    term: str
    select: str
