"""What two states of names differ in: renamed, merged, split, listed, decided, and the records concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from species.changes import Change, build_changes, find_changes
from store.warehouse import open_in_memory
from tests.species.states import LIST, write_state

WATER_HYACINTH = {"Eichhornia crassipes": ["Pontederia crassipes", "凤眼蓝"]}
RENAMED = {"Pontederia crassipes": ["Eichhornia crassipes", "凤眼蓝"]}


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    connection.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")


class States:
    """The state before and after, each as `write_state` takes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
        former = write_state(self.folder / "former.duckdb", **before)
        latter = write_state(self.folder / "latter.duckdb", **after)
        with duckdb.connect() as connection:
            attach(connection, "former", former)
            attach(connection, "latter", latter)
            return list(find_changes(connection, "former", "latter", "former"))


@pytest.fixture
def states(tmp_path: Path) -> States:
    return States(tmp_path)


def told(changes: Sequence[Change], *kinds: str) -> set[tuple[str, str | None, str | None]]:
    return {
        (change.kind, change.formerly, change.nowadays)
        for change in changes
        if change.kind in kinds or not kinds
    }


def test_nothing_changes_between_a_state_and_itself(states: States) -> None:
    same = {"taxa": WATER_HYACINTH | {"Ulmus pumila": ["榆树"]}, "listed": ["Eichhornia crassipes"]}
    assert states.changes(same, same) == []


def test_an_accepted_name_that_gives_way_to_a_new_one_is_renamed_and_stays_listed(states: States) -> None:
    changes = states.changes(
        {"taxa": WATER_HYACINTH, "listed": ["Eichhornia crassipes"]},
        {"taxa": RENAMED, "listed": ["Pontederia crassipes"]},
    )
    assert told(changes) == {("renamed", "Eichhornia crassipes", "Pontederia crassipes")}


def test_a_list_that_drops_the_former_name_still_renames_by_the_chinese_name(states: States) -> None:
    changes = states.changes(
        {"taxa": {"Eichhornia crassipes": ["凤眼蓝"]}, "listed": ["Eichhornia crassipes"]},
        {"taxa": {"Pontederia crassipes": ["凤眼蓝"]}, "listed": ["Pontederia crassipes"]},
    )
    assert told(changes) == {("renamed", "Eichhornia crassipes", "Pontederia crassipes")}


def test_a_taxon_that_is_gone_does_not_become_another_that_shares_its_common_name(states: States) -> None:
    changes = states.changes(
        {"taxa": {"Ulmus pumila": ["榆树"], "Ulmus minor": ["榆树"]}}, {"taxa": {"Ulmus minor": ["榆树"]}}
    )
    assert told(changes) == {("gone", "Ulmus pumila", None)}


def test_a_taxon_united_with_one_that_was_there_is_merged(states: States) -> None:
    changes = states.changes(
        {"taxa": {"Ulmus pumila": [], "Ulmus manshurica": []}},
        {"taxa": {"Ulmus pumila": ["Ulmus manshurica"]}},
    )
    assert told(changes) == {("merged", "Ulmus manshurica", "Ulmus pumila")}


def test_a_synonym_that_becomes_a_taxon_of_its_own_splits_the_former_one(states: States) -> None:
    changes = states.changes(
        {"taxa": {"Tuta absoluta": ["Tuta minor"]}}, {"taxa": {"Tuta absoluta": [], "Tuta minor": []}}
    )
    assert told(changes, "split", "renamed", "merged", "gone") == {("split", "Tuta absoluta", "Tuta minor")}


def test_a_synonym_that_goes_over_to_another_taxon_is_moved(states: States) -> None:
    changes = states.changes(
        {"taxa": {"Aster alpinus": ["Aster xylorhiza"], "Aster borealis": []}},
        {"taxa": {"Aster alpinus": [], "Aster borealis": ["Aster xylorhiza"]}},
    )
    assert [(c.kind, c.name, c.formerly, c.nowadays) for c in changes] == [
        ("moved", "Aster xylorhiza", "Aster alpinus", "Aster borealis")
    ]


def test_added_and_gone_taxa_and_names_are_told(states: States) -> None:
    changes = states.changes(
        {"taxa": {"Aster alpinus": ["Aster xylorhiza"], "Aster cordatus": []}},
        {"taxa": {"Aster alpinus": ["Aster yunnanensis"], "Aster dumosus": []}},
    )
    assert {(change.kind, change.name) for change in changes} == {
        ("gone", "Aster cordatus"), ("added", "Aster dumosus"), ("name-gone", "Aster xylorhiza"), ("name-added", "Aster yunnanensis"),
    }  # fmt: skip


def test_a_delisting_is_a_change_of_listing_and_of_status(states: States) -> None:
    changes = states.changes(
        {"taxa": WATER_HYACINTH, "listed": ["Eichhornia crassipes"]}, {"taxa": WATER_HYACINTH}
    )
    assert told(changes) == {
        ("listing", f"{LIST}: invasive", None),
        ("status", "invasive, introduced, officiallyListed", "unknown, introduced"),
    }


def test_records_whose_name_now_means_another_taxon_are_counted_with_their_first_lines(
    states: States,
) -> None:
    taxa = {"Aster alpinus": [], "Aster borealis": []}
    changes = states.changes(
        {
            "taxa": taxa,
            "matched": {"Aster": "Aster alpinus", "Bster": "Aster borealis"},
            "records": {"Aster": 5, "Bster": 1},
        },
        {"taxa": taxa, "matched": {"Aster": None, "Bster": "Aster borealis"}},
    )
    (change,) = changes
    assert (change.kind, change.name, change.formerly, change.nowadays, change.records) == (
        "records", "Aster", "Aster alpinus", None, 5,
    )  # fmt: skip
    assert [(example["file"], example["line"]) for example in change.examples] == [
        ("调查.csv", n) for n in (2, 3, 4)
    ]


def test_records_of_a_renamed_taxon_do_not_change_what_they_are(states: States) -> None:
    changes = states.changes(
        {
            "taxa": WATER_HYACINTH,
            "matched": {"Eichhornia": "Eichhornia crassipes"},
            "records": {"Eichhornia": 2},
        },
        {"taxa": RENAMED, "matched": {"Eichhornia": "Pontederia crassipes"}},
    )
    assert [(change.kind, change.records) for change in changes] == [("renamed", 2)]


def test_a_decision_shows_as_such_in_the_records_it_moved(states: States) -> None:
    taxa = {"Aster alpinus": [], "Aster borealis": []}
    changes = states.changes(
        {"taxa": taxa, "matched": {"Aster": "Aster alpinus"}, "records": {"Aster": 1}},
        {"taxa": taxa, "matched": {"Aster": "Aster borealis"}, "decided": ["Aster"]},
    )
    assert [(change.nowadays, change.decisionId) for change in changes] == [("Aster borealis", "d-1")]


def test_the_run_notes_only_what_records_lists_or_warnings_rest_on(tmp_path: Path) -> None:
    former = write_state(
        tmp_path / "former.duckdb",
        {"Aster alpinus": [], "Aster cordatus": []},
        matched={"Aster": "Aster alpinus"},
        records={"Aster": 2},
    )
    latter = write_state(
        tmp_path / "latter.duckdb",
        {"Aster borealis": ["Aster alpinus"], "Aster dumosus": []},
        matched={"Aster": "Aster borealis"},
    )
    with duckdb.connect(str(latter)) as connection:
        attach(connection, "former", former)
        assert build_changes(connection, "former") == 1
        row = connection.execute(
            "SELECT kind, formerly, nowadays, records, warningIds FROM out_name_change"
        ).fetchone()
    assert row == ("renamed", "Aster alpinus", "Aster borealis", 2, [])


def test_without_a_former_generation_nothing_has_changed() -> None:
    with open_in_memory() as connection:
        assert build_changes(connection, None) == 0
