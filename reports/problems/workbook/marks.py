"""Marks: the colour and the note that each cell with a problem gets, in plain terms; writing them is left to others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from openpyxl.utils import column_index_from_string

from monitoring.inspection import Inspection
from monitoring.problems import SEVERITIES, Problem

COLOURS = {"fatal": "FF9C9C", "error": "FF9C9C", "warning": "FFD98A", "info": "CFE3F7"}
# Spreadsheet programs grow slow with many comments; beyond these, cells are only coloured and the list has the texts.
MOST_COMMENTS = 5_000


@dataclass
class Marks:
    """What is to be seen on one sheet: severities and notes by (line, column), both 1-based."""

    severities: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[tuple[int, int], list[str]] = field(default_factory=dict)

    def add(self, place: tuple[int, int], problem: Problem) -> None:
        known = self.severities.get(place)
        if known is None or SEVERITIES.index(problem.severity) < SEVERITIES.index(known):
            self.severities[place] = problem.severity

    def on_blocks(self, blocks: list[tuple[int, int, int, int]]) -> Marks:
        """The same where cells are merged: a block shows what its first cell holds, and nothing else."""
        moved = Marks()
        columns_of: dict[int, list[int]] = {}
        for line, column in self.severities:
            columns_of.setdefault(line, []).append(column)
        lines = sorted(columns_of)
        shown_at = {
            (line, column): (first_line, first_column)
            for first_column, first_line, last_column, last_line in blocks
            for line in lines[bisect_left(lines, first_line) : bisect_right(lines, last_line)]
            for column in columns_of[line]
            if first_column <= column <= last_column
        }
        for place, severity in self.severities.items():
            shown = shown_at.get(place, place)
            moved.severities[shown] = min(
                severity, moved.severities.get(shown, severity), key=SEVERITIES.index
            )
        for place, said in self.notes.items():
            moved.notes.setdefault(shown_at.get(place, place), []).extend(said)
        return moved

    def colours(self) -> dict[int, dict[int, str]]:
        by_line: dict[int, dict[int, str]] = {}
        for (line, column), severity in self.severities.items():
            by_line.setdefault(line, {})[column] = COLOURS[severity]
        return by_line


def marks_by_sheet(inspection: Inspection) -> dict[str, Marks]:
    """The marks of all problems that nobody has let stand, by the sheet as the inspection names it."""
    marks: dict[str, Marks] = {}
    commented = 0
    for problem in inspection.problems():
        place = place_of(problem, inspection)
        if place is None or problem.acknowledged is not None:
            continue
        on_sheet = marks.setdefault(problem.sheet, Marks())
        at = place[1], column_index_from_string(place[0])
        on_sheet.add(at, problem)
        if at not in on_sheet.notes:
            if commented >= MOST_COMMENTS:
                continue
            commented += 1
        on_sheet.notes.setdefault(at, []).append(_said_of(problem))
    return marks


def place_of(problem: Problem, inspection: Inspection) -> tuple[str, int] | None:
    """The cell of a problem: its own, the first of its line, or the header of its column."""
    if problem.line is not None:
        return problem.column or "A", problem.line
    if problem.column is None:
        return None
    header_line = next(
        (read.table.header_line for read in inspection.survey.tables if read.sheet == problem.sheet), 1
    )
    return problem.column, header_line


def _said_of(problem: Problem) -> str:
    lines = [
        f"【{problem.rule}】",
        problem.message.zh, f"→ {problem.fix.zh}", problem.message.en, f"→ {problem.fix.en}",
    ]  # fmt: skip
    if problem.suggestion:
        lines.insert(3, f"{problem.value or ''} → {problem.suggestion}")
    return "\n".join(lines)
