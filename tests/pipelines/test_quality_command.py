"""The command `quality`: scorecards of sources and files on the terminal, everything as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli.main import build_command
from pipelines.cli.quality import USE_CASES
from pipelines.settings import read_settings
from quality.amendments import APPLIED
from quality.bdq.registry import registry
from store.home import Home
from tests.conftest import write_region
from tests.pipelines.city import City


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    city = City(Home(folder / "home").create(), write_region(folder / "testville"))
    return (
        city.list({"scientificName": "Solanum rostratum"}).survey("Solanum rostratum", "Nemo ignotus").run()
    )


def quality(city: City, *arguments: str, language: str = "en") -> Result:
    settings = read_settings({"PARKWATCH_LANG": language, "PARKWATCH_REGION": str(city.region)})
    return CliRunner().invoke(build_command(settings), ["--home", str(city.home.path), "quality", *arguments])


def test_each_source_is_told_by_purpose_and_by_test_in_both_languages(city: City) -> None:
    told = quality(city).output
    assert "Source survey: 2 records" in told
    assert "good for alarms: 2 are, 0 are not, 0 cannot be told" in told
    assert "0.0 → 100.0" in told
    assert "Never filled in:" in told
    assert "来源 survey：2 条记录" in quality(city, language="zh").output


def test_one_file_has_its_own_card(city: City) -> None:
    ((submission,),) = city.rows("SELECT submissionId FROM out_source")
    assert submission in quality(city).output
    assert "File 调查.csv: 2 records" in quality(city, "--submission", submission).output


def test_an_unknown_file_is_refused_with_the_way_to_the_ids(city: City) -> None:
    refused = quality(city, "--submission", "nothing")
    assert refused.exit_code == 2
    assert "lists the ids of all files" in " ".join(refused.output.split())


def test_json_has_every_scope_with_every_test_and_its_id(city: City) -> None:
    found = json.loads(quality(city, "--json").output)
    assert {card["scope"] for card in found["scorecards"]} == {"source", "submission", "site"}
    for card in found["scorecards"]:
        assert {score["test"] for score in card["scores"]} == set(found["tests"])
        for score in card["scores"]:
            assert (
                score["compliant"] + score["notCompliant"] + score["prerequisitesNotMet"] == card["records"]
            )
    assert all(test["guid"] and test["questionZh"] for test in found["tests"].values())


def test_the_tests_of_one_use_case_can_be_asked_for(city: City) -> None:
    found = json.loads(quality(city, "--use-case", "Alien-Species", "--json").output)
    assert 0 < len(found["tests"]) <= 44
    assert all("Alien-Species" in test["useCases"] for test in found["tests"].values())
    assert set(USE_CASES) == {use for test in registry().values() for use in test.useCases}


def test_nothing_is_shown_where_nothing_is_published(tmp_path: Path, city: City) -> None:
    settings = read_settings({"PARKWATCH_LANG": "en", "PARKWATCH_REGION": str(city.region)})
    refused = CliRunner().invoke(build_command(settings), ["--home", str(tmp_path), "quality"])
    assert refused.exit_code != 0


def test_the_reading_takes_over_what_is_said_to_be_applied(city: City) -> None:
    found = city.rows(
        "SELECT test, sum(records) = sum(applied) FROM core_amendment GROUP BY test ORDER BY test"
    )
    assert found == [
        ("AMENDMENT_EVENT_FROM_EVENTDATE", True),
        ("AMENDMENT_OCCURRENCESTATUS_ASSUMEDDEFAULT", True),
    ]
    assert {test for test, _ in found} <= set(APPLIED)
