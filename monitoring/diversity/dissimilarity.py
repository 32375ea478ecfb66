"""Dissimilarity of two samples: from 0, alike, to 1, nothing in common. NaN where both are empty.

`one` and `other` are counts of the same species in the same order, zeros included.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]


def bray_curtis(one: Row, other: Row) -> float:
    """Σ|x − y| / Σ(x + y) (Bray & Curtis 1957); of presences it is Sørensen's."""
    whole = float((one + other).sum())
    return float(np.abs(one - other).sum()) / whole if whole else math.nan


def sorensen(one: Row, other: Row) -> float:
    """(b + c) / (2a + b + c) (Sørensen 1948)."""
    a, b, c = _shared(one, other)
    return (b + c) / (2 * a + b + c) if a + b + c else math.nan


def jaccard(one: Row, other: Row) -> float:
    """(b + c) / (a + b + c) (Jaccard 1912)."""
    a, b, c = _shared(one, other)
    return (b + c) / (a + b + c) if a + b + c else math.nan


def turnover(one: Row, other: Row) -> float:
    """Simpson's part of Sørensen's: species replaced, min(b, c) / (a + min(b, c)) (Baselga 2010, GEB 19: 134-143)."""
    a, b, c = _shared(one, other)
    least = min(b, c)
    return least / (a + least) if a + least else math.nan


def nestedness(one: Row, other: Row) -> float:
    """What of Sørensen's is no turnover: one sample is a part of the other (Baselga 2010)."""
    return sorensen(one, other) - turnover(one, other)


def _shared(one: Row, other: Row) -> tuple[int, int, int]:
    """How many species are in both, and in each alone."""
    here, there = one > 0, other > 0
    return int((here & there).sum()), int((here & ~there).sum()), int((~here & there).sum())
