"""Places, records, visits, cube and indicators as assets."""

import dagster as dg

from assets.checks import gate_specs, judged
from assets.preview import table_result
from assets.species import core_name_match
from assets.surveys import OWNERS, POOL, raw_survey
from assets.workspace import Workspace
from monitoring.events import build_events
from monitoring.records import build_records
from monitoring.sites import build_sites


@dg.asset(
    group_name="places",
    kinds={"duckdb", "geojson"},
    owners=OWNERS,
    pool=POOL,
    description="One row per place we report on: the region, its divisions, its sites.",
)
def core_site(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_sites(connection, workspace.region)
        shown = "placeID, placeKind, nameZh, nameEn, parentID, approximate, areaInHectares"
        return table_result(connection, "core_site", rows, columns=shown, order="placeKind, placeID")


@dg.asset(
    deps=[dg.AssetDep(raw_survey, partition_mapping=dg.AllPartitionMapping()), core_name_match, core_site],
    group_name="records",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("core_record"),
    description="One row per row read from surveys and GBIF: typed, matched to a taxon, located, not yet judged.",
)
def core_record(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_records(connection, workspace.region, workspace.home)
        shown = "recordId, source, matchType, taxonID, eventDate, locatedBy, divisionID, rowFault"
        return table_result(
            connection,
            "core_record",
            rows,
            columns=shown,
            order="rowId",
            checks=judged(connection, "core_record"),
        )


@dg.asset(
    deps=[core_record],
    group_name="records",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per survey visit: one plot, transect or place on one date of one submission.",
)
def core_event(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_events(connection)
        shown = "eventKey, eventID, eventDate, samplingProtocol, locality, rowCount"
        return table_result(
            connection, "core_event", rows, columns=shown, order="eventDateStart DESC, eventKey"
        )
