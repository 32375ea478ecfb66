"""Exports: what every reader of an export is given and gives: source sheets, and tables whose columns are explained.

Which export a file is, is found out in `recognition`; what its columns mean stands in `columns.toml`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from itertools import islice

import pyarrow as pa

from surveys.columns import TERMS, Column, assign_terms
from surveys.columns import Mapping as SaidMapping
from surveys.files.sheet import CELL_SEPARATOR, Sheet
from surveys.headers import tidy
from surveys.layout.survey_table import SurveyTable
from surveys.terms import KEPT_AS_WRITTEN

TermOf = Callable[[str], str | None]
ROWS_AT_A_TIME = 2_000  # taken apart into cells, rows are many times as large
TOLD = pa.schema(
    [
        ("line", pa.int64()), ("text", pa.string()), ("rowKind", pa.string()),
        ("joinedLines", pa.map_(pa.string(), pa.int64())), ("unjoinedKey", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class SourceSheet:
    """A sheet of an export: its header stands in the first line that is filled."""

    sheet: Sheet
    header: tuple[str, ...]
    header_index: int

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def header_line(self) -> int:
        line: int = self.sheet.lines["line"][self.header_index].as_py()
        return line

    def place(self, header: str) -> int | None:
        """The 0-based place of a column, None where there is none of this header."""
        return self.header.index(header) if header in self.header else None

    def holds(self, *headers: str) -> bool:
        return set(headers) <= set(self.header)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of every line below the header that is not empty, at least as many cells as headers."""
        width, delimiter = len(self.header), self.sheet.delimiter
        below = self.sheet.lines.slice(self.header_index + 1)
        for batch in below.to_batches(ROWS_AT_A_TIME):
            for line, text in zip(batch["line"].to_pylist(), batch["text"].to_pylist(), strict=True):
                cells = text.split(delimiter)
                if text.strip(f"{delimiter} \t\u3000"):
                    yield line, cells + [""] * (width - len(cells))


def source_sheet(sheet: Sheet) -> SourceSheet | None:
    for index in range(min(sheet.lines.num_rows, 10)):
        text: str = sheet.lines["text"][index].as_py()
        cells = tuple(tidy(cell) for cell in text.split(sheet.delimiter))
        if any(cells):
            return SourceSheet(sheet, cells, index)
    return None


@dataclass(frozen=True)
class ExportColumn:
    """One column of an exported table.

    `term` is what the system's own documentation says, KEPT_AS_WRITTEN for a column without a meaning here, None where
    the header `readAs` means what it usually does. `place` is the 0-based column of the sheet `sheet` (None: the row's
    own) where its cells, or those it was worked out from, stand.
    """

    header: str
    place: int
    term: str | None = None
    readAs: str = ""
    sheet: str | None = None


@dataclass(frozen=True)
class ToldRow:
    """One row of an exported table: its cells in the order of the columns, and what its reader knows of it."""

    line: int
    cells: list[str]
    kind: str | None = None
    joined: list[tuple[str, int]] = field(default_factory=list)
    unjoined: str | None = None


@dataclass(frozen=True)
class Export:
    """A table of an export, every column of it explained."""

    table: SurveyTable
    columns: tuple[ExportColumn, ...]

    def columns_read(self, said: SaidMapping, sample: Sequence[Sequence[str]]) -> list[Column]:
        """The columns with their terms: what a person said, then the system's own, then what headers usually mean."""
        free = [
            ""
            if column.term is not None and not said.stated(column.header)
            else column.readAs or column.header
            for column in self.columns
        ]
        by_header = assign_terms(free, said, sample)
        fixed = {column.term for column, readable in zip(self.columns, free, strict=True) if not readable}
        return [
            self._read(place, column, by_header[place - 1], fixed)
            for place, column in enumerate(self.columns, start=1)
        ]

    def _read(self, position: int, column: ExportColumn, usual: Column, fixed: set[str | None]) -> Column:
        if not usual.header:
            is_kept = column.term == KEPT_AS_WRITTEN or not column.term
            term, by = (None, "kept") if is_kept else (column.term, "header")
            usual = Column(position, column.header, term, by=by)
        elif usual.term in TERMS and usual.term in fixed and usual.by != "profile":
            usual = replace(usual, term=None, by="second", alsoMeans=usual.term)
        return replace(usual, header=column.header, cellSheet=column.sheet, cellPosition=column.place + 1)


def export_of(
    source: SourceSheet, columns: Iterable[ExportColumn], rows: Iterable[ToldRow], stated: Mapping[str, str]
) -> Export:
    """The export of one record sheet; its rows are told one by one, so that no more of them are held than needed."""
    columns = tuple(columns)
    table = SurveyTable(
        sheet=replace(source.sheet, delimiter=CELL_SEPARATOR, merged=()),
        header=tuple(column.header for column in columns),
        header_line=source.header_line,
        lines=lines_of_rows(rows),
        stated={term: value for term, value in stated.items() if value},
    )
    return Export(table, columns)


def lines_of_rows(rows: Iterable[ToldRow]) -> pa.Table:
    waiting = iter(rows)
    batches = []
    while portion := list(islice(waiting, ROWS_AT_A_TIME)):
        batches.append(
            pa.record_batch(
                [
                    pa.array([row.line for row in portion], pa.int64()),
                    pa.array([CELL_SEPARATOR.join(row.cells) for row in portion], pa.string()),
                    pa.array([row.kind for row in portion], pa.string()),
                    pa.array([row.joined or None for row in portion], TOLD.field("joinedLines").type),
                    pa.array([row.unjoined for row in portion], pa.string()),
                ],
                TOLD,
            )
        )
    return pa.Table.from_batches(batches, TOLD)


@dataclass(frozen=True)
class KnownColumns:
    """One table of `columns.toml`: header to term, the headers kept without a question, and those of people."""

    columns: dict[str, str]
    personal: frozenset[str]
    kept: frozenset[str]

    def of(self, source: SourceSheet, sheet: str | None = None) -> list[ExportColumn]:
        """The columns of a sheet; what is not named here is kept as it is."""
        return [
            ExportColumn(header, place, self.columns.get(header, KEPT_AS_WRITTEN), sheet=sheet)
            for place, header in enumerate(source.header)
        ]

    def places_of_people(self, source: SourceSheet) -> list[int]:
        return [place for place, header in enumerate(source.header) if header in self.personal]


@functools.cache
def known_columns(export: str) -> KnownColumns:
    document = tomllib.loads(
        (resources.files("surveys.readers") / "columns.toml").read_text(encoding="utf-8")
    )
    said = document[export]
    return KnownColumns(said["columns"], frozenset(said["personal"]), frozenset(said.get("kept", ())))


def without(cells: list[str], places: Iterable[int]) -> list[str]:
    """The cells with some of them emptied: names of people are not carried any further."""
    for place in places:
        cells[place] = ""
    return cells
