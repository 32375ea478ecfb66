"""Cells: a sheet's XML as it streams by, with the cells of problems coloured and every formula replaced by its result.

Only cells hold computed values, so only their `<f>` goes; formulas of conditional formats and data validations compute
nothing into a cell and stay. Notes are in `notes`, formats in `styles`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from reports.problems.workbook.splicing import (
    NotEditable,
    careful_parser,
    inline_string,
    opened,
    tag_at,
    with_attribute,
)
from reports.problems.workbook.styles import Styles

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MERGED = re.compile(
    rb"<(?:[\w.-]+:)?mergeCell\s[^<>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
DRAWING_OF_NOTES = re.compile(rb"<(?:[\w.-]+:)?legacyDrawing\s[^<>]*?:id=[\"']([^\"']+)[\"']")
LETTERS = re.compile(r"[A-Z]{1,3}")
BEHIND_NOTES = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    "AlternateContent",
}  # fmt: skip
OVERLAP_IN_BYTES = 512
Colours = Mapping[int, Mapping[int, str]]  # by line and column, both 1-based


@dataclass
class SheetFacts:
    """What stands behind the cells of a sheet and is needed before them."""

    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first column, line; last column, line
    drawing_id: str | None = None
    has_formulas: bool = False


def sheet_facts(chunks: Iterable[bytes]) -> SheetFacts:
    facts, tail = SheetFacts(), b""
    merged: dict[tuple[int, int, int, int], None] = {}  # a block in the overlap is found twice
    for chunk in chunks:
        window = tail + chunk
        for left, top, right, bottom in MERGED.findall(window):
            merged[_column(left.decode()), int(top), _column(right.decode()), int(bottom)] = None
        if drawing := DRAWING_OF_NOTES.search(window):
            facts.drawing_id = drawing[1].decode()
        facts.has_formulas = facts.has_formulas or b"<f" in window or b":f" in window
        tail = window[-OVERLAP_IN_BYTES:]
    facts.merged = list(merged)
    return facts


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    return column_index_from_string(letters)


class SheetEditor:
    """Rewrites one sheet; `drawing_id` is the relation of a drawing of notes that the sheet does not name yet."""

    def __init__(self, colours: Colours, styles: Styles, drawing_id: str | None) -> None:
        self._colours, self._styles, self._drawing_id = colours, styles, drawing_id
        self._waiting_lines = sorted(colours, reverse=True)
        self._waiting_columns: list[int] = []
        self._columns: list[tuple[int, int, int]] = []  # first, last, style
        self._buffer, self._base, self._seen = bytearray(), 0, 0
        self._edits: list[tuple[int, int, bytes]] = []
        self._prefix, self._path_depth, self._relations = "", 0, RELATIONS
        self._line = self._column = self._row_style = 0
        self._row_start = self._data_start = 0
        self._cell: _Cell | None = None
        self._parser = careful_parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._begin, self._end

    def rewritten(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        try:
            for chunk in chunks:
                self._buffer += chunk
                self._parser.Parse(chunk, False)
                yield self._settled(self._cell.start if self._cell else self._seen)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError) as cause:
            raise NotEditable(str(cause)) from cause
        if self._waiting_lines:
            raise NotEditable("no sheetData")
        yield self._settled(self._base + len(self._buffer))

    def _settled(self, until: int) -> bytes:
        """The edited bytes before an offset; they are let go of."""
        pieces, position, done = [], self._base, 0
        for start, end, new in self._edits:
            if end > until or (start == until and until < self._base + len(self._buffer)):
                until = min(until, start)
                break
            pieces += [bytes(self._buffer[position - self._base : start - self._base]), new]
            position, done = end, done + 1
        pieces.append(bytes(self._buffer[position - self._base : until - self._base]))
        del self._edits[:done]
        del self._buffer[: until - self._base]
        self._base = until
        return b"".join(pieces)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        self._path_depth += 1
        local = name[len(self._prefix) :] if name.startswith(self._prefix) else ""
        if self._cell is not None:
            self._begin_in_cell(local, at)
            return
        self._seen = at
        if self._path_depth == 1:
            self._begin_sheet(name, attributes)
        elif local == "c":
            self._begin_cell(at, attributes)
        elif local == "row":
            self._begin_row(at, attributes)
        elif local == "sheetData":
            self._data_start = at
        elif local == "col":
            self._columns.append(
                (int(attributes["min"]), int(attributes["max"]), int(attributes.get("style", 0)))
            )
        elif self._path_depth == 2 and name.rpartition(":")[2] in BEHIND_NOTES and self._data_start:
            self._name_drawing(at)

    def _begin_sheet(self, name: str, attributes: dict[str, str]) -> None:
        self._prefix = name.removesuffix("worksheet")
        declared = attributes.get("xmlns:" + self._prefix.rstrip(":") if self._prefix else "xmlns")
        if name == self._prefix or declared not in MAIN:
            raise NotEditable(name)
        self._relations = RELATIONS if declared == MAIN[0] else STRICT_RELATIONS

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        self._path_depth -= 1
        if self._cell is not None:
            if name == self._prefix + "c":
                self._end_cell(self._cell, at)
                self._cell, self._seen = None, at
            else:
                self._end_in_cell(self._cell, name[len(self._prefix) :], at)
            return
        self._seen = at
        if name == self._prefix + "row":
            new = self._new_cells(None)
            if new:
                self._append(self._row_start, at, name, new)
        elif name == self._prefix + "sheetData":
            new = self._new_rows(None)
            if new:
                self._append(self._data_start, at, name, new)
        elif self._path_depth == 0:
            self._name_drawing(at)

    def _append(self, start: int, end: int, name: str, new: bytes) -> None:
        """Put children before the end of the element that began at `start`, which may be an empty tag."""
        if start >= self._base and (tag := tag_at(self._buffer, start - self._base)).endswith(b"/>"):
            self._edits = [edit for edit in self._edits if edit[0] != start or edit[0] == edit[1]]
            tag = with_attribute(tag, "spans", None)
            self._edits.append((start, end, opened(tag) + new + f"</{name}>".encode()))
        else:
            self._edits.append((end, end, new))

    def _name_drawing(self, at: int) -> None:
        if self._drawing_id:
            new = f'<{self._prefix}legacyDrawing xmlns:r="{self._relations}" r:id="{self._drawing_id}"/>'
            self._edits.append((at, at, new.encode()))
            self._drawing_id = None

    def _begin_row(self, at: int, attributes: dict[str, str]) -> None:
        line = int(attributes.get("r", self._line + 1))
        if line <= self._line:
            raise NotEditable("rows out of order")
        if new := self._new_rows(line):
            self._edits.append((at, at, new))
        self._line, self._column, self._row_start = line, 0, at
        is_styled = attributes.get("customFormat") in ("1", "true")
        self._row_style = int(attributes.get("s", 0)) if is_styled else 0
        if self._waiting_lines and self._waiting_lines[-1] == line:
            self._waiting_lines.pop()
            self._waiting_columns = sorted(self._colours[line], reverse=True)
            if "spans" in attributes:  # a new cell may stand outside of them
                tag = tag_at(self._buffer, at - self._base)
                self._edits.append((at, at + len(tag), with_attribute(tag, "spans", None)))

    def _new_rows(self, before: int | None) -> bytes:
        rows = []
        while self._waiting_lines and (before is None or self._waiting_lines[-1] < before):
            line = self._waiting_lines.pop()
            cells = "".join(self._new_cell(line, column, 0) for column in sorted(self._colours[line]))
            rows.append(f'<{self._prefix}row r="{line}">{cells}</{self._prefix}row>')
        return "".join(rows).encode()

    def _new_cells(self, before: int | None) -> bytes:
        cells = []
        while self._waiting_columns and (before is None or self._waiting_columns[-1] < before):
            cells.append(self._new_cell(self._line, self._waiting_columns.pop(), self._row_style))
        return "".join(cells).encode()

    def _new_cell(self, line: int, column: int, row_style: int) -> str:
        of_column = next((style for first, last, style in self._columns if first <= column <= last), 0)
        style = self._styles.coloured(row_style or of_column, self._colours[line][column])
        return f'<{self._prefix}c r="{get_column_letter(column)}{line}" s="{style}"/>'

    def _begin_cell(self, at: int, attributes: dict[str, str]) -> None:
        colour = None
        place = attributes.get("r")
        if self._line in self._colours or place is None:
            letters = LETTERS.match(place) if place else None
            column = _column(letters[0]) if letters else self._column + 1
            if column <= self._column:
                raise NotEditable("cells out of order")
            self._column = column
            if new := self._new_cells(column):
                self._edits.append((at, at, new))
            if self._waiting_columns and self._waiting_columns[-1] == column:
                self._waiting_columns.pop()
                colour = self._colours[self._line][column]
        self._cell = _Cell(at, attributes, colour)

    def _begin_in_cell(self, local: str, at: int) -> None:
        cell = self._cell
        if local == "f" and cell is not None:
            cell.formula_start = at
            self._parser.CharacterDataHandler = cell.formula.append
        elif local == "v" and cell is not None and cell.formula_start is not None:
            self._parser.CharacterDataHandler = cell.result.append

    def _end_in_cell(self, cell: _Cell, local: str, at: int) -> None:
        if local == "f" and cell.formula_start is not None:
            cell.formula_end = self._end_of(cell.formula_start, at)
        if local in ("f", "v"):
            self._parser.CharacterDataHandler = None

    def _end_of(self, start: int, end_event: int) -> int:
        """Where an element ends: the parser tells where its end tag begins, or the end of an empty tag."""
        if tag_at(self._buffer, start - self._base).endswith(b"/>"):
            return end_event
        return self._base + self._buffer.index(b">", end_event - self._base) + 1

    def _end_cell(self, cell: _Cell, at: int) -> None:
        if cell.colour is None and cell.formula_start is None:
            return
        style = int(cell.attributes.get("s", 0))
        if cell.colour is not None:
            style = self._styles.coloured(style, cell.colour)
        if cell.formula_start is not None and not "".join(cell.result).strip():
            place = cell.attributes.get("r") or f"{get_column_letter(self._column)}{self._line}"
            text = inline_string(self._prefix, place, style, "=" + "".join(cell.formula))
            self._edits.append((cell.start, self._end_of(cell.start, at), text.encode()))
            return
        tag = tag_at(self._buffer, cell.start - self._base)
        new = with_attribute(tag, "s", str(style)) if cell.colour is not None else tag
        if cell.formula_start is not None:
            new = with_attribute(new, "cm", None)  # says that the cell holds an array formula
        self._edits.append((cell.start, cell.start + len(tag), new))
        if cell.formula_start is not None:
            self._edits.append((cell.formula_start, cell.formula_end, b""))


@dataclass(slots=True)
class _Cell:
    start: int
    attributes: dict[str, str]
    colour: str | None
    formula_start: int | None = None
    formula_end: int = 0
    formula: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)
