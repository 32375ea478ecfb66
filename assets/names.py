"""Names that wait for a person, the coverage of matching, and what changed since the last generation, as assets."""

import dagster as dg

from assets.checks import gate_specs, judged
from assets.indicators import out_source
from assets.monitoring import core_record
from assets.preview import table_result
from assets.quality import core_occurrence
from assets.species import out_species_status
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from gbif.backbone import BackboneAnswer, backbone_answers
from species.changes import build_changes
from species.decisions import name_decisions, resolve
from species.queue import GbifProposal, build_coverage, build_queue
from store.generations import former_generation


@dg.asset(
    deps=[core_record, out_species_status],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per written pair of names that a person should look at, the most pressing first.",
)
def out_name_queue(workspace: Workspace) -> dg.MaterializeResult:
    proposals = [_as_proposal(answer) for answer in backbone_answers(workspace.home.gbif_answers)]
    with workspace.warehouse() as connection:
        _, gone = resolve(connection, name_decisions(workspace.home))
        rows = build_queue(connection, gone, proposals)
        shown = "verbatimScientificName, verbatimVernacularName, why, concernsListed, recordsWaiting, proposedName"
        return table_result(
            connection,
            "out_name_queue",
            rows,
            columns=shown,
            order="concernsListed DESC, recordsWaiting DESC, records DESC, nameText",
        )


@dg.asset(
    deps=[core_record],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("out_name_coverage"),
    description="One row per source of records, and one for all: how many carry a name, how many lead to a taxon.",
)
def out_name_coverage(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_coverage(connection, workspace.region.thresholds.minimumNameCoverage)
        return table_result(
            connection,
            "out_name_coverage",
            rows,
            order="source",
            checks=judged(connection, "out_name_coverage"),
        )


@dg.asset(
    deps=[core_occurrence, out_species_status, out_source],
    group_name="species",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per change since the last generation in what names mean; records and warnings concerned.",
)
def out_name_change(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection, former_generation(workspace.home, connection) as former:
        rows = build_changes(connection, former)
        shown = "kind, name, formerly, nowadays, records, warningIds"
        return table_result(connection, "out_name_change", rows, columns=shown, order="kind, name")


def _as_proposal(answer: BackboneAnswer) -> GbifProposal:
    return GbifProposal(
        answer.name, answer.matchType, answer.confidence, answer.scientificName, answer.acceptedKey,
        answer.acceptedScientificName, answer.acceptedCanonicalName,
    )  # fmt: skip
