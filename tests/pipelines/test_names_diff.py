"""`parkwatch names diff`: what a new list would change, before it is put in place; and decisions carried into the next run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli.main import build_command
from pipelines.settings import read_settings
from species.errors import ListError
from store.home import Home
from tests.pipelines.city import NETTLE, NEW, OLD, City

pytestmark = pytest.mark.slow


def parkwatch(city: City, *arguments: str) -> Result:
    settings = read_settings({
        "PARKWATCH_LANG": "en", "PARKWATCH_REGION": str(city.region), "PARKWATCH_HOME": str(city.home.path),
    })  # fmt: skip
    return CliRunner().invoke(build_command(settings), list(arguments))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A published city with two warnings, one name that nobody knows, and a list changed since."""
    from tests.conftest import REGION_TOML, feature, write_outlines

    region = tmp_path_factory.mktemp("diff") / "testville"
    region.mkdir()
    (region / "region.toml").write_text(REGION_TOML, encoding="utf-8")
    west, east = feature("west", 113.0, 40.0, 113.2, 40.2), feature("east", 113.2, 40.0, 113.4, 40.2)
    write_outlines(region / "divisions.geojson", west, east)
    write_outlines(region / "sites.geojson", feature("pond", 113.05, 40.05, 113.1, 40.1))
    made = City(Home(region.parent / "home").create(), region)
    made.list({"scientificName": OLD}, {"scientificName": NETTLE})
    return made.survey(OLD, OLD, NETTLE, "Nomen ignotum").run()


@pytest.fixture
def new_list(city: City, tmp_path: Path) -> Path:
    """The list as it would be: one species renamed, one taken off."""
    city.list({"scientificName": NEW, "synonyms": OLD})
    path = (city.region / "aliens.csv").rename(tmp_path / "aliens.csv")
    city.list({"scientificName": OLD}, {"scientificName": NETTLE})
    return path


def test_what_is_published_and_what_would_be_run_do_not_differ_where_nothing_changed(city: City) -> None:
    said = parkwatch(city, "names", "diff", "current", "region")
    assert said.exit_code == 0, said.output
    assert "nothing changes" in said.output


def test_a_new_list_tells_names_listings_records_and_open_warnings_before_it_is_put_in_place(
    city: City, new_list: Path, tmp_path: Path
) -> None:
    csv_out, json_out = tmp_path / "diff.csv", tmp_path / "diff.json"
    said = parkwatch(
        city, "names", "diff", "current", str(new_list), "--csv", str(csv_out), "--json", str(json_out)
    )
    assert said.exit_code == 0, said.output
    changes = {(one["kind"], one["name"]): one for one in json.loads(json_out.read_text(encoding="utf-8"))}
    renamed = changes["renamed", OLD]
    assert (renamed["nowadays"], renamed["records"]) == (NEW, 2)
    assert [(example["file"], example["line"]) for example in renamed["examples"]] == [
        ("调查.csv", 2),
        ("调查.csv", 3),
    ]
    open_warnings = {warning: name for warning, name, _ in city.warnings}
    assert {open_warnings.get(warning) for warning in renamed["warningIds"]} >= {OLD}
    lost = changes["records", NETTLE]
    assert (lost["nowadays"], lost["records"]) == (None, 1)
    assert "open warnings are concerned" in said.output
    with csv_out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == len(changes) + 1


def test_nothing_of_it_is_kept(city: City, new_list: Path) -> None:
    before = sorted(path.name for path in city.home.path.rglob("*"))
    parkwatch(city, "names", "diff", "region", str(new_list))
    assert sorted(path.name for path in city.home.path.rglob("*")) == before


def test_a_state_that_is_none_is_refused(city: City) -> None:
    said = parkwatch(city, "names", "diff", "region", "no-such-source@3")
    assert isinstance(said.exception, ListError)
    assert said.exception.rule == "error-state-unknown"


def test_a_decision_shows_in_the_diff_and_is_carried_through_by_the_next_run(city: City) -> None:
    queue = parkwatch(city, "names", "queue")
    assert "Nomen ignotum" in queue.output
    decided = parkwatch(city, "names", "decide", "Nomen ignotum", "--taxon", NETTLE, "--reason", "field name")
    assert decided.exit_code == 0, decided.output
    said = parkwatch(city, "names", "diff", "current", "region")
    assert f"Nomen ignotum: — → {NETTLE}" in said.output
    city.run()
    changes = city.rows(
        "SELECT name, nowadays, records, decisionId IS NOT NULL FROM out_name_change WHERE kind = 'records'"
    )
    assert changes == [("Nomen ignotum", NETTLE, 1, True)]
    assert parkwatch(city, "names", "queue").output.startswith("No names wait")
    ((accepted,),) = city.rows(
        "SELECT count(*) FROM core_occurrence WHERE verbatimScientificName = 'Nomen ignotum'"
    )
    assert accepted == 1
