"""Cube, indicators and sources as assets: what the report counts with."""

import dagster as dg

from assets.checks import gate_specs, judged
from assets.duplicates import core_duplicate
from assets.monitoring import core_event
from assets.preview import table_result
from assets.quality import core_occurrence
from assets.species import out_species_status
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from monitoring.cube import build_cube
from monitoring.indicators import build_indicators
from monitoring.sources import build_sources


@dg.asset(
    deps=[core_duplicate],
    group_name="monitoring",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_cube"),
    description="One row per taxon, 1 km cell (EPSG:6933), month and source, with the number of records.",
)
def out_cube(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_cube(connection)
        return table_result(
            connection,
            "out_cube",
            rows,
            order="occurrences DESC, taxonID, cellCode, year, month",
            checks=judged(connection, "out_cube"),
        )


@dg.asset(
    deps=[core_duplicate, core_event, out_species_status],
    group_name="monitoring",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_site_indicator"),
    description="One row per place and month or year: records, visits, species, native and invasive shares.",
)
def out_site_indicator(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_indicators(connection)
        return table_result(
            connection,
            "out_site_indicator",
            rows,
            order="period DESC, placeKind, placeID",
            checks=judged(connection, "out_site_indicator"),
        )


@dg.asset(
    deps=[core_occurrence],
    group_name="monitoring",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_source"),
    description="One row per file the numbers rest on: rows read = accepted + quarantined + rejected; citations.",
)
def out_source(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_sources(connection)
        shown = "fileName, kind, knownSince, rowsRead, accepted, quarantined, rejected, replacedBy"
        return table_result(
            connection,
            "out_source",
            rows,
            columns=shown,
            order="knownSince, submissionId",
            checks=judged(connection, "out_source"),
        )
