"""Early warnings, and what changes of names did to them, as assets."""

import dagster as dg

from alerts.notices import build_notices
from alerts.warnings import build_warnings
from assets.checks import gate_specs, judged
from assets.gbif import out_gbif_change
from assets.names import out_name_change
from assets.preview import table_result
from assets.quality import core_occurrence
from assets.species import out_species_status
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from store.generations import former_generation


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
    with workspace.warehouse() as connection, former_generation(workspace.home, connection) as former:
        rows = build_warnings(connection, workspace.region, workspace.day, former)
        shown = "warningId, kind, scientificName, vernacularName, placeEn, level, firstEventDate, recordCount"
        return table_result(
            connection,
            "out_warning",
            rows,
            columns=shown,
            day=workspace.day.isoformat(),
            checks=judged(connection, "out_warning"),
        )


@dg.asset(
    deps=[out_warning, out_name_change, out_gbif_change],
    group_name="alerts",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per open warning and what a change of names, lists or decisions did to it.",
)
def out_notice(workspace: Workspace) -> dg.MaterializeResult:
    months = int(workspace.region.thresholds.warningWindowInMonths)
    with workspace.warehouse() as connection, former_generation(workspace.home, connection) as former:
        rows = build_notices(connection, former, workspace.day, months)
        shown = "day, warningId, kind, en"
        return table_result(connection, "out_notice", rows, columns=shown, order="day DESC, warningId")
