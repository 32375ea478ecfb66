"""GBIF files and what differs between snapshots as assets: every archived file not loaded yet is loaded."""

import dagster as dg

from assets.preview import table_result
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from gbif.changes import build_changes
from gbif.loading import load_gbif
from gbif.snapshots import snapshots
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
        missing = [receipt for receipt in snapshots(workspace.home) if receipt.submissionId not in known]
        loaded = sum(load_gbif(connection, workspace.home, receipt) for receipt in missing)
        rows = count_rows(connection, "raw_gbif")
        shown = "gbifID, species, eventDate, decimalLatitude, decimalLongitude, datasetKey"
        return table_result(connection, "raw_gbif", rows, columns=shown, files=len(missing), loaded=loaded)


@dg.asset(
    deps=[raw_gbif],
    group_name="received",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per record that a GBIF snapshot corrected or no longer has; the snapshots with their counts.",
)
def out_gbif_change(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_changes(connection)
        shown = "recordId, change, fields, formerName, latterName, knownSince"
        return table_result(
            connection, "out_gbif_change", rows, columns=shown, order="knownSince DESC, recordId"
        )
