"""Early warnings as an asset."""

import dagster as dg

from alerts.warnings import build_warnings
from assets.checks import gate_specs, judged
from assets.preview import table_result
from assets.quality import core_occurrence
from assets.species import out_species_status
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace


@dg.asset(
    deps=[core_occurrence, out_species_status],
    group_name="alerts",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_warning"),
    description="One row per taxon of the official lists and place it is new to, or near, with reasons and evidence.",
)
def out_warning(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_warnings(connection, workspace.region, workspace.day)
        shown = "warningId, kind, scientificName, vernacularName, placeEn, level, firstEventDate, recordCount"
        return table_result(
            connection,
            "out_warning",
            rows,
            columns=shown,
            day=workspace.day.isoformat(),
            checks=judged(connection, "out_warning"),
        )
