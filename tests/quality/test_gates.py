"""The table gates over a real warehouse: good rows pass, bad rows are named, old verdicts do not count."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb
import pytest
from dagster import AssetKey, Definitions, MaterializeResult, asset, materialize

from quality.asset_checks import check_results, check_specs_for, gate_checks, gates_of
from quality.gates import Verdict, judge, judge_open, require_passed
from quality.gx_duckdb import Outcome
from quality.suites import SUITES, suites_of
from store.catalogue import catalogue
from store.errors import StoreError
from store.home import Home
from store.warehouse import note_build, open_warehouse

OCCURRENCE = {
    "rowId": 1,
    "recordId": "survey:1",
    "source": "survey",
    "submissionId": "s1",
    "line": 2,
    "firstSeen": "2026-07-01 00:00:00",
    "occurrenceStatus": "detected",
    "taxonID": "t1",
    "matchType": "EXACT",
    "eventDate": "2026-06-03",
    "eventDateStart": "2026-06-03",
    "eventDateEnd": "2026-06-03",
    "year": 2026,
    "month": 6,
    "decimalLatitude": 40.1,
    "decimalLongitude": 113.3,
    "individualCount": 3,
    "withinRegion": True,
    "siteIDs": [],
    "cellCode": "1kmE10910N4735",
}
SITE = {
    "placeID": "park",
    "placeKind": "site",
    "nameZh": "公园",
    "nameEn": "Park",
    "geometryWkt": "POINT (113.3 40.1)",
    "areaInHectares": 1.0,
    "approximate": False,
}
INDICATOR = {
    "placeKind": "site",
    "placeID": "park",
    "period": "2026-06",
    "records": 1,
    "visits": 1,
    "species": 1,
    "nativeSpecies": 0,
    "introducedSpecies": 0,
    "invasiveSpecies": 1,
    "unknownSpecies": 0,
}
REPORT = {
    "reportId": "report",
    "reportDate": "2026-06-30",
    "month": "2026-06",
    "path": "report.html",
    "sha256": "0" * 64,
    "sizeInBytes": 1,
}
STATUS = {
    "taxonID": "t1",
    "scientificName": "Solanum rostratum",
    "status": "invasive",
    "establishmentMeans": "introduced",
    "officiallyListed": True,
    "listIDs": ["list"],
    "knownEstablished": False,
    "sureness": "high",
    "source": "a list",
}
CUBE_CELL = {
    "taxonID": "t1",
    "cellCode": "1kmE10910N4735",
    "year": 2026,
    "month": 6,
    "source": "survey",
    "occurrences": 1,
}
WARNING = {
    "warningId": "w1",
    "kind": "new-to-region",
    "taxonID": "t1",
    "scientificName": "Solanum rostratum",
    "placeKind": "region",
    "placeID": "testville",
    "placeZh": "试验市",
    "placeEn": "Testville",
    "level": "red",
    "late": False,
    "firstEventDate": "2026-06-03",
    "firstSeen": "2026-07-01 00:00:00",
    "recordCount": 1,
    "reasons": '[{"rule": "listed", "zh": "在名录上", "en": "listed"}]',
    "evidence": '[{"recordId": "survey:1"}]',
}
SOURCE = {
    "submissionId": "s1",
    "kind": "survey",
    "fileName": "june.csv",
    "sha256": "0" * 64,
    "knownSince": "2026-07-01 00:00:00",
    "rowsRead": 1,
    "accepted": 1,
    "quarantined": 0,
    "rejected": 0,
}
NAME_SOURCE = {
    "sourceID": "list",
    "kind": "list",
    "version": "1",
    "titleZh": "名录",
    "titleEn": "List",
    "citation": "List",
    "license": "CC0",
    "precedence": 1,
    "taxa": 1,
    "names": 1,
    "unresolved": 0,
}
NAME = {
    "nameKey": "solanum rostratum",
    "name": "Solanum rostratum",
    "nameKind": "accepted",
    "taxonID": "t1",
    "nameSource": "list",
}
NAME_MATCH = {
    "nameText": "Solanum rostratum\x1f",
    "matchType": "EXACT",
    "confidence": 97,
    "taxonID": "t1",
    "waitsForPerson": False,
    "reasons": ["match-name"],
}
TAXON = {
    "taxonID": "t1",
    "scientificName": "Solanum rostratum Dunal",
    "canonicalName": "Solanum rostratum",
    "taxonRank": "species",
    "nameSource": "list",
}
COVERAGE = {"source": "all", "records": 1, "matched": 1, "coverage": 1.0, "minimumCoverage": 0.9}
TABLE_OF = {"core_occurrence": "core_record"}  # the view of its accepted rows
GOOD_ROWS = {
    "core_name_source": NAME_SOURCE,
    "core_taxon": TAXON,
    "core_name": NAME,
    "core_name_match": NAME_MATCH,
    "core_site": SITE,
    "core_record": OCCURRENCE,
    "out_species_status": STATUS,
    "out_name_coverage": COVERAGE,
    "out_cube": CUBE_CELL,
    "out_site_indicator": INDICATOR,
    "out_warning": WARNING,
    "out_source": SOURCE,
    "out_report": REPORT,
}


def insert(connection: duckdb.DuckDBPyConnection, table: str, *rows: dict) -> None:
    for row in rows:
        columns, marks = ", ".join(row), ", ".join("?" for _ in row)
        connection.execute(
            f"INSERT INTO {TABLE_OF.get(table, table)} ({columns}) VALUES ({marks})", list(row.values())
        )
        if TABLE_OF.get(table, table) == "core_record":
            connection.execute(
                "INSERT INTO raw_survey BY NAME SELECT 's1' AS submissionId, '' AS sheet, 2 AS line, 2 AS rowNumber"
            )
            connection.execute(
                "INSERT OR IGNORE INTO raw_submission BY NAME SELECT 's1' AS submissionId, 'survey' AS kind, 'f' AS fileName, "
                "'x' AS sha256, 1 AS sizeInBytes, now()::TIMESTAMP AS receivedAt, now()::TIMESTAMP AS knownSince, "
                "now()::TIMESTAMP AS confirmedSince, 't' AS receivedFrom, 1 AS rowsRead, now()::TIMESTAMP AS loadedAt"
            )
    note_build(connection, table)


def build_later_tables_again(connection: duckdb.DuckDBPyConnection) -> None:
    for table in GOOD_ROWS:
        if table.startswith("out_"):
            note_build(connection, table)


def build_good_tables(connection: duckdb.DuckDBPyConnection) -> None:
    for table, row in GOOD_ROWS.items():
        insert(connection, table, row)
        if table == "core_record":
            note_build(connection, "core_occurrence")


def failed(verdicts: Sequence[Verdict]) -> dict[str, dict[str, int | None]]:
    """Unexpected count by failed expectation, by gate that was not passed."""
    return {
        verdict.gate: {failure.id: failure.unexpected_count for failure in verdict.failures}
        for verdict in verdicts
        if not verdict.success
    }


def failed_with(home: Home, table: str, *rows: dict) -> dict[str, dict[str, int | None]]:
    """What the gates of one table say when it holds these rows."""
    with open_warehouse(home) as connection:
        connection.execute("DELETE FROM core_taxon")
        insert(connection, "core_taxon", TAXON)
        insert(connection, table, *rows)
        return failed(judge_open(connection, suites_of(table)))


@pytest.fixture
def good_home(home: Home) -> Home:
    with open_warehouse(home) as connection:
        build_good_tables(connection)
    return home


def test_good_tables_pass_every_gate_and_may_be_published(good_home: Home) -> None:
    verdicts = judge(good_home)
    assert failed(verdicts) == {}
    assert [verdict.gate for verdict in verdicts] == [suite.gate for suite in SUITES]
    with open_warehouse(good_home) as connection:
        require_passed(connection)


def test_empty_tables_of_a_first_run_pass(home: Home) -> None:
    with open_warehouse(home) as connection:
        for suite in SUITES:
            note_build(connection, suite.table)
    assert failed(judge(home)) == {}
    with open_warehouse(home) as connection:
        require_passed(connection)


def test_bad_occurrences_are_counted_requirement_by_requirement(home: Home) -> None:
    rows = [
        OCCURRENCE,
        OCCURRENCE,  # the same recordId again
        OCCURRENCE | {"recordId": "survey:2", "taxonID": None},
        OCCURRENCE | {"recordId": "survey:3", "occurrenceStatus": "PRESENT"},
        OCCURRENCE | {"recordId": "survey:4", "decimalLatitude": 140.1},
        OCCURRENCE | {"recordId": "survey:5", "decimalLongitude": None},
        OCCURRENCE | {"recordId": "survey:6", "eventDateEnd": "2026-06-01"},
        OCCURRENCE | {"recordId": "survey:7", "eventDateStart": "2026-08-01", "eventDateEnd": "2026-08-01"},
        OCCURRENCE | {"recordId": "survey:8", "source": "elsewhere", "year": 206},
    ]
    assert failed_with(home, "core_occurrence", *rows) == {
        "occurrence-contract": {
            "recordId-unique": 2,
            "taxonID-present": 1,
            "occurrenceStatus-known": 1,
            "source-known": 1,
            "decimalLatitude-within-bounds": 1,
            "coordinates-in-pairs": 1,
            "dates-in-order": 1,
            "observed-before-known": 1,
            "year-within-bounds": 1,
        }
    }


def test_records_without_coordinates_pass_the_contract_but_are_reported(home: Home) -> None:
    nowhere = {"decimalLatitude": None, "decimalLongitude": None}
    rows = [OCCURRENCE | nowhere | {"recordId": f"survey:{number}"} for number in (2, 3, 4)]
    assert failed_with(home, "core_occurrence", OCCURRENCE, *rows) == {
        "occurrence-completeness": {"decimalLatitude-mostly-present": 3, "decimalLongitude-mostly-present": 3}
    }


def test_a_record_cannot_have_a_taxon_without_a_match(home: Home) -> None:
    rows = [OCCURRENCE, OCCURRENCE | {"matchType": "NONE"}, OCCURRENCE | {"rowId": 3, "matchType": "exactly"}]
    assert failed_with(home, "core_record", *rows) == {
        "record-contract": {"rowId-unique": 2, "matchType-known": 1, "match-leads-to-taxon": 2}
    }


def test_an_unknown_status_and_a_native_that_no_list_calls_native_are_found(home: Home) -> None:
    rows = [STATUS | {"status": "naturalised"}, STATUS | {"taxonID": "t2", "establishmentMeans": "native"}]
    assert failed_with(home, "out_species_status", *rows) == {
        "status-contract": {"status-known": 1, "native-only-if-so-listed": 1}
    }


def test_a_crooked_cell_an_empty_cell_and_a_doubled_cell_are_found(home: Home) -> None:
    rows = [
        CUBE_CELL,
        CUBE_CELL,
        CUBE_CELL | {"cellCode": "1kmE10910"},
        CUBE_CELL | {"year": 1, "occurrences": 0},
    ]
    assert failed_with(home, "out_cube", *rows) == {
        "cube-contract": {"cellCode-well-formed": 1, "occurrences-within-bounds": 1, "cube-cells-unique": 1}
    }


def test_a_warning_needs_a_known_kind_and_level_reasons_and_evidence(home: Home) -> None:
    rows = [WARNING, WARNING | {"warningId": "w2", "kind": "odd", "level": "pink", "evidence": "[]"}]
    assert failed_with(home, "out_warning", *rows) == {
        "warning-contract": {"kind-known": 1, "level-known": 1, "warning-has-reasons-and-evidence": 1}
    }


def test_rows_that_got_lost_are_found(good_home: Home) -> None:
    lost = SOURCE | {"submissionId": "s2", "rowsRead": 5, "accepted": 2, "quarantined": 2}
    assert failed_with(good_home, "out_source", lost) == {
        "row-balance": {"row-totals-balance": 1, "row-totals-as-counted": 1, "rows-read-are-records": 1}
    }


def test_of_what_is_not_met_twenty_rows_are_shown_and_all_are_counted(home: Home) -> None:
    rows = [
        OCCURRENCE | {"rowId": number, "recordId": f"survey:{number}", "source": "hearsay"}
        for number in range(30)
    ]
    with open_warehouse(home) as connection:
        insert(connection, "core_record", *rows)
        (verdict,) = judge_open(connection, suites_of("core_record"))
    (outcome,) = [each for each in verdict.outcomes if each.id == "source-known"]
    assert outcome.unexpected_count == 30
    assert len(outcome.samples) == 20
    assert outcome.samples[0] == {"rowId": "0", "source": "hearsay"}


def test_only_the_named_gates_are_run(good_home: Home) -> None:
    assert [verdict.gate for verdict in judge(good_home, ["cube-contract"])] == ["cube-contract"]
    with open_warehouse(good_home) as connection:
        assert connection.execute("SELECT gate FROM meta_gate").fetchall() == [("cube-contract",)]


def test_a_verdict_is_noted_once_with_its_build_and_its_details(good_home: Home) -> None:
    judge(good_home, ["cube-contract"])
    judge(good_home, ["cube-contract"])
    with open_warehouse(good_home) as connection:
        rows = connection.execute(
            "SELECT tableName, success, blocking, meta_gate.buildId = meta_build.buildId, details, "
            "checkedAt BETWEEN (now() AT TIME ZONE 'UTC') - INTERVAL 1 HOUR AND (now() AT TIME ZONE 'UTC') "
            "FROM meta_gate JOIN meta_build USING (tableName)"
        ).fetchall()
    assert len(rows) == 1
    table, success, blocking, same_build, details, lately = rows[0]
    assert (table, success, blocking, same_build, lately) == ("out_cube", True, True, True, True)
    expected = {"id": "taxonID-present", "success": True, "unexpected": 0, "cause": "", "samples": []}
    assert json.loads(details)[1] == expected


def test_publishing_is_refused_before_anything_was_judged(good_home: Home) -> None:
    with open_warehouse(good_home) as connection, pytest.raises(StoreError, match="not judged yet"):
        require_passed(connection)


def test_publishing_is_refused_while_a_table_has_never_been_built(home: Home) -> None:
    judge(home)
    with open_warehouse(home) as connection, pytest.raises(StoreError, match="has not been built"):
        require_passed(connection)


def test_a_verdict_on_an_older_build_does_not_count(good_home: Home) -> None:
    judge(good_home)
    with open_warehouse(good_home) as connection:
        note_build(connection, "out_cube")
        note_build(connection, "out_report")
        with pytest.raises(StoreError, match="rebuilt after it was judged") as refusal:
            require_passed(connection)
    assert refusal.value.values["table"] == "out_cube"
    judge(good_home, ["cube-contract", "release"])
    with open_warehouse(good_home) as connection:
        require_passed(connection)


def test_a_refusal_names_the_gate_the_requirement_and_the_count(good_home: Home) -> None:
    with open_warehouse(good_home) as connection:
        nameless = {"rowId": 2, "recordId": "survey:2", "taxonID": None, "matchType": "NONE"}
        insert(connection, "core_occurrence", OCCURRENCE | nameless)
        judge_open(connection)
        with pytest.raises(StoreError) as refusal:
            require_passed(connection)
    assert refusal.value.values == {
        "table": "core_occurrence",
        "gate": "occurrence-contract",
        "detail": "taxonID-present: 1",
    }


def test_a_gate_that_does_not_block_stops_nothing(good_home: Home) -> None:
    nowhere = {"decimalLatitude": None, "decimalLongitude": None}
    with open_warehouse(good_home) as connection:
        connection.execute("UPDATE core_record SET decimalLatitude = NULL, decimalLongitude = NULL")
        insert(connection, "core_occurrence", OCCURRENCE | nowhere | {"rowId": 2, "recordId": "survey:2"})
        connection.execute("UPDATE out_source SET rowsRead = 2, accepted = 2")
        build_later_tables_again(connection)
        assert list(failed(judge_open(connection))) == ["occurrence-completeness"]
        require_passed(connection)


@pytest.mark.parametrize(
    ("statement", "requirement"),
    [
        (
            "INSERT INTO meta_published VALUES ('core_occurrence', 1000, now()::TIMESTAMP)",
            "rows-as-many-as-last-time",
        ),
        ("UPDATE out_source SET quarantined = 9, rowsRead = 10", "few-records-held-back"),
        ("UPDATE raw_submission SET confirmedSince = '2020-01-01'", "inputs-are-recent"),
    ],
)
def test_what_someone_should_look_at_is_told_and_stops_nothing(
    good_home: Home, statement: str, requirement: str
) -> None:
    with open_warehouse(good_home) as connection:
        connection.execute(statement)
        (verdict,) = judge_open(connection, [suite for suite in SUITES if suite.gate == "release-notice"])
    assert [failure.id for failure in verdict.failures] == [requirement]
    assert not verdict.blocking
    assert verdict.failures[0].unexpected_count == 1


def test_every_gate_and_requirement_has_a_text_and_every_text_is_used() -> None:
    used = {f"gate-{suite.gate}" for suite in SUITES}
    used |= {expectation.id for suite in SUITES for expectation in suite.expectations}
    said = {"could-not-run", "not-built", "not-judged", "older-build"}
    said |= {"heading-result", "heading-requirement", "heading-unexpected"}
    entries = catalogue("quality", "gates.toml")
    assert set(entries) == used | said
    assert all(entry["zh"] and entry["en"] for entry in entries.values())


def test_requirements_have_ids_of_their_own_within_a_gate() -> None:
    for suite in SUITES:
        ids = [expectation.id for expectation in suite.expectations]
        assert len(ids) == len(set(ids)), suite.gate


def test_a_failed_blocking_check_stops_the_assets_downstream_in_dagster(home: Home) -> None:
    @asset(check_specs=check_specs_for("out_cube"))
    def out_cube() -> MaterializeResult:
        with open_warehouse(home) as connection:
            insert(connection, "out_cube", CUBE_CELL | {"cellCode": "nowhere"})
        return MaterializeResult(check_results=check_results(judge(home, gates_of("out_cube"))))

    @asset(deps=[out_cube])
    def publish() -> None:
        raise AssertionError("publishing began")

    run = materialize([out_cube, publish], raise_on_error=False)
    (evaluation,) = run.get_asset_check_evaluations()
    assert not evaluation.passed
    assert evaluation.blocking
    assert not [event for event in run.get_step_failure_events() if event.step_key == "publish"]
    shown = evaluation.metadata["verdict"].value
    assert isinstance(shown, str)
    assert "| ✗ | 网格编号形如 1kmE10910N4735。 | A cellCode looks like 1kmE10910N4735. | 1 |" in shown


def test_a_check_that_could_not_be_run_is_shown_with_its_cause() -> None:
    outcome = Outcome("cellCode-well-formed", success=False, unexpected_count=None, cause="a | b")
    verdict = Verdict("cube-contract", "out_cube", "b1", blocking=True, outcomes=(outcome,))
    (result,) = check_results([verdict])
    shown = result.metadata["verdict"].value
    assert isinstance(shown, str)
    assert "could not be run: a \\| b | — |" in shown


def test_the_gates_of_several_tables_can_be_one_definition_of_checks(good_home: Home) -> None:
    keys = {"core_occurrence": AssetKey(["core", "occurrence"]), "out_cube": AssetKey("out_cube")}
    checks = gate_checks(keys, lambda context: good_home)
    run = Definitions(asset_checks=[checks]).resolve_implicit_global_asset_job_def().execute_in_process()
    evaluations = run.get_asset_check_evaluations()
    assert {(each.asset_key.to_user_string(), each.check_name, each.passed) for each in evaluations} == {
        ("core/occurrence", "occurrence_contract", True),
        ("core/occurrence", "occurrence_completeness", True),
        ("out_cube", "cube_contract", True),
    }
