"""Delimited text: the rows of a CSV or TSV file with the line each begins on, exactly as the user sees it.

Finding headers and tables belongs to `surveys.layout`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from surveys.errors import UnreadableFile
from surveys.files.encodings import encoding_of
from surveys.files.scanning import MAX_LINE_IN_BYTES
from surveys.files.sheet import Sheet, lines_of, sheet_of_rows

DELIMITERS = (",", "\t", ";", "|", "，")
LINES_LOOKED_AT = 40
CHARACTERS_LOOKED_AT = 1 << 16
MAX_COLUMNS = 500
MAX_LINES_IN_A_CELL = 50
END = "\x00"  # occurs in no file that is let through
csv.field_size_limit(MAX_LINE_IN_BYTES)


def read_delimited(content: bytes, file_name: str, sheet_name: str = "") -> Sheet:
    """The text file as one sheet; raises UnreadableFile for bytes or quotation marks that cannot be read."""
    encoding = encoding_of(content, file_name)
    delimiter = _delimiter(content, encoding)
    if b'"' in content:
        deque(
            _rows(_lines(content, encoding), delimiter, file_name), maxlen=0
        )  # refuses before anything is built
        rows = _rows(_lines(content, encoding), delimiter, file_name)
        return sheet_of_rows(sheet_name, rows, encoding=encoding, file=file_name)
    numbered = enumerate((line.removesuffix("\n") for line in _lines(content, encoding)), start=1)
    lines = lines_of(_not_too_wide(numbered, delimiter, file_name))
    return Sheet(sheet_name, lines, delimiter, encoding, file=file_name)


def _lines(content: bytes, encoding: str) -> Iterable[str]:
    """The lines with their ends as \\n, decoded as they are asked for."""
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline=None)


def _delimiter(content: bytes, encoding: str) -> str:
    """The delimiter that parts the most of the first lines into one and the same number of cells.

    A full-width comma also stands within cells, so that the others go before it.
    """
    head = "".join(islice(_lines(content, encoding), LINES_LOOKED_AT))[:CHARACTERS_LOOKED_AT]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(
            len(cells) for cells in csv.reader(io.StringIO(head), delimiter=delimiter) if len(cells) > 1
        )
        width, lines = max(widths.items(), key=lambda item: item[1], default=(1, 0))
        return lines, width

    return max(DELIMITERS, key=agreement)


def _not_too_wide(
    numbered: Iterable[tuple[int, str]], delimiter: str, file_name: str
) -> Iterator[tuple[int, str]]:
    for number, line in numbered:
        if line.count(delimiter) >= MAX_COLUMNS:
            raise _too_wide(line.count(delimiter) + 1, number, file_name)
        yield number, line


def _too_wide(found: int, line: int, file_name: str) -> UnreadableFile:
    """No survey table is hundreds of columns wide."""
    return UnreadableFile("error-too-many-columns", file=file_name, line=line, found=found, most=MAX_COLUMNS)


def _rows(lines: Iterable[str], delimiter: str, file_name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(chain(lines, [END]), delimiter=delimiter)
    begins_on = 1
    while True:
        try:
            cells = next(reader)
        except csv.Error as cause:
            raise UnreadableFile("error-quote-unclosed", file=file_name, line=begins_on) from cause
        if cells == [END]:
            return
        if cells and cells[-1].endswith(END):  # the end of the file, within a cell
            raise UnreadableFile("error-quote-unclosed", file=file_name, line=begins_on)
        if reader.line_num - begins_on > MAX_LINES_IN_A_CELL:
            raise UnreadableFile("error-quote-unclosed", file=file_name, line=begins_on)
        if len(cells) > MAX_COLUMNS:
            raise _too_wide(len(cells), begins_on, file_name)
        yield begins_on, cells
        begins_on = reader.line_num + 1
