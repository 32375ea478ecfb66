"""Incidence: what a matrix of samples says about all of them together, counting in how many samples a species is.

`present` is a 2-D array of truth values, samples by species. Q1 and Q2 are the numbers of species in one and in two
samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Present = NDArray[np.bool_]


def chao2(present: Present) -> float:
    """S + (T − 1)/T · Q1²/(2 Q2), or (T − 1)/T · Q1(Q1 − 1)/2 without duplicates (Chao 1987)."""
    in_samples, samples = _frequencies(present)
    q1, q2 = int((in_samples == 1).sum()), int((in_samples == 2).sum())
    missing = q1**2 / (2 * q2) if q2 else q1 * (q1 - 1) / 2
    return in_samples.size + (samples - 1) / samples * missing


def jackknife(present: Present, order: int) -> float:
    """First- or second-order jackknife of the number of species (Burnham & Overton 1979; Smith & van Belle 1984)."""
    in_samples, t = _frequencies(present)
    q1, q2 = int((in_samples == 1).sum()), int((in_samples == 2).sum())
    if order == 1:
        return in_samples.size + q1 * (t - 1) / t
    return in_samples.size + q1 * (2 * t - 3) / t - q2 * (t - 2) ** 2 / (t * (t - 1))


def bootstrap(present: Present) -> float:
    """S + Σ (1 − p)^T (Smith & van Belle 1984)."""
    in_samples, samples = _frequencies(present)
    return float(in_samples.size + ((1 - in_samples / samples) ** samples).sum())


def accumulated(present: Present) -> NDArray[np.float64]:
    """Expected number of species in 1, 2 … T samples (Ugland, Gray & Ellingsen 2003; Kindt's exact curve)."""
    in_samples, samples = _frequencies(present)
    taken = np.arange(1, samples + 1)[:, None]
    left = samples - in_samples - taken
    log_missing = (
        gammaln(samples - in_samples + 1) - gammaln(np.maximum(left, 0) + 1) - gammaln(samples + 1)
        + gammaln(samples - taken + 1)
    )  # fmt: skip
    found: NDArray[np.float64] = (1 - np.where(left >= 0, np.exp(log_missing), 0.0)).sum(axis=1)
    return found


def _frequencies(present: Present) -> tuple[NDArray[np.int64], int]:
    """In how many samples each species is that is in any, and how many samples there are."""
    in_samples = present.sum(axis=0)
    return in_samples[in_samples > 0], present.shape[0]
