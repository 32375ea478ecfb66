"""The problem report as one HTML page that opens with no network: what to mend, grouped by cause, in both languages.

What a problem is and says is decided in `monitoring`. The page stays small however bad the file is: it shows the first
of every kind and says how many more there are; all of them are in the CSV.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from monitoring.inspection import Inspection
from monitoring.problems import LINES_SHOWN, SEVERITIES, Cause, Problem, make_visible
from reports.page import inlined, render
from store.catalogue import BilingualText, Language, remedy, text, why
from surveys.columns import Column
from surveys.opening import SurveyFile
from surveys.terms import label_of

TEMPLATE = "problems.html.j2"
GROUPS_SHOWN = 100
COLUMNS_APART = 12  # a cross-table has a column for every plot, and may have the same mistake in each
FILE_PROBLEMS_SHOWN_OF_A_RULE = 12
VALUES_SHOWN = 24
VALUES_OPEN = 5
ROWS_SHOWN = 20
CHANGES_SHOWN = 200
COLUMNS_SHOWN = 300
LONGEST_CELL = 120
LONGEST_SENTENCE = 600
ENOUGH_TO_CHOOSE_FROM = 4
COLOURS = {"fatal": "red", "error": "red", "warning": "yellow", "info": "blue"}
MADE_VISIBLE = re.compile(r"(‹U\+[0-9A-F]{4,6}›|␣)")


@dataclass
class Group:
    """Problems of one rule in one column, or one problem of the file: its commonest values and the first of its rows.

    Where a rule fails in very many columns, they are one group, whose example has no column.
    """

    example: Problem
    count: int = 0
    valueCount: int = 0
    values: list[Cause] = field(default_factory=list)
    rows: list[Problem] = field(default_factory=list)
    kinds: set[Hashable] = field(default_factory=set)

    @property
    def is_about_rows(self) -> bool:
        return self.values[0].lines != ()

    @property
    def has_many_columns(self) -> bool:
        return self.example.column is None and any(cause.example.column for cause in self.values)

    @property
    def told(self) -> Problem:
        """The example, with … for the value where the group has several."""
        if len({(cause.example.value, cause.example.suggestion) for cause in self.values}) < 2:
            return self.example
        rule, any_value = self.example.rule, {"value": "…", "suggestion": "…"}
        return dataclasses.replace(
            self.example,
            message=text("quality", rule, **any_value),
            why=why("quality", rule, **any_value),
            fix=remedy("quality", rule, **any_value),
        )

    def take(self, other: Group) -> None:
        self.count += other.count
        self.valueCount += other.valueCount
        self.values += other.values[: VALUES_SHOWN - len(self.values)]
        self.kinds |= other.kinds


@dataclass(frozen=True)
class TableRead:
    """One table of the file as it was understood, with as many of its columns as the page has room for."""

    sheet: str
    headerLine: int
    columns: Sequence[Column]
    columnCount: int
    stated: dict[str, str]


def write_problem_page(inspection: Inspection, path: Path, language: Language) -> None:
    """Write the page of an inspected file; `language` is the one it opens in."""
    groups = grouped(inspection.causes())
    shown = _shown(groups)
    _add_rows(shown, inspection.problems())
    difference = inspection.difference
    tables = list(_tables_read(inspection.survey))
    _write(path, language, inspection.fileName, groups, shown, {
        "inspection": inspection,
        "checked": f"{inspection.checkedAt:%Y-%m-%d %H:%M (UTC%z)}",
        "changes": list(difference.first_rows(CHANGES_SHOWN)) if difference else [],
        "tables": tables,
        "tables_left_out": len(inspection.survey.tables) - len(tables),
    })  # fmt: skip


def write_unreadable_page(problem: Problem, path: Path, language: Language) -> None:
    """Write the page of a file that cannot be read."""
    groups = grouped([Cause(problem, 1)])
    nothing_read: dict[str, Any] = {"inspection": None, "changes": [], "tables": [], "tables_left_out": 0}
    _write(path, language, problem.file, groups, groups, nothing_read)


def grouped(causes: Iterable[Cause]) -> list[Group]:
    """The causes by rule and column: those of the file first, then by severity, the most frequent first."""
    groups: dict[Hashable, Group] = {}
    for cause in causes:
        kind = _kind_of(cause.example)
        group = groups.setdefault(kind, Group(cause.example, kinds={kind}))
        group.count += cause.count
        group.valueCount += 1
        if len(group.values) < VALUES_SHOWN:
            group.values.append(cause)
    return sorted(
        _columns_together(groups.values()),
        key=lambda group: (group.is_about_rows, SEVERITIES.index(group.example.severity), -group.count),
    )


def _kind_of(problem: Problem) -> Hashable:
    kind = (problem.rule, problem.severity, problem.column, problem.header, problem.acknowledged)
    return kind if problem.line is not None else (*kind, problem.sheet, problem.value, problem.message)


def _columns_together(groups: Iterable[Group]) -> Iterator[Group]:
    by_rule: dict[Hashable, list[Group]] = {}
    for group in groups:
        told = group.example
        by_rule.setdefault((group.is_about_rows, told.rule, told.severity, told.acknowledged), []).append(
            group
        )
    for several in by_rule.values():
        if len(several) <= COLUMNS_APART or not several[0].is_about_rows:
            yield from several
            continue
        together = Group(dataclasses.replace(several[0].example, column=None, header=None))
        for group in several:
            together.take(group)
        yield together


def _shown(groups: Iterable[Group]) -> list[Group]:
    """The groups there is room for; of one rule about the file, as of columns not understood, the first."""
    seen: Counter[str] = Counter()
    shown = []
    for group in groups:
        seen[group.example.rule] += not group.is_about_rows
        if group.is_about_rows or seen[group.example.rule] <= FILE_PROBLEMS_SHOWN_OF_A_RULE:
            shown.append(group)
    return shown[:GROUPS_SHOWN]


def _add_rows(groups: Iterable[Group], problems: Iterable[Problem]) -> None:
    wanting = {kind: group for group in groups if group.is_about_rows for kind in group.kinds}
    for problem in problems:
        if not wanting:
            return
        group = wanting.get(_kind_of(problem))
        if group is not None:
            group.rows.append(problem)
            if len(group.rows) == min(ROWS_SHOWN, group.count):
                for kind in group.kinds:
                    del wanting[kind]


def _tables_read(survey: SurveyFile) -> Iterator[TableRead]:
    room = COLUMNS_SHOWN
    for read in survey.tables:
        columns = [column for column in read.columns if column.header]
        if room > 0:
            yield TableRead(
                read.sheet, read.table.header_line, columns[:room], len(columns), dict(read.stated)
            )
        room -= len(columns)


def _write(
    path: Path,
    language: Language,
    file_name: str,
    groups: Sequence[Group],
    shown: Sequence[Group],
    content: dict[str, Any],
) -> None:
    still_open = [group for group in shown if group.example.acknowledged is None]
    settled = [group for group in groups if group.example.acknowledged is not None]
    counts: Counter[str] = Counter()
    for group in groups:
        if group.example.acknowledged is None:
            counts[group.example.severity] += group.count
    page = render(TEMPLATE, {
        **content,
        "file": make_visible(file_name),
        "default_language": language,
        "file_groups": [group for group in still_open if not group.is_about_rows],
        "row_groups": [group for group in still_open if group.is_about_rows],
        "settled_groups": [group for group in shown if group.example.acknowledged is not None],
        "settled_count": sum(group.count for group in settled),
        "more_groups": len(groups) - len(shown),
        "more_problems": sum(group.count for group in groups) - sum(group.count for group in shown),
        "counts": {severity: counts[severity] for severity in SEVERITIES if counts[severity]},
        "rules": sorted({group.example.rule for group in still_open}),
        "is_choice": len(still_open) >= ENOUGH_TO_CHOOSE_FROM,
        "colours": COLOURS,
        "changes_shown": CHANGES_SHOWN,
        "values_open": VALUES_OPEN,
        "lines_shown": LINES_SHOWN,
        "label_of": label_of,
        "cell": _cell,
        "sentence": _sentence,
        "visible": make_visible,
        "page_style": inlined("problems.css"),
        "script": inlined("problems.js"),
    })  # fmt: skip
    path.write_text(page, encoding="utf-8", newline="\n")


def _cell(written: str | None) -> Markup:
    """A cell as the page shows it: what is invisible spelled out and marked, a very long one cut."""
    shown = _cut(make_visible(written or ""), LONGEST_CELL)
    marked = (
        Markup("<mark>{}</mark>").format(part) if MADE_VISIBLE.fullmatch(part) else part
        for part in MADE_VISIBLE.split(shown)
    )
    return Markup("<bdi>{}</bdi>").format(Markup("").join(marked))


def _sentence(told: BilingualText) -> BilingualText:
    """A message as the page shows it: one that quotes a very long cell is cut."""
    return BilingualText(*(_cut(make_visible(said), LONGEST_SENTENCE) for said in (told.zh, told.en)))


def _cut(shown: str, longest: int) -> str:
    return shown if len(shown) <= longest else f"{shown[:longest]}…"
