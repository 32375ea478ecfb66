"""Delimited text: the rows of a CSV or TSV file with the line each begins on, exactly as the user sees it.

Finding headers and tables belongs to `surveys.layout`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from surveys.errors import UnreadableFile
from surveys.files.encodings import decode
from surveys.files.sheet import Sheet, sheet_of_rows

DELIMITERS = (",", "\t", ";", "|", "，")
LINES_LOOKED_AT = 40
MAX_COLUMNS = 500
MAX_LINES_IN_A_CELL = 50
csv.field_size_limit(1 << 20)


def read_delimited(content: bytes, file_name: str, sheet_name: str = "") -> Sheet:
    """The text file as one sheet; raises UnreadableFile for bytes or quotation marks that cannot be read."""
    decoded = decode(content, file_name)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = _delimiter(text)
    _refuse_too_wide(text, delimiter, file_name)
    if '"' in text:
        rows = list(_rows(text, delimiter, file_name))
        return sheet_of_rows(sheet_name, rows, encoding=decoded.encoding, file=file_name)
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    numbered = pa.table(
        {"line": pa.array(range(1, len(lines) + 1), pa.int64()), "text": pa.array(lines, pa.string())}
    )
    return Sheet(sheet_name, numbered, delimiter, decoded.encoding, file=file_name)


def _delimiter(text: str) -> str:
    """The delimiter that parts the most of the first lines into one and the same number of cells.

    A full-width comma also stands within cells, so that the others go before it.
    """
    head = "\n".join(text.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT])

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(
            len(cells) for cells in csv.reader(io.StringIO(head), delimiter=delimiter) if len(cells) > 1
        )
        width, lines = max(widths.items(), key=lambda item: item[1], default=(1, 0))
        return lines, width

    try:
        best = max(DELIMITERS, key=agreement)
    except csv.Error:  # a cell beyond all measure; `_rows` says which
        return max(DELIMITERS, key=head.count)
    return best


def _refuse_too_wide(text: str, delimiter: str, file_name: str) -> None:
    """Before anything is parsed: no survey table is hundreds of columns wide."""
    if text.count(delimiter) < MAX_COLUMNS:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        found = line.count(delimiter) + 1
        if found > MAX_COLUMNS:
            raise UnreadableFile(
                "error-too-many-columns", file=file_name, line=number, found=found, most=MAX_COLUMNS
            )


def _rows(text: str, delimiter: str, file_name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins_on = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as cause:
            raise UnreadableFile("error-quote-unclosed", file=file_name, line=begins_on) from cause
        if reader.line_num - begins_on > MAX_LINES_IN_A_CELL:
            raise UnreadableFile("error-quote-unclosed", file=file_name, line=begins_on)
        yield begins_on, cells
        begins_on = reader.line_num + 1
