"""Runs that are killed, that meet, or that cannot write: readers keep what they had, nothing is lost or doubled."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from assets.intake import take_gbif, take_survey
from assets.workspace import run_lock
from pipelines.running import run_monitoring
from pipelines.settings import Settings
from store.archive import receipts
from store.errors import WarehouseLocked
from store.generations import current_generation, generations, open_generation, read_manifest
from store.home import Home
from store.warehouse import count_rows, open_warehouse
from tests.running import settings_for

DAY = date(2026, 6, 30)
MOMENTS = 10
SURVEY = "记录编号,日期,中文名,经度,纬度,数量\n" + "".join(
    f"A-{n},2026-06-{1 + n % 28:02d},{('黄花刺茄', '榆树', '麻雀', '查无此物')[n % 4]},113.{3000 + n},40.0{n % 90:02d},3\n"
    for n in range(400)
)
GBIF = "gbifID\tscientificName\ttaxonKey\teventDate\tdecimalLatitude\tdecimalLongitude\n" + "".join(
    f"{n}\tBombus terrestris\t8\t2025-06-0{1 + n % 9}\t40.1\t113.{2000 + n}\n" for n in range(400)
)
# Children are forked from a server that has the slow imports done: a run is killed, not an import.
forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload(["pipelines.running", "great_expectations", "duckdb_engine"])


@pytest.fixture
def settings(home: Home, region_folder: Path) -> Settings:
    lists = Path(__file__).resolve().parents[2] / "regions" / "datong"
    shutil.copytree(lists / "lists", region_folder / "lists")
    toml = (lists / "region.toml").read_text(encoding="utf-8")
    with (region_folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write(toml[toml.index("[[lists]]") :])
    survey, gbif = home.path / "survey.csv", home.path / "gbif.tsv"
    survey.write_text(SURVEY, encoding="utf-8")
    gbif.write_text(GBIF, encoding="utf-8")
    settings = settings_for(home, region_folder, DAY)
    take_survey(home, survey, received_from="test", origin="test")
    take_gbif(home, gbif, received_from="test", origin="test")
    return settings


def start(settings: Settings) -> multiprocessing.process.BaseProcess:
    process = forked.Process(target=run_monitoring, args=(settings,))
    process.start()
    return process


def tables(home: Home) -> dict[str, int]:
    counts: dict[str, int] = read_manifest(current_generation(home))["tables"]
    return counts


@pytest.mark.slow
def test_a_run_killed_at_ten_moments_loses_and_doubles_nothing(settings: Settings) -> None:
    home, moment = settings.home, random.Random(7)
    process = start(settings)
    began = time.monotonic()
    process.join()
    duration = time.monotonic() - began
    assert process.exitcode == 0
    expected = tables(home)
    assert expected["core_occurrence"] + expected["core_quarantine"] == 800
    for number in range(1, MOMENTS + 1):
        before = current_generation(home)
        home.warehouse.unlink(missing_ok=True)  # the whole way again, from the archive on
        process = start(settings)
        process.join(moment.uniform(0.05, duration))
        process.kill()
        process.join()
        with open_generation(current_generation(home)) as reader:  # readers always find a whole generation
            assert count_rows(reader, "core_occurrence") + count_rows(reader, "core_quarantine") == 800
        if number % 2:  # every other time it is the next killed run that finds what the last one left
            continue
        run_monitoring(settings)
        assert tables(home) == expected
        assert current_generation(home) != before
    assert len(generations(home)) == 3
    assert not list(home.generations.glob(".building-*"))
    assert len(receipts(home)) == 2


@pytest.mark.slow
def test_two_runs_at_once_take_turns(settings: Settings) -> None:
    both = [start(settings), start(settings)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert len(generations(settings.home)) == 2
    assert sum(tables(settings.home)[table] for table in ("core_occurrence", "core_quarantine")) == 800


def test_a_run_that_waits_too_long_says_who_holds_the_lock(home: Home) -> None:
    with run_lock(home, 1.0), pytest.raises(WarehouseLocked, match=r"process \d+"), run_lock(home, 0.3):
        pass


@pytest.mark.slow
def test_a_blocking_gate_that_fails_keeps_the_last_generation(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_monitoring(settings)
    before = current_generation(settings.home)
    monkeypatch.setattr("monitoring.cube.sql_of", lambda _: "SELECT 'x' taxonID, 'no cell' cellCode, 2025 \"year\", "
                        "1 \"month\", 'gbif' AS source, 1 AS occurrences, NULL AS minCoordinateUncertaintyInMeters")  # fmt: skip
    with pytest.raises(Exception, match=r"out_cube|cube"):
        run_monitoring(settings)
    assert current_generation(settings.home) == before


def test_what_an_interrupted_intake_left_is_loaded_by_the_next_run(settings: Settings) -> None:
    """Both files are archived and nothing has loaded them: as if the intake had been killed."""
    run_monitoring(settings)
    with open_warehouse(settings.home) as connection:
        loaded = connection.execute("SELECT kind, rowsRead FROM raw_submission ORDER BY kind").fetchall()
    assert loaded == [("gbif", 400), ("survey", 400)]
