"""Dataset tests: whether the points of a whole dataset were read wrongly or lie on a grid.

Each runs only where its premises hold, and says so where they do not. After Zizka et al. 2019, CoordinateCleaner
(Methods in Ecology and Evolution 10: 744-751), cd_ddmm and cd_round, in a simpler form stated with each.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import duckdb

FEWEST_POINTS = 100
SPAN_IN_DEGREES = 2.0
BELOW_SIXTY = 0.6 * 0.6  # of decimal degrees, both decimal parts are below 0.6 this often
SIGNIFICANCE = 0.025
# Steps of usual grids, coarsest first: degrees and whole minutes; 0.01 degrees is what two decimals give.
STEPS = (0.5, 0.25, 1 / 6, 0.1, 1 / 12, 0.05, 1 / 60, 0.01)
ON_THE_GRID = 0.9
FEWEST_ON_A_GRID = 20
POINTS = """
SELECT source || ':' || coalesce(datasetKey, submissionId) AS dataset, decimalLongitude AS x, decimalLatitude AS y
FROM core_record WHERE decimalLatitude IS NOT NULL AND rowFault IS NULL GROUP BY ALL
"""
DDMM = f"""
SELECT dataset, count(*) AS points, least(max(x) - min(x), max(y) - min(y)) AS span,
    count(*) FILTER (abs(x) % 1 < 0.6 AND abs(y) % 1 < 0.6) AS below
FROM ({POINTS}) GROUP BY dataset ORDER BY dataset
"""
ON_STEP = "count(*) FILTER (abs(x / {step} - round(x / {step})) < 1e-6 AND abs(y / {step} - round(y / {step})) < 1e-6)"
GRID = f"""
SELECT dataset, count(*) AS points, [{", ".join(ON_STEP.format(step=step) for step in STEPS)}] AS onSteps
FROM ({POINTS}) GROUP BY dataset ORDER BY dataset
"""


def build_dataset_tests(connection: duckdb.DuckDBPyConnection) -> None:
    """Rebuild core_dataset_test, inside the caller's transaction."""
    rows = [_ddmm(*row) for row in connection.execute(DDMM).fetchall()]
    rows += [_grid(*row) for row in connection.execute(GRID).fetchall()]
    connection.execute("DELETE FROM core_dataset_test")
    if rows:
        connection.executemany("INSERT INTO core_dataset_test VALUES (?, ?, ?, ?, ?, ?)", rows)


def _ddmm(dataset: str, points: int, span: float, below: int) -> tuple[Any, ...]:
    """Minutes read as decimals leave no decimal part above 0.6: one-sided binomial test, normal approximation."""
    test = "PARKWATCH_DATASET_DDMM"
    if points < FEWEST_POINTS or span < SPAN_IN_DEGREES:
        said = (
            f"{points} < {FEWEST_POINTS}" if points < FEWEST_POINTS else f"{span:.2f}° < {SPAN_IN_DEGREES:g}°"
        )
        return dataset, test, "INTERNAL_PREREQUISITES_NOT_MET", None, points, said
    deviation = (points * BELOW_SIXTY * (1 - BELOW_SIXTY)) ** 0.5
    chance = 1 - NormalDist().cdf((below - points * BELOW_SIXTY) / deviation)
    failed = chance < SIGNIFICANCE and below > (points + points * BELOW_SIXTY) / 2
    return dataset, test, "RUN_HAS_RESULT", _result(failed), points, f"{below / points:.3f}"


def _grid(dataset: str, points: int, on_steps: list[int]) -> tuple[Any, ...]:
    """Nine tenths of the points lie on multiples of one step: they are the cells of a grid, not places."""
    test = "PARKWATCH_DATASET_GRID"
    if points < FEWEST_ON_A_GRID:
        said = f"{points} < {FEWEST_ON_A_GRID}"
        return dataset, test, "INTERNAL_PREREQUISITES_NOT_MET", None, points, said
    steps = [step for step, on_step in zip(STEPS, on_steps, strict=True) if on_step >= ON_THE_GRID * points]
    return (
        dataset,
        test,
        "RUN_HAS_RESULT",
        _result(bool(steps)),
        points,
        f"{steps[0]:.4g}°" if steps else None,
    )


def _result(failed: bool) -> str:
    return "POTENTIAL_ISSUE" if failed else "NOT_ISSUE"
