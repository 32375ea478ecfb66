"""Cross-tables: species down the side, plots or days across the top; each filled cell is a record of its own.

Which columns are plots is told by their headers and their cells together. What a cell says belongs to
`surveys.values`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from surveys.columns import NAME_TERMS, Column
from surveys.files.sheet import CELL_SEPARATOR
from surveys.headers import tidy
from surveys.layout.tables import SurveyTable
from surveys.values.counts import WORDS, WORDS_FOR_PRESENT, read_count
from surveys.values.dates import read_date

FEWEST_PLOTS = 2
CELLS_THAT_COUNT = 0.9
QUANTITY_TERMS = ("individualCount", "organismQuantity", "occurrenceStatus")
NO_CELL = (None, "", "")  # a species written down and found in no plot is a row all the same
PLOT = re.compile(r"^[^\W\d]{0,6}[-_# ]{0,2}\d{1,4}[-_ ]?[^\W\d]{0,3}$")
DIGITS = re.compile(r"[\d\s#_-]+")


@dataclass(frozen=True)
class CrossTable:
    """A cross-table told record by record.

    `lines` has one row per filled cell: `line` and `text` as in a SurveyTable, with the plot and the cell's content as
    two more cells at the end, and `cellColumn`, the letters of the column the cell stands in.
    """

    lines: pa.Table
    columns: list[Column]


def across(
    table: SurveyTable, columns: Sequence[Column], term_of: Callable[[str], str | None]
) -> CrossTable | None:
    """The table record by record if it is a cross-table, else None."""
    plots = [column for column in columns if column.term is None and tidy(column.header)]
    plots = [column for column in plots if term_of(column.header) is None]
    terms = {column.term for column in columns}
    if not terms.intersection(NAME_TERMS) or terms.intersection(QUANTITY_TERMS) or len(plots) < FEWEST_PLOTS:
        return None
    days = all(read_date(column.header) for column in plots)
    if not days and (
        "eventID" in terms or not all(_names_a_plot(column.header, term_of) for column in plots)
    ):
        return None
    rows = [text.split(table.delimiter) for text in table.lines["text"].to_pylist()]
    if not _hold_counts(rows, plots):
        return None
    across_the_top = "eventDate" if days else "eventID"
    return _record_by_record(table, rows, list(columns), plots, across_the_top)


def _names_a_plot(header: str, term_of: Callable[[str], str | None]) -> bool:
    """样方3, Y-12, 7: letters and a number; but not 胸径1, which names a measurement."""
    plain = unicodedata.normalize("NFKC", tidy(header))
    word = DIGITS.sub("", plain)
    return bool(PLOT.match(plain)) and (
        not word or term_of(word) in (None, "eventID", "locationID", "parentEventID")
    )


def _hold_counts(rows: list[list[str]], plots: list[Column]) -> bool:
    cells = [cell for row in rows for plot in plots if (cell := _cell(row, plot.position))]
    counting = sum(
        cell in WORDS_FOR_PRESENT or read_count(cell).organismQuantityType != WORDS for cell in cells
    )
    return bool(cells) and counting >= CELLS_THAT_COUNT * len(cells)


def _record_by_record(
    table: SurveyTable, rows: list[list[str]], columns: list[Column], plots: list[Column], across_the_top: str
) -> CrossTable:
    width = max(len(columns), *(len(row) for row in rows))
    numbers, texts, letters = [], [], []
    for line, row in zip(table.lines["line"].to_pylist(), rows, strict=True):
        filled = [plot for plot in plots if _cell(row, plot.position)]
        without_plots = [
            "" if any(plot.position == place for plot in plots) else cell
            for place, cell in enumerate(row, start=1)
        ] + [""] * (width - len(row))
        told: list[tuple[str | None, str, str]] = [
            (plot.letter, tidy(plot.header), _cell(row, plot.position)) for plot in filled
        ]
        for letter, header, cell in told or [NO_CELL]:
            numbers.append(line)
            texts.append(CELL_SEPARATOR.join([*without_plots, header, cell]))
            letters.append(letter)
    lines = pa.table(
        {
            "line": pa.array(numbers, pa.int64()),
            "text": pa.array(texts, pa.string()),
            "cellColumn": pa.array(letters, pa.string()),
        }
    )
    unnamed = [Column(place, "", None) for place in range(len(columns) + 1, width + 1)]
    told_at_the_end = [Column(width + 1, "", across_the_top), Column(width + 2, "", "individualCount")]
    marked = [replace(column, isAcross=column in plots) for column in columns]
    return CrossTable(lines, [*marked, *unnamed, *told_at_the_end])


def _cell(row: list[str], position: int) -> str:
    return tidy(row[position - 1]) if position <= len(row) else ""
