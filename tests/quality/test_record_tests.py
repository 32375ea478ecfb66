"""Each record test on a record that fails it and on one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quality.flags import build_flags, build_quarantine
from quality.record_tests.record_test import Context
from quality.record_tests.registry import RECORD_TESTS
from store.catalogue import catalogue
from store.region import Extent, Thresholds
from store.warehouse import open_in_memory

DATONG, SANTIAGO = Extent(112.5, 39.0, 114.6, 40.8), Extent(-71.0, -33.8, -70.3, -33.2)
LONDON = Extent(-0.5, 51.2, 0.3, 51.7)
CONTEXT = Context(DATONG, Thresholds(), date(2026, 6, 30))
GOOD: dict[str, Any] = {
    "recordId": "survey:1", "source": "survey", "submissionId": "s", "firstSeen": "2026-06-20", "line": 2,
    "basisOfRecord": "HumanObservation", "occurrenceStatus": "detected", "verbatimScientificName": "Ulmus pumila",
    "taxonID": "pw:ulmus-pumila", "matchType": "EXACT", "verbatimEventDate": "2026-06-03",
    "eventDate": "2026-06-03", "eventDateStart": "2026-06-03", "eventDateEnd": "2026-06-03",
    "verbatimLatitude": "40.07", "verbatimLongitude": "113.3", "verbatimSRS": "WGS84", "decimalLatitude": 40.07,
    "decimalLongitude": 113.3, "individualCount": 3, "locatedBy": "coordinates", "withinRegion": True,
    "distanceToRegionInKilometers": 0.0, "divisionID": "west", "siteIDs": [],
}  # fmt: skip
FAILING: dict[str, dict[str, Any]] = {
    "PARKWATCH_ROW_EMPTY": {"rowFault": "empty"},
    "PARKWATCH_ROW_TOTAL": {"rowFault": "total"},
    "PARKWATCH_ROW_NOTE": {"rowFault": "note"},
    "PARKWATCH_ROW_DUPLICATE": {"rowFault": "duplicate"},
    "PARKWATCH_ROW_REPLACED": {"rowFault": "replaced"},
    "PARKWATCH_ROW_BLANK": {"rowFault": "blank"},
    "PARKWATCH_ROW_NOTANIMAL": {"rowFault": "notanimal"},
    "PARKWATCH_ROW_UNCLASSIFIED": {"rowFault": "unclassified"},
    "PARKWATCH_ROW_MEDIA": {"rowFault": "media"},
    "PARKWATCH_ROW_UNFILLED": {"rowFault": "unfilled"},
    "PARKWATCH_ROW_GONE": {"rowFault": "gone"},
    "PARKWATCH_ROW_SPECIESLIST": {"rowFault": "specieslist"},
    "PARKWATCH_PARENT_FOUND": {"unjoinedKey": "d7"},
    "VALIDATION_TAXON_NOTEMPTY": {"verbatimScientificName": None},
    "VALIDATION_SCIENTIFICNAME_FOUND": {"matchType": "NONE", "taxonID": None},
    "VALIDATION_TAXON_UNAMBIGUOUS": {"matchType": "AMBIGUOUS", "taxonID": None},
    "PARKWATCH_NAME_WAITS": {"matchType": "FUZZY", "taxonID": None, "waitsForPerson": True},
    "PARKWATCH_NAME_FUZZY": {"matchType": "FUZZY"},
    "PARKWATCH_NAME_VARIANT": {"matchType": "VARIANT"},
    "PARKWATCH_NAME_HIGHERRANK": {"matchType": "HIGHERRANK"},
    "VALIDATION_EVENTDATE_NOTEMPTY": {"verbatimEventDate": None, "eventDateStart": None, "eventDateEnd": None},
    "VALIDATION_EVENTDATE_STANDARD": {"eventDateStart": None, "eventDateEnd": None},
    "VALIDATION_EVENTDATE_INRANGE": {"eventDateStart": "2026-06-25", "eventDateEnd": "2026-06-25"},
    "PARKWATCH_EVENTDATE_INTERPRETED": {"verbatimEventDate": "46176", "source": "survey"},
    "PARKWATCH_EVENTDATE_PRECISE": {"eventDateStart": "2024-12-01"},
    "PARKWATCH_COORDINATES_READABLE": {"decimalLatitude": None},
    "VALIDATION_DECIMALLATITUDE_INRANGE": {"decimalLatitude": 140.0},
    "VALIDATION_DECIMALLONGITUDE_INRANGE": {"decimalLongitude": 213.0},
    "VALIDATION_COORDINATES_NOTZERO": {"decimalLatitude": 0.0, "decimalLongitude": 0.0},
    "PARKWATCH_COORDINATES_TRANSPOSED": {"decimalLatitude": 113.3, "decimalLongitude": 40.07},
    "VALIDATION_COORDINATEUNCERTAINTY_INRANGE": {"coordinateUncertaintyInMeters": 0.0},
    "PARKWATCH_COORDINATES_PRECISE": {"coordinateUncertaintyInMeters": 20_000.0},
    "VALIDATION_GEODETICDATUM_NOTEMPTY": {"verbatimSRS": None},
    "PARKWATCH_DATUM_KNOWN": {"verbatimSRS": "local grid"},
    "PARKWATCH_PLACE_KNOWN": {
        "verbatimLatitude": None, "verbatimLongitude": None, "decimalLatitude": None, "decimalLongitude": None,
        "locatedBy": None, "locality": "无名地",
    },
    "PARKWATCH_PLACE_NOTEMPTY": {
        "verbatimLatitude": None, "verbatimLongitude": None, "decimalLatitude": None, "decimalLongitude": None,
        "locatedBy": None,
    },
    "PARKWATCH_COUNT_INWORDS": {
        "individualCount": None, "verbatimIndividualCount": "若干", "organismQuantity": "若干",
        "organismQuantityType": "abundance in words",
    },
    "PARKWATCH_WITHIN_REACH": {"distanceToRegionInKilometers": 400.0},
    "PARKWATCH_SURVEY_WITHIN_REGION": {"distanceToRegionInKilometers": 20.0},
    "PARKWATCH_POINT_IN_NAMED_PLACE": {
        "withinRegion": False, "distanceToRegionInKilometers": 20.0, "namedDivisionID": "east",
    },
    "PARKWATCH_CIRCLE_WITHIN_SITE": {"sitesLeft": ["pond"], "coordinateUncertaintyInMeters": 300.0},
    "PARKWATCH_DIVISION_CONSISTENT": {"namedDivisionID": "east", "namedSiteID": "pond"},
    "VALIDATION_OCCURRENCESTATUS_STANDARD": {"occurrenceStatus": "maybe"},
    "VALIDATION_BASISOFRECORD_STANDARD": {"basisOfRecord": "hearsay"},
    "PARKWATCH_BASISOFRECORD_LIVING": {"basisOfRecord": "FossilSpecimen"},
    "PARKWATCH_COUNT_NOTNEGATIVE": {"individualCount": -1},
    "PARKWATCH_COUNT_PROBABLE": {"individualCount": 4_000_000},
    "PARKWATCH_STATUS_COUNT_CONSISTENT": {"individualCount": 0},
    "PARKWATCH_EVENTDATE_EPOCH": {
        "verbatimEventDate": "44349", "eventDateStart": "2021-06-03", "eventDateEnd": "2021-06-03",
    },
    "PARKWATCH_EVENTDATE_TRAILINGZERO": {"verbatimEventDate": "2026.1"},
    "PARKWATCH_EVENTTIME_READABLE": {"verbatimEventTime": "一早"},
    "PARKWATCH_EVENTTIME_MIDNIGHT": {"verbatimEventTime": "00:00", "eventTime": "00:00", "protocol": "casual"},
    "PARKWATCH_COORDINATES_SCALED": {
        "verbatimLongitude": "1133000", "decimalLongitude": None, "coordinateNote": "scaled",
        "coordinateProposal": "113.3000, 40.0700",
    },
    "PARKWATCH_COORDINATES_PACKED": {
        "coordinateNote": "packed", "coordinateProposal": "113.5, 40.116667", "namedSiteID": "pond",
    },
    "VALIDATION_ESTABLISHMENTMEANS_STANDARD": {"establishmentMeans": "外星"},
    "PARKWATCH_COORDINATES_ZONE_OPEN": {
        "verbatimLongitude": "440290", "decimalLongitude": None, "coordinateNote": "zone-open",
    },
    "PARKWATCH_COORDINATES_ZONE_OTHER": {
        "coordinateNote": "zone-other", "distanceToRegionInKilometers": 250.0,
        "coordinateProposal": "38440290, 4438280",
    },
    "PARKWATCH_COORDINATES_ZONE_ASSUMED": {"coordinateNote": "zone-assumed"},
    "PARKWATCH_COORDINATES_INTERPRETED": {"coordinateNote": "interpreted"},
    "PARKWATCH_DATUM_TRANSFORMED": {"coordinateNote": "untransformed", "verbatimSRS": "西安80"},
    "PARKWATCH_DATUM_SCATTER": {"datumSuspected": "GCJ-02"},
    "PARKWATCH_COORDINATES_SIGN": {"decimalLongitude": -113.3, "distanceToRegionInKilometers": 9000.0},
    "PARKWATCH_COUNT_READABLE": {
        "individualCount": None, "verbatimIndividualCount": "好家伙", "organismQuantityType": "verbatim",
        "countNote": "unread",
    },
    "PARKWATCH_COUNT_INTERPRETED": {
        "individualCount": 50, "verbatimIndividualCount": "约50", "organismQuantityType": "estimate",
    },
    "PARKWATCH_QUANTITY_READABLE": {
        "verbatimOrganismQuantity": "一大片吧", "organismQuantityType": "verbatim",
    },
    "PARKWATCH_CELL_FORMULA": {"verbatimEventDate": "=TODAY()"},
    "PARKWATCH_PROTOCOL_EVENTID": {"protocol": "quadrat", "missingTerms": ["eventID"]},
    "PARKWATCH_PROTOCOL_EVENTTIME": {"protocol": "pointCount", "missingTerms": ["eventTime"]},
    "PARKWATCH_PROTOCOL_LAYER": {"protocol": "quadrat", "missingTerms": ["vegetationLayer"]},
    "PARKWATCH_PROTOCOL_QUANTITY": {"protocol": "quadrat", "missingTerms": ["organismQuantity"]},
    "PARKWATCH_VISIT_EFFORT_REPORTED": {"visitFaults": {"effort-missing": ""}},
    "PARKWATCH_VISIT_EFFORT_READABLE": {
        "visitFaults": {"effort-unread": "很久", "effort-unread-term": "eventDurationValue"},
    },
    "PARKWATCH_VISIT_CONSISTENT": {
        "visitFaults": {"contradiction": "2 / 3", "contradiction-term": "observerCount"},
    },
    "PARKWATCH_VISIT_IN_ONE_PLACE": {"visitFaults": {"spread": "3.1 km"}},
    "PARKWATCH_VISIT_TIME_ORDER": {"visitFaults": {"time-order": "10:00/09:00"}},
    "PARKWATCH_VISIT_DEPLOYMENT_ORDER": {"visitFaults": {"deployment-order": "2026-06-01 / 2026-05-01"}},
    "PARKWATCH_VISIT_COMPLETENESS_READABLE": {"visitFaults": {"completeness-unread": "大概"}},
    "PARKWATCH_VISIT_COMPLETENESS_SCOPE": {"visitFaults": {"completeness-scope": "是"}},
    "PARKWATCH_VISIT_COMPLETENESS_CASUAL": {"visitFaults": {"completeness-casual": "是"}},
    "PARKWATCH_ABSENCE_WAS_SEARCHED_FOR": {
        "protocol": "casual", "individualCount": 0, "occurrenceStatus": "notDetected",
    },
    "PARKWATCH_LAYER_KNOWN": {"vegetationLayer": "上面"},
    "PARKWATCH_DEGREEOFESTABLISHMENT_KNOWN": {"degreeOfEstablishment": "随便"},
    "PARKWATCH_COVER_INRANGE": {"organismQuantity": "120", "organismQuantityType": "percent cover"},
    "PARKWATCH_GIRTH_CONSISTENT": {
        "measurements": {
            "diameterAtBreastHeightInCentimeters": 80.0, "girthAtBreastHeightInCentimeters": 80.0,
        },
    },
    "PARKWATCH_HEIGHT_READABLE": {"verbatimMeasurements": {"plantHeight": "很高"}},
    "PARKWATCH_DIAMETER_READABLE": {"verbatimMeasurements": {"diameterAtBreastHeight": "粗"}},
    "PARKWATCH_GIRTH_READABLE": {"verbatimMeasurements": {"girthAtBreastHeight": "一抱"}},
    "PARKWATCH_CROWN_READABLE": {"verbatimMeasurements": {"crownWidth": "大"}},
    "PARKWATCH_HEIGHT_PROBABLE": {"measurements": {"plantHeightInMeters": 850.0}},
    "PARKWATCH_DIAMETER_PROBABLE": {"measurements": {"diameterAtBreastHeightInCentimeters": 0.0}},
    "PARKWATCH_GIRTH_PROBABLE": {"measurements": {"girthAtBreastHeightInCentimeters": 3100.0}},
    "PARKWATCH_CROWN_PROBABLE": {"measurements": {"crownWidthInMeters": 450.0}},
    "ISSUE_DATAGENERALIZATIONS_NOTEMPTY": {"dataGeneralizations": "rounded to 10 km"},
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Record 1 is good; each further one fails the test of its place in FAILING."""
    with open_in_memory() as connection:
        for number, changes in enumerate([{}, *FAILING.values()], start=1):
            record = GOOD | {"rowId": number, "recordId": f"survey:{number}"} | changes
            connection.execute(
                f"INSERT INTO core_record ({', '.join(record)}) VALUES ({', '.join('?' * len(record))})",
                list(record.values()),
            )
        build_flags(connection, CONTEXT)
        build_quarantine(connection)
        yield connection


def test_every_test_has_a_case_and_a_text() -> None:
    assert set(FAILING) == {test.id for test in RECORD_TESTS} == set(catalogue("quality"))
    assert len(RECORD_TESTS) >= 15


def test_a_good_record_fails_nothing(judged: duckdb.DuckDBPyConnection) -> None:
    assert judged.execute("SELECT * FROM core_flag WHERE rowId = 1").fetchall() == []


@pytest.mark.parametrize("test", FAILING)
def test_a_record_fails_the_test_meant_for_it(judged: duckdb.DuckDBPyConnection, test: str) -> None:
    number = list(FAILING).index(test) + 2
    found = {
        name for (name,) in judged.execute("SELECT test FROM core_flag WHERE rowId = ?", [number]).fetchall()
    }
    assert test in found
    assert len(found) <= 2, found


@pytest.mark.parametrize(
    ("extent", "written", "read", "term", "proposed"),
    [
        (DATONG, ("-113.3", "40.0767"), (-113.3, 40.0767), "decimalLongitude", "113.3, 40.0767"),
        (DATONG, ("113.3", "-40.0767"), (113.3, -40.0767), "decimalLatitude", "113.3, 40.0767"),
        (DATONG, ("-113.30", "-40.0767"), (-113.3, -40.0767), "decimalLongitude", "113.30, 40.0767"),
        (DATONG, ("113.3W", "40.0767"), (-113.3, 40.0767), "decimalLongitude", "113.3, 40.0767"),
        (DATONG, ("西经113°18′", "40°3′N"), (-113.3, 40.05), "decimalLongitude", "113.3, 40.05"),
        (SANTIAGO, ("70.65", "-33.45"), (70.65, -33.45), "decimalLongitude", "-70.65, -33.45"),
        (SANTIAGO, ("-70.65", "+33.45"), (-70.65, 33.45), "decimalLatitude", "-70.65, -33.45"),
        (SANTIAGO, ("70.65", "33.45"), (70.65, 33.45), "decimalLongitude", "-70.65, -33.45"),
        (LONDON, ("-0.05", "-51.5"), (-0.05, -51.5), "decimalLatitude", "-0.05, 51.5"),
    ],
)
def test_a_lost_sign_is_put_right_in_any_quarter_of_the_world(
    extent: Extent, written: tuple[str, str], read: tuple[float, float], term: str, proposed: str
) -> None:
    record = GOOD | {
        "rowId": 1, "verbatimLongitude": written[0], "verbatimLatitude": written[1], "decimalLongitude": read[0],
        "decimalLatitude": read[1],
    }  # fmt: skip
    with open_in_memory() as connection:
        connection.execute(
            f"INSERT INTO core_record ({', '.join(record)}) VALUES ({', '.join('?' * len(record))})",
            list(record.values()),
        )
        build_flags(connection, replace(CONTEXT, extent=extent))
        flag = connection.execute(
            "SELECT term, suggestion FROM core_flag WHERE test = 'PARKWATCH_COORDINATES_SIGN'"
        ).fetchone()
    assert flag == (term, proposed)


def test_severity_decides_what_becomes_of_a_record(judged: duckdb.DuckDBPyConnection) -> None:
    severity = {test.id: test.severity for test in RECORD_TESTS}
    became = dict(
        judged.execute(
            "SELECT rowId, coalesce(held.disposition, 'accepted') FROM core_record "
            "LEFT JOIN (SELECT rowId, disposition FROM core_quarantine) AS held USING (rowId)"
        ).fetchall()
    )
    meant = {"reject": "rejected", "error": "quarantined", "warning": "accepted", "info": "accepted"}
    for number, test in enumerate(FAILING, start=2):
        assert became[number] == meant[severity[test]], test


def test_accepted_and_held_rows_are_all_rows(judged: duckdb.DuckDBPyConnection) -> None:
    counts = judged.execute(
        "SELECT (SELECT count(*) FROM core_record), (SELECT count(*) FROM core_occurrence), "
        "(SELECT count(*) FROM core_quarantine)"
    ).fetchone()
    assert counts is not None
    assert counts[0] == counts[1] + counts[2]


def test_a_bdq_test_carries_its_guid() -> None:
    for test in RECORD_TESTS:
        assert (test.bdqGuid is not None) == test.id.startswith(("VALIDATION_", "ISSUE_")), test.id


@pytest.mark.cases
def test_the_guids_are_those_of_bdq(cases: Path) -> None:
    published = (cases / "bdq" / "open.jsonl").read_text(encoding="utf-8")
    for test in RECORD_TESTS:
        if test.bdqGuid:
            assert f'"test_label": "{test.bdqLabel}", "test_id": "{test.bdqGuid}"' in published, test.id
