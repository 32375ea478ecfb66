"""Unseen species: how many there are beside those seen, and how much of the assemblage a sample covers.

Counts as in `observed`. f1 and f2 are the numbers of species seen once and twice; n is the number of individuals.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import digamma

from monitoring.diversity.observed import Counts, shannon

RARE = 10  # a species seen so often at most is rare for ACE
SMALLEST_LOG = -37  # of a term that no longer counts
LEVEL = 1.959963984540054  # of the normal distribution, for 95 per cent


def frequency(counts: Counts, times: int) -> int:
    """How many species were counted so many times."""
    return int((counts == times).sum())


def chao1(counts: Counts) -> float:
    """S + f1(f1 − 1) / (2(f2 + 1)), the bias-corrected form (Chiu et al. 2014), as vegan's estimateR has it."""
    f1, f2 = frequency(counts, 1), frequency(counts, 2)
    return counts.size + f1 * (f1 - 1) / (2 * (f2 + 1))


def unseen(counts: Counts) -> float:
    """f̂0 of iNEXT: (n − 1)/n · f1²/(2 f2), or (n − 1)/n · f1(f1 − 1)/2 without doubletons (Chao 1984, 1987)."""
    n, f1, f2 = float(counts.sum()), frequency(counts, 1), frequency(counts, 2)
    if n == 0:
        return 0.0
    return (n - 1) / n * (f1**2 / (2 * f2) if f2 else f1 * (f1 - 1) / 2)


def chao1_interval(counts: Counts) -> tuple[float, float]:
    """95 per cent interval of S + `unseen`, log-transformed (Chao 1987, Biometrics 43: 783-791)."""
    n, f1, f2 = float(counts.sum()), frequency(counts, 1), frequency(counts, 2)
    missing = unseen(counts)
    if missing == 0:
        return float(counts.size), float(counts.size)
    a = (n - 1) / n
    if f2:
        ratio = f1 / f2
        variance = f2 * (a * ratio**2 / 2 + a**2 * ratio**3 + a**2 * ratio**4 / 4)
    else:
        variance = (
            a * f1 * (f1 - 1) / 2
            + a**2 * f1 * (2 * f1 - 1) ** 2 / 4
            - a**2 * f1**4 / (4 * (counts.size + missing))
        )
    factor = math.exp(LEVEL * math.sqrt(math.log1p(max(variance, 0.0) / missing**2)))
    return counts.size + missing / factor, counts.size + missing * factor


def ace(counts: Counts) -> float:
    """Abundance-based coverage estimator (Chao & Lee 1992); not defined where all rare species are singletons."""
    rare = counts[counts <= RARE]
    f1, individuals = frequency(counts, 1), float(rare.sum())
    if individuals == 0:
        return float(counts.size)
    if f1 == individuals:
        return math.nan
    covered = 1 - f1 / individuals
    pairs = float((rare * (rare - 1)).sum())
    spread = max(rare.size * pairs / (covered * individuals * (individuals - 1)) - 1, 0.0)
    return float((counts > RARE).sum() + rare.size / covered + f1 / covered * spread)


def coverage(counts: Counts) -> float:
    """Share of the assemblage's individuals that are of species of the sample (Chao & Jost 2012, Ecology 93: 2533)."""
    n, f1 = float(counts.sum()), frequency(counts, 1)
    return 1 - f1 / n * not_yet_twice(counts) if n else math.nan


def not_yet_twice(counts: Counts) -> float:
    """A = n f̂0 / (n f̂0 + f1); 1 without singletons."""
    n, f1, missing = float(counts.sum()), frequency(counts, 1), unseen(counts)
    return n * missing / (n * missing + f1) if f1 and missing else 1.0


def asymptotic_hill(counts: Counts, q: int) -> float:
    """Hill number of order 0, 1 or 2 of the assemblage, as iNEXT has it (Chao et al. 2014, Ecol. Monogr. 84: 45)."""
    n = float(counts.sum())
    if q == 0:
        return counts.size + unseen(counts)
    if q == 1:
        return math.exp(_entropy(counts))
    pairs = float((counts * (counts - 1)).sum())
    return n * (n - 1) / pairs if pairs else math.nan


def _entropy(counts: Counts) -> float:
    """Shannon's entropy of the assemblage (Chao, Wang & Jost 2013, Methods Ecol. Evol. 4: 1091-1100)."""
    n = float(counts.sum())
    if n <= 1:
        return shannon(counts)
    seen = float((counts / n * (digamma(n) - digamma(counts))).sum())
    return seen + entropy_unseen(n, frequency(counts, 1), frequency(counts, 2))


def entropy_unseen(n: float, f1: int, f2: int) -> float:
    """What species not seen add to the entropy: f1/n (1 − a)^(1 − n) (−ln a − Σ_{r<n} (1 − a)^r / r).

    Computed as what is left of the series of −ln a, where nothing overflows.
    """
    if f1 == 0:
        return 0.0
    a = 2 * f2 / ((n - 1) * f1 + 2 * f2) if f2 else 2 / ((n - 1) * (f1 - 1) + 2)
    if a == 1:
        return 0.0
    further = np.arange(math.ceil(SMALLEST_LOG / math.log1p(-a)))
    return f1 / n * float((np.exp((further + 1) * math.log1p(-a)) / (n + further)).sum())
