"""The diversity indices against vegan 2.6-4 and iNEXT 3.0.2: every value, to eight digits (four where coverage is solved)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from monitoring.diversity import incidence
from monitoring.diversity.dissimilarity import bray_curtis, jaccard, sorensen
from monitoring.diversity.matrix import Matrix, read_matrix
from monitoring.diversity.observed import (
    Counts,
    dominance,
    fisher_alpha,
    gini_simpson_unbiased,
    hill,
    pielou,
    shannon,
)
from monitoring.diversity.standardised import coverage_at, hill_at, size_for
from monitoring.diversity.unseen import ace, asymptotic_hill, chao1

pytestmark = pytest.mark.cases
EXACT, SOLVED = 1e-8, 1e-4
ORDERS = {"Species richness": 0, "Shannon diversity": 1, "Simpson diversity": 2}


@pytest.fixture(scope="module")
def folder(cases: Path) -> Path:
    return cases / "diversity"


@pytest.fixture(scope="module")
def matrices(folder: Path) -> dict[str, Matrix]:
    return {name: read_matrix(folder / "inputs" / f"{name}_wide.csv") for name in ("bci", "dune", "mite")}


@pytest.fixture(scope="module")
def spiders(folder: Path) -> dict[str, Counts]:
    found: dict[str, list[float]] = {}
    for row in read(folder / "inputs" / "inext_abundance.csv"):
        found.setdefault(row["assemblage"], []).append(float(row["count"]))
    return {name: np.array(counts) for name, counts in found.items()}


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def row_of(matrices: dict[str, Matrix], row: dict[str, str], site: str = "site") -> NDArray[np.float64]:
    matrix = matrices[row["dataset"]]
    found: NDArray[np.float64] = matrix.counts[matrix.samples.index(row[site])]
    return found


def counts_of(matrices: dict[str, Matrix], row: dict[str, str]) -> Counts:
    counts = row_of(matrices, row)
    return counts[counts > 0]


def test_long_and_wide_tables_say_the_same(folder: Path, matrices: dict[str, Matrix]) -> None:
    for name, wide in matrices.items():
        long = read_matrix(folder / "inputs" / f"{name}_long.csv", long=True)
        for at, sample in enumerate(wide.samples):
            assert sorted(
                long.counts[long.samples.index(sample)][long.counts[long.samples.index(sample)] > 0]
            ) == sorted(wide.counts[at][wide.counts[at] > 0])


def test_observed_diversity_equals_vegan(folder: Path, matrices: dict[str, Matrix]) -> None:
    for row in read(folder / "expected" / "vegan_alpha.csv"):
        counts = counts_of(matrices, row)
        found = [
            shannon(counts),
            1 - dominance(counts),
            1 / dominance(counts),
            pielou(counts),
            gini_simpson_unbiased(counts),
        ]
        expected = [
            row[name] for name in ("shannon_ln", "simpson_1mD", "invsimpson", "pielou_J", "simpson_unb")
        ]
        assert found == pytest.approx([float(value) for value in expected], rel=EXACT)
    for row in read(folder / "expected" / "vegan_hill_renyi.csv"):
        assert hill(counts_of(matrices, row), float(row["q"])) == pytest.approx(float(row["hill"]), rel=EXACT)


def test_estimates_of_richness_equal_vegan(folder: Path, matrices: dict[str, Matrix]) -> None:
    for row in read(folder / "expected" / "vegan_estimateR.csv"):
        counts = counts_of(matrices, row)
        assert chao1(counts) == pytest.approx(float(row["S.chao1"]), rel=EXACT)
        assert ace(counts) == pytest.approx(float(row["S.ACE"]), rel=EXACT)
    for row in read(folder / "expected" / "vegan_specpool.csv"):
        present = matrices[row["dataset"]].counts > 0
        found = [
            incidence.chao2(present),
            incidence.jackknife(present, 1),
            incidence.jackknife(present, 2),
            incidence.bootstrap(present),
        ]
        assert found == pytest.approx(
            [float(row[name]) for name in ("chao", "jack1", "jack2", "boot")], rel=EXACT
        )


def test_fishers_alpha_solves_its_equation_and_equals_vegan_as_far_as_vegan_does(
    folder: Path, matrices: dict[str, Matrix]
) -> None:
    for row in read(folder / "expected" / "vegan_fisher_alpha.csv"):
        counts = counts_of(matrices, row)
        alpha, vegan = fisher_alpha(counts), float(row["fisher_alpha"])
        residuals = [abs(one * np.log1p(counts.sum() / one) - counts.size) for one in (alpha, vegan)]
        assert residuals[0] < 1e-9
        assert residuals[0] <= residuals[1]
        assert alpha == pytest.approx(vegan, rel=2e-5)  # vegan stops at uniroot's tolerance


def test_rarefied_and_accumulated_richness_equal_vegan(folder: Path, matrices: dict[str, Matrix]) -> None:
    for row in read(folder / "expected" / "vegan_rarefy.csv"):
        assert hill_at(counts_of(matrices, row), float(row["n"]), 0) == pytest.approx(
            float(row["S"]), rel=EXACT
        )
    curves = {name: incidence.accumulated(matrix.counts > 0) for name, matrix in matrices.items()}
    for row in read(folder / "expected" / "vegan_specaccum_exact.csv"):
        assert curves[row["dataset"]][int(row["sites"]) - 1] == pytest.approx(
            float(row["richness"]), rel=EXACT
        )


def test_dissimilarities_equal_vegan(folder: Path, matrices: dict[str, Matrix]) -> None:
    indices = {("bray", "FALSE"): bray_curtis, ("bray", "TRUE"): sorensen, ("jaccard", "TRUE"): jaccard}
    compared = 0
    for row in read(folder / "expected" / "vegan_vegdist_pairs.csv"):
        index = indices.get((row["method"], row["binary"]))
        if index:
            found = index(row_of(matrices, row, "site1"), row_of(matrices, row, "site2"))
            assert found == pytest.approx(float(row["value"]), rel=EXACT)
            compared += 1
    assert compared > 9000


def test_asymptotes_and_sizes_equal_inext(folder: Path, spiders: dict[str, Counts]) -> None:
    for row in read(folder / "expected" / "inext_asyest_abundance.csv"):
        found = asymptotic_hill(spiders[row["Assemblage"]], ORDERS[row["Diversity"]])
        assert found == pytest.approx(float(row["Estimator"]), rel=EXACT)
    for name in ("inext_sizebased_abundance", "inext_estimateD_abundance_size_levels"):
        for row in read(folder / "expected" / f"{name}.csv"):
            counts, size = spiders[row["Assemblage"]], float(row["m"])
            assert hill_at(counts, size, int(row["Order.q"])) == pytest.approx(float(row["qD"]), rel=EXACT)
            assert coverage_at(counts, size) == pytest.approx(float(row["SC"]), rel=EXACT)


def test_numbers_at_equal_coverage_equal_inext(folder: Path, spiders: dict[str, Counts]) -> None:
    for row in read(folder / "expected" / "inext_estimateD_abundance_coverage_levels.csv"):
        counts = spiders[row["Assemblage"]]
        size = size_for(counts, float(row["level"]))
        assert size == pytest.approx(float(row["m"]), rel=SOLVED)
        assert hill_at(counts, size, int(row["Order.q"])) == pytest.approx(float(row["qD"]), rel=SOLVED)
