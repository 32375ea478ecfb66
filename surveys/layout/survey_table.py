"""Survey tables: one table of a sheet, its header and the lines below it, before its columns are understood."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from surveys.files.sheet import Sheet


@dataclass(frozen=True)
class SurveyTable:
    """One table of a sheet.

    `lines` is an Arrow table like `Sheet.lines`, one row per line of data; a reader of exports adds what it knows of
    each row as further columns (rowKind, joinedLines, unjoinedKey). `stated` holds, by term or label, what the lines
    above the header say about all rows. `block` counts the tables that stand side by side below one header line.
    """

    sheet: Sheet
    header: tuple[str, ...]
    header_line: int
    lines: pa.Table
    title: str = ""
    stated: dict[str, str] = field(default_factory=dict)
    block: int = 1

    @property
    def delimiter(self) -> str:
        return self.sheet.delimiter
