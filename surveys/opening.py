"""Opening: a survey file taken apart into its tables, each with what its columns are read as; nothing is kept.

Writing the rows into the warehouse belongs to `loading`.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from surveys.columns import READ_AS, Column, Mapping, assign_terms, require_a_name, with_guesses
from surveys.errors import UnreadableFile
from surveys.files.reading import read_sheets
from surveys.files.sheet import CELL_SEPARATOR, Sheet
from surveys.layout.cells import cells_of, filled_down
from surveys.layout.crosstabs import across
from surveys.layout.survey_table import SurveyTable
from surveys.layout.tables import is_like_a_table, presumed_header, require_a_header, tables_on
from surveys.layout.titles import names_something, year_in
from surveys.profiles import Profile, recognised
from surveys.protocols.forms import stated_protocols, without_aids
from surveys.protocols.problems import TableProblem, table_problems
from surveys.read_table import ReadTable
from surveys.readers.events import joined_to_events
from surveys.readers.export import Export
from surveys.readers.recognition import recognise
from surveys.terms import KEPT_AS_WRITTEN
from surveys.values.quantities import type_of_column

PREVIEW_ROWS = 5
TERMS_OF_PEOPLE = ("recordedBy", "identifiedBy", "samplingPerformedBy")
SAMPLE_ROWS = 300  # by whose values ambiguous headers are decided
# What holds for a whole visit, so that one merged cell of it holds for every line it spans.
VISIT_TERMS = (
    "eventID", "parentEventID", "eventDate", "endDate", "eventTime", "endTime", "year", "month", "day",
    "samplingProtocol", "sampleSizeValue", "samplingEffort", "eventDurationValue", "observerCount",
    "totalAreaSampledValue", "transectWidth", "observationRadius", "targetTaxonomicScope",
    "isTaxonomicScopeFullyReported", "deploymentStart", "deploymentEnd", "cameraFailureDays", "decimalLongitude",
    "decimalLatitude", "verbatimCoordinates", "verbatimSRS", "coordinateUncertaintyInMeters", "county", "locality",
    "locationID", "habitat", "datasetName",
)  # fmt: skip


@dataclass(frozen=True)
class SurveyFile:
    """A survey file that can be read: its tables in their order, and the sheets on which none was found.

    `recognised` is the saved profile by which the file is read without anybody having named it; `problems`
    are what whole tables lack for their protocols; `tables_missed` are the sheets left out that hold rows of cells.
    `preview` is sheet, line and cells of the first rows, so that a wrong encoding shows.
    """

    tables: list[ReadTable]
    mapping: Mapping
    sheets_left_out: tuple[str, ...] = ()
    recognised: Profile | None = None
    problems: tuple[TableProblem, ...] = ()
    tables_missed: tuple[str, ...] = ()
    preview: tuple[tuple[str, int, list[str]], ...] = ()

    @property
    def encoding(self) -> str:
        return self.tables[0].table.sheet.encoding

    @property
    def row_count(self) -> int:
        return sum(read.table.lines.num_rows for read in self.tables)


def open_survey(
    path: Path,
    file_name: str,
    reading: AnyMapping[str, Any] | None = None,
    profiles: Collection[Profile] = (),
) -> SurveyFile:
    """Read a survey file without keeping anything; raises UnreadableFile where no row of it could be used.

    `reading` is what the giver said about it: `columns` and `constants` as in a mapping file. Where it names no
    columns, one of the saved `profiles` may be recognised by its headers.
    """
    sheets, filled_examples = without_aids(read_sheets(path, file_name))
    mapping, profile = _mapping_of(sheets, reading, profiles)
    found = recognise(sheets, mapping.term_of, file_name)
    tables = [_read(export.table, mapping, file_name, export) for export in found.exports]
    tables += [
        _read(table, mapping, file_name)
        for sheet in found.others
        for table in tables_on(sheet, mapping.term_of)
    ]
    if not tables:
        raise require_a_header(sheets, file_name)
    tables, sheets_of_events = joined_to_events(tables)
    tables = _of_species(tables, mapping, file_name)
    if all(read.table.lines.num_rows == 0 for read in tables):
        raise UnreadableFile("error-no-rows", file=file_name, line=tables[0].table.header_line)
    kept = {read.sheet for read in tables} | sheets_of_events
    left_out = [sheet for sheet in found.others if sheet.name not in kept]
    tables = _named_by_their_sheets(tables)
    problems = tuple(table_problems(tables, filled_examples))
    return SurveyFile(
        tables,
        mapping,
        tuple(sheet.name for sheet in left_out),
        profile,
        problems,
        tuple(sheet.name for sheet in left_out if is_like_a_table(sheet)),
        _first_rows(sheets, tables[0]),
    )


def open_to_explain(
    path: Path,
    file_name: str,
    reading: AnyMapping[str, Any] | None = None,
    profiles: Collection[Profile] = (),
) -> SurveyFile:
    """As `open_survey`, but a file whose header or species column is not understood yet is no reason to refuse it."""
    sheets, _ = without_aids(read_sheets(path, file_name))
    mapping, profile = _mapping_of(sheets, reading, profiles)
    known = recognise(sheets, mapping.term_of, file_name)
    tables = [_read(export.table, mapping, file_name, export) for export in known.exports]
    for sheet in known.others:
        found = tables_on(sheet, mapping.term_of)
        if not found:
            presumed = Mapping(dict.fromkeys(presumed_header(sheet), KEPT_AS_WRITTEN) | mapping.columns)
            found = tables_on(sheet, presumed.term_of)
        tables += [_read(table, mapping, file_name) for table in found]
    if not tables:
        raise require_a_header(sheets, file_name)
    return SurveyFile(tables, mapping, (), profile)


def _mapping_of(
    sheets: list[Sheet], reading: AnyMapping[str, Any] | None, profiles: Collection[Profile]
) -> tuple[Mapping, Profile | None]:
    """What the giver said, or where that names no columns, the profile that the file itself is recognised by."""
    said = Mapping.of_reading(reading)
    profile = None if said.columns else recognised(profiles, sheets)
    if profile is None:
        return said, None
    constants = profile.mapping.constants | said.constants
    return replace(
        profile.mapping, constants=constants, protocol=said.protocol or profile.mapping.protocol
    ), profile


def _first_rows(sheets: Collection[Sheet], read: ReadTable) -> tuple[tuple[str, int, list[str]], ...]:
    """The first rows of a table without people's names; those of a cross-table as they stand on their sheet."""
    lines, delimiter = read.table.lines, read.table.delimiter
    sheet = next((sheet for sheet in sheets if sheet.name == read.sheet), None)
    if sheet is not None and any(column.isAcross for column in read.columns):
        lines = sheet.lines.filter(pc.greater(sheet.lines["line"], read.table.header_line))
        delimiter = sheet.delimiter
    few = lines.slice(0, PREVIEW_ROWS)
    of_people = {column.position for column in read.columns if column.term in TERMS_OF_PEOPLE}
    return tuple(
        (
            read.sheet,
            line,
            ["" if place in of_people else cell for place, cell in enumerate(text.split(delimiter), start=1)],
        )
        for line, text in zip(few["line"].to_pylist(), few["text"].to_pylist(), strict=True)
    )


def without_rows(survey: SurveyFile) -> SurveyFile:
    """The file as it was understood, its rows let go of once they are loaded."""
    tables = [
        replace(
            read,
            table=replace(
                read.table,
                lines=read.table.lines.schema.empty_table(),
                sheet=replace(read.table.sheet, lines=read.table.sheet.lines.schema.empty_table()),
            ),
        )
        for read in survey.tables
    ]
    return replace(survey, tables=tables)


def _read(table: SurveyTable, mapping: Mapping, file_name: str, export: Export | None = None) -> ReadTable:
    sample = _sample(table)
    columns = export.columns_read(mapping, sample) if export else assign_terms(table.header, mapping, sample)
    read_terms = {column.term for column in columns}
    stated = _stated_for(table, read_terms) | mapping.constants
    stated |= stated_protocols(mapping.protocol, table.title, table.sheet.name, file_name)
    if (unit := _unit_of_quantities(table, columns)) and "organismQuantityType" not in read_terms:
        stated = {"organismQuantityType": unit} | stated
    visit_columns = [column.position for column in columns if column.term in VISIT_TERMS]
    table = replace(table, lines=filled_down(table.lines, table.sheet.merged, visit_columns))
    year = year_in(table.title, table.sheet.name, file_name)
    if export is None and (cross_table := across(table, columns, mapping.term_of)):
        taken_apart = replace(
            table, lines=cross_table.lines, sheet=replace(table.sheet, delimiter=CELL_SEPARATOR)
        )
        read_terms |= {column.term for column in cross_table.columns}
        if cross_table.quantityType:
            stated = {"organismQuantityType": cross_table.quantityType} | stated
        stated = {term: value for term, value in stated.items() if term not in read_terms}
        if scale := _unit_of_quantities(taken_apart, cross_table.columns):
            stated = {"organismQuantityType": scale} | stated
        return ReadTable(taken_apart, cross_table.columns, stated, year)
    return ReadTable(table, with_guesses(columns, sample), stated, year)


def _stated_for(table: SurveyTable, read_terms: Collection[str | None]) -> dict[str, str]:
    """What is said above a table and in no column; a plot named above a table of plots is their parent.

    What raw_survey has no column for stands under its label as written.
    """
    stated = {READ_AS.get(term, term): value for term, value in table.stated.items()}
    if "eventID" in stated and "eventID" in read_terms:
        stated = {"parentEventID": stated["eventID"]} | stated
    return {term: value for term, value in stated.items() if term not in read_terms}


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
    """One sheet a plot: where no column or title names the plot, or its parent, the name of the sheet does."""
    if len({read.sheet for read in tables}) < 2:
        return tables
    return [_named_by_its_sheet(read) for read in tables]


def _named_by_its_sheet(read: ReadTable) -> ReadTable:
    name, terms = _plain_name(read.table.sheet), {column.term for column in read.columns}
    level = "parentEventID" if "eventID" in terms else "eventID"
    if level in terms or not names_something(name):
        return read
    return replace(read, stated={level: name} | read.stated)


def _plain_name(sheet: Sheet) -> str:
    return sheet.name.rpartition(" / ")[2]


def _sample(table: SurveyTable) -> list[list[str]]:
    few = replace(table.sheet, lines=table.lines.slice(0, SAMPLE_ROWS))
    return [cells_of(few, index) for index in range(few.lines.num_rows)]
