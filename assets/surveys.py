"""Survey files as assets: one partition a submission."""

import dagster as dg
from dagster import AssetExecutionContext

from assets.preview import table_result
from assets.workspace import Workspace
from store.archive import find_receipt
from store.errors import StoreError
from store.warehouse import count_rows
from surveys.loading import load_survey

POOL = "warehouse"
OWNERS = ["team:data-managers"]
submissions = dg.DynamicPartitionsDefinition(name="submission")


@dg.asset(
    partitions_def=submissions,
    group_name="received",
    kinds={"duckdb", "csv"},
    owners=OWNERS,
    pool=POOL,
    description="One row per row of a survey file, every cell as text. One partition is one file handed in.",
)
def raw_survey(context: AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        receipt = find_receipt(workspace.home, context.partition_key)
        if receipt is None:
            raise StoreError("error-submission-unknown", submission=context.partition_key)
        loaded = load_survey(connection, workspace.home, receipt)
        rows = count_rows(connection, "raw_survey")
        return table_result(connection, "raw_survey", rows, columns="* EXCLUDE (otherCells)", loaded=loaded)
