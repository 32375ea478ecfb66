"""Observed diversity of one sample: of its counts, and of nothing that was not seen.

Counts are a 1-D array of numbers above zero. Logarithms are natural. An index that is not defined for a sample is NaN.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Counts = NDArray[np.float64]


def hill(counts: Counts, q: float) -> float:
    """Hill number of order q: the effective number of species (Hill 1973, Ecology 54: 427-432)."""
    if counts.size == 0:
        return 0.0
    share = counts / counts.sum()
    if q == 1:
        return math.exp(shannon(counts))
    if math.isinf(q):
        return float(1 / share.max())
    return float((share**q).sum() ** (1 / (1 - q)))


def shannon(counts: Counts) -> float:
    """Shannon's entropy H' to the base e (Shannon 1948)."""
    share = counts / counts.sum()
    return float(-(share * np.log(share)).sum()) if counts.size else math.nan


def dominance(counts: Counts) -> float:
    """Simpson's λ, the sum of squared shares (Simpson 1949, Nature 163: 688)."""
    return float(((counts / counts.sum()) ** 2).sum()) if counts.size else math.nan


def gini_simpson_unbiased(counts: Counts) -> float:
    """1 − Σ x(x − 1) / (n(n − 1)): two individuals drawn without replacement are of different species."""
    n = counts.sum()
    return float(1 - (counts * (counts - 1)).sum() / (n * (n - 1))) if n > 1 else math.nan


def pielou(counts: Counts) -> float:
    """Evenness J = H' / ln S (Pielou 1966); not defined for one species."""
    return shannon(counts) / math.log(counts.size) if counts.size > 1 else math.nan


def margalef(counts: Counts) -> float:
    """(S − 1) / ln n (Margalef 1958); not defined for one individual."""
    n = counts.sum()
    return float((counts.size - 1) / math.log(n)) if n > 1 else math.nan


def fisher_alpha(counts: Counts) -> float:
    """α with S = α ln(1 + n / α) (Fisher, Corbet & Williams 1943); not defined where every individual is a species."""
    species, n = counts.size, float(counts.sum())
    if not 0 < species < n:
        return math.nan

    def difference(log_alpha: float) -> float:
        return math.exp(log_alpha) * math.log1p(n / math.exp(log_alpha)) - species

    return math.exp(brentq(difference, -50.0, 50.0, xtol=1e-14, rtol=1e-14))
