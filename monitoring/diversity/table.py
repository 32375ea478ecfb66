"""The table: every index of every sample of a matrix, and of all samples together, one row an index and order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from monitoring.diversity import incidence
from monitoring.diversity.intervals import asymptotic_hills, draws, hills, interval
from monitoring.diversity.matrix import Matrix
from monitoring.diversity.observed import (
    Counts,
    dominance,
    fisher_alpha,
    gini_simpson_unbiased,
    hill,
    margalef,
    pielou,
    shannon,
)
from monitoring.diversity.standardised import coverage_at, hill_at, size_for
from monitoring.diversity.unseen import ace, asymptotic_hill, chao1, chao1_interval, coverage

ORDERS = (0, 1, 2)
REPLICATES = 200
RAREFIED_REPLICATES = 50  # as iNEXT: each is rarefied for itself
WHOLE = "(all)"


@dataclass(frozen=True)
class Row:
    """One value; NaN where it is not defined, or an interval not given."""

    sample: str
    index: str
    q: float
    value: float
    lower: float = math.nan
    upper: float = math.nan


def diversity_table(
    matrix: Matrix, wanted: float | None = None, replicates: int = REPLICATES
) -> Iterator[Row]:
    """All indices, sample by sample, then of all samples as sampling units.

    `wanted` is the coverage at which samples are compared; by default the highest that all of them reach at twice their
    size.
    """
    samples = {name: row[row > 0] for name, row in zip(matrix.samples, matrix.counts, strict=True)}
    if wanted is None:
        wanted = common_coverage(samples.values())
    for name, counts in samples.items():
        yield from _of_sample(name, counts, replicates)
        yield from _rarefied(name, counts, wanted, min(replicates, RAREFIED_REPLICATES))
    if len(samples) > 1:
        yield from _of_all(matrix)


def common_coverage(samples: Iterable[Counts]) -> float:
    """The highest coverage at which all samples can be compared: the least of those at twice their size."""
    reached = [coverage_at(counts, 2 * float(counts.sum())) for counts in samples if counts.size]
    return min(reached, default=math.nan)


def _of_sample(name: str, counts: Counts, replicates: int) -> Iterator[Row]:
    none = math.nan
    yield Row(name, "individuals", none, float(counts.sum()))
    if counts.size == 0:
        yield Row(name, "hill", 0, 0.0)
        return
    drawn = draws(counts, replicates)
    for q in ORDERS:
        value = hill(counts, q)
        yield Row(name, "hill", q, value, *interval(value, hills(drawn, q)))
    for q in ORDERS:
        value = asymptotic_hill(counts, q)
        limits = chao1_interval(counts) if q == 0 else interval(value, asymptotic_hills(drawn, q))
        yield Row(name, "hillAsymptotic", q, value, *limits)
    yield Row(name, "shannon", none, shannon(counts))
    yield Row(name, "simpson", none, dominance(counts))
    yield Row(name, "inverseSimpson", none, 1 / dominance(counts))
    yield Row(name, "giniSimpson", none, 1 - dominance(counts))
    yield Row(name, "giniSimpsonUnbiased", none, gini_simpson_unbiased(counts))
    yield Row(name, "pielou", none, pielou(counts))
    yield Row(name, "margalef", none, margalef(counts))
    yield Row(name, "fisherAlpha", none, fisher_alpha(counts))
    yield Row(name, "chao1", none, chao1(counts))
    yield Row(name, "ace", none, ace(counts))
    yield Row(name, "coverage", none, coverage(counts))


def _rarefied(name: str, counts: Counts, wanted: float, replicates: int) -> Iterator[Row]:
    """Hill numbers at one coverage; beyond twice the size of a sample that of species is not to be trusted."""
    if counts.size == 0 or math.isnan(wanted):
        return
    size = size_for(counts, wanted)
    yield Row(name, "rarefiedSize", math.nan, size)
    drawn = [row[row > 0].astype(float) for row in draws(counts, replicates)] if not math.isnan(size) else []
    for q in ORDERS:
        value = hill_at(counts, size, q)
        yield Row(
            name, "rarefied", q, value, *interval(value, np.array([hill_at(one, size, q) for one in drawn]))
        )


def _of_all(matrix: Matrix) -> Iterator[Row]:
    """What the samples together say, each counted as a sampling unit."""
    present = matrix.counts > 0
    if not present.any():
        return
    yield Row(WHOLE, "chao2", math.nan, incidence.chao2(present))
    yield Row(WHOLE, "jackknife1", math.nan, incidence.jackknife(present, 1))
    yield Row(WHOLE, "jackknife2", math.nan, incidence.jackknife(present, 2))
    yield Row(WHOLE, "bootstrap", math.nan, incidence.bootstrap(present))
    for samples, species in enumerate(incidence.accumulated(present), start=1):
        yield Row(f"({samples} samples)", "accumulated", 0, float(species))
