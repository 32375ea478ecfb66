"""Opening: a survey file taken apart into its tables, each with what its columns are read as; nothing is kept.

Writing the rows into the warehouse belongs to `loading`.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from surveys.columns import TERMS, Column, Mapping, assign_terms, require_a_name
from surveys.errors import UnreadableFile
from surveys.files.reading import read_sheets
from surveys.files.sheet import CELL_SEPARATOR, Sheet
from surveys.layout.cells import cells_of, filled_down
from surveys.layout.crosstabs import across
from surveys.layout.tables import SurveyTable, require_a_header, tables_on
from surveys.layout.titles import names_something, year_in
from surveys.values.quantities import type_of_column

SAMPLE_ROWS = 50
# What holds for a whole visit, so that one merged cell of it holds for every line it spans.
VISIT_TERMS = (
    "eventID", "parentEventID", "eventDate", "endDate", "eventTime", "endTime", "year", "month", "day",
    "samplingProtocol", "sampleSizeValue", "samplingEffort", "decimalLongitude", "decimalLatitude",
    "verbatimCoordinates", "verbatimSRS", "coordinateUncertaintyInMeters", "county", "locality", "locationID",
    "habitat", "datasetName",
)  # fmt: skip


@dataclass(frozen=True)
class ReadTable:
    """One table of a survey file, what its columns are read as, and the year its dates may leave out."""

    table: SurveyTable
    columns: list[Column]
    stated: dict[str, str]
    stated_year: int | None

    @property
    def sheet(self) -> str:
        return self.table.sheet.name


@dataclass(frozen=True)
class SurveyFile:
    """A survey file that can be read: its tables in their order, and the sheets on which none was found."""

    tables: list[ReadTable]
    mapping: Mapping
    sheets_left_out: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        return self.tables[0].table.sheet.encoding

    @property
    def row_count(self) -> int:
        return sum(read.table.lines.num_rows for read in self.tables)


def open_survey(path: Path, file_name: str, reading: AnyMapping[str, Any] | None = None) -> SurveyFile:
    """Read a survey file without keeping anything; raises UnreadableFile where no row of it could be used.

    `reading` is what the giver said about it: `columns` and `constants` as in a mapping file.
    """
    mapping = Mapping(dict((reading or {}).get("columns", {})), dict((reading or {}).get("constants", {})))
    sheets = read_sheets(path, file_name)
    found = {sheet.name: tables_on(sheet, mapping.term_of) for sheet in sheets}
    tables = [_read(table, mapping, file_name) for tables in found.values() for table in tables]
    if not tables:
        raise require_a_header(sheets, file_name)
    tables = _of_species(tables, mapping, file_name)
    if all(read.table.lines.num_rows == 0 for read in tables):
        raise UnreadableFile("error-no-rows", file=file_name, line=tables[0].table.header_line)
    kept = {read.sheet for read in tables}
    left_out = tuple(sheet.name for sheet in sheets if sheet.name not in kept)
    return SurveyFile(_named_by_their_sheets(tables), mapping, left_out)


def _read(table: SurveyTable, mapping: Mapping, file_name: str) -> ReadTable:
    columns = assign_terms(table.header, mapping, _sample(table))
    read_terms = {column.term for column in columns}
    stated = {
        term: value for term, value in table.stated.items() if term in TERMS and term not in read_terms
    } | mapping.constants
    if (unit := _unit_of_quantities(table, columns)) and "organismQuantityType" not in read_terms:
        stated = {"organismQuantityType": unit} | stated
    visit_columns = [column.position for column in columns if column.term in VISIT_TERMS]
    table = replace(table, lines=filled_down(table.lines, table.sheet.merged, visit_columns))
    year = year_in(table.title, table.sheet.name, file_name)
    if cross_table := across(table, columns, mapping.term_of):
        taken_apart = replace(
            table, lines=cross_table.lines, sheet=replace(table.sheet, delimiter=CELL_SEPARATOR)
        )
        read_terms |= {column.term for column in cross_table.columns}
        stated = {term: value for term, value in stated.items() if term not in read_terms}
        return ReadTable(taken_apart, cross_table.columns, stated, year)
    return ReadTable(table, columns, stated, year)


def _unit_of_quantities(table: SurveyTable, columns: list[Column]) -> str | None:
    """What the header and all cells of the quantity column together say about its unit."""
    column = next((column for column in columns if column.term == "organismQuantity"), None)
    if column is None:
        return None
    rows = (text.split(table.delimiter) for text in table.lines["text"].to_pylist())
    texts = {row[column.position - 1] for row in rows if len(row) >= column.position}
    return type_of_column(column.header, texts)


def _of_species(tables: list[ReadTable], mapping: Mapping, file_name: str) -> list[ReadTable]:
    """The tables in which a column names the species; a file without one is refused, with its first header."""
    named = []
    for read in tables:
        try:
            require_a_name(read.columns, mapping, file_name, read.table.header_line)
        except UnreadableFile as cause:
            refusal = cause
        else:
            named.append(read)
    if not named:
        raise refusal
    return named


def _named_by_their_sheets(tables: list[ReadTable]) -> list[ReadTable]:
    """One sheet a plot: where no column or title names the plot, the name of the sheet does."""
    if len({read.sheet for read in tables}) < 2:
        return tables
    return [
        replace(read, stated={"eventID": _plain_name(read.table.sheet)} | read.stated)
        if "eventID" not in {column.term for column in read.columns}
        and names_something(_plain_name(read.table.sheet))
        else read
        for read in tables
    ]


def _plain_name(sheet: Sheet) -> str:
    return sheet.name.rpartition(" / ")[2]


def _sample(table: SurveyTable) -> list[list[str]]:
    few = replace(table.sheet, lines=table.lines.slice(0, SAMPLE_ROWS))
    return [cells_of(few, index) for index in range(few.lines.num_rows)]
