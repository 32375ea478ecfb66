"""The planted-error benchmark, small and with a fixed seed; `make bench-intake` runs it whole."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.clean_surveys import LAYOUTS, clean_table
from benchmarks.intake import Score, run
from benchmarks.planted_errors import KINDS, Planted, plant
from monitoring.problems import Problem
from store.catalogue import BilingualText, catalogue

NOTHING = BilingualText("", "")


def problem(rule: str, column: str | None) -> Problem:
    return Problem(
        rule=rule, severity="error", file="a.csv", sheet="", line=2, column=column, header=None, recordId=None,
        value=None, message=NOTHING, why=NOTHING, fix=NOTHING, suggestion=None, bdq=None,
    )  # fmt: skip


def test_all_that_is_planted_is_found_in_its_place_and_nothing_else(tmp_path: Path) -> None:
    score = run(rows=200, each=1, seed=7, folder=tmp_path)
    assert not score.remarks
    assert score.is_good and score.recall == 1.0 and score.wrong_rows == 0
    assert set(score.planted) == set(KINDS)


def test_there_are_at_least_thirty_kinds_and_each_fits_a_file() -> None:
    assert len(KINDS) >= 30
    for kind, error in KINDS.items():
        assert any(error.fits(layout) for layout in LAYOUTS), kind


def test_every_expected_rule_is_one_that_there_is() -> None:
    assert {rule for error in KINDS.values() for rule in error.rules} <= set(catalogue("quality"))


def test_what_is_planted_stands_where_it_says(tmp_path: Path) -> None:
    table = clean_table(LAYOUTS[0], 150, seed=3)
    planted = plant(table, each=1, seed=3)
    lines = table.write(tmp_path).read_text(encoding="utf-8").splitlines()
    for error in planted:
        if error.kind == "date in words":
            assert "上回那天" in lines[error.line - 1]
        if error.kind == "total row":
            assert re.match("合计,+$", lines[error.line - 1])
    assert {"date in words", "total row"} <= {error.kind for error in planted}


def test_an_error_that_is_missed_or_told_at_another_column_spoils_the_score() -> None:
    error = Planted("no date", 2, ("C",), ("VALIDATION_EVENTDATE_NOTEMPTY",))
    good, missed, misplaced = Score(clean_rows=9), Score(clean_rows=9), Score(clean_rows=9)
    good.take("a.csv", error, [problem("VALIDATION_EVENTDATE_NOTEMPTY", "C")])
    missed.take("a.csv", error, [problem("VALIDATION_TAXON_NOTEMPTY", "C")])
    misplaced.take("a.csv", error, [problem("VALIDATION_EVENTDATE_NOTEMPTY", "D")])
    assert (good.is_good, missed.is_good, misplaced.is_good) == (True, False, False)
    assert (missed.recall, misplaced.recall) == (0.0, 1.0)
