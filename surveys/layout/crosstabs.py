"""Cross-tables: species by plots or days, either way round; each filled cell is a record of its own.

Which columns are plots, or species, is told by their headers and their cells together. What a cell says belongs to
`surveys.values`; several columns a plot, to `blocks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from surveys.columns import NAME_TERMS, Column
from surveys.evidence import is_binomial, is_chinese_name
from surveys.files.sheet import CELL_SEPARATOR
from surveys.headers import tidy, unit_of
from surveys.layout.survey_table import SurveyTable
from surveys.layout.titles import is_summary, names_a_plot
from surveys.values.counts import NOT_UNDERSTOOD, read_count
from surveys.values.dates import read_date
from surveys.values.quantities import type_of_column
from surveys.values.scales import scale_of

FEWEST_ACROSS = 2
CELLS_THAT_COUNT = 0.9
QUANTITY_TERMS = ("individualCount", "organismQuantity", "occurrenceStatus")
EVENT_TERMS = ("eventID", "parentEventID", "eventDate", "locality", "locationID")
NOTHING_FILLED = "unfilled"
# 土壤厚度, 郁闭度, 坡位: Chinese words for what is measured on a plot, though they look like names of species.
MEASURED = re.compile(
    r"(?:度|率|数|量|值|积|厚|温|径|高|长|宽|深|重|龄|比|级|距|号|次|分|位|向|型|类|人|期|间|况|明|名|称|法|注|质|因|地|层)$"
)
LATIN = re.compile(r"[A-Z][a-zë-]+ (?:× ?)?[a-zë-]+.*")
TermOf = Callable[[str], str | None]


@dataclass(frozen=True)
class CrossTable:
    """A cross-table told record by record.

    `lines` has one row per filled cell: `line` and `text` as in a SurveyTable, with what stands across the top and the
    cell's content as further cells at the end, `cellColumn`, the letters of the column the cell stands in, and
    `rowKind` of a line without any. `quantityType` is the scale or unit of all its cells.
    """

    lines: pa.Table
    columns: list[Column]
    quantityType: str | None = None


@dataclass(frozen=True)
class _Across:
    """What stands across the top: its columns, and the terms of it and of the cells, with what each header says."""

    columns: list[Column]
    terms: tuple[str, ...]
    said: Mapping[int, tuple[str, ...]]


def across(table: SurveyTable, columns: Sequence[Column], term_of: TermOf) -> CrossTable | None:
    """The table record by record if it is a cross-table, else None."""
    found = _plots_across(columns, term_of) or _species_across(columns, term_of)
    if found is None:
        return None
    rows = [text.split(table.delimiter) for text in table.lines["text"].to_pylist()]
    cells = [cell for row in rows for column in found.columns if (cell := _cell(row, column.position))]
    if not _hold_counts(cells):
        return None
    quantity_type = type_of_column(table.title, cells)
    of_cells = "organismQuantity" if quantity_type else "individualCount"  # a class is no number of plants
    told = _record_by_record(table, rows, list(columns), replace(found, terms=(*found.terms, of_cells)))
    return replace(told, quantityType=quantity_type)


def _open_columns(columns: Sequence[Column], term_of: TermOf) -> list[Column]:
    """The columns whose headers mean nothing known and sum up nothing."""
    return [
        column
        for column in columns
        if column.term is None and tidy(column.header) and not is_summary(column.header)
        and term_of(column.header) is None
    ]  # fmt: skip


def _plots_across(columns: Sequence[Column], term_of: TermOf) -> _Across | None:
    """Species down the side; across the top days, or plots by number."""
    terms = {column.term for column in columns if not is_summary(column.header)}
    plots = _open_columns(columns, term_of)
    if not terms.intersection(NAME_TERMS) or terms.intersection(QUANTITY_TERMS) or len(plots) < FEWEST_ACROSS:
        return None
    days = all(read_date(column.header) for column in plots)
    numbered = "eventID" not in terms and all(names_a_plot(column.header, term_of) for column in plots)
    if not days and not numbered:
        return None
    said = {column.position: (tidy(column.header),) for column in plots}
    return _Across(plots, ("eventDate" if days else "eventID",), said)


def _species_across(columns: Sequence[Column], term_of: TermOf) -> _Across | None:
    """Plots or visits down the side; across the top the names of species."""
    terms = {column.term for column in columns}
    if terms.intersection((*NAME_TERMS, *QUANTITY_TERMS)) or not terms.intersection(EVENT_TERMS):
        return None
    species = [column for column in _open_columns(columns, term_of) if _names_a_species(column.header)]
    if len(species) < FEWEST_ACROSS or 2 * len(species) <= len(_open_columns(columns, term_of)):
        return None
    said = {column.position: _names_in(tidy(column.header)) for column in species}
    return _Across(species, NAME_TERMS, said)


def _names_a_species(header: str) -> bool:
    plain = tidy(header)
    scientific, vernacular = _names_in(plain)
    if scientific:
        return is_binomial(scientific)
    return (
        unit_of(header) is None
        and is_chinese_name(vernacular)
        and len(vernacular) > 1
        and not MEASURED.search(vernacular)
    )


def _names_in(header: str) -> tuple[str, str]:
    """The scientific and the Chinese name of a header that may hold both: 榆树 Ulmus pumila."""
    latin = LATIN.search(header)
    if latin is None:
        return "", header
    return latin.group().strip(" ()（）"), header[: latin.start()].strip(" ()（）")


def _hold_counts(cells: Collection[str]) -> bool:
    if scale_of(cells):
        return True
    counting = sum(read_count(cell).organismQuantityType != NOT_UNDERSTOOD for cell in cells)
    return bool(cells) and counting >= CELLS_THAT_COUNT * len(cells)


def _record_by_record(
    table: SurveyTable, rows: list[list[str]], columns: list[Column], found: _Across
) -> CrossTable:
    width = max(len(columns), *(len(row) for row in rows))
    taken = {column.position for column in found.columns}
    nothing = (None, ("",) * len(found.terms), NOTHING_FILLED)
    numbers, texts, letters, kinds = [], [], [], []
    for line, row in zip(table.lines["line"].to_pylist(), rows, strict=True):
        beside = ["" if place in taken else cell for place, cell in enumerate(row, start=1)] + [""] * (
            width - len(row)
        )
        told: list[tuple[str | None, tuple[str, ...], str | None]] = [
            (column.letter, (*found.said[column.position], cell), None)
            for column in found.columns
            if (cell := _cell(row, column.position))
        ]
        for letter, said, kind in told or [nothing]:
            numbers.append(line)
            texts.append(CELL_SEPARATOR.join([*beside, *said]))
            letters.append(letter)
            kinds.append(kind)
    lines = pa.table(
        {
            "line": pa.array(numbers, pa.int64()),
            "text": pa.array(texts, pa.string()),
            "cellColumn": pa.array(letters, pa.string()),
            "rowKind": pa.array(kinds, pa.string()),
        }
    )
    unnamed = [Column(place, "", None, by="kept") for place in range(len(columns) + 1, width + 1)]
    told_at_the_end = [Column(width + place, "", term) for place, term in enumerate(found.terms, start=1)]
    marked = [
        replace(column, isAcross=True)
        if column.position in taken
        else replace(column, term=None, by="kept")
        if is_summary(column.header)
        else column
        for column in columns
    ]
    return CrossTable(lines, [*marked, *unnamed, *told_at_the_end])


def _cell(row: list[str], position: int) -> str:
    return tidy(row[position - 1]) if position <= len(row) else ""
