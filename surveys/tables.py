"""Tables: the rows of a survey text file with the line each begins on, exactly as the user sees it.

Finds the delimiter and the header row (title rows may stand above it). What the columns mean belongs to
`columns`; what the cells mean to `dates`, `coordinates` and `counts`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from surveys.files.encodings import decode
from surveys.errors import UnreadableFile
from surveys.headers import term_of, tidy

DELIMITERS = (",", "\t", ";", "|", "，")
HEADER_WITHIN_ROWS = 20
MAX_COLUMNS = 500
MIN_RECOGNISED = 2
csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class SurveyTable:
    """One table of a survey file.

    `lines` is an Arrow table, one row per line of data, in order: `line` (int64, 1-based line of the file) and
    either `text` (the unparsed line, where no cell is quoted) or `cells` (list of texts).
    """

    header: tuple[str, ...]
    header_line: int
    delimiter: str
    encoding: str
    lines: pa.Table
    title: str = ""


def read_table(path: Path, file_name: str, is_known: Callable[[str], bool] | None = None) -> SurveyTable:
    """Read a delimited survey file; raises UnreadableFile where it holds no table with a usable header.

    `is_known` says which headers count as recognised (default: those of `headers.csv`).
    """
    decoded = decode(path.read_bytes(), file_name)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    known = is_known or (lambda header: term_of(header) is not None)
    delimiter, header_line, header = _find_header(text, file_name, known)
    lines = _unquoted(text, header_line) if '"' not in text else _quoted(text, delimiter, header_line)
    title = " ".join(text.split("\n", header_line)[: header_line - 1]).strip()
    return SurveyTable(header, header_line, delimiter, decoded.encoding, lines, title)


def _find_header(
    text: str, file_name: str, is_known: Callable[[str], bool]
) -> tuple[str, int, tuple[str, ...]]:
    """The delimiter and line under which most headers are recognised; the uppermost wins a tie."""
    head = "\n".join(text.split("\n", HEADER_WITHIN_ROWS + 1)[: HEADER_WITHIN_ROWS + 1])
    best: tuple[int, str, int, tuple[str, ...]] = (0, ",", 1, ())
    for delimiter in DELIMITERS:
        for line, cells in _rows(head, delimiter):
            recognised = sum(1 for cell in cells if tidy(cell) and is_known(cell))
            if recognised > best[0]:
                best = (recognised, delimiter, line, tuple(tidy(cell) for cell in cells))
    recognised, delimiter, line, header = best
    if recognised < MIN_RECOGNISED:
        first = next((row.strip() for row in head.split("\n") if row.strip()), "")
        raise UnreadableFile("error-no-header", file=file_name, rows=HEADER_WITHIN_ROWS, found=first[:120])
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(
            "error-too-many-columns", file=file_name, line=line, found=len(header), most=MAX_COLUMNS
        )
    return delimiter, line, header


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins_on = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # an unclosed quotation mark runs to the end of the text
            return
        yield begins_on, cells
        begins_on = reader.line_num + 1


def _unquoted(text: str, header_line: int) -> pa.Table:
    lines = text.split("\n")[header_line:]
    if lines and not lines[-1]:
        lines.pop()
    numbers = pa.array(range(header_line + 1, header_line + 1 + len(lines)), pa.int64())
    return pa.table({"line": numbers, "text": pa.array(lines, pa.string())})


def _quoted(text: str, delimiter: str, header_line: int) -> pa.Table:
    rows = [(line, cells) for line, cells in _rows(text, delimiter) if line > header_line]
    return pa.table(
        {
            "line": pa.array([line for line, _ in rows], pa.int64()),
            "cells": pa.array([cells for _, cells in rows], pa.list_(pa.string())),
        }
    )
