"""The demo: its invented story goes in, the known warnings, errors and report come out."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from benchmarks.demo_files import NOTICE
from benchmarks.demo_story import Story
from pipelines.cli.main import build_command
from pipelines.demo import run_demo
from pipelines.running import rebuild
from pipelines.settings import Settings
from store.archive import receipts
from store.generations import current_generation, open_generation, read_manifest
from store.home import Home
from store.warehouse import count_rows
from tests.conftest import ROOT
from tests.running import settings_for

DEMO = ROOT / "regions" / "datong" / "demo"
TRUTH: dict[str, Any] = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
# Which record test finds which planted error.
FOUND_BY = {
    "name empty": "VALIDATION_TAXON_NOTEMPTY",
    "name unknown": "VALIDATION_SCIENTIFICNAME_FOUND",
    "date unreadable": "VALIDATION_EVENTDATE_STANDARD",
    "no such day": "VALIDATION_EVENTDATE_STANDARD",
    "date in the future": "VALIDATION_EVENTDATE_INRANGE",
    "date too early": "VALIDATION_EVENTDATE_INRANGE",
    "date missing": "VALIDATION_EVENTDATE_NOTEMPTY",
    "count negative": "PARKWATCH_COUNT_NOTNEGATIVE",
    "count improbable": "PARKWATCH_COUNT_PROBABLE",
    "coordinates zero": "VALIDATION_COORDINATES_NOTZERO",
    "coordinates swapped": "PARKWATCH_COORDINATES_TRANSPOSED",
    "coordinates unreadable": "PARKWATCH_COORDINATES_READABLE",
    "coordinates out of range": "VALIDATION_DECIMALLONGITUDE_INRANGE",
    "coordinates missing": "PARKWATCH_PLACE_KNOWN",
    "far outside": "PARKWATCH_WITHIN_REACH",
    "place unknown": "PARKWATCH_PLACE_KNOWN",
    "uncertainty impossible": "VALIDATION_COORDINATEUNCERTAINTY_INRANGE",
    "datum unknown": "PARKWATCH_DATUM_KNOWN",
    "row duplicated": "PARKWATCH_ROW_DUPLICATE",
    "row empty": "PARKWATCH_ROW_EMPTY",
    "total row": "PARKWATCH_ROW_TOTAL",
    "fossil": "PARKWATCH_BASISOFRECORD_LIVING",
}
NO_ERROR = {"absence", "year only"}  # planted to be understood, not to be found fault with
REPLACED = "surveys/2026春季调查.csv"  # its errors are mended in the corrected file


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    settings = settings_for(home, ROOT / "regions" / "datong")
    run_demo(settings)
    return settings


@pytest.fixture(scope="module")
def published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_generation(current_generation(settings.home)) as connection:
        yield connection


def content(path: Path) -> dict[str, bytes]:
    """A file's content; a zip's by member, for compressed bytes depend on the zlib at hand."""
    if path.suffix != ".zip":
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_generator_makes_exactly_the_files_that_ship(tmp_path: Path) -> None:
    Story().tell(tmp_path)
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    shipped = {path.relative_to(DEMO) for path in DEMO.rglob("*") if path.is_file()} - {Path("README.md")}
    assert made == shipped
    for name in made:
        assert content(tmp_path / name) == content(DEMO / name), name


def test_every_file_says_that_it_is_invented() -> None:
    for path in DEMO.rglob("*.*"):
        if path.suffix == ".zip":
            assert any(b"invented" in member.lower() for member in content(path).values()), path
        else:
            text = path.read_bytes()
            assert any(NOTICE in text.decode(encoding, "ignore") for encoding in ("utf-8", "gb18030")), path


def test_about_20000_survey_rows_and_10000_gbif_rows_are_all_accounted_for(
    published: duckdb.DuckDBPyConnection,
) -> None:
    totals = dict(
        published.execute("SELECT kind, sum(rowsRead)::INT FROM out_source GROUP BY kind").fetchall()
    )
    assert totals["gbif"] == 10_000
    assert 18_000 <= totals["survey"] <= 22_000
    unbalanced = published.execute(
        "SELECT fileName FROM out_source WHERE rowsRead <> accepted + quarantined + rejected"
    ).fetchall()
    assert unbalanced == []
    rows = sum(count_rows(published, table) for table in ("core_occurrence", "core_quarantine"))
    assert rows == sum(totals.values())


def test_exactly_the_story_is_warned_about(published: duckdb.DuckDBPyConnection) -> None:
    found = published.execute("SELECT scientificName, kind, placeID FROM out_warning").fetchall()
    canonical = {(" ".join(name.split()[:2]), kind, place) for name, kind, place in found}
    assert len(found) == len(canonical)
    assert canonical == {(one["scientificName"], one["kind"], one["placeID"]) for one in TRUTH["warnings"]}


def test_common_weeds_recorded_everywhere_for_years_do_not_alarm(
    published: duckdb.DuckDBPyConnection,
) -> None:
    for name in TRUTH["silent"]:
        row = published.execute(
            "SELECT count(*), count(DISTINCT divisionID) FROM core_occurrence "
            "JOIN out_species_status AS status USING (taxonID) WHERE status.speciesName = ? AND officiallyListed",
            [name],
        ).fetchone()
        assert row is not None
        assert row[0] > 100, name
        assert row[1] >= 6, name
        assert published.execute(
            "SELECT count(*) FROM out_warning WHERE scientificName LIKE ? || '%'", [name]
        ).fetchone() == (0,)


def test_the_late_first_record_is_marked_late_and_the_approach_says_how_near(
    published: duckdb.DuckDBPyConnection,
) -> None:
    late = published.execute(
        "SELECT late, firstEventDate FROM out_warning WHERE scientificName LIKE 'Sicyos%'"
    ).fetchone()
    assert late == (True, "2024-09-12")
    row = published.execute("SELECT evidence FROM out_warning WHERE kind = 'approaching'").fetchone()
    assert row is not None
    distances = [record["distanceToRegionInKilometers"] for record in json.loads(row[0])]
    assert [round(distance, -1) for distance in distances if distance < 70] == [60, 30]
    assert all(90 < distance < 100 for distance in distances if distance > 70)


def test_every_warning_says_what_where_why_and_on_what_evidence(settings: Settings) -> None:
    command = build_command(settings)
    result = CliRunner().invoke(command, ["--home", str(settings.home.path), "warnings", "--json"])
    assert result.exit_code == 0, result.output
    warnings = json.loads(result.output)
    assert len(warnings) == len(TRUTH["warnings"])
    for warning in warnings:
        assert set(warning) >= {
            "warningId", "scientificName", "vernacularName", "kind", "place", "level", "reasons", "evidence",
        }  # fmt: skip
        assert {"rule", "zh", "en"} == set(warning["reasons"][0])
        assert warning["evidence"][0]["recordId"].startswith(("survey:", "gbif:"))


@pytest.mark.parametrize("kind", sorted(set(TRUTH["planted"]) - NO_ERROR))
def test_every_planted_error_is_found_where_it_stands(
    published: duckdb.DuckDBPyConnection, kind: str
) -> None:
    for planted in TRUTH["planted"][kind]:
        if planted["file"] == REPLACED:
            continue
        if "gbifID" in planted:
            where, value = "recordId = ?", f"gbif:{planted['gbifID']}"
            flags = published.execute(f"SELECT test FROM core_flag WHERE {where}", [value]).fetchall()
        else:
            flags = published.execute(
                "SELECT test FROM core_flag JOIN out_source USING (submissionId) WHERE fileName = ? AND line = ?",
                [Path(planted["file"]).name, planted["line"]],
            ).fetchall()
        assert (FOUND_BY[kind],) in flags, planted


def test_at_least_ten_kinds_of_error_stand_in_files_that_count(published: duckdb.DuckDBPyConnection) -> None:
    standing = {
        kind for kind, places in TRUTH["planted"].items() if any(p["file"] != REPLACED for p in places)
    }
    assert len(standing - NO_ERROR) >= 10


def test_an_absence_is_no_record_of_the_species(published: duckdb.DuckDBPyConnection) -> None:
    ids = [f"gbif:{planted['gbifID']}" for planted in TRUTH["planted"]["absence"]]
    rows = published.execute(
        "SELECT DISTINCT occurrenceStatus FROM core_occurrence WHERE list_contains(?, recordId)", [ids]
    ).fetchall()
    assert rows == [("notDetected",)]


def test_the_corrected_file_counts_and_the_old_one_does_not(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "SELECT replacedBy IS NOT NULL, accepted, rejected FROM out_source WHERE fileName = '2026春季调查.csv' "
        "ORDER BY knownSince"
    ).fetchall()
    expected = TRUTH["rows"]["surveys/2026春季调查.csv"]
    assert rows == [(True, 0, expected), (False, expected, 0)]


def test_gcj02_positions_fall_on_the_corridor_they_were_taken_at(
    published: duckdb.DuckDBPyConnection,
) -> None:
    row = published.execute(
        "SELECT count(*) FILTER (WHERE list_contains(siteIDs, namedSiteID)) / count(*) FROM core_occurrence "
        "JOIN out_source USING (submissionId) WHERE fileName = '2025御河廊道.csv'"
    ).fetchone()
    assert row is not None
    assert row[0] > 0.99  # shifted by 600 m, hardly any would fall into a corridor 300 m wide


def test_handing_the_demo_in_again_changes_nothing_and_a_rebuild_gives_the_same_bytes(
    settings: Settings,
) -> None:
    before = current_generation(settings.home)
    dated = dataclasses.replace(settings, report_day=str(date(2026, 6, 30)))
    number = len(receipts(settings.home))
    run_demo(settings)
    again = current_generation(settings.home)
    rebuild(dated)
    rebuilt = current_generation(settings.home)
    assert len({before, again, rebuilt}) == 3
    assert len(receipts(settings.home)) == number
    for generation in (again, rebuilt):
        assert read_manifest(generation)["tables"] == read_manifest(before)["tables"]
        for report in before.glob("*.html"):
            assert (generation / report.name).read_bytes() == report.read_bytes()
