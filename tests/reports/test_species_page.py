"""The species pages, on a small warehouse with a sensitive, an unknown and a hostile species in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from monitoring.sites import build_sites
from reports.species_page import anchor, species_page_name, write_species_page
from store.region import read_region
from store.warehouse import open_in_memory

DAY = date(2026, 6, 30)
HOSTILE = "</script><img src=x onerror=alert(2)>"
EXACT = 113.123456


@pytest.fixture
def warehouse(region_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        build_sites(connection, read_region(region_folder))
        connection.execute("INSERT INTO core_name_source VALUES ('a-list', 'list', '2026-01', '名录甲', 'List A', $name, "
                           "'CC BY 4.0', 1, 2, 3, 0)", {"name": HOSTILE})  # fmt: skip
        for name, status, sensitivity in (
            ("Solanum rostratum", "invasive", None), ("Ciconia nigra", "native", "S1"), ("Otis tarda", "native", "S2"),
            ("Ulmus pumila", "unknown", None), ("Abies far", "unknown", None),
        ):  # fmt: skip
            add_species(connection, name, status, sensitivity)
        connection.execute(
            "INSERT INTO core_statement VALUES ('Solanum rostratum', 'a-list', 'CN', 4, 'listing', 'invasive', "
            "DATE '2023-01-01', NULL, NULL, 'high', NULL, 'x'), "
            "('Solanum rostratum', 'a-list', 'CN-65', 3, 'establishmentMeans', 'introduced', NULL, NULL, NULL, 'low', "
            "NULL, 'x'), ('Solanum rostratum', 'a-list', 'west', 1, 'establishmentMeans', 'introduced', NULL, NULL, "
            "'wild', 'low', NULL, 'x')"
        )
        yield connection


def add_species(
    connection: duckdb.DuckDBPyConnection, name: str, status: str, sensitivity: str | None
) -> None:
    connection.execute(
        "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, speciesName, taxonRank, nameSource) "
        "VALUES ($n, $n, $n, $n, 'species', 'a-list')", {"n": name},
    )  # fmt: skip
    connection.execute(
        "INSERT INTO core_name (nameKey, name, nameKind, taxonID, nameSource) VALUES ($n, $n, 'accepted', $n, 'a-list'), "
        "('x', $hostile, 'vernacular', $n, 'a-list')", {"n": name, "hostile": HOSTILE},
    )  # fmt: skip
    connection.execute(
        "INSERT INTO out_species_status (taxonID, speciesName, scientificName, status, establishmentMeans, officiallyListed, "
        "listIDs, knownEstablished, sensitivityClass, sureness, source) VALUES ($n, $n, $n, $status, 'uncertain', "
        "$status = 'invasive', [], false, $sensitivity, 'high', 'x')",
        {"n": name, "status": status, "sensitivity": sensitivity},
    )
    if name == "Abies far":  # recorded, but far outside
        add_record(connection, name, within=False)
        return
    add_record(connection, name, within=True)
    connection.execute(
        "INSERT INTO out_cube VALUES (?, '1kmE10914N4713', 2026, 6, 'survey', 1, NULL)", [name]
    )


def add_record(connection: duckdb.DuckDBPyConnection, name: str, *, within: bool) -> None:
    connection.execute(
        "INSERT INTO core_record (rowId, recordId, source, submissionId, line, firstSeen, occurrenceStatus, taxonID, "
        "matchType, withinRegion, siteIDs, decimalLongitude, decimalLatitude, eventDateStart, eventDateEnd, year, month, "
        "distanceToRegionInKilometers) VALUES (1, ?, 'survey', 's', 2, TIMESTAMP '2026-06-12', 'detected', ?, 'EXACT', ?, "
        "[], ?, 40.123456, DATE '2026-06-01', DATE '2026-06-01', 2026, 6, ?)",
        [name, name, within, EXACT, 0.0 if within else 500.0],
    )


def data(warehouse: duckdb.DuckDBPyConnection, region_folder: Path, path: Path) -> dict[str, Any]:
    write_species_page(warehouse, read_region(region_folder), DAY, path, report="report.html")
    found = re.search(r'id="data">(.*?)</script>', path.read_text(encoding="utf-8"))
    assert found
    said: dict[str, Any] = json.loads(found[1])
    return said


def test_every_species_recorded_here_has_a_page_and_one_far_away_has_none(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    region = read_region(region_folder)
    path = tmp_path / species_page_name(region, DAY)
    with_page = write_species_page(warehouse, region, DAY, path, report="report.html")
    assert with_page == {"Solanum rostratum", "Ciconia nigra", "Otis tarda", "Ulmus pumila"}
    html = path.read_text(encoding="utf-8")
    assert path.name == "species-testville-2026-06.html"
    assert f'href="#{anchor("Ulmus pumila")}"' in html and 'href="report.html"' in html


def test_a_listed_species_near_by_has_a_page_too(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    warehouse.execute("UPDATE out_species_status SET officiallyListed = true WHERE taxonID = 'Abies far'")
    warehouse.execute("UPDATE core_record SET distanceToRegionInKilometers = 20 WHERE taxonID = 'Abies far'")
    page = data(warehouse, region_folder, tmp_path / "a.html")["species"]["Abies-far"]
    assert (page["records"], page["recordsNear"], page["cells"]) == (0, 1, [])


@pytest.mark.parametrize(("species", "size"), [("Ciconia-nigra", 0.1), ("Otis-tarda", 0.01)])
def test_positions_of_sensitive_species_are_coarsened_to_the_grid_of_their_class(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path, species: str, size: float
) -> None:
    page = data(warehouse, region_folder, tmp_path / "a.html")["species"][species]
    ((west, south, east, north, records),) = page["cells"]
    assert (round(east - west, 6), round(north - south, 6), records) == (size, size, 1)
    assert west <= EXACT < east
    assert round(west / size, 4) == round(west / size)


def test_other_species_are_shown_by_square_kilometre_and_never_by_their_exact_position(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.html"
    ((west, south, east, north, _),) = data(warehouse, region_folder, path)["species"]["Ulmus-pumila"][
        "cells"
    ]
    kilometers = (east - west) * 85.4, (north - south) * 111.0
    assert 0.8 < kilometers[0] * kilometers[1] < 1.2
    assert str(EXACT) not in path.read_text(encoding="utf-8")


def test_unknown_is_said_to_be_unknown(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    page = data(warehouse, region_folder, tmp_path / "a.html")["species"]["Ulmus-pumila"]
    assert (page["status"], page["establishmentMeans"]) == ("unknown", "uncertain")
    warehouse.execute("DELETE FROM out_species_status WHERE taxonID = 'Ulmus pumila'")
    page = data(warehouse, region_folder, tmp_path / "b.html")["species"]["Ulmus-pumila"]
    assert (page["status"], page["establishmentMeans"]) == ("unknown", "uncertain")


def test_status_lines_name_place_source_and_time_and_leave_other_provinces_out(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    said = data(warehouse, region_folder, tmp_path / "a.html")
    lines = said["species"]["Solanum-rostratum"]["statements"]
    assert [(line["question"], line["place"], line["validFrom"], line["condition"]) for line in lines] == [
        ("establishmentMeans", "west", None, "wild"), ("listing", "CN", "2023-01-01", None),
    ]  # fmt: skip
    assert said["sources"]["a-list"]["license"] == "CC BY 4.0"


def test_a_hostile_citation_or_name_is_only_text(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.html"
    said = data(warehouse, region_folder, path)
    assert said["sources"]["a-list"]["citation"] == HOSTILE
    html = path.read_text(encoding="utf-8")
    assert "<img" not in html
    assert "default-src 'none'" in unescape(html)


def test_the_same_tables_give_the_same_bytes(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    data(warehouse, region_folder, tmp_path / "a.html")
    data(warehouse, region_folder, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
