"""Decisions on names: kept for ever, the last one counts, and a taxon is found again when its source renames it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from species.decisions import KIND, TaxonNamed, decide_name, find_taxa, name_decisions, resolve
from store.decisions import decisions, withdraw
from store.home import Home
from tests.species.states import write_state

ELM = TaxonNamed("pw:Ulmus pumila", "Ulmus pumila L.", "Ulmus pumila")
PAIR = [("Ulmus pumilla", "榆")]


def test_a_decision_says_what_a_pair_of_names_means_who_decided_and_why(home: Home) -> None:
    made = decide_name(home, PAIR, ELM, "笔误", "张工")
    (decision,) = name_decisions(home)
    assert decision.nameText == "Ulmus pumilla\x1f榆"
    assert (decision.taxonID, decision.scientificName) == ("pw:Ulmus pumila", "Ulmus pumila")
    assert (decision.by, decision.reason, decision.decisionId) == ("张工", "笔误", made.decisionId)


def test_the_last_decision_counts_and_taking_it_back_brings_the_former_one_back(home: Home) -> None:
    decide_name(home, PAIR, ELM, "笔误", "张工")
    last = decide_name(home, PAIR, None, "不是植物", "李工")
    assert [decision.taxonID for decision in name_decisions(home)] == [None]
    withdraw(home, last, "李工", "看错了")
    assert [decision.taxonID for decision in name_decisions(home)] == ["pw:Ulmus pumila"]
    assert len(decisions(home, KIND)) == 2, "nothing is deleted"


def test_without_a_home_nothing_has_been_decided() -> None:
    assert name_decisions(None) == []


def index(folder: Path, **taxa: list[str]) -> duckdb.DuckDBPyConnection:
    written = {name.replace("_", " "): others for name, others in taxa.items()}
    return duckdb.connect(str(write_state(folder / "index.duckdb", written)), read_only=True)


def test_a_taxon_that_lost_its_id_is_found_by_its_name(home: Home, tmp_path: Path) -> None:
    decide_name(home, PAIR, ELM, "笔误", "张工")
    with index(tmp_path, Ulmus_manshurica=["Ulmus pumila"]) as connection:
        standing, gone = resolve(connection, name_decisions(home))
    assert [decision.taxonID for decision in standing] == ["pw:Ulmus manshurica"]
    assert gone == []


def test_a_taxon_nobody_knows_any_more_is_told_and_not_lost(home: Home, tmp_path: Path) -> None:
    decide_name(home, PAIR, ELM, "笔误", "张工")
    decide_name(home, [("裸地", None)], None, "没有植物", "张工")
    with index(tmp_path, Tilia_mongolica=[]) as connection:
        standing, gone = resolve(connection, name_decisions(home))
    assert [decision.verbatimScientificName for decision in standing] == ["裸地"]
    assert [decision.verbatimScientificName for decision in gone] == ["Ulmus pumilla"]


def test_a_name_that_came_to_mean_two_taxa_is_no_longer_guessed(home: Home, tmp_path: Path) -> None:
    decide_name(home, PAIR, ELM, "笔误", "张工")
    with index(tmp_path, Ulmus_minor=["Ulmus pumila"], Ulmus_davidiana=["Ulmus pumila"]) as connection:
        standing, gone = resolve(connection, name_decisions(home))
    assert (standing, len(gone)) == ([], 1)


def test_taxa_are_found_by_id_accepted_name_synonym_and_chinese_name(tmp_path: Path) -> None:
    with index(tmp_path, Ulmus_pumila=["Ulmus manshurica", "榆树"], Ulmus_minor=["榆树"]) as connection:
        for text in ("pw:Ulmus pumila", "Ulmus pumila", "Ulmus manshurica Nakai", " ulmus PUMILA "):
            assert [taxon.taxonID for taxon in find_taxa(connection, text)] == ["pw:Ulmus pumila"], text
        assert len(find_taxa(connection, "榆树")) == 2
        assert find_taxa(connection, "") == find_taxa(connection, "Nomen nullum") == []
