"""The problem report as one HTML page that opens with no network: what to mend, grouped by cause, in both languages.

What a problem is and says is decided in `monitoring`. The page stays small however bad the file is: it shows the first
of every kind and says how many more there are; all of them are in the CSV.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitoring.inspection import Inspection
from monitoring.problems import SEVERITIES, Cause, Problem
from reports.page import inline_script, render
from store.catalogue import Language, remedy, text, why

TEMPLATE = "problems.html.j2"
GROUPS_SHOWN = 150
VALUES_SHOWN = 12
ROWS_SHOWN = 30
CHANGES_SHOWN = 200
LONGEST_CELL = 300


@dataclass
class Group:
    """Problems of one rule in one column, or one problem of the file: its commonest values and the first of its rows."""

    example: Problem
    count: int = 0
    valueCount: int = 0
    values: list[Cause] = field(default_factory=list)
    rows: list[Problem] = field(default_factory=list)

    @property
    def is_about_rows(self) -> bool:
        return self.example.line is not None

    @property
    def told(self) -> Problem:
        """The example, with … for the value where the group has several."""
        if self.valueCount < 2:
            return self.example
        rule, any_value = self.example.rule, {"value": "…", "suggestion": "…"}
        return dataclasses.replace(
            self.example,
            message=text("quality", rule, **any_value),
            why=why("quality", rule, **any_value),
            fix=remedy("quality", rule, **any_value),
        )


def write_problem_page(inspection: Inspection, path: Path, language: Language) -> None:
    """Write the page of an inspected file; `language` is the one it opens in."""
    groups = grouped(inspection.causes())
    shown, more = groups[:GROUPS_SHOWN], groups[GROUPS_SHOWN:]
    _add_rows(shown, inspection.problems())
    difference = inspection.difference
    _write(path, language, {
        "file": inspection.fileName,
        "inspection": inspection,
        "open_groups": [group for group in shown if group.example.acknowledged is None],
        "settled_groups": [group for group in shown if group.example.acknowledged is not None],
        "more_groups": len(more),
        "more_problems": sum(group.count for group in more),
        "changes": list(difference.first_rows(CHANGES_SHOWN)) if difference else [],
        "changes_shown": CHANGES_SHOWN,
    })  # fmt: skip


def write_unreadable_page(problem: Problem, path: Path, language: Language) -> None:
    """Write the page of a file that cannot be read."""
    group = Group(problem, count=1, valueCount=1)
    _write(path, language, {
        "file": problem.file, "inspection": None, "open_groups": [group], "settled_groups": [], "more_groups": 0,
        "more_problems": 0, "changes": [], "changes_shown": CHANGES_SHOWN,
    })  # fmt: skip


def grouped(causes: Iterable[Cause]) -> list[Group]:
    """The causes by rule and column: those of the file first, then by severity, the most frequent first."""
    groups: dict[Hashable, Group] = {}
    for cause in causes:
        group = groups.setdefault(_kind_of(cause.example), Group(cause.example))
        group.count += cause.count
        group.valueCount += 1
        if len(group.values) < VALUES_SHOWN:
            group.values.append(cause)
    return sorted(
        groups.values(),
        key=lambda group: (group.is_about_rows, SEVERITIES.index(group.example.severity), -group.count),
    )


def _kind_of(problem: Problem) -> Hashable:
    kind = (problem.rule, problem.severity, problem.column, problem.header, problem.acknowledged)
    return kind if problem.line is not None else (*kind, problem.sheet, problem.value, problem.message)


def _add_rows(groups: Iterable[Group], problems: Iterable[Problem]) -> None:
    by_kind = {_kind_of(group.example): group for group in groups if group.is_about_rows}
    for problem in problems:
        group = by_kind.get(_kind_of(problem))
        if group is not None and len(group.rows) < ROWS_SHOWN:
            group.rows.append(problem)


def _write(path: Path, language: Language, content: dict[str, Any]) -> None:
    page = render(TEMPLATE, {
        **content,
        "default_language": language,
        "severities": SEVERITIES,
        "rules": sorted({group.example.rule for group in content["open_groups"]}),
        "short": _short,
        "script": inline_script("problems.js"),
    })  # fmt: skip
    path.write_text(page, encoding="utf-8", newline="\n")


def _short(cell: str | None) -> str:
    """A cell as the page shows it: a very long one is cut."""
    shown = cell or ""
    return shown if len(shown) <= LONGEST_CELL else f"{shown[:LONGEST_CELL]}…"
