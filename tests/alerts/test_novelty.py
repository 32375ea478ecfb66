"""When a record of a listed species is news, and when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from alerts.warnings import build_warnings, proposed_level, warning_id
from monitoring.sites import build_sites
from store.region import Region, Thresholds, read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT

DAY = date(2026, 6, 30)
BASELINE = "2023-10-01"
Found = set[tuple[str, str]]


@pytest.fixture(scope="module")
def datong() -> Region:
    return read_region(ROOT / "regions" / "datong")


@pytest.fixture
def warehouse(datong: Region, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Datong's places, one listed species, and one old record of something else known since the baseline."""
    with open_in_memory() as connection:
        build_sites(connection, datong)
        connection.execute(
            "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, speciesName, taxonRank, nameSource) VALUES "
            "('t', 'Solanum rostratum', 'Solanum rostratum', 'Solanum rostratum', 'species', 'x')"
        )
        connection.execute(
            "INSERT INTO core_listing VALUES ('t', 'l', 'alien', true, '名录', 'List', NULL, NULL, 'invasive', NULL, "
            "NULL, NULL, 'medium', 'x')"
        )
        set_status(connection)
        record(connection, "2023-07-01", BASELINE, taxon="other")
        yield connection


def set_status(connection: duckdb.DuckDBPyConnection, *, known: bool = False, official: bool = True) -> None:
    connection.execute("DELETE FROM out_species_status")
    connection.execute(
        "INSERT INTO out_species_status (taxonID, speciesName, scientificName, vernacularNameZh, status, "
        "establishmentMeans, degreeOfEstablishment, officiallyListed, listIDs, localRelevance, knownEstablished, "
        "protectionLevel, sensitivityClass, sureness, source) VALUES ('t', 'Solanum rostratum', 'Solanum rostratum', '黄花刺茄', 'invasive', "
        f"'introduced', NULL, {official}, ['l'], NULL, {known}, NULL, NULL, 'medium', 'x')"
    )


def record(
    connection: duckdb.DuckDBPyConnection, observed: str, learned: str, *, division: str = "140213",
    site: str | None = None, kilometers: float = 0.0, taxon: str = "t", status: str = "detected",
) -> None:  # fmt: skip
    row = connection.execute("SELECT count(*) FROM core_record").fetchone()
    number = (row[0] if row else 0) + 1
    inside = kilometers == 0
    connection.execute(
        "INSERT INTO core_record (rowId, recordId, source, submissionId, line, firstSeen, occurrenceStatus, taxonID, "
        "matchType, eventDate, eventDateStart, eventDateEnd, withinRegion, distanceToRegionInKilometers, divisionID, "
        "siteIDs) VALUES (?, ?, 'survey', 's', ?, ?, ?, ?, 'EXACT', ?, ?, ?, ?, ?, ?, ?)",
        [number, f"survey:{number}", number, learned, status, taxon, observed, observed, observed, inside,
         kilometers, division if inside else None, [site] if site else []],
    )  # fmt: skip


def found(connection: duckdb.DuckDBPyConnection, datong: Region, day: date = DAY) -> Found:
    build_warnings(connection, datong, day)
    return set(connection.execute("SELECT kind, placeID FROM out_warning").fetchall())


def test_a_first_record_is_one_warning_of_the_widest_place(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2026-05-01", "2026-06-01", site="datong-park")
    assert found(warehouse, datong) == {("new-to-region", "datong")}


def test_a_second_division_and_a_second_site_are_told_apart(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2026-05-01", "2026-05-10", site="datong-park")
    record(warehouse, "2026-05-02", "2026-05-20", site="wenying-lake")
    record(warehouse, "2026-05-03", "2026-06-01", division="140215", site="sanggan-wetland")
    assert found(warehouse, datong) == {
        ("new-to-region", "datong"), ("new-to-site", "wenying-lake"), ("new-to-division", "140215"),
    }  # fmt: skip


def test_what_was_learned_more_than_a_year_ago_is_no_news(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2024-05-01", "2024-06-01")
    assert found(warehouse, datong) == set()
    assert found(warehouse, datong, date(2024, 12, 31)) == {("new-to-region", "datong")}


def test_old_records_in_the_first_files_are_no_news_by_being_loaded(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2015-05-01", BASELINE)
    assert found(warehouse, datong, date(2023, 12, 31)) == set()


def test_a_late_first_record_still_raises_its_warning_and_says_so(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2024-09-12", "2026-06-10")
    assert found(warehouse, datong) == {("new-to-region", "datong")}
    assert warehouse.execute("SELECT late, reasons LIKE '%learned-late%' FROM out_warning").fetchone() == (
        True,
        True,
    )


def test_a_species_naturalised_here_is_not_new_to_the_region(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    set_status(warehouse, known=True)
    record(warehouse, "2026-05-01", "2026-06-01")
    assert found(warehouse, datong) == set()


def test_a_species_that_has_been_everywhere_for_years_does_not_alarm(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    for division in ("140213", "140214", "140215"):
        record(warehouse, "2023-07-01", BASELINE, division=division)
    record(warehouse, "2026-05-01", "2026-06-01", division="140225", site="hengshan")
    assert found(warehouse, datong) == set()


def test_a_species_on_no_official_list_does_not_warn(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    set_status(warehouse, official=False)
    record(warehouse, "2026-05-01", "2026-06-01")
    assert found(warehouse, datong) == set()


def test_an_absence_is_no_arrival(warehouse: duckdb.DuckDBPyConnection, datong: Region) -> None:
    record(warehouse, "2026-05-01", "2026-06-01", status="notDetected")
    assert found(warehouse, datong) == set()


def test_what_comes_near_is_told_until_it_has_arrived(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2025-08-01", "2026-06-01", kilometers=60)
    record(warehouse, "2026-05-01", "2026-06-01", kilometers=30)
    record(warehouse, "2026-05-01", "2026-06-01", kilometers=140)
    assert found(warehouse, datong) == {("approaching", "datong")}
    assert warehouse.execute("SELECT recordCount, level FROM out_warning").fetchone() == (2, "yellow")
    record(warehouse, "2026-06-01", "2026-06-10")
    assert found(warehouse, datong) == {("new-to-region", "datong")}


def test_nothing_learned_after_the_day_of_judgement_counts(
    warehouse: duckdb.DuckDBPyConnection, datong: Region
) -> None:
    record(warehouse, "2026-05-01", "2026-07-02")
    assert found(warehouse, datong) == set()


def test_an_unconfirmed_listing_says_so(warehouse: duckdb.DuckDBPyConnection, datong: Region) -> None:
    record(warehouse, "2026-05-01", "2026-06-01")
    found(warehouse, datong)
    assert warehouse.execute("SELECT reasons LIKE '%listing-unconfirmed%' FROM out_warning").fetchone() == (
        True,
    )


def test_the_same_novelty_is_the_same_warning_in_every_run() -> None:
    assert warning_id("new-to-site", "t", "pond") == warning_id("new-to-site", "t", "pond")
    assert warning_id("new-to-site", "t", "pond") != warning_id("new-to-site", "t", "lake")


def test_the_level_rises_with_the_width_of_the_place_and_with_spread() -> None:
    limits = Thresholds()
    few, many = {"siteCount": 1, "nearestInKilometers": 90.0}, {"siteCount": 5, "nearestInKilometers": 20.0}
    levels = {
        kind: (proposed_level(few | {"kind": kind}, limits), proposed_level(many | {"kind": kind}, limits))
        for kind in ("new-to-region", "new-to-division", "new-to-site", "approaching")
    }
    assert levels == {
        "new-to-region": ("orange", "red"), "new-to-division": ("yellow", "orange"),
        "new-to-site": ("blue", "yellow"), "approaching": ("blue", "yellow"),
    }  # fmt: skip
