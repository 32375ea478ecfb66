"""Places, records, cube and indicators in the small region: west and east divisions, a pond in the west."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.intake import take_survey
from gbif.names import gbif_names
from monitoring.cube import build_cube
from monitoring.events import build_events
from monitoring.indicators import build_indicators
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

LISTS = """
[[lists]]
id = "all"
kind = "alien"
path = "list.csv"
title_zh = "名录"
title_en = "List"
version = "1"
citation = "test"
license = "CC0"
official = true
[[lists]]
id = "natives"
kind = "native"
path = "natives.csv"
title_zh = "本土"
title_en = "Natives"
version = "1"
citation = "test"
license = "CC0"
"""
SURVEY = """记录编号,日期,中文名,经度,纬度,精度(m),地点,数量
A-1,2025-06-03,榆树,113.06,40.06,,,1
A-2,2025-06-03,黄花刺茄,113.06,40.06,,,2
A-3,2025年6月,榆树,,,,pond区,1
A-4,2025,榆树,113.30,40.10,,,1
A-5,2025-07-01,麻雀,113.06,40.06,20000,,1
A-6,2025-07-01,榆树,113.60,40.10,,,1
A-7,2025-07-01,榆树,113.06,40.06,,,0
A-8,2025-07-02,榆树,,,,west区某处,1
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    from tests.conftest import REGION_TOML, feature, write_outlines

    folder = tmp_path_factory.mktemp("small")
    (folder / "region.toml").write_text(REGION_TOML + LISTS, encoding="utf-8")
    head = "scientificName,vernacularNameZh,value,sureness,source\n"
    (folder / "list.csv").write_text(head + "Solanum rostratum,黄花刺茄,invasive,high,x\n", encoding="utf-8")
    (folder / "natives.csv").write_text(
        head + "Ulmus pumila,榆树,native,high,x\nPasser montanus,麻雀,native,high,x\n", encoding="utf-8"
    )
    write_outlines(
        folder / "divisions.geojson",
        feature("west", 113.0, 40.0, 113.2, 40.2), feature("east", 113.2, 40.0, 113.4, 40.2),
    )  # fmt: skip
    write_outlines(folder / "sites.geojson", feature("pond", 113.05, 40.05, 113.1, 40.1))
    region = read_region(folder)
    home = Home(folder / "home").create()
    path = folder / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    known = datetime(2025, 8, 1, tzinfo=UTC)
    receipt, _ = take_survey(home, path, received_from="t", origin="t", known_since=known)
    with open_warehouse(home) as connection:
        load_survey(connection, home, receipt)
        build_index(connection, region, gbif=gbif_names(connection))
        build_sites(connection, region)
        build_records(connection, region)
        build_events(connection)
        build_flags(connection, Context(region.extent, region.thresholds, known.date()))
        build_quarantine(connection)
        build_status(connection, region, date(2026, 6, 30))
        build_cube(connection)
        build_indicators(connection)
        yield connection


def place_of(built: duckdb.DuckDBPyConnection, record: str) -> tuple[Any, ...]:
    row = built.execute(
        "SELECT locatedBy, withinRegion, divisionID, siteIDs FROM core_record WHERE occurrenceID = ?",
        [record],
    ).fetchone()
    assert row is not None
    return row


def test_a_point_is_placed_in_site_and_division(built: duckdb.DuckDBPyConnection) -> None:
    assert place_of(built, "A-1") == ("coordinates", True, "west", ["pond"])
    assert place_of(built, "A-4") == ("coordinates", True, "east", [])


def test_a_known_name_places_a_record_without_coordinates(built: duckdb.DuckDBPyConnection) -> None:
    assert place_of(built, "A-3") == ("site", True, "west", ["pond"])
    assert place_of(built, "A-8") == ("division", True, "west", [])


def test_a_vague_point_names_no_site(built: duckdb.DuckDBPyConnection) -> None:
    assert place_of(built, "A-5") == ("coordinates", True, "west", [])


def test_a_point_outside_knows_its_distance(built: duckdb.DuckDBPyConnection) -> None:
    assert place_of(built, "A-6")[:3] == ("coordinates", False, None)
    row = built.execute(
        "SELECT distanceToRegionInKilometers FROM core_record WHERE occurrenceID = 'A-6'"
    ).fetchone()
    assert row is not None
    assert row[0] == pytest.approx(17.05, abs=0.05)  # 0.2° of longitude at 40.1° N, by the geodesic


def test_a_cell_is_one_square_kilometre_of_the_equal_area_grid(built: duckdb.DuckDBPyConnection) -> None:
    """10908.74 km east and 4712.98 km north by the closed formula of the cylindrical equal-area projection."""
    row = built.execute("SELECT cellCode FROM core_record WHERE occurrenceID = 'A-1'").fetchone()
    assert row == ("1kmE10908N4712",)


def test_the_area_of_a_place_is_in_hectares(built: duckdb.DuckDBPyConnection) -> None:
    row = built.execute("SELECT areaInHectares FROM core_site WHERE placeID = 'pond'").fetchone()
    assert row is not None
    assert row[0] == pytest.approx(2366, rel=0.01)  # 4.26 km by 5.55 km


def test_indicators_count_records_species_and_shares(built: duckdb.DuckDBPyConnection) -> None:
    row = built.execute(
        "SELECT records, species, nativeSpecies, invasiveSpecies, nativeShare, invasiveShare "
        "FROM out_site_indicator WHERE placeID = 'pond' AND period = '2025-06'"
    ).fetchone()
    assert row == (3, 2, 1, 1, 0.5, 0.5)


def test_a_record_of_a_whole_year_counts_in_its_year_only(built: duckdb.DuckDBPyConnection) -> None:
    periods = built.execute("SELECT period FROM out_site_indicator WHERE placeID = 'east'").fetchall()
    assert periods == [("2025",)]


def test_absences_and_records_outside_are_not_counted(built: duckdb.DuckDBPyConnection) -> None:
    row = built.execute(
        "SELECT records FROM out_site_indicator WHERE placeKind = 'region' AND period = '2025'"
    ).fetchone()
    assert row == (6,)


def test_the_cube_adds_up_to_the_located_records(built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute("SELECT sum(occurrences) FROM out_cube").fetchone() == (4,)


def test_records_of_one_place_and_date_are_one_visit(built: duckdb.DuckDBPyConnection) -> None:
    visits = built.execute(
        "SELECT eventDate, rowCount FROM core_event ORDER BY eventDate, rowCount"
    ).fetchall()
    assert ("2025-06-03", 2) in visits


def test_a_record_whose_circle_leaves_its_site_says_so(
    region_folder: Path, home: Home, tmp_path: Path
) -> None:
    region = read_region(region_folder)
    path = tmp_path / "survey.csv"
    # 852 m east of the pond's western edge
    rows = [f"A-{metres},2025-06-03,榆树,113.06,40.06,{metres}" for metres in (5, 800, 900)]
    path.write_text("\n".join(["记录编号,日期,中文名,经度,纬度,精度(m)", *rows]), encoding="utf-8")
    receipt, _ = take_survey(home, path, received_from="t", origin="t")
    with open_warehouse(home) as connection:
        load_survey(connection, home, receipt)
        build_index(connection, region)
        build_sites(connection, region)
        build_records(connection, region)
        build_flags(connection, Context(region.extent, region.thresholds, date(2026, 11, 25)))
        placed = connection.execute(
            "SELECT occurrenceID, siteIDs, sitesLeft FROM core_record ORDER BY line"
        ).fetchall()
        flagged = connection.execute(
            "SELECT recordId, value, suggestion FROM core_flag WHERE test = 'PARKWATCH_CIRCLE_WITHIN_SITE'"
        ).fetchall()
    assert placed == [
        ("A-5", ["pond"], []), ("A-800", ["pond"], []), ("A-900", ["pond"], ["pond"]),
    ]  # fmt: skip
    assert flagged == [("survey:A-900", "900.0", "pond")]
