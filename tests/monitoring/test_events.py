"""Visits of filled forms: effort, completeness and absences as Darwin Core events, and what is wrong with a visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.intake import take_survey
from gbif.names import gbif_names
from monitoring.events import build_events
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_quarantine
from quality.record_tests.record_test import Context
from species.index.build import build_index
from species.status.answers import build_status
from store.home import Home
from store.region import read_region
from store.warehouse import open_warehouse
from surveys.loading import load_survey
from surveys.protocols.catalogue import protocols
from tests.conftest import ROOT
from tests.surveys.forms import Row, example_rows_of, filled_form

LINE: Row = {
    "transect": "L1", "date": "2026-06-03", "startTime": "06:00", "endTime": "07:30", "observers": 2,
    "transectLength": 1500, "transectWidth": 100, "targetGroup": "鸟类 birds", "completeList": "是 yes",
    "locality": "文瀛湖公园", "longitude": 113.375, "latitude": 40.085, "datum": "WGS84 手持机 GPS",
}  # fmt: skip
TREE: Row = {"date": "2026-09", "locality": "大同公园", "longitude": 113.2821, "latitude": 40.0833}
FORMS: dict[str, tuple[str, list[Row]]] = {
    "line": (
        "lineTransect",
        [
            LINE | {"chineseName": "麻雀", "count": 12},
            LINE | {"chineseName": "喜鹊", "count": "约5"},
            LINE | {"chineseName": "黑鹳", "count": "未见"},
            # another day is another visit: not complete, so nothing is inferred from it
            LINE | {"date": "2026-06-10", "completeList": "否 no", "chineseName": "麻雀", "count": 3},
        ],
    ),
    "patrol": (
        "patrol",
        [
            {
                "route": "R1", "date": "2026-07-15", "routePoint": place, "longitude": 113.33, "latitude": latitude,
                "datum": "WGS84", "locality": f"御河生态园{place}号", "chineseName": "黄花刺茄", "count": count,
            }
            for place, latitude, count in ((2, 40.07, "30+"), (1, 40.06, 0), (3, 40.08, 0))
        ],
    ),
    "quadrat": ("quadrat", example_rows_of(protocols()["quadrat"])),
    "camera": ("cameraTrap", example_rows_of(protocols()["cameraTrap"])),
    "trees": (
        "treeInventory",
        [
            TREE | {"tree": "T1", "chineseName": "油松", "diameter": 24.5, "growing": "栽培 planted"},
            TREE | {"tree": "T2", "chineseName": "榆树", "girth": 310},
            TREE | {"tree": "T3", "chineseName": "榆树", "growing": "野生 wild", "diameter": 80, "girth": 80},
        ],
    ),
    "faulty": (
        "pointCount",
        [
            {
                "point": "P1", "date": "2026-05-20", "startTime": "05:50", "duration": duration, "observers": "几个",
                "locality": "文瀛湖公园", "longitude": longitude, "latitude": 40.084, "completeList": "大概",
                "chineseName": name, "count": 1,
            }
            for duration, longitude, name in (("10", 113.376, "喜鹊"), ("15", 113.476, "麻雀"))
        ],
    ),
    "casual": (
        "casual",
        [{"date": "2026-08", "locality": "文瀛湖公园", "chineseName": "麻雀", "count": 0}],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("visits")
    home = Home(folder / "home").create()
    region = read_region(ROOT / "regions" / "datong")
    known = datetime(2026, 11, 1, tzinfo=UTC)
    with open_warehouse(home) as connection:
        for name, (protocol, rows) in FORMS.items():
            path = filled_form(protocol, folder / f"{name}.xlsx", rows)
            receipt, _ = take_survey(home, path, received_from="t", origin="t", known_since=known)
            load_survey(connection, home, receipt)
        build_index(connection, region, gbif=gbif_names(connection))
        build_sites(connection, region)
        build_records(connection, region)
        build_events(connection)
        build_flags(connection, Context(region.extent, region.thresholds, known.date()))
        build_quarantine(connection)
        build_status(connection, region, date(2026, 6, 30))
        yield connection


def events(built: duckdb.DuckDBPyConnection, file: str) -> list[dict[str, Any]]:
    rows = built.execute(
        "SELECT core_event.* FROM core_event JOIN raw_submission USING (submissionId) WHERE fileName = ? "
        "ORDER BY eventDate, eventKey",
        [f"{file}.xlsx"],
    )
    names = [column[0] for column in rows.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def flags(built: duckdb.DuckDBPyConnection, file: str) -> dict[str, tuple[str, str, int]]:
    """Test to the term, the value and the line it was told at."""
    rows = built.execute(
        "SELECT test, term, value, line FROM core_flag JOIN raw_submission USING (submissionId) "
        "WHERE fileName = ? AND severity <> 'info'",
        [f"{file}.xlsx"],
    ).fetchall()
    return {test: (term, value, line) for test, term, value, line in rows}


def some(event: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(event[name] for name in names)


def test_a_transect_has_its_effort_and_completeness(built: duckdb.DuckDBPyConnection) -> None:
    first, second = events(built, "line")
    assert some(first, "eventID", "eventDate", "eventCategory", "eventType", "protocol") == (
        "L1", "2026-06-03", "Survey", "siteVisit", "lineTransect",
    )  # fmt: skip
    assert some(first, "sampleSizeValue", "sampleSizeUnit", "eventDurationValue", "eventDurationUnit") == (
        1500, "m", 90, "minutes",
    )  # fmt: skip
    assert some(first, "totalAreaSampledValue", "totalAreaSampledUnit", "samplingEffortValue", "samplingEffortUnit") == (
        150_000, "m2", 3, "person hours",
    )  # fmt: skip
    assert some(first, "observerCount", "targetTaxonomicScope", "taxonCompletenessReported") == (
        2, "Aves", "reportedComplete",
    )  # fmt: skip
    assert some(first, "isSamplingEffortReported", "isAbundanceReported", "isVegetationCoverReported") == (
        True, True, False,
    )  # fmt: skip
    assert some(first, "isAbsenceReported", "absentTaxa", "rowCount") == (True, "黑鹳", 3)
    assert some(second, "taxonCompletenessReported", "isAbsenceReported") == ("reportedIncomplete", False)


def test_an_absence_is_a_record_that_was_not_detected(built: duckdb.DuckDBPyConnection) -> None:
    row = built.execute(
        "SELECT occurrenceStatus, individualCount FROM core_occurrence WHERE verbatimVernacularName = '黑鹳'"
    ).fetchone()
    assert row == ("notDetected", 0)


def test_only_a_complete_visit_implies_absences_and_only_of_its_group(
    built: duckdb.DuckDBPyConnection,
) -> None:
    first, second = (event["eventKey"] for event in events(built, "line"))
    told = {
        (key, name): kind
        for key, name, kind in built.execute(
            "SELECT eventKey, speciesName, absenceType FROM core_absence"
        ).fetchall()
    }
    assert told[first, "Ciconia nigra"] == "explicit"
    assert (first, "Passer montanus") not in told
    assert not any(key == second for key, _ in told)
    (quadrat,) = events(built, "quadrat")
    inferred = {
        name for (key, name), kind in told.items() if key == quadrat["eventKey"] and kind == "inferred"
    }
    assert "Pinus tabuliformis" in inferred  # a vascular plant known from the city
    assert not inferred & {"Ulmus pumila", "Passer montanus", "Solanum rostratum"}
    assert told[quadrat["eventKey"], "Solanum rostratum"] == "explicit"
    (casual,) = events(built, "casual")
    assert all(kind == "explicit" for (key, _), kind in told.items() if key == casual["eventKey"])


def test_a_route_is_as_long_as_its_points_in_their_order(built: duckdb.DuckDBPyConnection) -> None:
    """0.02° of latitude at 40.07° N is 2220.8 m on WGS84, however the rows are sorted."""
    (route,) = events(built, "patrol")
    assert route["sampleSizeValue"] == pytest.approx(2220.8, abs=0.5)
    assert some(route, "sampleSizeUnit", "samplingEffortProtocol", "rowCount") == (
        "m", "geodesic on WGS84 along the points of the route", 3,
    )  # fmt: skip


def test_the_layers_of_a_quadrat_are_one_visit_with_the_largest_area(
    built: duckdb.DuckDBPyConnection,
) -> None:
    (quadrat,) = events(built, "quadrat")
    assert some(quadrat, "eventID", "parentEventID", "sampleSizeValue", "sampleSizeUnit", "rowCount") == (
        "WY-01", "WY", 400, "m2", 3,
    )  # fmt: skip
    assert some(quadrat, "isVegetationCoverReported", "targetTaxonomicScope") == (True, "Tracheophyta")
    assert "PARKWATCH_VISIT_CONSISTENT" not in flags(built, "quadrat")
    layers = built.execute(
        "SELECT vegetationLayer, measurements['plantHeightInMeters'] FROM core_occurrence "
        "WHERE eventKey = ? ORDER BY line",
        [quadrat["eventKey"]],
    ).fetchall()
    assert layers == [("tree", 9.5), ("shrub", 1.4), ("herb", None)]


def test_a_camera_deployment_is_one_visit_with_its_camera_days(built: duckdb.DuckDBPyConnection) -> None:
    (deployment,) = events(built, "camera")
    assert some(deployment, "eventType", "eventDate", "samplingEffortValue", "samplingEffortUnit") == (
        "cameraTrapDeployment", "2026-05-01/2026-06-30", 56, "camera days",
    )  # fmt: skip
    bases = built.execute(
        "SELECT DISTINCT basisOfRecord FROM core_record WHERE protocol = 'cameraTrap'"
    ).fetchall()
    assert bases == [("MachineObservation",)]


def test_planted_trees_are_no_wild_records(built: duckdb.DuckDBPyConnection) -> None:
    trees = built.execute(
        "SELECT organismID, basisOfRecord, degreeOfEstablishment, eventDate FROM core_record "
        "WHERE protocol = 'treeInventory' ORDER BY organismID"
    ).fetchall()
    unknown_day = "2026-09-01/2026-09-30"
    assert trees == [
        ("T1", "LivingSpecimen", "cultivated", unknown_day),
        ("T2", "LivingSpecimen", "cultivated", unknown_day),  # by default
        ("T3", "HumanObservation", "wild", unknown_day),
    ]


def test_a_girth_written_as_a_diameter_is_told_with_what_it_means(built: duckdb.DuckDBPyConnection) -> None:
    assert set(flags(built, "trees")) == {"PARKWATCH_GIRTH_CONSISTENT"}
    row = built.execute(
        "SELECT suggestion, line FROM core_flag WHERE test = 'PARKWATCH_GIRTH_CONSISTENT'"
    ).fetchone()
    assert row == ("25.5", 5)


def test_what_is_wrong_with_a_visit_is_told_once_at_its_first_row(built: duckdb.DuckDBPyConnection) -> None:
    told = flags(built, "faulty")
    assert told["PARKWATCH_VISIT_CONSISTENT"] == ("eventDurationValue", "10 / 15", 3)
    assert told["PARKWATCH_VISIT_EFFORT_READABLE"] == ("observerCount", "几个", 3)
    assert told["PARKWATCH_VISIT_COMPLETENESS_READABLE"][1] == "大概"
    assert told["PARKWATCH_VISIT_IN_ONE_PLACE"][1] == "8.5 km"
    times = built.execute(
        "SELECT test, count(*) FROM core_flag WHERE test LIKE 'PARKWATCH_VISIT%' GROUP BY ALL"
    )
    assert {count for _, count in times.fetchall()} == {1}


def test_a_casual_absence_is_questioned(built: duckdb.DuckDBPyConnection) -> None:
    assert "PARKWATCH_ABSENCE_WAS_SEARCHED_FOR" in flags(built, "casual")
    (casual,) = events(built, "casual")
    assert some(casual, "eventCategory", "isTaxonomicScopeFullyReported") == ("Occurrence", False)


def test_no_name_of_an_observer_is_kept(built: duckdb.DuckDBPyConnection) -> None:
    columns = [name for (name, *_) in built.execute("DESCRIBE core_event").fetchall()]
    assert "observerCount" in columns
    assert not {"recordedBy", "samplingPerformedBy"} & set(columns)


def test_what_the_origin_says_of_planting_comes_before_the_default(tmp_path: Path) -> None:
    """来源 answers two questions at once: 归化 is a tree that came by itself."""
    table = tmp_path / "行道树清查.csv"
    table.write_text(
        "树号,日期,地点,树种,来源\n1,2026-09-01,大同公园,榆树,归化\n2,2026-09-01,大同公园,榆树,\n",
        encoding="utf-8",
    )
    home = Home(tmp_path / "home").create()
    region = read_region(ROOT / "regions" / "datong")
    receipt, _ = take_survey(home, table, received_from="t", origin="t")
    with open_warehouse(home) as connection:
        load_survey(connection, home, receipt)
        build_index(connection, region, gbif=gbif_names(connection))
        build_sites(connection, region)
        build_records(connection, region)
        rows = connection.execute(
            "SELECT basisOfRecord, degreeOfEstablishment FROM core_record ORDER BY line"
        ).fetchall()
    assert rows == [("HumanObservation", "established"), ("LivingSpecimen", "cultivated")]
