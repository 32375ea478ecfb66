"""Comparisons over a real warehouse: each flags what it is meant for, spares its neighbours, and holds nothing back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import shapely

from quality.bdq.shapes import WorldShapes
from quality.comparisons.flagging import build_comparisons
from quality.comparisons.gbif_issues import issues
from quality.flags import build_quarantine
from quality.record_tests.registry import RECORD_TESTS
from store.catalogue import catalogue
from store.errors import RegionError
from store.outlines import Place
from store.region import Region, read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT

RECORD: dict[str, Any] = {
    "source": "survey", "submissionId": "s1", "firstSeen": "2026-06-20", "occurrenceStatus": "detected",
    "taxonID": "elm", "matchType": "EXACT", "eventDate": "2026-06-03", "year": 2026, "month": 6,
    "withinRegion": True, "isObscured": False, "siteIDs": [],
}  # fmt: skip
IN_THE_WEST = Place("west", "division", "西区", "West", shapely.box(113.0, 40.0, 113.2, 40.2))


@pytest.fixture
def region(region_folder: Path) -> Region:
    return read_region(region_folder)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        yield connection


def put(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


def put_record(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    longitude: float | None,
    latitude: float | None,
    **changes: Any,
) -> None:
    point = {
        "decimalLongitude": longitude, "decimalLatitude": latitude,
        "verbatimLongitude": None if longitude is None else str(longitude),
        "verbatimLatitude": None if latitude is None else str(latitude),
    }  # fmt: skip
    row = RECORD | {"rowId": number, "line": number, "recordId": f"survey:{number}"} | point | changes
    put(connection, "core_record", row)


def flagged(connection: duckdb.DuckDBPyConnection, region: Region, test: str) -> list[int]:
    build_comparisons(connection, region)
    found = connection.execute("SELECT rowId FROM core_flag WHERE test = ? ORDER BY rowId", [test]).fetchall()
    return [row for (row,) in found]


def test_the_same_number_twice_is_flagged_and_nought_is_left_to_its_own_test(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    put_record(warehouse, 1, 40.1234, 40.1234)
    put_record(warehouse, 2, 0.0, 0.0)
    put_record(warehouse, 3, 113.1234, 40.1234)
    assert flagged(warehouse, region, "PARKWATCH_COORDINATES_EQUAL") == [1]


def test_two_decimals_are_coarse_unless_the_uncertainty_says_so(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    put_record(warehouse, 1, 113.12, 40.1)
    put_record(warehouse, 2, 113.12, 40.1, coordinateUncertaintyInMeters=1500.0)
    put_record(warehouse, 3, 113.123, 40.1)
    assert flagged(warehouse, region, "PARKWATCH_COORDINATES_ROUNDED") == [1]


def test_the_centre_of_a_division_is_flagged_and_a_point_by_gps_there_is_not(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    put_record(warehouse, 1, 113.1, 40.1)
    put_record(warehouse, 2, 113.1, 40.1, coordinateUncertaintyInMeters=5.0)
    put_record(warehouse, 3, 113.102, 40.1)
    assert flagged(warehouse, region, "PARKWATCH_COORDINATES_AT_CENTRE") == [1]


def test_the_centre_of_the_province_is_flagged(warehouse: duckdb.DuckDBPyConnection) -> None:
    datong = read_region(ROOT / "regions" / "datong")
    put_record(warehouse, 1, 112.29, 37.57)
    latitude, longitude = next(iter(WorldShapes().centres_of_division("CN", "Shanxi")))
    put_record(warehouse, 2, longitude, latitude)
    assert flagged(warehouse, datong, "PARKWATCH_COORDINATES_AT_CENTRE") == [2]


def test_points_that_the_region_lists_are_told_by_kind_and_name(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    path = tmp_path / "points.csv"
    path.write_text(
        "pointKind,nameZh,nameEn,longitude,latitude,radiusInMeters\n"
        "governmentSeat,市政府,City hall,113.15,40.15,\nmuseum,博物馆,Museum,113.3,40.05,500\n", encoding="utf-8",
    )  # fmt: skip
    region = dataclasses.replace(region, knownPoints=path)
    put_record(warehouse, 1, 113.1501, 40.1501)
    put_record(warehouse, 2, 113.3, 40.0544)
    put_record(warehouse, 3, 113.3, 40.0555)
    assert flagged(warehouse, region, "PARKWATCH_COORDINATES_AT_SEAT") == [1]
    assert flagged(warehouse, region, "PARKWATCH_COORDINATES_AT_INSTITUTION") == [2]
    named = warehouse.execute(
        "SELECT suggestion FROM core_flag WHERE rowId = 2 AND test LIKE '%INSTITUTION'"
    ).fetchall()
    assert named == [("博物馆 / Museum",)]


def test_a_file_of_points_that_cannot_be_read_names_its_line(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    path = tmp_path / "points.csv"
    path.write_text("pointKind,nameZh,nameEn,longitude,latitude\ncastle,a,b,113,40\n", encoding="utf-8")
    with pytest.raises(RegionError) as told:
        build_comparisons(warehouse, dataclasses.replace(region, knownPoints=path))
    assert told.value.values["line"] == 2


@pytest.mark.parametrize(("cells", "expected"), [(6, [99]), (5, [])])
def test_a_point_far_from_all_others_is_an_outlier_from_seven_cells_on(
    warehouse: duckdb.DuckDBPyConnection, region: Region, cells: int, expected: list[int]
) -> None:
    for number in range(cells):
        put_record(warehouse, number, 113.0 + number / 100, 40.1)
    put_record(warehouse, 99, 114.0, 40.1)
    assert flagged(warehouse, region, "PARKWATCH_OUTLIER_IN_SPACE") == expected


def test_other_taxa_and_obscured_points_do_not_count(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    for number in range(8):
        put_record(warehouse, number, 113.0 + number / 100, 40.1)
    put_record(warehouse, 98, 114.0, 40.1, taxonID="pine")
    put_record(warehouse, 99, 114.0, 40.1, isObscured=True)
    assert flagged(warehouse, region, "PARKWATCH_OUTLIER_IN_SPACE") == []


def test_the_only_record_within_three_months_is_out_of_season_round_the_turn_of_the_year_too(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    for number in range(30):
        put_record(warehouse, number, None, None, month=6 + number % 3)
    put_record(warehouse, 98, None, None, month=12)
    assert flagged(warehouse, region, "PARKWATCH_OUTLIER_IN_THE_YEAR") == [98]
    put_record(warehouse, 99, None, None, month=1)
    assert flagged(warehouse, region, "PARKWATCH_OUTLIER_IN_THE_YEAR") == []


def test_a_taxon_that_checklists_place_in_other_provinces_only_is_out_of_range(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    region = dataclasses.replace(region, province="CN-SX")
    statement = {
        "sourceID": "s",
        "question": "establishmentMeans",
        "answer": "native",
        "sureness": "high",
        "placeBreadth": 1,
    }
    for taxon, place in (("fir", "CN-YN"), ("oak", "CN-YN"), ("oak", "CN-SX")):
        put(warehouse, "core_statement", statement | {"taxonID": taxon, "place": place, "source": "x"})
    for number, taxon in enumerate(("fir", "oak", "elm")):
        put_record(warehouse, number, 113.1, 40.1, taxonID=taxon)
    assert flagged(warehouse, region, "PARKWATCH_OUTLIER_OF_RANGE") == [0]


def test_surroundings_unlike_all_others_are_told_with_what_they_are(
    warehouse: duckdb.DuckDBPyConnection, region: Region, tmp_path: Path
) -> None:
    path = tmp_path / "environment.csv"
    heights = [1000, 1010, 1020, 1030, 1040, 1050, 1060, 2500]
    lines = [f"c{number},{height}" for number, height in enumerate(heights)]
    path.write_text("cellCode,elevationInMeters\n" + "\n".join(lines) + "\n", encoding="utf-8")
    for number in range(len(heights)):
        put_record(warehouse, number, 113.0 + number / 1000, 40.1, cellCode=f"c{number}")
    region = dataclasses.replace(region, environment=path)
    assert flagged(warehouse, region, "PARKWATCH_OUTLIER_OF_ENVIRONMENT") == [7]
    (value,) = warehouse.execute("SELECT value FROM core_flag WHERE test LIKE '%ENVIRONMENT'").fetchone() or (
        "",
    )
    assert value == "elevationInMeters = 2500.0"


def test_issues_of_gbif_are_told_once_under_our_name_where_they_mean_the_same(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    warehouse.execute(
        "INSERT INTO raw_submission (submissionId, kind, fileName, sha256, sizeInBytes, receivedAt, knownSince, "
        "receivedFrom, encoding, rowsRead, loadedAt, place) "
        "VALUES ('g1', 'gbif', 'g', 'x', 1, now(), now(), 'x', 'utf-8', 2, now(), 0)"
    )
    told = {
        1: "ZERO_COORDINATE;COUNTRY_COORDINATE_MISMATCH",
        2: "COORDINATE_ROUNDED",
        3: "TAXON_MATCH_NONE_AT_ALL",
    }
    for line, issue in told.items():
        put(
            warehouse,
            "raw_gbif",
            {"submissionId": "g1", "line": line, "issue": issue, "firstSeen": "2026-01-01"},
        )
        put_record(warehouse, line, 113.1234, 40.1234, source="gbif", submissionId="g1")
    build_comparisons(warehouse, region)
    build_comparisons(warehouse, region)
    found = warehouse.execute(
        "SELECT rowId, test, value FROM core_flag WHERE value LIKE 'GBIF%' ORDER BY ALL"
    ).fetchall()
    assert found == [
        (1, "GBIF_COUNTRY_COORDINATE_MISMATCH", "GBIF: COUNTRY_COORDINATE_MISMATCH"),
        (1, "VALIDATION_COORDINATES_NOTZERO", "GBIF: ZERO_COORDINATE"),
    ]


def test_every_issue_means_a_test_of_ours_or_has_a_term_and_a_text() -> None:
    ours, texts = {test.id for test in RECORD_TESTS}, catalogue("quality", "messages_of_comparisons.toml")
    for issue, entry in issues().items():
        assert entry.get("same") in ours or (entry["term"] and f"GBIF_{issue}" in texts)


def test_comparisons_hold_nothing_back_and_are_made_anew_each_time(
    warehouse: duckdb.DuckDBPyConnection, region: Region
) -> None:
    put_record(warehouse, 1, 40.1234, 40.1234)
    assert build_comparisons(warehouse, region) == 1
    assert build_quarantine(warehouse) == 0
    warehouse.execute("UPDATE core_record SET decimalLongitude = 113.1234")
    assert build_comparisons(warehouse, region) == 0


def dataset_test(connection: duckdb.DuckDBPyConnection, region: Region, test: str) -> Any:
    build_comparisons(connection, region)
    return connection.execute(
        "SELECT status, result FROM core_dataset_test WHERE test = ? AND dataset = 'survey:s1'", [test]
    ).fetchone()


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(112 + n / 40, 38 + n / 50) for n in range(120)], ("RUN_HAS_RESULT", "NOT_ISSUE")),
        (
            [(112 + n // 40 + 0.59 * (n % 40) / 40, 38 + n // 40 + 0.59 * (n % 37) / 37) for n in range(120)],
            ("RUN_HAS_RESULT", "POTENTIAL_ISSUE"),
        ),
        ([(112 + n / 400, 38 + n / 500) for n in range(120)], ("INTERNAL_PREREQUISITES_NOT_MET", None)),
        ([(112 + n / 4, 38 + n / 5) for n in range(12)], ("INTERNAL_PREREQUISITES_NOT_MET", None)),
    ],
    ids=["spread", "minutes taken for decimals", "too narrow", "too few"],
)
def test_minutes_taken_for_decimals_are_found_only_where_the_premises_hold(
    warehouse: duckdb.DuckDBPyConnection, region: Region, points: list[tuple[float, float]], expected: Any
) -> None:
    for number, (longitude, latitude) in enumerate(points):
        put_record(warehouse, number, longitude, latitude)
    assert dataset_test(warehouse, region, "PARKWATCH_DATASET_DDMM") == expected


@pytest.mark.parametrize(
    ("step", "expected"), [(0.05, "POTENTIAL_ISSUE"), (1 / 60, "POTENTIAL_ISSUE"), (0.0137, "NOT_ISSUE")]
)
def test_points_on_a_grid_are_found(
    warehouse: duckdb.DuckDBPyConnection, region: Region, step: float, expected: str
) -> None:
    for number in range(25):
        put_record(warehouse, number, 113 + step * (number % 5), 40 + step * (number // 5))
    assert dataset_test(warehouse, region, "PARKWATCH_DATASET_GRID") == ("RUN_HAS_RESULT", expected)
