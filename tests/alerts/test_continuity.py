"""Nothing stops alarming because a name changed: what becomes of the warnings of the last generation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from alerts.continuity import carry_over
from alerts.notices import build_notices
from species.changes import build_changes
from tests.species.states import write_state, write_warning

DAY = date(2026, 7, 1)
OLD, NEW = "Eichhornia crassipes", "Pontederia crassipes"


class Runs:
    """Two runs after each other: what the first published, and what the second finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connections: list[duckdb.DuckDBPyConnection] = []

    def second(
        self,
        before: Mapping[str, Any],
        warned: Mapping[str, str],
        after: Mapping[str, Any],
        found: Mapping[str, str],
        held: str | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """`warned`: warningId to taxon in the first run; `found`: the same in the second, before anything goes on."""
        former = write_state(self.folder / "former.duckdb", **before)
        with duckdb.connect(str(former)) as connection:
            evidence = [name for (name,) in connection.execute(
                "SELECT recordId FROM core_occurrence UNION SELECT recordId FROM core_quarantine").fetchall()]  # fmt: skip
            for warning, taxon in warned.items():
                write_warning(connection, warning, taxon, evidence, held)
        latter = duckdb.connect(str(write_state(self.folder / "latter.duckdb", **after)))
        self.connections.append(latter)
        latter.execute(f"ATTACH '{former}' AS former (READ_ONLY)")
        for warning, taxon in found.items():
            write_warning(latter, warning, taxon, ())
        result = latter.execute("SELECT * FROM out_warning ORDER BY warningId")
        columns = [column[0] for column in result.description]
        warnings = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        carried = carry_over(latter, warnings, "former", DAY)
        latter.execute("DELETE FROM out_warning")
        for warning in carried:
            latter.execute(
                f"INSERT INTO out_warning VALUES ({', '.join('?' * len(columns))})",
                [warning[name] for name in columns],
            )
        build_changes(latter, "former")
        build_notices(latter, "former", DAY, 12)
        return latter


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    state = Runs(tmp_path)
    yield state
    for connection in state.connections:
        connection.close()


def warnings(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, date | None]]:
    return connection.execute("SELECT warningId, taxonID, heldSince FROM out_warning ORDER BY 1").fetchall()


def notices(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute("SELECT warningId, kind FROM out_notice ORDER BY warningId, kind").fetchall()


def state(
    taxa: Mapping[str, list[str]], listed: str | None, matched: str | None, **more: Any
) -> dict[str, Any]:
    names = {"taxa": taxa, "listed": [listed] if listed else []}
    return names | {"matched": {"Eichhornia": matched}, "records": {"Eichhornia": 2}} | more


BEFORE = state({OLD: ["凤眼蓝"]}, OLD, OLD)


def test_a_renamed_taxon_keeps_its_warning_under_its_id(runs: Runs) -> None:
    run = runs.second(BEFORE, {"w-1": OLD}, state({NEW: [OLD, "凤眼蓝"]}, NEW, NEW), {"w-2": NEW})
    assert warnings(run) == [("w-1", f"pw:{NEW}", None)]
    assert notices(run) == [("w-1", "renamed")]


def test_a_warning_that_nothing_touched_goes_on_without_a_notice(runs: Runs) -> None:
    run = runs.second(BEFORE, {"w-1": OLD}, BEFORE, {"w-1": OLD})
    assert warnings(run) == [("w-1", f"pw:{OLD}", None)]
    assert notices(run) == []


def test_a_listed_taxon_that_becomes_a_synonym_of_another_goes_on_warning_as_that(runs: Runs) -> None:
    both = {OLD: [], NEW: []}
    before = {"taxa": both, "listed": [OLD], "matched": {"E": OLD, "P": NEW}, "records": {"E": 1, "P": 1}}
    after = {
        "taxa": {NEW: [OLD]},
        "listed": [NEW],
        "matched": {"E": NEW, "P": NEW},
        "records": {"E": 1, "P": 1},
    }
    run = runs.second(before, {"w-1": OLD}, after, {"w-2": NEW})
    assert warnings(run) == [("w-1", f"pw:{NEW}", None)]


def test_two_warned_taxa_united_keep_one_warning_and_tell_of_the_other(runs: Runs) -> None:
    before = {
        "taxa": {OLD: [], NEW: []}, "listed": [OLD, NEW], "matched": {"E": OLD, "P": NEW},
        "records": {"E": 1, "P": 1},
    }  # fmt: skip
    after = {
        "taxa": {NEW: [OLD]},
        "listed": [NEW],
        "matched": {"E": NEW, "P": NEW},
        "records": {"E": 1, "P": 1},
    }
    run = runs.second(before, {"w-old": OLD, "w-new": NEW}, after, {"w-x": NEW})
    assert warnings(run) == [("w-new", f"pw:{NEW}", None)]
    assert notices(run) == [("w-old", "merged")]


def test_a_warning_whose_name_no_longer_matches_stays_marked(runs: Runs) -> None:
    run = runs.second(BEFORE, {"w-1": OLD}, state({"Ulmus pumila": []}, None, None), {})
    assert warnings(run) == [("w-1", f"pw:{OLD}", DAY)]
    assert notices(run) == [("w-1", "held"), ("w-1", "records-none")]
    (reasons,) = run.execute("SELECT reasons FROM out_warning").fetchone() or ("",)
    assert [reason["rule"] for reason in json.loads(reasons)] == ["new-to-region", "held-name"]


def test_a_warning_whose_records_a_split_took_away_stays_marked(runs: Runs) -> None:
    before = state({OLD: ["Eichhornia minor"]}, OLD, OLD)
    after = state({OLD: [], "Eichhornia minor": []}, OLD, "Eichhornia minor")
    run = runs.second(before, {"w-1": OLD}, after, {})
    assert warnings(run) == [("w-1", f"pw:{OLD}", DAY)]


def test_a_held_warning_stays_held_since_its_day_until_a_person_decides(runs: Runs) -> None:
    lost = state({"Ulmus pumila": []}, None, None)
    run = runs.second(lost, {"w-1": OLD}, lost, {}, held="2026-05-01")
    assert warnings(run) == [("w-1", f"pw:{OLD}", date(2026, 5, 1))]
    assert notices(run) == []


def test_a_person_who_decides_that_it_is_something_else_ends_the_warning(runs: Runs) -> None:
    lost = state({"Ulmus pumila": []}, None, None)
    decided = state({"Ulmus pumila": []}, None, "Ulmus pumila", decided=["Eichhornia"])
    run = runs.second(lost, {"w-1": OLD}, decided, {}, held="2026-05-01")
    assert warnings(run) == []
    assert [kind for _, kind in notices(run)] == []


def test_a_person_who_decides_ends_an_open_warning_with_a_notice(runs: Runs) -> None:
    taxa = {OLD: [], "Ulmus pumila": []}
    decided = state(taxa, OLD, "Ulmus pumila", decided=["Eichhornia"])
    run = runs.second(state(taxa, OLD, OLD), {"w-1": OLD}, decided, {})
    assert warnings(run) == []
    assert notices(run) == [("w-1", "decided"), ("w-1", "records-decided")]


def test_a_delisting_ends_the_warning_with_a_notice(runs: Runs) -> None:
    run = runs.second(BEFORE, {"w-1": OLD}, state({OLD: ["凤眼蓝"]}, None, OLD), {})
    assert warnings(run) == []
    assert notices(run) == [("w-1", "delisted")]


def test_a_list_that_goes_on_under_a_name_the_records_do_not_bear_holds_the_warning(runs: Runs) -> None:
    after = state({OLD: [], NEW: ["凤眼蓝"]}, NEW, OLD)
    run = runs.second(BEFORE, {"w-1": OLD}, after, {})
    assert warnings(run) == [("w-1", f"pw:{OLD}", DAY)]


def test_a_warning_whose_records_were_corrected_may_end(runs: Runs) -> None:
    after = state({OLD: []}, OLD, OLD) | {"matched": {"Ulmus": None}, "records": {"Ulmus": 2}}
    run = runs.second(BEFORE, {"w-1": OLD}, after, {})
    assert warnings(run) == []


def test_an_id_that_went_over_to_another_taxon_is_not_given_again(runs: Runs) -> None:
    taxa = {OLD: [], NEW: []}
    before = {
        "taxa": {NEW: [OLD]},
        "listed": [NEW],
        "matched": {"E": NEW, "P": NEW},
        "records": {"E": 1, "P": 1},
    }
    after = {"taxa": taxa, "listed": [OLD, NEW], "matched": {"E": OLD, "P": NEW}, "records": {"E": 1, "P": 1}}
    run = runs.second(before, {"w-old": NEW}, after, {"w-new": NEW, "w-old": OLD})
    assert warnings(run) == [("w-old", f"pw:{NEW}", None), ("w-old-2", f"pw:{OLD}", None)]
