"""Intervals: how sure a number about a sample is, by resampling an assemblage such as it may have come from.

The bootstrap of iNEXT (Chao & Jost 2012, appendix G; Chao et al. 2014): species seen have their shares, lowered by what
the sample does not cover, which species not seen share alike. The same counts give the same interval.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from monitoring.diversity.observed import Counts
from monitoring.diversity.unseen import LEVEL, coverage, entropy_unseen, unseen

Draws = NDArray[np.int64]
SEED = 20_110_623


def interval(value: float, resampled: NDArray[np.float64], least: float = 0.0) -> tuple[float, float]:
    """95 per cent interval of a value: 1.96 standard deviations of what the draws gave about it."""
    if resampled.size < 2 or math.isnan(value):
        return math.nan, math.nan
    spread = float(np.nanstd(resampled, ddof=1))
    return max(value - LEVEL * spread, least), value + LEVEL * spread


def draws(counts: Counts, replicates: int) -> Draws:
    """So many samples of the same size from the assemblage, a row each."""
    n = int(counts.sum())
    return np.random.default_rng(SEED).multinomial(n, _assemblage(counts), size=replicates)


def _assemblage(counts: Counts) -> NDArray[np.float64]:
    n, missing, not_covered = float(counts.sum()), math.ceil(unseen(counts)), 1 - coverage(counts)
    share = counts / n
    lowered = float((share * (1 - share) ** n).sum())
    if missing == 0 or lowered == 0:
        return share
    seen = share * (1 - not_covered / lowered * (1 - share) ** n)
    found: NDArray[np.float64] = np.concatenate([seen, np.full(missing, not_covered / missing)])
    return found / found.sum()


def hills(drawn: Draws, q: int) -> NDArray[np.float64]:
    """Observed Hill number of each draw."""
    if drawn.size == 0:
        return np.empty(0)
    share = drawn / drawn.sum(axis=1, keepdims=True)
    if q == 0:
        return (drawn > 0).sum(axis=1).astype(float)
    if q == 1:
        logs = np.log(share, where=share > 0, out=np.zeros_like(share))
        return np.asarray(np.exp(-(share * logs).sum(axis=1)))
    return np.asarray(1 / (share**2).sum(axis=1))


def asymptotic_hills(drawn: Draws, q: int) -> NDArray[np.float64]:
    """Asymptotic Hill number of each draw."""
    if drawn.size == 0:
        return np.empty(0)
    n = float(drawn[0].sum())
    f1, f2 = (drawn == 1).sum(axis=1), (drawn == 2).sum(axis=1)
    if q == 0:
        missing = np.where(f2 > 0, f1**2 / (2 * np.maximum(f2, 1)), f1 * (f1 - 1) / 2)
        return (drawn > 0).sum(axis=1) + (n - 1) / n * missing
    if q == 2:
        pairs = (drawn * (drawn - 1)).sum(axis=1)
        return np.asarray(n * (n - 1) / np.where(pairs > 0, pairs, math.nan))
    table = np.concatenate([[0.0], digamma(np.arange(1, int(drawn.max()) + 1))])
    seen = (drawn / n * (digamma(n) - table[drawn])).sum(axis=1)
    pairs_seen, where = np.unique(np.stack([f1, f2]), axis=1, return_inverse=True)
    further = np.array([entropy_unseen(n, int(one), int(two)) for one, two in pairs_seen.T])
    return np.asarray(np.exp(seen + further[np.ravel(where)]))
