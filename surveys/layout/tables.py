"""Tables: where each table of a sheet begins and ends, and what its header says.

Title lines may stand above a header, a second header line below it, several tables below one another. Rows that
are no records (notes, totals) stay in the table: they are judged with all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from surveys.errors import UnreadableFile
from surveys.files.sheet import Sheet
from surveys.headers import known_headers, normalised, tidy
from surveys.layout.blocks import blocks_of
from surveys.layout.cells import cells_of
from surveys.layout.survey_table import SurveyTable
from surveys.layout.titles import names_a_plot, stated_above

TermOf = Callable[[str], str | None]
HEADER_WITHIN_ROWS = 20
MIN_RECOGNISED = 2
ROWS_OF_A_TABLE = 3
CELLS_OF_A_TABLE = 3
MIN_BESIDE_A_NAME = 1
NAME_TERMS = ("scientificName", "vernacularName")
KEY_TERMS = (*NAME_TERMS, "eventID", "parentEventID", "locality", "locationID", "eventDate")
# Every header of a species table holds one of these somewhere: only such lines can begin a further table.
MAY_BE_HEADER = r"(?i)种|種|名|鸟|鳥|name|species|taxon|植物|动物"
NUMBER = re.compile(r"^[-+]?[\d.,%\s]+$")
UNIT_ROW_CELL = re.compile(r"^[(\[（【].{1,8}[)\]）】]$|^(m|cm|mm|km|㎡|m2|hm2|ha|%|株|只|个|°)$")


@dataclass(frozen=True)
class _Header:
    first: int  # index into sheet.lines
    last: int
    cells: tuple[str, ...]
    groups: tuple[str, ...] = ()  # by column, the upper of two header lines where it spans several


def tables_on(sheet: Sheet, term_of: TermOf) -> list[SurveyTable]:
    """The tables of a sheet from top to bottom; none where no line reads like a header.

    `term_of` gives the term of a header, None for an unknown one.
    """
    headers = _headers(sheet, term_of)
    tables: list[SurveyTable] = []
    title_from = 0
    for place, header in enumerate(headers):
        end = headers[place + 1].first if place + 1 < len(headers) else sheet.lines.num_rows
        title_of_next = _title_begins(sheet, header.last + 1, end) if place + 1 < len(headers) else end
        above = [cells_of(sheet, index) for index in range(title_from, header.first)]
        table = SurveyTable(
            sheet=sheet,
            header=header.cells,
            header_line=sheet.lines["line"][header.first].as_py(),
            lines=sheet.lines.slice(header.last + 1, title_of_next - header.last - 1),
            title=" ".join(tidy(cell) for row in above for cell in row if tidy(cell)),
            stated=stated_above(above, term_of),
        )
        tables += blocks_of(table, header.groups, above, term_of)
        title_from = title_of_next
    return _joined_where_alike(tables, term_of)


def is_like_a_table(sheet: Sheet) -> bool:
    """Whether a sheet without a header that is understood holds rows of cells all the same, and no mere notes."""
    head = range(min(HEADER_WITHIN_ROWS + 1, sheet.lines.num_rows))
    filled = (sum(1 for cell in cells_of(sheet, index) if tidy(cell)) for index in head)
    return sum(cells >= CELLS_OF_A_TABLE for cells in filled) >= ROWS_OF_A_TABLE


def require_a_header(sheets: list[Sheet], file_name: str) -> UnreadableFile:
    """The refusal of a file on whose sheets no line reads like a header."""
    first = next((tidy(" ".join(cells_of(s, i))) for s in sheets for i in range(s.lines.num_rows)), "")
    return UnreadableFile("error-no-header", file=file_name, rows=HEADER_WITHIN_ROWS, found=first[:120])


def presumed_header(sheet: Sheet) -> list[str]:
    """The cells of the first line that could be a header though none of them is understood: texts, all different."""
    for index in range(min(HEADER_WITHIN_ROWS + 1, sheet.lines.num_rows)):
        filled = [tidy(cell) for cell in cells_of(sheet, index) if tidy(cell)]
        if (
            len(filled) >= MIN_RECOGNISED
            and len(set(filled)) == len(filled)
            and not any(map(NUMBER.match, filled))
        ):
            return filled
    return []


def _headers(sheet: Sheet, term_of: TermOf) -> list[_Header]:
    first = _first_header(sheet, term_of)
    if first is None:
        return []
    headers = [_with_second_line(sheet, first, term_of)]
    for index in _lines_that_may_be_headers(sheet):
        if index > headers[-1].last and _is_further_header(cells_of(sheet, index), term_of):
            headers.append(_with_second_line(sheet, index, term_of))
    return headers


def _lines_that_may_be_headers(sheet: Sheet) -> list[int]:
    """Found for all lines at once: those with a word every header has, and without a number alone in a cell."""
    texts, border = sheet.lines["text"], re.escape(sheet.delimiter)
    has_word = pc.match_substring_regex(texts, MAY_BE_HEADER)
    has_number = pc.match_substring_regex(texts, rf"(^|{border})[-+]?[0-9.]*[0-9]%?({border}|$)")
    indices: list[int] = pc.indices_nonzero(pc.and_(has_word, pc.invert(has_number))).to_pylist()
    return indices


def _first_header(sheet: Sheet, term_of: TermOf) -> int | None:
    """The line under which most headers are recognised, the uppermost of several; else one naming a key alone."""
    best, best_index = MIN_RECOGNISED - 1, None
    key_index = None
    for index in range(min(HEADER_WITHIN_ROWS + 1, sheet.lines.num_rows)):
        cells = cells_of(sheet, index)
        recognised = _recognised(cells, term_of)
        if len(recognised) > best:
            best, best_index = len(recognised), index
        if key_index is None and _names_a_key_alone(cells, term_of):
            key_index = index
    if best_index and _is_lower_half(cells_of(sheet, best_index - 1), cells_of(sheet, best_index), term_of):
        return best_index - 1
    return best_index if best_index is not None else key_index


def _is_lower_half(upper: list[str], lower: list[str], term_of: TermOf) -> bool:
    """株数 | 盖度 | 株数 | 盖度 below 物种 | 样方1 | | 样方2: most headers, but the species is named a line above."""
    keys = [place for place, cell in enumerate(upper) if tidy(cell) and term_of(cell) in NAME_TERMS]
    return bool(keys) and not any(tidy(cell) for place in keys for cell in lower[place : place + 1])


def _recognised(cells: list[str], term_of: TermOf) -> list[str]:
    return [cell for cell in cells if tidy(cell) and term_of(cell) is not None]


def _names_a_key_alone(cells: list[str], term_of: TermOf) -> bool:
    """物种 | Y1 | Y2 | Y3: one known key with unknown headers beside it, none of them a value."""
    filled = [tidy(cell) for cell in cells if tidy(cell)]
    keys = [cell for cell in filled if term_of(cell) in KEY_TERMS]
    return len(keys) == 1 and len(filled) > MIN_BESIDE_A_NAME and len(set(filled)) == len(filled)


def _is_further_header(cells: list[str], term_of: TermOf) -> bool:
    filled = [tidy(cell) for cell in cells if tidy(cell)]
    if any(NUMBER.match(cell) for cell in filled):
        return False
    recognised = [cell for cell in filled if term_of(cell) is not None]
    names = [cell for cell in recognised if term_of(cell) in KEY_TERMS]
    return bool(names) and len(recognised) >= MIN_RECOGNISED and len(recognised) * 2 >= len(filled)


def _with_second_line(sheet: Sheet, index: int, term_of: TermOf) -> _Header:
    """Join a header with the line below it where that one names columns too, or their units."""
    upper = _spread(sheet, index)
    if index + 1 >= sheet.lines.num_rows:
        return _Header(index, index, tuple(tidy(cell) for cell in upper))
    lower = [tidy(cell) for cell in cells_of(sheet, index + 1)]
    filled = [cell for cell in lower if cell]
    if not filled or len(filled) == 1 == len(lower):
        return _Header(index, index, tuple(tidy(cell) for cell in upper))
    if all(UNIT_ROW_CELL.match(cell) for cell in filled):
        return _Header(
            index,
            index + 1,
            _combined(upper, [f"({c.strip('()（）[]【】')})" if c else "" for c in lower], term_of),
        )
    groups = _groups(upper, lower, term_of)
    if _number_plots(upper, lower, groups, term_of):
        return _Header(index, index + 1, _plots_below(upper, lower, groups))
    known = [cell for cell in filled if term_of(cell) is not None]
    values = [cell for cell in filled if any(character.isdigit() for character in cell)]
    below_a_gap = [
        cell for place, cell in enumerate(lower)
        if cell and (place >= len(upper) or not tidy(upper[place]) or term_of(upper[place]) is None)
    ]  # fmt: skip
    is_header = len(known) * 2 >= len(filled) and not values and (len(known) > 1 or known == below_a_gap)
    if not is_header:
        return _Header(index, index, tuple(tidy(cell) for cell in upper))
    return _Header(index, index + 1, _combined(upper, lower, term_of), groups)


def _groups(upper: list[str], lower: list[str], term_of: TermOf) -> tuple[str, ...]:
    """By column, the upper cell that spans several lower ones, merged or with gaps to its right; '' elsewhere."""
    spread: list[str] = []
    for place, below in enumerate(lower):
        above = tidy(upper[place]) if place < len(upper) else ""
        continues = not above and below and spread and spread[-1]
        spread.append(spread[-1] if continues else above if below else "")
    several = {name for name in spread if name and spread.count(name) > 1}
    is_group = {
        name for name in several if term_of(name) in (None, "eventID", "individualCount", "organismQuantity")
    }
    return tuple(name if name in is_group else "" for name in spread)


def _number_plots(upper: list[str], lower: list[str], groups: tuple[str, ...], term_of: TermOf) -> bool:
    """样方 over 1 | 2 | 3: the lower line numbers plots below a cell that spans them, and nothing else."""
    numbered = [(group, cell) for group, cell in zip(groups, lower, strict=True) if cell]
    return (
        bool(numbered)
        and all(group and names_a_plot(cell, term_of) for group, cell in numbered)
        and len(set(numbered)) == len(numbered)
        and any(term_of(cell) in KEY_TERMS for cell in upper if tidy(cell))
    )


def _plots_below(upper: list[str], lower: list[str], groups: tuple[str, ...]) -> tuple[str, ...]:
    """The number of each plot, with the group before it where there are several groups."""
    several = len({group for group in groups if group}) > 1
    width = max(len(upper), len(lower))
    below = [f"{group}/{cell}" if several else cell for group, cell in zip(groups, lower, strict=True)]
    below = [name if cell else "" for name, cell in zip(below, lower, strict=True)] + [""] * (
        width - len(lower)
    )
    above = [tidy(cell) for cell in upper] + [""] * (width - len(upper))
    return tuple(name or cell for name, cell in zip(below, above, strict=True))


def _spread(sheet: Sheet, index: int) -> list[str]:
    """The cells of a header line; a merged one names every column it spans."""
    cells = cells_of(sheet, index)
    line = sheet.lines["line"][index].as_py()
    for block in sheet.merged:
        if block.first_line == line and block.first_column <= len(cells):
            for column in range(block.first_column, min(block.last_column, len(cells))):
                cells[column] = cells[column] or cells[block.first_column - 1]
    return cells


def _combined(upper: list[str], lower: list[str], term_of: TermOf) -> tuple[str, ...]:
    """One header a column: the upper cell where it is understood by itself, else both with a stroke between."""
    width = max(len(upper), len(lower))
    above = [tidy(cell) for cell in upper] + [""] * (width - len(upper))
    below = list(lower) + [""] * (width - len(lower))
    return tuple(_one_header(a, b, term_of) for a, b in zip(above, below, strict=True))


def _one_header(above: str, below: str, term_of: TermOf) -> str:
    if not below or not above:
        return above or below
    together = f"{above}{below}"
    if below.startswith("(") or normalised(together) in known_headers():
        return together
    if term_of(above) is None or (term_of(below) and term_of(below) != term_of(above)):
        return below if term_of(below) is not None else f"{above}/{below}"
    return above


def _title_begins(sheet: Sheet, start: int, end: int) -> int:
    """Where the lines that belong to the next header begin: those right above it with at most one cell or pairs."""
    index = end
    while index > start:
        filled = [tidy(cell) for cell in cells_of(sheet, index - 1) if tidy(cell)]
        if len(filled) > 1 and not all(":" in cell or "：" in cell for cell in filled):
            break
        index -= 1
    return index


def _joined_where_alike(tables: list[SurveyTable], term_of: TermOf) -> list[SurveyTable]:
    """A header repeated on every printed page begins no new table, unless something we know is said above it."""
    joined: list[SurveyTable] = []
    for table in tables:
        if joined and joined[-1].header == table.header and not any(map(term_of, table.stated)):
            both = pa.concat_tables([joined[-1].lines, table.lines], promote_options="default")
            joined[-1] = replace(joined[-1], lines=both)
        else:
            joined.append(table)
    return joined
