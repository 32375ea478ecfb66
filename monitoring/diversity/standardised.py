"""Standardised diversity: Hill numbers of equally large or equally complete samples, by rarefaction and extrapolation.

Chao et al. 2014, Ecological Monographs 84: 45-67, as iNEXT computes them. Sizes are numbers of individuals and need not
be whole: between two whole ones the value is interpolated. Counts as in `observed`.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

from monitoring.diversity.observed import Counts, hill
from monitoring.diversity.unseen import asymptotic_hill, coverage, frequency, not_yet_twice


def coverage_at(counts: Counts, size: float) -> float:
    """Expected coverage of a sample of so many individuals of the same assemblage."""
    n, f1 = float(counts.sum()), frequency(counts, 1)
    if size == n:
        return coverage(counts)
    if size > n:
        return 1 - f1 / n * not_yet_twice(counts) ** (size - n + 1)
    below = math.floor(size)
    part = size - below
    if part == 0:
        return _coverage_of_rarefied(counts, below)
    return (1 - part) * _coverage_of_rarefied(counts, below) + part * coverage_at(counts, below + 1)


def _coverage_of_rarefied(counts: Counts, size: int) -> float:
    n = float(counts.sum())
    left = counts[counts <= n - size]
    log_share = gammaln(n - left + 1) - gammaln(n - left - size + 1) - gammaln(n) + gammaln(n - size)
    return float(1 - (left / n * np.exp(log_share)).sum())


def size_for(counts: Counts, wanted: float) -> float:
    """The size at which a sample of the assemblage has so much coverage; NaN where none has."""
    n, f1 = float(counts.sum()), frequency(counts, 1)
    reached = coverage(counts)
    if math.isclose(wanted, reached, rel_tol=0, abs_tol=1e-12):
        return n
    if wanted < reached:
        if wanted <= coverage_at(counts, 1):
            return 1.0
        return float(brentq(lambda size: coverage_at(counts, size) - wanted, 1, n, xtol=1e-10))
    a = not_yet_twice(counts)
    if f1 == 0 or a >= 1 or wanted >= 1:
        return math.nan
    return n + (math.log(n / f1) + math.log1p(-wanted)) / math.log(a) - 1


def hill_at(counts: Counts, size: float, q: int) -> float:
    """Expected Hill number of order 0, 1 or 2 of so many individuals of the same assemblage."""
    n = float(counts.sum())
    if math.isnan(size) or n == 0:
        return math.nan
    if size > n:
        return _extrapolated(counts, size, q)
    if size == n:
        return hill(counts, q)
    below = math.floor(size)
    if below == size:
        return _rarefied(counts, below, q)
    part = size - below
    return (1 - part) * _rarefied(counts, below, q) + part * _rarefied(counts, below + 1, q)


def _rarefied(counts: Counts, size: int, q: int) -> float:
    n = float(counts.sum())
    if size == n:
        return hill(counts, q)
    if q == 0:
        unseen_share = np.where(counts <= n - size, np.exp(_log_missing(counts, n, size)), 0.0)
        return float((1 - unseen_share).sum())
    if q == 2:
        return float(1 / (1 / size + (1 - 1 / size) * (counts * (counts - 1)).sum() / (n * (n - 1))))
    times = np.arange(1, size + 1)[:, None]
    possible = (times <= counts) & (size - times <= n - counts)
    log_ways = _log_choose(counts, np.minimum(times, counts)) + _log_choose(
        n - counts, np.where(possible, size - times, 0)
    )
    expected = np.where(possible, np.exp(log_ways - _log_choose(n, float(size))), 0.0).sum(axis=1)
    share = times[:, 0] / size
    return math.exp(float(-(share * np.log(share) * expected).sum()))


def _extrapolated(counts: Counts, size: float, q: int) -> float:
    n = float(counts.sum())
    if q == 2:
        return float(1 / (1 / size + (1 - 1 / size) * (counts * (counts - 1)).sum() / (n * (n - 1))))
    seen, all_of_them = hill(counts, q), asymptotic_hill(counts, q)
    if math.isclose(seen, all_of_them):
        return seen
    before = _rarefied(counts, int(n) - 1, q) if n > 1 else 0.0
    beta = (seen - before) / (all_of_them - before)
    return seen + (all_of_them - seen) * (1 - (1 - beta) ** (size - n))


def _log_missing(counts: Counts, n: float, size: float) -> Counts:
    """Logarithm of the chance that none of a species is among so many individuals; where that can be."""
    left = np.maximum(n - counts - size, 0)
    found: Counts = gammaln(n - counts + 1) - gammaln(left + 1) - gammaln(n + 1) + gammaln(n - size + 1)
    return found


def _log_choose(n: Counts | float, k: Counts | float) -> Counts:
    found: Counts = gammaln(np.asarray(n) + 1) - gammaln(np.asarray(k) + 1) - gammaln(np.asarray(n) - k + 1)
    return found
