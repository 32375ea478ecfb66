"""Diversity indices: worked examples, what must hold for every sample, and samples at the edge."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitoring.diversity import incidence
from monitoring.diversity.dissimilarity import bray_curtis, jaccard, nestedness, sorensen, turnover
from monitoring.diversity.intervals import asymptotic_hills, draws, hills, interval
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
from monitoring.diversity.unseen import ace, asymptotic_hill, chao1, chao1_interval, coverage, unseen

# The spiders of Ellison et al., as published with iNEXT.
GIRDLED = np.array([46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12], dtype=float)
LOGGED = np.array(
    [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, *[3] * 4, *[2] * 4, *[1] * 14], dtype=float
)
counted = st.lists(st.integers(1, 60), min_size=1, max_size=30).map(
    lambda counts: np.array(counts, dtype=float)
)


def near(value: float) -> object:
    return pytest.approx(value, abs=6e-5)


def test_the_spiders_of_the_girdled_plot() -> None:
    assert (GIRDLED.sum(), GIRDLED.size) == (168, 26)
    assert [hill(GIRDLED, q) for q in (0, 1, 2)] == [26, near(12.0597), near(7.8400)]
    assert [asymptotic_hill(GIRDLED, q) for q in (0, 1, 2)] == [near(43.8929), near(13.8263), near(8.1748)]
    assert unseen(GIRDLED) == near(17.8929)
    assert coverage(GIRDLED) == pytest.approx(0.928855, abs=1e-6)
    assert [shannon(GIRDLED), 1 - dominance(GIRDLED)] == [near(2.4899), near(0.8724)]
    assert [pielou(GIRDLED), margalef(GIRDLED)] == [near(0.7642), near(4.8790)]


@pytest.mark.parametrize(
    ("counts", "size", "covered", "numbers"),
    [
        (GIRDLED, 50, 0.867481, (15.0301, 9.9393, 7.1490)),
        (GIRDLED, 100, 0.907200, (20.4594, 11.2665, 7.6276)),
        (GIRDLED, 336, 0.963570, (34.7307, 13.0170, 8.0039)),
        (LOGGED, 504, 0.968749, (47.6445, 15.4595, 6.8400)),
    ],
)
def test_the_spiders_rarefied_and_extrapolated(
    counts: Counts, size: float, covered: float, numbers: tuple[float, ...]
) -> None:
    assert coverage_at(counts, size) == pytest.approx(covered, abs=1e-6)
    assert [hill_at(counts, size, q) for q in (0, 1, 2)] == [near(number) for number in numbers]


@given(counted)
def test_hill_numbers_fall_with_their_order_and_lie_between_one_and_the_species(counts: Counts) -> None:
    found = [hill(counts, q) for q in (0, 0.5, 1, 2, 8, math.inf)]
    assert found == sorted(found, reverse=True) or np.diff(found).max() < 1e-9
    assert 1 - 1e-9 <= found[-1] <= found[0] == counts.size


@given(counted, st.randoms(use_true_random=False))
def test_the_order_of_species_decides_nothing(counts: Counts, random: object) -> None:
    turned = counts[::-1]
    for index in (shannon, pielou, margalef, fisher_alpha, chao1, ace, coverage):
        assert index(counts) == pytest.approx(index(turned), nan_ok=True)


@given(counted)
def test_estimates_are_not_below_what_was_seen(counts: Counts) -> None:
    assert chao1(counts) >= counts.size
    assert asymptotic_hill(counts, 0) >= counts.size
    lower, upper = chao1_interval(counts)
    assert counts.size <= lower <= asymptotic_hill(counts, 0) + 1e-9
    assert asymptotic_hill(counts, 0) <= upper + 1e-9


@settings(deadline=None)
@given(counted, st.integers(1, 3000))
def test_a_larger_sample_has_no_fewer_species_and_no_less_coverage(counts: Counts, size: int) -> None:
    assume(counts.sum() > 1)
    for q in (0, 1, 2):
        assert hill_at(counts, size, q) <= hill_at(counts, size + 1, q) + 1e-6
    assert coverage_at(counts, size) <= coverage_at(counts, size + 1) + 1e-9


@settings(deadline=None)
@given(counted, st.floats(0.05, 0.999))
def test_the_size_for_a_coverage_has_that_coverage(counts: Counts, wanted: float) -> None:
    size = size_for(counts, wanted)
    if not math.isnan(size) and size > 1:
        assert coverage_at(counts, size) == pytest.approx(wanted, abs=1e-8)


def test_rarefying_by_chance_gives_what_the_formula_expects() -> None:
    random = np.random.default_rng(7)
    individuals = np.repeat(np.arange(GIRDLED.size), GIRDLED.astype(int))
    seen = [np.unique(random.choice(individuals, 50, replace=False)).size for _ in range(4000)]
    assert np.mean(seen) == pytest.approx(hill_at(GIRDLED, 50, 0), abs=0.1)


EMPTY, ONE_SPECIES = np.array([], dtype=float), np.array([7.0])
SINGLETONS, HUGE = np.ones(9), np.array([3e6, 2e6, 1.0, 1.0, 2.0])


def test_an_empty_sample_has_no_diversity_and_no_index() -> None:
    assert hill(EMPTY, 0) == 0
    assert all(
        math.isnan(index(EMPTY)) for index in (shannon, dominance, pielou, margalef, fisher_alpha, coverage)
    )


def test_one_species_is_one_whatever_the_order_and_has_no_evenness() -> None:
    assert [hill(ONE_SPECIES, q) for q in (0, 1, 2)] == [1, 1, 1]
    assert math.isnan(pielou(ONE_SPECIES))
    assert math.isnan(margalef(np.array([1.0])))
    assert (chao1(ONE_SPECIES), ace(ONE_SPECIES), coverage(ONE_SPECIES)) == (1, 1, 1)


def test_a_sample_of_singletons_covers_next_to_nothing_and_has_no_alpha_and_no_ace() -> None:
    assert coverage(SINGLETONS) < 0.05
    assert math.isnan(fisher_alpha(SINGLETONS))
    assert math.isnan(ace(SINGLETONS))
    assert chao1(SINGLETONS) == 9 + 9 * 8 / 2
    assert gini_simpson_unbiased(SINGLETONS) == 1


def test_huge_counts_overflow_nowhere() -> None:
    assert all(math.isfinite(asymptotic_hill(HUGE, q)) for q in (0, 1, 2))
    assert asymptotic_hill(HUGE, 1) == pytest.approx(hill(HUGE, 1), rel=1e-4)
    assert 0.99 < coverage(HUGE) <= 1


def test_intervals_are_the_same_each_time_and_cover_the_value() -> None:
    for q in (0, 1, 2):
        drawn = draws(GIRDLED, 200)
        for value, resampled in (
            (hill(GIRDLED, q), hills(drawn, q)),
            (asymptotic_hill(GIRDLED, q), asymptotic_hills(drawn, q)),
        ):
            lower, upper = interval(value, resampled)
            assert lower < value < upper
            assert (lower, upper) == interval(value, resampled)


@pytest.mark.parametrize("q", [0, 1, 2])
def test_the_numbers_of_all_draws_at_once_are_those_of_each(q: int) -> None:
    drawn = draws(LOGGED, 20)
    each = [row[row > 0].astype(float) for row in drawn]
    assert hills(drawn, q) == pytest.approx([hill(one, q) for one in each])
    assert asymptotic_hills(drawn, q) == pytest.approx([asymptotic_hill(one, q) for one in each])


def test_the_interval_of_richness_covers_the_truth_as_often_as_it_says() -> None:
    """300 communities of 60 species of which shares are known, 400 individuals each."""
    random = np.random.default_rng(11)
    covered = 0
    for _ in range(300):
        share = random.lognormal(0, 0.8, 60)
        sample = random.multinomial(400, share / share.sum()).astype(float)
        lower, upper = chao1_interval(sample[sample > 0])
        covered += lower <= 60 <= upper
    assert 0.88 <= covered / 300 <= 0.99


def test_dissimilarity_goes_from_alike_to_nothing_in_common() -> None:
    one, other, none = np.array([4.0, 2, 0]), np.array([0.0, 0, 3]), np.zeros(3)
    for index in (bray_curtis, sorensen, jaccard):
        assert (index(one, one), index(one, other)) == (0, 1)
        assert math.isnan(index(none, none))
    part = np.array([1.0, 0, 0])
    assert turnover(one, part) == 0
    assert nestedness(one, part) == sorensen(one, part) == pytest.approx(1 / 3)


def test_incidence_of_one_sample_and_of_species_in_all_of_them() -> None:
    everywhere = np.ones((5, 4), dtype=bool)
    assert (
        incidence.chao2(everywhere)
        == incidence.jackknife(everywhere, 1)
        == incidence.bootstrap(everywhere)
        == 4
    )
    assert list(incidence.accumulated(everywhere)) == [4] * 5
    assert list(incidence.accumulated(np.array([[True, False, True]]))) == [2]
