"""Decisions on single records: accepted, corrected, rejected; by whom and why; no later run overwrites them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assets.intake import take_survey
from pipelines.cli.main import build_command
from pipelines.running import rebuild
from pipelines.settings import read_settings
from store.home import Home
from store.warehouse import open_warehouse
from tests.conftest import write_region
from tests.pipelines.city import City
from tests.running import settings_for

NETTLE = "Solanum rostratum"
ROWS = (
    ("R-1", "2026-06-01", NETTLE, "113.07", "40.07"),
    ("R-2", "2026-06-02", NETTLE, "116.4", "39.9"),  # out of reach
    ("", "2026-06-03", NETTLE, "40.08", "113.08"),  # transposed, and without a number of its own
    ("R-4", "2026-06-04", "Nemo ignotus", "113.07", "40.07"),
    ("R-6", "2026-06-06", NETTLE, "40.08", "113.08"),
)


def write_survey(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("记录编号", "日期", "学名", "经度", "纬度"), *rows])
    return path


def parkwatch(city: City, *arguments: str, language: str = "en") -> Result:
    settings = read_settings({"PARKWATCH_LANG": language, "PARKWATCH_REGION": str(city.region)})
    return CliRunner().invoke(
        build_command(settings), ["--home", str(city.home.path), "quarantine", *arguments]
    )


def states(city: City) -> dict[str, str]:
    """By name and day whether a record is accepted, waits or is rejected."""
    found = city.rows(
        "SELECT eventDate, 'accepted' FROM core_occurrence UNION ALL SELECT eventDate, disposition FROM core_quarantine "
        "WHERE rowFault IS NULL"
    )
    return dict(found)


def record_on(city: City, day: str) -> str:
    ((record,),) = city.rows(
        f"SELECT recordId FROM core_quarantine WHERE eventDate = '{day}' "
        f"UNION ALL SELECT recordId FROM core_occurrence WHERE eventDate = '{day}'"
    )
    return str(record)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    city = City(Home(folder / "home").create(), write_region(folder / "testville")).list(
        {"scientificName": NETTLE}
    )
    take_survey(city.home, write_survey(folder / "调查.csv", *ROWS), received_from="x", origin="test")
    return city.run()


@pytest.fixture
def city(published: City, tmp_path: Path) -> City:
    """A copy of it, to decide on."""
    return published.copied(tmp_path / "home")


def test_records_that_wait_are_listed_with_place_reason_and_remedy_in_both_languages(
    city: City, tmp_path: Path
) -> None:
    listed = parkwatch(city, "list").output
    assert "调查.csv" in listed
    assert "line 3" in listed
    assert "survey:R-2" in listed
    assert "4 records wait" in listed
    assert "共 4 条待核" in parkwatch(city, "list", language="zh").output
    parkwatch(city, "list", "--csv", str(tmp_path / "waiting.csv"))
    with (tmp_path / "waiting.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["3", "4", "5", "6"]


def test_decisions_hold_through_runs_and_a_rebuild_and_can_be_taken_back(city: City) -> None:
    assert states(city) == {
        "2026-06-01": "accepted", "2026-06-02": "quarantined", "2026-06-03": "quarantined", "2026-06-04": "quarantined",
        "2026-06-06": "quarantined",
    }  # fmt: skip
    unnumbered = record_on(city, "2026-06-03")
    parkwatch(city, "reject", "survey:R-1", "--reason", "planted for a course", "--by", "Li")
    parkwatch(city, "accept", "survey:R-2", "--reason", "seen it myself", "--by", "Li")
    cells = ("--set", "decimalLongitude=113.08", "--set", "decimalLatitude=40.08")
    corrected = parkwatch(city, "correct", unnumbered, *cells, "--reason", "changed over", "--by", "Wang")
    assert f"{unnumbered}  decimalLongitude: 40.08 → 113.08" in corrected.output
    city.run()
    decided = {
        "2026-06-01": "rejected", "2026-06-02": "accepted", "2026-06-03": "accepted", "2026-06-04": "quarantined",
        "2026-06-06": "quarantined",
    }  # fmt: skip
    assert states(city) == decided
    assert record_on(city, "2026-06-03") == unnumbered
    assert written(city, unnumbered) == [("decimalLatitude", "113.08"), ("decimalLongitude", "40.08")]
    city.run()
    assert states(city) == decided
    rebuild(settings_for(city.home, city.region))
    assert states(city) == decided
    listed = parkwatch(city, "decisions").output
    assert "Wang: changed over" in listed
    for line in listed.splitlines():
        parkwatch(city, "decisions", "--withdraw", line.split()[0], "--reason", "mistaken")
    city.run()
    assert states(city)["2026-06-01"] == "accepted"
    assert {states(city)[day] for day in ("2026-06-02", "2026-06-03")} == {"quarantined"}
    assert record_on(city, "2026-06-03") == unnumbered
    assert written(city, unnumbered) == []


def written(city: City, record: str) -> list[tuple[Any, ...]]:
    """What was written in the corrected cells of a record."""
    with open_warehouse(city.home) as connection:
        return connection.execute(
            "SELECT term, verbatim FROM raw_correction JOIN core_record ON core_record.submissionId = "
            "raw_correction.submissionId AND core_record.rowId % 10_000_000_000 = rowNumber WHERE recordId = ? ORDER BY 1",
            [record],
        ).fetchall()


def test_a_correction_is_put_in_again_in_a_later_file_unless_the_cell_was_changed_there(
    city: City, tmp_path: Path
) -> None:
    for row, longitude in (("R-2", "113.07"),):
        parkwatch(city, "correct", f"survey:{row}", "--set", f"decimalLongitude={longitude}", "--set",
                  "decimalLatitude=40.07", "--reason", "changed over")  # fmt: skip
    later = write_survey(tmp_path / "调查.csv", *ROWS, ("R-5", "2026-06-05", NETTLE, "113.07", "40.07"))
    take_survey(city.home, later, received_from="x", origin="test")
    city.run()
    assert states(city)["2026-06-02"] == "accepted"
    mended = [row if row[0] != "R-2" else ("R-2", "2026-06-02", NETTLE, "113.09", "40.09") for row in ROWS]
    take_survey(city.home, write_survey(tmp_path / "调查.csv", *mended), received_from="x", origin="test")
    city.run()
    assert city.rows("SELECT decimalLongitude FROM core_occurrence WHERE recordId = 'survey:R-2'") == [
        (113.09,)
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("accept", "survey:R-4"), "lead to no taxon"),
        (("accept", "survey:R-6"), "only be corrected or rejected"),
        (("accept", "survey:nobody"), "do not wait"),
        (("reject", "survey:nobody"), "do not wait"),
        (("correct", "survey:R-2", "--set", "colour=red"), "Terms not known: colour"),
        (("correct", "gbif:1", "--set", "eventDate=2026"), "There is no survey record"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_the_way_out(
    city: City, arguments: tuple[str, ...], said: str
) -> None:
    refused = parkwatch(city, *arguments, "--reason", "x")
    assert refused.exit_code == 2
    assert said in " ".join(refused.output.split())
