"""Cells: the texts of one line of a sheet, and merged cells filled in where one value is meant for several lines."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from surveys.files.sheet import CELL_SEPARATOR, MergedCells, Sheet


def cells_of(sheet: Sheet, index: int) -> list[str]:
    """The cells of the line at an index of `sheet.lines` (0-based)."""
    text: str = sheet.lines["text"][index].as_py()
    return text.split(sheet.delimiter)


def filled_down(lines: pa.Table, merged: Collection[MergedCells], columns: Collection[int]) -> pa.Table:
    """Lines in which the value of a merged block stands on every line it spans.

    Only in the given 1-based columns, those of the visit: a species or a count merged over lines is one record.
    """
    blocks = [
        block for block in merged if block.first_column in columns and block.last_line > block.first_line
    ]
    if not blocks:
        return lines
    place = {line: index for index, line in enumerate(lines["line"].to_pylist())}
    rows = [text.split(CELL_SEPARATOR) for text in lines["text"].to_pylist()]
    for block in blocks:
        top = place.get(block.first_line)
        if top is None or block.first_column > len(rows[top]):
            continue
        value = rows[top][block.first_column - 1]
        for line in range(block.first_line + 1, block.last_line + 1):
            row = rows[place[line]] if line in place else []
            if any(row) and block.first_column <= len(row):
                row[block.first_column - 1] = row[block.first_column - 1] or value
    texts = pa.array([CELL_SEPARATOR.join(row) for row in rows], pa.string())
    return lines.set_column(lines.schema.get_field_index("text"), "text", texts)
