"""Taxa and their status as assets."""

import dagster as dg

from assets.checks import gate_specs, judged
from assets.gbif import raw_gbif
from assets.preview import table_result
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from gbif.names import gbif_names
from species.status import build_status
from species.taxa import build_taxa


@dg.asset(
    deps=[raw_gbif],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per taxon that a list of the region or a GBIF record names, with all names that lead to it.",
)
def core_taxon(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_taxa(connection, workspace.region, gbif_names(connection))
        shown = "taxonID, scientificName, vernacularNameZh, taxonRank, family, nameSource"
        return table_result(connection, "core_taxon", rows, columns=shown)


@dg.asset(
    deps=[core_taxon],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_species_status"),
    description="One row per taxon: native, introduced, invasive, uncertain or unknown here, and who says so.",
)
def out_species_status(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_status(connection)
        shown = "scientificName, vernacularNameZh, status, officiallyListed, listIDs, sureness"
        return table_result(
            connection,
            "out_species_status",
            rows,
            columns=shown,
            order="officiallyListed DESC, 1",
            checks=judged(connection, "out_species_status"),
        )
