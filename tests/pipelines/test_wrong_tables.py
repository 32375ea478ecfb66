"""A wrong table is not published: each kind of wrong is put into a whole run's tables, and publishing refuses."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from assets.intake import take_survey
from pipelines.running import publish_again
from quality.gates import judge_open
from quality.suites import SUITES
from store.errors import StoreError
from store.generations import current_generation
from store.home import Home
from store.warehouse import note_build, open_warehouse
from tests.conftest import write_region
from tests.pipelines.city import City
from tests.running import settings_for

OBSERVER = "张大山"
FROM_JUDGED_TABLES = ("core_record", "core_occurrence", "out_species_status", "out_cube", "out_site_indicator",
                      "out_warning", "out_source")  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city whose one survey is published."""
    folder = tmp_path_factory.mktemp("city")
    region = write_region(folder / "testville")
    city = City(Home(folder / "home").create(), region).list({"scientificName": "Solanum rostratum"})
    survey = folder / "调查.csv"
    with survey.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("记录编号", "日期", "学名", "经度", "纬度", "调查人"))
        for number in range(6):
            writer.writerow(
                (f"R-{number}", f"2026-06-0{number + 1}", "Solanum rostratum", 113.07, 40.07, OBSERVER)
            )
    take_survey(city.home, survey, received_from="x", origin="test")
    return city.run()


@pytest.fixture
def city(published: City, tmp_path: Path) -> City:
    """A copy of it, to be spoilt."""
    return published.copied(tmp_path / "home")


def spoil(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Put one kind of wrong into a table, as its own asset would have written it."""
    statement, table = {
        "a lost row": ("DELETE FROM core_record WHERE line = 3", "core_record"),
        "a doubled row": ("INSERT INTO core_record SELECT * FROM core_record WHERE line = 3", "core_record"),
        "a hole where a key leads": ("UPDATE out_cube SET taxonID = 'nowhere'", "out_cube"),
        "a place nobody knows": ("UPDATE out_site_indicator SET placeID = 'atlantis'", "out_site_indicator"),
        "a personal name": (f"UPDATE out_source SET citation = NULL, fileName = '{OBSERVER}'", "out_source"),
        "a telephone number": ("UPDATE out_source SET fileName = '样方 13912345678.csv'", "out_source"),
        "a stale input": ("SELECT 1", "core_occurrence"),
        "a column nobody agreed on": ("ALTER TABLE out_cube ADD COLUMN recordedBy VARCHAR", "out_cube"),
    }[kind]
    connection.execute(statement)
    note_build(connection, table)
    if kind != "a stale input":
        for later in FROM_JUDGED_TABLES[FROM_JUDGED_TABLES.index(table) + 1 :]:
            note_build(connection, later)
    for later in (
        ("core_flag", "core_quarantine", "core_occurrence", "out_score") if table == "core_record" else ()
    ):
        note_build(connection, later)


@pytest.mark.parametrize(
    ("kind", "requirement"),
    [
        ("a lost row", "every-row-read-is-a-record"),
        ("a doubled row", "rowId-unique"),
        ("a hole where a key leads", "cube-taxon-exists"),
        ("a place nobody knows", "indicator-place-exists"),
        ("a personal name", "no-personal-data"),
        ("a telephone number", "no-personal-data"),
        ("a stale input", "built-after-what-it-rests-on"),
        ("a column nobody agreed on", "cube-columns"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_published(city: City, kind: str, requirement: str) -> None:
    before = current_generation(city.home).name
    with open_warehouse(city.home) as connection:
        spoil(connection, kind)
        judge_open(connection, SUITES)
    with pytest.raises(StoreError) as refusal:
        publish_again(settings_for(city.home, city.region))
    assert requirement in str(refusal.value.values["detail"])
    assert current_generation(city.home).name == before


def test_what_is_right_is_published_again(city: City) -> None:
    before = current_generation(city.home).name
    publish_again(settings_for(city.home, city.region))
    assert current_generation(city.home).name > before


def test_a_refusal_is_kept_so_that_publishing_alone_does_not_slip_past(city: City) -> None:
    with open_warehouse(city.home) as connection:
        spoil(connection, "a hole where a key leads")
        judge_open(connection, SUITES)
    for _ in range(2):
        with pytest.raises(StoreError):
            publish_again(settings_for(city.home, city.region))
    with open_warehouse(city.home) as connection:
        found = connection.execute("SELECT success FROM meta_gate WHERE gate = 'cube-contract'").fetchall()
    assert found == [(False,)]
