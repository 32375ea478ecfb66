"""What people do about names at the terminal: look at the queue, ask GBIF, decide, take back."""

from __future__ import annotations

import csv
import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli.main import build_command
from pipelines.settings import read_settings
from species.decisions import name_decisions
from species.queue import build_queue
from store.generations import publish
from store.home import Home
from store.warehouse import open_warehouse
from tests.conftest import ROOT
from tests.gbif.server import JSON, Said, serving
from tests.species.states import write_taxon

FORMULA = "=HYPERLINK(1)"


def parkwatch(home: Home, *arguments: str, gbif: str = "http://127.0.0.1:9") -> Result:
    settings = read_settings({
        "PARKWATCH_LANG": "zh", "PARKWATCH_REGION": str(ROOT / "regions" / "datong"), "PARKWATCH_GBIF_API": gbif,
        "PARKWATCH_HOME": str(home.path),
    })  # fmt: skip
    return CliRunner().invoke(build_command(settings), list(arguments))


@pytest.fixture
def published(home: Home) -> Home:
    """A generation in which two scientific names and one that looks like a formula wait."""
    with open_warehouse(home) as connection:
        write_taxon(connection, "Solanum rostratum", ["黄花刺茄"], True)
        write_taxon(connection, "Ulmus pumila", ["榆"], False)
        write_taxon(connection, "Ulmus minor", ["榆"], False)
        waiting = [("Solanum rostratun", "刺茄", 2), ("Aus bus", None, 5), (None, FORMULA, 1)]
        for number, (scientific, vernacular, records) in enumerate(waiting):
            connection.execute(
                "INSERT INTO core_name_match BY NAME SELECT $text AS nameText, $s AS verbatimScientificName, "
                "$v AS verbatimVernacularName, 'NONE' AS matchType, 0 AS confidence, [] AS reasons, "
                "$waits AS waitsForPerson, $taxon AS proposedTaxonID",
                {"text": f"{scientific or ''}\x1f{vernacular or ''}", "s": scientific, "v": vernacular,
                 "waits": number == 0, "taxon": "pw:Solanum rostratum" if number == 0 else None},
            )  # fmt: skip
            connection.execute(
                "INSERT INTO core_record BY NAME SELECT range AS rowId, concat($s, $v, range) AS recordId, 'survey' AS source, "
                "'s' AS submissionId, 2 AS line, now()::TIMESTAMP AS firstSeen, 'detected' AS occurrenceStatus, "
                "$s AS verbatimScientificName, $v AS verbatimVernacularName, 'NONE' AS matchType, true AS withinRegion, "
                "[] AS siteIDs FROM range($records)",
                {"s": scientific, "v": vernacular, "records": records},
            )
        build_queue(connection)
        publish(home, connection, inputs={})
    return home


def test_the_queue_shows_what_may_be_listed_first_with_what_it_may_be(published: Home) -> None:
    shown = parkwatch(published, "names", "queue").output
    assert shown.index("Solanum rostratun · 刺茄") < shown.index("Aus bus") < shown.index(FORMULA)
    assert "pw:Solanum rostratum" in shown and "须由人确认" in shown


def test_the_queue_as_a_table_holds_no_formula(published: Home, tmp_path: Path) -> None:
    out = tmp_path / "queue.csv"
    assert parkwatch(published, "names", "queue", "--csv", str(out)).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["待定记录 recordsWaiting"] for row in rows] == ["2", "5", "1"]
    assert rows[-1]["中文名 vernacularName"] == f"'{FORMULA}"


def test_a_decision_covers_the_pairs_that_records_carry(published: Home) -> None:
    said = parkwatch(
        published,
        "names",
        "decide",
        "Solanum rostratun",
        "--taxon",
        "黄花刺茄",
        "--reason",
        "笔误",
        "--by",
        "张工",
    )
    assert said.exit_code == 0, said.output
    (decision,) = name_decisions(published)
    assert (decision.nameText, decision.taxonID, decision.by) == (
        "Solanum rostratun\x1f刺茄",
        "pw:Solanum rostratum",
        "张工",
    )
    assert "张工：笔误" in parkwatch(published, "names", "decisions").output


def test_a_decision_can_say_that_a_name_means_no_taxon_and_be_taken_back(published: Home) -> None:
    parkwatch(published, "names", "decide", FORMULA, "--none", "--reason", "没有植物")
    (decision,) = name_decisions(published)
    assert (decision.verbatimVernacularName, decision.taxonID) == (FORMULA, None)
    taken = parkwatch(
        published, "names", "decisions", "--withdraw", decision.decisionId, "--reason", "看错了"
    )
    assert taken.exit_code == 0 and name_decisions(published) == []
    again = parkwatch(published, "names", "decisions", "--withdraw", decision.decisionId)
    assert again.exit_code == 2


def test_a_name_that_no_record_carries_yet_can_be_decided_too(published: Home) -> None:
    parkwatch(published, "names", "decide", "家榆", "--taxon", "pw:Ulmus pumila", "--reason", "俗名")
    texts = {decision.nameText for decision in name_decisions(published)}
    assert texts == {"\x1f家榆", "家榆\x1f"}, "whichever column it will stand in"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--taxon", "榆", "--reason", "x"), "pw:Ulmus minor"),
        (("--taxon", "Nomen nullum", "--reason", "x"), "没有名录收录"),
        (("--reason", "x"), "--none"),
        (("--taxon", "榆", "--none", "--reason", "x"), "--none"),
        (("--none",), "--reason"),
    ],
    ids=["two-taxa", "unknown", "neither", "both", "no-reason"],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_kept(
    published: Home, arguments: tuple[str, ...], told: str
) -> None:
    said = parkwatch(published, "names", "decide", "Aus bus", *arguments)
    assert said.exit_code == 2
    assert told in said.output
    assert name_decisions(published) == []


def test_gbif_is_asked_about_the_names_that_wait_and_only_once(published: Home) -> None:
    asked = []

    def answer(path: str, query: dict[str, list[str]]) -> Said:
        asked.append(query["scientificName"][0])
        usage = {"key": "7", "name": "Solanum rostratum Dunal", "canonicalName": "Solanum rostratum"}
        said = {"usage": usage, "diagnostics": {"matchType": "FUZZY", "confidence": 91}, "synonym": False}
        return 200, JSON, json.dumps(said).encode()

    with serving(answer) as address:
        first = parkwatch(published, "names", "gbif", gbif=address)
        second = parkwatch(published, "names", "gbif", gbif=address)
    assert first.exit_code == 0, first.output
    assert asked == ["Solanum rostratun", "Aus bus"]
    assert "Solanum rostratun → Solanum rostratum Dunal（FUZZY，91）" in first.output
    assert "问了 0 个名称" in second.output


def test_without_a_network_gbif_is_not_needed_and_the_command_says_so(published: Home) -> None:
    from gbif.errors import GbifUnreachable

    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        said = parkwatch(published, "names", "gbif", gbif=f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert isinstance(said.exception, GbifUnreachable)
    assert said.exception.exit_code == 3
    assert "无法连接 GBIF" in said.exception.in_language("zh")
