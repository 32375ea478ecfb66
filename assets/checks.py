"""Checks: the table gates of `quality` as Dagster asset checks of the asset that writes the table."""

from __future__ import annotations

import dagster as dg
import duckdb

from quality.asset_checks import check_results, check_specs_for
from quality.gates import judge_open
from quality.suites import suites_of


def gate_specs(table: str, asset: str | None = None) -> list[dg.AssetCheckSpec]:
    """The checks of a table, on the asset of its name or another that judges it."""
    return check_specs_for(table, dg.AssetKey(asset or table))


def judged(
    connection: duckdb.DuckDBPyConnection, table: str, asset: str | None = None
) -> list[dg.AssetCheckResult]:
    """The verdicts of a table's gates on the build that has just been committed."""
    return check_results(judge_open(connection, suites_of(table)), {table: dg.AssetKey(asset or table)})
