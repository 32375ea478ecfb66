"""Blocks: tables that stand side by side below one header, and plots that have several columns each (株数 | 盖度).

Each block becomes a table of its own on the same lines, the cells of the others emptied, so that every cell keeps its
column. Where a header begins and ends is found in `tables`; one column a plot is a cross-table (`crosstabs`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pyarrow as pa

from surveys.files.sheet import CELL_SEPARATOR
from surveys.headers import tidy
from surveys.layout.survey_table import SurveyTable
from surveys.layout.titles import is_summary, stated_above
from surveys.values.dates import read_date

TermOf = Callable[[str], str | None]
NAME_TERMS = ("scientificName", "vernacularName")
Places = Sequence[int]  # 0-based columns


def blocks_of(
    table: SurveyTable, groups: Sequence[str], above: Sequence[Sequence[str]], term_of: TermOf
) -> list[SurveyTable]:
    """The tables that a header holds: itself alone, one per plot that spans several columns, or those side by side.

    `groups` has the upper of two header lines where it spans columns, `above` the lines above the header.
    """
    if by_plot := _plots_of_several_columns(table.header, groups):
        common = [place for place in range(len(table.header)) if not _at(groups, place)]
        return _split(table, by_plot, common, [_stated_by(name) for name in by_plot])
    segments = _side_by_side(table.header, term_of)
    if len(segments) < 2:
        return [table]
    named = {str(number): segment for number, segment in enumerate(segments)}
    return _split(table, named, [], _stated_for_each(segments, above, term_of))


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _plots_of_several_columns(header: Sequence[str], groups: Sequence[str]) -> dict[str, Places]:
    """By the name of a plot its columns, where two or more plots repeat the same lower headers."""
    found: dict[str, list[int]] = {}
    for place in range(len(header)):
        if name := _at(groups, place):
            found.setdefault(name, []).append(place)
    plots = {name: places for name, places in found.items() if not is_summary(name)}
    headers = {tuple(header[place] for place in places) for places in plots.values()}
    return dict(plots) if len(plots) > 1 and len(headers) == 1 else {}


def _stated_by(name: str) -> dict[str, str]:
    return {"eventDate": name} if read_date(name) else {"eventID": name}


def _side_by_side(header: Sequence[str], term_of: TermOf) -> list[Places]:
    """The columns of each table where every part of the header names a species: parted by a gap, or repeats."""
    runs: list[list[int]] = []
    for place, cell in enumerate(header):
        if not tidy(cell):
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    if len(runs) == 1:
        runs = _repeats(header, runs[0])
    named = [run for run in runs if any(term_of(header[place]) in NAME_TERMS for place in run)]
    return list(named) if len(named) > 1 and len(named) == len(runs) else []


def _repeats(header: Sequence[str], run: list[int]) -> list[list[int]]:
    """物种 | 株数 | 物种 | 株数: the same headers again and again."""
    first = header[run[0]]
    width = next((number for number, place in enumerate(run[1:], start=1) if header[place] == first), 0)
    if width < 2 or len(run) % width:
        return [run]
    parts = [run[start : start + width] for start in range(0, len(run), width)]
    same = {tuple(header[place] for place in part) for part in parts}
    return parts if len(same) == 1 else [run]


def _stated_for_each(
    segments: Sequence[Places], above: Sequence[Sequence[str]], term_of: TermOf
) -> list[dict[str, str]]:
    """What the lines above say of each table: what stands over it, and what stands over the first one alone, of all."""
    stated: list[dict[str, str]] = [{} for _ in segments]
    for row in above:
        parts = [
            [_at(row, place) for place in range(_end(segments, number))] for number in range(len(segments))
        ]
        begins = [0, *(segment[0] for segment in segments[1:])]
        parts = [part[begin:] for part, begin in zip(parts, begins, strict=True)]
        over_one = sum(any(map(tidy, part)) for part in parts) == 1
        for number, part in enumerate(parts):
            stated[number] |= stated_above([part], term_of)
            bare = [tidy(cell) for cell in part if tidy(cell)]
            if not over_one and len(bare) == 1 and "eventID" not in stated[number] and not _is_pair(bare[0]):
                stated[number]["eventID"] = bare[0]
        if over_one and any(map(tidy, parts[0])):
            for each in stated[1:]:
                each |= stated_above([parts[0]], term_of)
    return stated


def _is_pair(text: str) -> bool:
    return ":" in text or "：" in text


def _end(segments: Sequence[Places], number: int) -> int:
    """Where the columns above a table end: where the next one begins."""
    return segments[number + 1][0] if number + 1 < len(segments) else segments[number][-1] + 1


def _split(
    table: SurveyTable, blocks: dict[str, Places], common: Places, stated: Sequence[dict[str, str]]
) -> list[SurveyTable]:
    """One table per block, of the lines that fill any of its columns; a line that fills none belongs to the first."""
    lines = table.lines["line"].to_pylist()
    rows = [text.split(table.delimiter) for text in table.lines["text"].to_pylist()]
    of_any = {place for places in blocks.values() for place in places}
    tables = []
    for number, (places, said) in enumerate(zip(blocks.values(), stated, strict=True)):
        shown = {*common, *places}
        told = [
            (line, _only(row, shown if fills else {*shown, *range(len(table.header), len(row))}), fills)
            for line, row in zip(lines, rows, strict=True)
            if (fills := _fills(row, places)) or (number == 0 and not _fills(row, of_any))
        ]
        tables.append(
            replace(
                table,
                sheet=replace(table.sheet, delimiter=CELL_SEPARATOR),
                header=tuple(cell if place in shown else "" for place, cell in enumerate(table.header)),
                lines=_lines_of(told, is_cross=bool(common)),
                stated=table.stated | said,
                block=number + 1,
            )
        )
    return tables


def _fills(row: Sequence[str], places: Sequence[int] | set[int]) -> bool:
    return any(tidy(_at(row, place)) for place in places)


def _only(row: Sequence[str], places: set[int]) -> str:
    return CELL_SEPARATOR.join(cell if place in places else "" for place, cell in enumerate(row))


def _lines_of(told: Sequence[tuple[int, str, bool]], *, is_cross: bool) -> pa.Table:
    """The lines of a block; of a cross-table, those on which no plot is filled say nothing of any."""
    return pa.table(
        {
            "line": pa.array([line for line, _, _ in told], pa.int64()),
            "text": pa.array([text for _, text, _ in told], pa.string()),
            "rowKind": pa.array(
                ["unfilled" if is_cross and not fills else None for *_, fills in told], pa.string()
            ),
        }
    )
