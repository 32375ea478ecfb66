"""A sheet: the rows of one text file or one sheet of a workbook, every cell as the text its author sees.

Finding tables on it belongs to `surveys.layout`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

CELL_SEPARATOR = "\x1f"  # between the cells of a row that was taken apart already


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
    name: str, numbered_rows: list[tuple[int, list[str]]], *, encoding: str = "",
    merged: tuple[MergedCells, ...] = (), file: str = "",
) -> Sheet:  # fmt: skip
    """A Sheet of rows already taken apart into cells."""
    texts = [
        CELL_SEPARATOR.join(cell.replace(CELL_SEPARATOR, " ") for cell in cells) for _, cells in numbered_rows
    ]
    lines = pa.table(
        {
            "line": pa.array([line for line, _ in numbered_rows], pa.int64()),
            "text": pa.array(texts, pa.string()),
        }
    )
    return Sheet(name, lines, CELL_SEPARATOR, encoding, merged, file)
