"""The monthly report, on a small warehouse with hostile names in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import duckdb
import pytest

from monitoring.sites import build_sites
from reports.monthly import write_report
from store.region import read_region
from store.warehouse import open_in_memory

DAY = date(2026, 6, 30)
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def warehouse(tmp_path: Path, region_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        build_sites(connection, read_region(region_folder))
        connection.execute(
            "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, speciesName, taxonRank, nameSource) "
            "VALUES ('t1', $name, 'Solanum rostratum', 'Solanum rostratum', 'species', 'x')",
            {"name": HOSTILE},
        )
        connection.execute(
            "INSERT INTO out_species_status (taxonID, speciesName, scientificName, vernacularNameZh, status, "
            "establishmentMeans, degreeOfEstablishment, officiallyListed, listIDs, localRelevance, knownEstablished, "
            "protectionLevel, sensitivityClass, sureness, source) VALUES ('t1', 'Solanum rostratum', $name, $name, 'invasive', 'introduced', "
            "NULL, true, ['x'], 'high', false, NULL, NULL, 'unconfirmed', 'x')",
            {"name": HOSTILE},
        )
        connection.execute("INSERT INTO out_cube VALUES ('t1', '1kmE10931N4713', 2026, 6, 'survey', 3, NULL)")
        connection.execute(
            "INSERT INTO out_site_indicator VALUES ('region', 'testville', '2026-06', 3, 1, 1, 0, 0, 1, 0, 0.0, 1.0), "
            "('site', 'pond', '2026', 3, 1, 1, 0, 0, 1, 0, 0.0, 1.0)"
        )
        connection.execute(
            "INSERT INTO out_source (submissionId, kind, fileName, sha256, knownSince, rowsRead, accepted, quarantined, "
            "rejected, replacedBy, citation, license, doi) VALUES ('s1', 'survey', $name, 'x', TIMESTAMP '2026-06-12', 5, 3, 1, 1, NULL, NULL, "
            "NULL, NULL)",
            {"name": HOSTILE},
        )
        connection.execute(
            "INSERT INTO out_warning VALUES ('w-1', 'new-to-region', 't1', $name, $name, 'region', 'testville', '试验市', "
            "'Testville', 'orange', false, '2026-06-01', TIMESTAMP '2026-06-12', 40.06, 113.06, 3, "
            """'[{"rule": "new-to-region", "zh": "首次", "en": "first"}]', """
            """'[{"recordId": "survey:1", "eventDate": "2026-06-01", "firstSeen": "2026-06-12 00:00:00", """
            """"decimalLongitude": 113.06, "decimalLatitude": 40.06, "distanceToRegionInKilometers": 0}]', NULL)""",
            {"name": HOSTILE},
        )
        yield connection


def page(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, path: Path, *, invented: bool = False
) -> str:
    write_report(warehouse, read_region(region_folder), DAY, path, invented=invented)
    return path.read_text(encoding="utf-8")


def test_the_same_tables_give_the_same_bytes(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    page(warehouse, region_folder, first)
    page(warehouse, region_folder, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_hostile_name_is_only_text(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    html = page(warehouse, region_folder, tmp_path / "a.html")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_page_asks_for_nothing_from_outside(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    html = page(warehouse, region_folder, tmp_path / "a.html")
    assert "default-src 'none'" in unescape(html)
    assert not re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="?(?:https?:)?//', html)


def test_warnings_come_first_and_an_unconfirmed_fact_says_so(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    warehouse.execute(
        "INSERT INTO core_record (rowId, recordId, source, submissionId, line, firstSeen, occurrenceStatus, taxonID, "
        "matchType, withinRegion, siteIDs) VALUES (1, 'survey:1', 'survey', 's1', 2, TIMESTAMP '2026-06-12', 'detected', "
        "'t1', 'EXACT', true, ['pond'])"
    )
    html = page(warehouse, region_folder, tmp_path / "a.html")
    headings = re.findall(r'<h2 id="(\w+)-title"', html)
    assert headings[0] == "warnings"
    assert "未核实" in html
    assert "不是官方发布" in html


def test_invented_data_say_so_on_the_page_and_real_data_do_not(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    assert page(warehouse, region_folder, tmp_path / "a.html", invented=True).count("虚构演示数据") == 2
    assert "虚构演示数据" not in page(warehouse, region_folder, tmp_path / "b.html")


def test_a_region_with_nothing_in_it_has_a_report_that_says_so(region_folder: Path, tmp_path: Path) -> None:
    with open_in_memory() as empty:
        build_sites(empty, read_region(region_folder))
        html = page(empty, region_folder, tmp_path / "a.html")
    assert "目前没有预警" in html


def test_names_that_wait_coverage_and_changes_are_told_and_hostile_names_are_only_text(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    warehouse.execute(
        "INSERT INTO out_name_queue BY NAME SELECT 'x' || range AS nameText, $name || range AS verbatimScientificName, "
        "'unmatched' AS why, false AS concernsListed, 3 AS records, 100 - range AS recordsWaiting, 'NONE' AS matchType, "
        "0 AS confidence, '[]' AS candidates, $reasons AS reasons, '调查.csv' AS exampleFile, 7 AS exampleLine FROM range(25)",
        {"name": HOSTILE, "reasons": '[{"rule": "queue-unmatched", "zh": "没有收录", "en": "unknown"}]'},
    )
    warehouse.execute("INSERT INTO out_name_coverage VALUES ('all', 100, 80, 0.8, 0.9)")
    warehouse.execute(
        "INSERT INTO out_name_change VALUES ('c-1', 'renamed', 'Aus bus', 'Aus bus', 'Cus dus', 4, '[]', ['w-1'], NULL)"
    )
    html = page(warehouse, region_folder, tmp_path / "a.html")
    assert "25 个名称待定" in html and html.count("调查.csv : 7") == 20
    assert "低于下限 90%" in html
    assert "Cus dus" in html and "<img src=x" not in html


def test_a_held_warning_and_the_notices_of_open_and_ended_ones_are_shown(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    warehouse.execute("UPDATE out_warning SET heldSince = DATE '2026-06-20'")
    for number, warning in enumerate(("w-1", "w-gone")):
        warehouse.execute(
            "INSERT INTO out_notice VALUES (?, ?, 'held', DATE '2026-06-20', 'Aus bus', '试验市', 'Testville', ?, 'told')",
            [f"n-{number}", warning, f"通知{number}"],
        )
    html = page(warehouse, region_folder, tmp_path / "a.html")
    assert "自 2026-06-20 起保留" in html
    card, ended = html.index("通知0"), html.index("通知1")
    assert card < html.index("因名称、名录或决定的变动而结束的预警") < ended


def test_species_lead_to_their_pages(
    warehouse: duckdb.DuckDBPyConnection, region_folder: Path, tmp_path: Path
) -> None:
    write_report(
        warehouse, read_region(region_folder), DAY, tmp_path / "a.html", species_page="species.html",
        species_with_page=frozenset({"Solanum rostratum"}),
    )  # fmt: skip
    html = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert 'href="species.html#Solanum-rostratum"' in html and 'href="species.html"' in html
