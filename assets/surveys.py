"""Survey files as assets: one partition a submission."""

import dagster as dg
import duckdb
from dagster import AssetExecutionContext

from assets.preview import table_result
from assets.workspace import Workspace
from store.archive import find_receipt, receipts
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


def load_what_an_interrupted_intake_left(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> int:
    """A run killed between archiving and loading leaves a receipt without rows: nothing may be lost."""
    known = {name for (name,) in connection.execute("SELECT submissionId FROM raw_submission").fetchall()}
    missing = [receipt for receipt in receipts(workspace.home, "survey") if receipt.submissionId not in known]
    for receipt in missing:
        load_survey(connection, workspace.home, receipt)
    return len(missing)
