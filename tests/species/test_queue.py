"""The queue of names that wait, and the coverage: on matches written out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from species.decisions import NameDecision
from species.queue import COLUMNS, IN_ORDER, GbifProposal, build_coverage, build_queue, names_for_gbif
from store.warehouse import open_in_memory
from tests.species.states import write_taxon


class Names:
    """A warehouse whose records carry the names that a test says, with the match it says."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.rows = 0
        write_taxon(connection, "Solanum rostratum", ["黄花刺茄"], True)
        write_taxon(connection, "Ulmus pumila", ["榆树"], False)
        write_taxon(connection, "Ulmus minor", ["榆树"], False)
        write_taxon(connection, "Ulmus", [], False)
        connection.execute(
            "INSERT INTO raw_submission BY NAME SELECT 's' AS submissionId, 'survey' AS kind, '调查.csv' AS fileName, "
            "'x' AS sha256, 1 AS sizeInBytes, now()::TIMESTAMP AS receivedAt, now()::TIMESTAMP AS knownSince, "
            "'x' AS receivedFrom, 1 AS rowsRead, now()::TIMESTAMP AS loadedAt"
        )

    def match(
        self, scientific: str | None, vernacular: str | None = None, records: int = 1, **match: Any
    ) -> None:
        said = {
            "nameText": f"{scientific or ''}\x1f{vernacular or ''}", "verbatimScientificName": scientific,
            "verbatimVernacularName": vernacular, "matchType": "NONE", "confidence": 0, "waitsForPerson": False,
            "reasons": [],
        } | match  # fmt: skip
        columns = ", ".join(f"${name} AS {name}" for name in said)
        self.connection.execute(f"INSERT INTO core_name_match BY NAME SELECT {columns}", said)
        for _ in range(records):
            self.rows += 1
            self.record(scientific, vernacular, match.get("taxonID"))

    def record(self, scientific: str | None, vernacular: str | None, taxon: str | None, **more: Any) -> None:
        said = {
            "rowId": self.rows, "recordId": f"r{self.rows}", "source": "survey", "submissionId": "s", "line": self.rows + 1,
            "firstSeen": "2026-06-01", "occurrenceStatus": "detected", "verbatimScientificName": scientific,
            "verbatimVernacularName": vernacular, "taxonID": taxon, "matchType": "x", "withinRegion": True, "siteIDs": [],
        } | more  # fmt: skip
        columns = ", ".join(f"${name} AS {name}" for name in said)
        self.connection.execute(f"INSERT INTO core_record BY NAME SELECT {columns}", said)

    def queue(self, *proposals: GbifProposal, gone: list[NameDecision] | None = None) -> list[dict[str, Any]]:
        build_queue(self.connection, gone or [], proposals)
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in self.connection.execute(IN_ORDER).fetchall()]
        for row in rows:
            row |= {
                name: json.loads(row[name]) for name in ("candidates", "reasons", "gbifProposal") if row[name]
            }
        return rows


@pytest.fixture
def names() -> Iterator[Names]:
    with open_in_memory() as connection:
        yield Names(connection)


def test_what_most_records_wait_for_comes_first_and_what_may_be_listed_before_all(names: Names) -> None:
    names.match("Aus bus", records=2)
    names.match("Cus dus", records=5)
    names.match("Ulmus pumilla", records=9, matchType="FUZZY", taxonID="pw:Ulmus pumila")
    names.match(
        "Solanum rostratun", matchType="FUZZY", proposedTaxonID="pw:Solanum rostratum", waitsForPerson=True
    )
    found = [
        (row["verbatimScientificName"], row["why"], row["recordsWaiting"], row["records"])
        for row in names.queue()
    ]
    assert found == [
        ("Solanum rostratun", "waits", 1, 1), ("Cus dus", "unmatched", 5, 5), ("Aus bus", "unmatched", 2, 2),
        ("Ulmus pumilla", "fuzzy", 0, 9),
    ]  # fmt: skip


def test_a_name_shows_its_candidates_its_first_record_and_its_reasons_in_both_languages(names: Names) -> None:
    names.match(None, "榆树", records=3, matchType="AMBIGUOUS", matchedName="榆树")
    (row,) = names.queue()
    assert [one["scientificName"] for one in row["candidates"]] == ["Ulmus minor", "Ulmus pumila"]
    assert (row["exampleFile"], row["exampleLine"]) == ("调查.csv", 2)
    assert "不止一个" in row["reasons"][0]["zh"] and "more than one" in row["reasons"][0]["en"]


def test_what_is_settled_or_says_itself_that_it_is_open_does_not_wait(names: Names) -> None:
    names.match("Ulmus pumila", matchType="EXACT", taxonID="pw:Ulmus pumila")
    names.match("Ulmus sp.", matchType="HIGHERRANK", taxonID="pw:Ulmus", identificationQualifier="sp.")
    names.match("bare ground", decisionId="d-1")
    names.match(None, None)
    assert names.queue() == []


def test_a_genus_that_stands_in_for_an_unknown_species_waits(names: Names) -> None:
    names.match("Ulmus ignota", matchType="HIGHERRANK", taxonID="pw:Ulmus")
    assert [row["why"] for row in names.queue()] == ["higher-rank"]


def test_a_decision_whose_taxon_is_gone_asks_anew(names: Names) -> None:
    names.match("Aus bus", records=2, matchType="EXACT", taxonID="pw:Ulmus")
    gone = NameDecision("Aus bus\x1f", "Aus bus", None, "pw:lost", "Lost", "a", "b", "2026-01-01", "d-1")
    assert [(row["why"], row["records"]) for row in names.queue(gone=[gone])] == [("decision-gone", 2)]


def test_rows_that_are_no_records_make_nobody_wait(names: Names) -> None:
    names.match("Aus bus", records=0)
    names.record("Aus bus", None, None, rowFault="total")
    assert names.queue() == []


def test_what_gbif_says_is_a_proposal_and_never_a_match(names: Names) -> None:
    names.match("Solanum cornutum")
    names.match("Aus bus")
    listed, unknown = names.queue(
        GbifProposal("Solanum cornutum", "EXACT", 97, "Solanum cornutum Lam.", "1", "Solanum rostratum Dunal",
                     "Solanum rostratum"),
        GbifProposal("Aus bus", "FUZZY", 80, "Aus busus L.", "2", "Aus busus L.", "Aus busus"),
    )  # fmt: skip
    assert (listed["proposedTaxonID"], listed["taxonID"], listed["concernsListed"]) == (
        "pw:Solanum rostratum",
        None,
        True,
    )
    assert listed["gbifProposal"]["matchType"] == "EXACT" and listed["gbifProposal"]["confidence"] == 97
    assert "我们" not in listed["reasons"][-1]["zh"] and "GBIF：EXACT" in listed["reasons"][-1]["zh"]
    assert (unknown["proposedTaxonID"], unknown["gbifProposal"]["taxonID"]) == (None, None)
    assert names.connection.execute(
        "SELECT count(*) FROM core_name_match WHERE taxonID IS NOT NULL"
    ).fetchone() == (0,)


def test_gbif_is_asked_about_scientific_names_only_the_most_pressing_first(names: Names) -> None:
    names.match("Aus bus", "甲")
    names.match("Cus dus", "乙", records=3)
    names.match("Cus dus", "丙")
    names.match(None, "丁")
    names.match("榆叶梅")
    assert names_for_gbif(names.queue()) == ["Cus dus", "Aus bus"]


def test_coverage_counts_the_records_that_carry_a_name(names: Names) -> None:
    names.match("Ulmus pumila", records=3, taxonID="pw:Ulmus pumila")
    names.match("Aus bus")
    names.match(None, None)
    names.record("Aus bus", None, None, rowFault="replaced")
    build_coverage(names.connection, 0.9)
    found = names.connection.execute("SELECT * FROM out_name_coverage ORDER BY source").fetchall()
    assert found == [("all", 4, 3, 0.75, 0.9), ("survey", 4, 3, 0.75, 0.9)]


def test_without_records_there_is_no_coverage_and_no_queue(names: Names) -> None:
    assert names.queue() == []
    build_coverage(names.connection, 0.9)
    assert names.connection.execute("SELECT * FROM out_name_coverage").fetchall() == [
        ("all", 0, 0, None, 0.9)
    ]
