"""Duplicates as an asset: which accepted records are one occurrence."""

import dagster as dg

from assets.preview import table_result
from assets.quality import core_occurrence
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from monitoring.duplicates import build_duplicates


@dg.asset(
    deps=[core_occurrence],
    group_name="records",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per accepted record that is the same occurrence as another; one of them is counted.",
)
def core_duplicate(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_duplicates(connection)
        shown = "recordId, representativeId, isRepresentative, rules"
        return table_result(
            connection, "core_duplicate", rows, columns=shown, order="representativeId, recordId"
        )
