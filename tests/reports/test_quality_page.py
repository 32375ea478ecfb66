"""The quality page: what failed, since when and where; nothing runs out of a cell, and no sensitive place is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quality.comparisons.flagging import build_comparisons
from quality.flags import build_flags, build_quarantine
from quality.record_decisions import RecordDecision
from quality.record_tests.record_test import Context
from quality.scorecards import build_scorecards
from reports.quality_page import write_quality_page
from store.region import Region, read_region
from store.warehouse import open_in_memory

DAY = date(2026, 6, 30)
HOSTILE = "<script>document.title='run'</script>"
RECORD: dict[str, Any] = {
    "source": "survey", "submissionId": "s1", "sheet": "样方表", "firstSeen": "2026-06-20", "basisOfRecord": "HumanObservation",
    "occurrenceStatus": "detected", "taxonID": "elm", "matchType": "EXACT", "verbatimScientificName": "Ulmus pumila",
    "verbatimEventDate": "2026-06-03", "eventDate": "2026-06-03", "eventDateStart": "2026-06-03",
    "eventDateEnd": "2026-06-03", "year": 2026, "month": 6, "verbatimLatitude": "40.1", "verbatimLongitude": "113.1",
    "decimalLatitude": 40.07, "decimalLongitude": 113.07, "locatedBy": "coordinates", "withinRegion": True,
    "isObscured": False, "siteIDs": ["pond"],
}  # fmt: skip
ROWS: tuple[dict[str, Any], ...] = (
    {},
    {"verbatimEventDate": HOSTILE, "eventDate": None, "eventDateStart": None, "eventDateEnd": None},
    {"taxonID": "crane", "verbatimScientificName": "Grus nigricollis", "verbatimLatitude": "40.055",
     "verbatimLongitude": "113.066", "decimalLatitude": 0.0, "decimalLongitude": 0.0},
)  # fmt: skip


def put(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


@pytest.fixture
def region(region_folder: Path) -> Region:
    return read_region(region_folder)


@pytest.fixture
def warehouse(region: Region) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        judge(connection, region)
        yield connection


def judge(connection: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Three records of one file, judged: one good, one with a hostile date, one of a sensitive species at 0, 0."""
    source = {"submissionId": "s1", "kind": "survey", "fileName": "调查.xlsx", "sha256": "x", "knownSince": "2026-06-20",
              "rowsRead": 3, "accepted": 1, "quarantined": 2, "rejected": 0}  # fmt: skip
    put(connection, "out_source", source)
    status = {"taxonID": "crane", "scientificName": "Grus nigricollis", "status": "native", "establishmentMeans": "native",
              "officiallyListed": False, "listIDs": [], "knownEstablished": True, "sureness": "high", "source": "x",
              "sensitivityClass": "S1"}  # fmt: skip
    put(connection, "out_species_status", status)
    for number, changes in enumerate(ROWS, start=2):
        written = {
            "submissionId": "s1",
            "sheet": "样方表",
            "line": number,
            "rowNumber": number,
            "eventDate": "6月3日",
        }
        put(connection, "raw_survey", written)
        put(
            connection,
            "core_record",
            RECORD | {"rowId": number, "line": number, "recordId": f"survey:{number}"} | changes,
        )
    build_flags(connection, Context(region.extent, region.thresholds, DAY))
    build_comparisons(connection, region)
    decision = RecordDecision(
        "survey:2", "reject", (), {}, "planted for a course", "Li", "2026-06-29T08:00", "d1"
    )
    build_quarantine(connection, [decision])
    build_scorecards(connection, DAY)


def page(connection: duckdb.DuckDBPyConnection, region: Region, path: Path) -> str:
    write_quality_page(connection, region, DAY, path, report="report.html")
    return path.read_text(encoding="utf-8")


def test_it_tells_what_failed_since_when_and_in_which_row(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    html = page(warehouse, region, tmp_path / "q.html")
    assert 'href="#VALIDATION_EVENTDATE_STANDARD"' in html
    assert 'id="VALIDATION_EVENTDATE_STANDARD"' in html
    assert "4f2bf8fd-fc5c-493f-a44c-e7b16153c803" in html  # its id in the standard
    assert "调查.xlsx · 样方表" in html
    assert "2026-06-20" in html


def test_scores_are_told_before_and_after_reading_and_by_purpose(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    html = page(warehouse, region, tmp_path / "q.html")
    assert "用于预警" in html and "good for alarms" in html
    row = html[html.index("VALIDATION_EVENTDATE_STANDARD · ") :].split("</tr>")[0]
    assert "0.0 %" in row and "100.0 %" in row


def test_decisions_are_told_with_their_reason_and_without_a_name(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    html = page(warehouse, region, tmp_path / "q.html")
    assert "planted for a course" in html
    assert ">Li<" not in html


def test_no_cell_becomes_part_of_the_page(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    html = page(warehouse, region, tmp_path / "q.html")
    assert HOSTILE not in html
    assert "&lt;script&gt;document.title" in html


def test_where_a_sensitive_species_was_seen_is_not_told(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    html = page(warehouse, region, tmp_path / "q.html")
    assert "Grus nigricollis" in html
    assert "113.066" not in html


def test_the_same_tables_give_the_same_page(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    assert page(warehouse, region, tmp_path / "a.html") == page(warehouse, region, tmp_path / "b.html")


def test_a_home_without_records_has_a_page_too(region: Region, tmp_path: Path) -> None:
    with open_in_memory() as connection:
        build_scorecards(connection, DAY)
        assert "没有不合格的记录" in page(connection, region, tmp_path / "q.html")
