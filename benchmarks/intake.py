"""The planted-error benchmark of survey intake: `make bench-intake`.

Errors of every kind are put into clean files at random, and `parkwatch check`'s own inspection looks for them. Ends
with 1 where recall, wrong errors, or the line and column of any problem miss their mark.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks.clean_surveys import LAYOUTS, clean_table
from benchmarks.invented import REGION
from benchmarks.planted_errors import Planted, plant
from monitoring.inspection import inspect_survey
from monitoring.problems import Problem
from store.region import read_region

TODAY = date(2026, 6, 30)
LEAST_RECALL = 0.99
MOST_WRONG = 0.003
HELD_BACK = ("error", "fatal")


@dataclass
class Score:
    """What came of the planted errors, by kind, and of the clean rows, over all files."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    rightly_placed: Counter[str] = field(default_factory=Counter)
    clean_rows: int = 0
    wrong_rows: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found.total() / max(self.planted.total(), 1)

    @property
    def wrong(self) -> float:
        return self.wrong_rows / max(self.clean_rows, 1)

    @property
    def is_good(self) -> bool:
        placed = self.rightly_placed == self.found
        return self.recall >= LEAST_RECALL and self.wrong <= MOST_WRONG and placed

    def take(self, file_name: str, error: Planted, problems: list[Problem]) -> None:
        """Judge what was said on the line of one planted error."""
        self.planted[error.kind] += 1
        meant = [problem for problem in problems if problem.rule in error.rules]
        if not meant:
            said = sorted({f"{problem.rule} at {problem.column}" for problem in problems})
            self.remarks.append(f"missed: {error.kind}, {file_name}, line {error.line}; said: {said}")
            return
        self.found[error.kind] += 1
        if any(problem.column in (error.columns or (None,)) for problem in meant):
            self.rightly_placed[error.kind] += 1
        else:
            columns = [problem.column for problem in meant]
            self.remarks.append(
                f"misplaced: {error.kind}, {file_name}, line {error.line}: {columns}, not {error.columns}"
            )


def run(rows: int, each: int, seed: int, folder: Path) -> Score:
    """Plant every fitting kind `each` times into `rows` rows of each layout, and look for them."""
    score = Score()
    region = read_region(REGION)
    for place, layout in enumerate(LAYOUTS):
        table = clean_table(layout, rows, seed + place)
        planted = plant(table, each, seed + place)
        path = table.write(folder)
        scratch = folder / f"scratch-{place}"
        scratch.mkdir()
        by_line: dict[int | None, list[Problem]] = {}
        with inspect_survey(path, path.name, region, TODAY, scratch) as inspection:
            for problem in inspection.problems():
                by_line.setdefault(problem.line, []).append(problem)
            read = inspection.totals.read
        for error in planted:
            score.take(path.name, error, by_line.pop(error.line, []))
        _judge_clean_rows(score, path.name, read - len(planted), by_line)
    return score


def _judge_clean_rows(
    score: Score, file_name: str, clean_rows: int, by_line: dict[int | None, list[Problem]]
) -> None:
    score.clean_rows += clean_rows
    for line, problems in by_line.items():
        wrong = [problem for problem in problems if problem.severity in HELD_BACK]
        if line is not None and wrong:
            score.wrong_rows += 1
            score.remarks.append(f"wrong: {file_name}, line {line}: {wrong[0].rule} about {wrong[0].value}")


def show(score: Score) -> None:
    print(f"{'kind of error':40} planted  found  line and column right")
    for kind, planted in score.planted.items():
        print(f"{kind:40} {planted:7} {score.found[kind]:6} {score.rightly_placed[kind]:6}")
    for remark in score.remarks[:40]:
        print("  ", remark)
    print(
        f"{len(score.planted)} kinds, {score.planted.total()} planted: recall {score.recall:.2%} "
        f"(at least {LEAST_RECALL:.0%}); {score.wrong_rows} of {score.clean_rows} clean rows held back, "
        f"{score.wrong:.2%} (at most {MOST_WRONG:.1%}); line and column right for "
        f"{score.rightly_placed.total()} of {score.found.total()}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000, help="clean rows a file")
    parser.add_argument(
        "--each", type=int, default=10, help="times each kind is planted in each file it fits"
    )
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed, the same files")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as folder:
        score = run(given.rows, given.each, given.seed, Path(folder))
    show(score)
    sys.exit(0 if score.is_good else 1)


if __name__ == "__main__":
    main()
