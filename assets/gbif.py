"""GBIF files as an asset: every archived file not loaded yet is loaded."""

import dagster as dg

from assets.preview import table_result
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from gbif.loading import load_gbif
from store.archive import receipts
from store.warehouse import count_rows


@dg.asset(
    group_name="received",
    kinds={"duckdb", "csv"},
    owners=OWNERS,
    pool=POOL,
    description="One row per row of a GBIF file, all text. Names and logins of people stay in the archive.",
)
def raw_gbif(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        known = {name for (name,) in connection.execute("SELECT submissionId FROM raw_submission").fetchall()}
        missing = [
            receipt for receipt in receipts(workspace.home, "gbif") if receipt.submissionId not in known
        ]
        loaded = sum(load_gbif(connection, workspace.home, receipt) for receipt in missing)
        rows = count_rows(connection, "raw_gbif")
        shown = "gbifID, species, eventDate, decimalLatitude, decimalLongitude, datasetKey"
        return table_result(connection, "raw_gbif", rows, columns=shown, files=len(missing), loaded=loaded)
