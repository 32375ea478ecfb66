"""Judgement as assets: flags, quarantine, the accepted occurrences, and scorecards."""

import dagster as dg

from assets.checks import gate_specs, judged
from assets.monitoring import core_record
from assets.preview import table_result
from assets.surveys import OWNERS, POOL
from assets.workspace import Workspace
from quality.acknowledgements import acknowledgements
from quality.amendments import build_amendments
from quality.comparisons.flagging import build_comparisons
from quality.flags import build_flags, build_quarantine
from quality.record_decisions import record_decisions
from quality.record_tests.record_test import Context
from quality.scorecards import build_scorecards
from store.generations import former_generation
from store.warehouse import note_build


@dg.asset(
    deps=[core_record],
    group_name="quality",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per record and test (TDWG BDQ, our own, comparisons with others) that it does not pass.",
)
def core_flag(workspace: Workspace) -> dg.MaterializeResult:
    context = Context(workspace.region.extent, workspace.region.thresholds, workspace.day)
    with workspace.warehouse() as connection:
        acknowledged = acknowledgements(workspace.home)
        rows = build_flags(connection, context, acknowledged)
        rows += build_comparisons(connection, workspace.region, acknowledged)
        counts = "(SELECT test, severity, count(*) AS records FROM core_flag GROUP BY ALL)"
        return table_result(connection, counts, rows, order="records DESC, test")


@dg.asset(
    deps=[core_flag],
    group_name="quality",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per record not accepted: quarantined (waits for a person) or rejected (no record at all).",
)
def core_quarantine(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = build_quarantine(connection, record_decisions(workspace.home))
        shown = "submissionId, line, disposition, tests, verbatimScientificName, verbatimVernacularName"
        return table_result(connection, "core_quarantine", rows, columns=shown, order="rowId")


@dg.asset(
    deps=[core_quarantine],
    group_name="quality",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    check_specs=gate_specs("core_occurrence"),
    description="One row per accepted record: typed, matched to a taxon, located. What every number rests on.",
)
def core_occurrence(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection:
        rows = note_build(connection, "core_occurrence")
        shown = "recordId, taxonID, eventDate, divisionID, siteIDs, cellCode"
        return table_result(
            connection,
            "core_occurrence",
            rows,
            columns=shown,
            order="rowId",
            checks=judged(connection, "core_occurrence"),
        )


@dg.asset(
    deps=[core_record],
    group_name="quality",
    kinds={"duckdb"},
    owners=OWNERS,
    pool=POOL,
    description="One row per day, phase, source or file or site, and BDQ test: compliant, not compliant, not asked.",
)
def out_score(workspace: Workspace) -> dg.MaterializeResult:
    with workspace.warehouse() as connection, former_generation(workspace.home, connection) as former:
        rows = build_scorecards(connection, workspace.day, former)
        proposals = build_amendments(connection, workspace.day)
        return table_result(
            connection,
            "out_score",
            rows,
            proposals=proposals,
            order="day DESC, scope, notCompliant DESC, test",
        )
