"""Taxa and their status as assets."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import gate_specs, judged
from assets.gbif import raw_gbif
from assets.preview import table_result
from assets.surveys import OWNERS, POOL, load_what_an_interrupted_intake_left, raw_survey
from assets.workspace import Workspace
from gbif.names import gbif_names
from monitoring.name_matches import match_names_of_records
from quality.record_decisions import record_decisions
from species.index.build import build_index
from species.status.answers import build_status
from surveys.corrected_cells import Correction, apply_corrections


@dg.multi_asset(
    name="name_index",
    specs=[
        dg.AssetSpec(
            "core_taxon",
            deps=[raw_gbif],
            group_name="species",
            kinds={"duckdb"},
            owners=OWNERS,
            description="One row per taxon that a list of the region, an imported source or a GBIF record names.",
        ),
        dg.AssetSpec(
            "core_name",
            deps=[raw_gbif],
            group_name="species",
            kinds={"duckdb"},
            owners=OWNERS,
            description="One row per name that leads to a taxon: accepted, synonym, Chinese, English, code.",
        ),
    ],
    check_specs=[*gate_specs("core_taxon"), *gate_specs("core_name")],
    pool=POOL,
)
def name_index(workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    with workspace.warehouse() as connection:
        built = build_index(connection, workspace.region, workspace.home, gbif_names(connection))
        for table, rows, shown in (
            (
                "core_taxon",
                built.taxa,
                "taxonID, scientificName, vernacularNameZh, taxonRank, family, nameSource",
            ),
            ("core_name", built.names, "name, nameKind, authorship, taxonID, nameSource"),
        ):
            yield table_result(
                connection,
                table,
                rows,
                columns=shown,
                unchanged=not built.changed,
                checks=judged(connection, table),
            )._replace(asset_key=dg.AssetKey(table))


@dg.asset(
    deps=[
        dg.AssetDep(raw_survey, partition_mapping=dg.AllPartitionMapping()),
        raw_gbif,
        "core_taxon",
        "core_name",
    ],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("core_name_match"),
    description="One row per distinct pair of names that records carry: which taxon it was matched to, and why.",
)
def core_name_match(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        caught_up = load_what_an_interrupted_intake_left(workspace, connection)
        corrections = [
            Correction(one.recordId, one.corrections, one.decisionId)
            for one in record_decisions(workspace.home)
            if one.verdict == "correct"
        ]
        corrected = apply_corrections(connection, corrections)
        rows = match_names_of_records(connection, workspace.home)
        shown = "verbatimScientificName, verbatimVernacularName, matchType, confidence, matchedName, waitsForPerson"
        return table_result(
            connection,
            "core_name_match",
            rows,
            columns=shown,
            order="matchType DESC, nameText",
            caughtUpSubmissions=caught_up,
            correctedCells=corrected,
            checks=judged(connection, "core_name_match"),
        )


@dg.asset(
    deps=["core_taxon", core_name_match],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_species_status"),
    description="One row per taxon: native, introduced, invasive, uncertain or unknown here, and who says so.",
)
def out_species_status(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_status(connection, workspace.region, workspace.day, workspace.home)
        shown = "scientificName, vernacularNameZh, status, officiallyListed, listIDs, sureness"
        return table_result(
            connection,
            "out_species_status",
            rows,
            columns=shown,
            order="officiallyListed DESC, 1",
            checks=judged(connection, "out_species_status"),
        )
