"""A sheet: the rows of one text file or one sheet of a workbook, every cell as the text its author sees.

Finding tables on it belongs to `surveys.layout`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

CELL_SEPARATOR = "\x1f"  # between the cells of a row that was taken apart already
LINES = pa.schema([("line", pa.int64()), ("text", pa.string())])
LINES_AT_A_TIME = 20_000


@dataclass(frozen=True)
class MergedCells:
    """A block of merged cells; 1-based lines and columns, both ends inclusive."""

    first_line: int
    first_column: int
    last_line: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file.

    `lines` is an Arrow table, one row per line, in order: `line` (int64, 1-based, as the user sees it) and `text`
    (its cells joined by `delimiter`, which occurs within no cell). `name` is '' for a text file; for a member
    of a zip it is the member's name, with ` / sheet` behind it where the member is a workbook.
    """

    name: str
    lines: pa.Table
    delimiter: str = CELL_SEPARATOR
    encoding: str = ""
    merged: tuple[MergedCells, ...] = ()
    file: str = ""


def sheet_of_rows(
    name: str, numbered_rows: Iterable[tuple[int, list[str]]], *, encoding: str = "",
    merged: tuple[MergedCells, ...] = (), file: str = "",
) -> Sheet:  # fmt: skip
    """A Sheet of rows already taken apart into cells."""
    return Sheet(name, lines_of(map(_joined, numbered_rows)), CELL_SEPARATOR, encoding, merged, file)


def _joined(numbered_row: tuple[int, list[str]]) -> tuple[int, str]:
    line, cells = numbered_row
    text = CELL_SEPARATOR.join(cells)
    if text.count(CELL_SEPARATOR) >= max(len(cells), 1):  # one stands within a cell
        text = CELL_SEPARATOR.join(cell.replace(CELL_SEPARATOR, " ") for cell in cells)
    return line, text


def lines_of(numbered_texts: Iterable[tuple[int, str]]) -> pa.Table:
    """The Arrow table `lines`, made in portions: lists of Python texts are several times larger."""
    waiting = iter(numbered_texts)
    portions = []
    while portion := list(islice(waiting, LINES_AT_A_TIME)):
        numbers, texts = zip(*portion, strict=True)
        portions.append(pa.record_batch([pa.array(numbers, pa.int64()), pa.array(texts, pa.string())], LINES))
    return pa.Table.from_batches(portions, LINES).combine_chunks()
