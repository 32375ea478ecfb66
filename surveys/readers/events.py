"""Events: a table of visits or plots beside a table of the species found on them, joined by their eventID.

So Darwin Core's event and occurrence tables, and likewise a sheet 样地 beside a sheet 物种. A table that names its own
dates and places keeps them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from surveys.ambiguity import NAME_TERMS
from surveys.columns import TERMS, Column
from surveys.files.sheet import CELL_SEPARATOR
from surveys.headers import tidy
from surveys.read_table import ReadTable
from surveys.readers.export import ToldRow, lines_of_rows

# What an event table tells: one that says none of these of its events is no event table.
TOLD_OF_EVENTS = (
    "eventDate", "year", "eventTime", "decimalLatitude", "decimalLongitude", "verbatimCoordinates", "locality",
    "locationID", "county", "habitat", "samplingProtocol", "samplingEffort", "sampleSizeValue",
)  # fmt: skip
UNIQUE = 0.9
MOST_LEVELS = 8


@dataclass(frozen=True)
class _Events:
    """An event table: the line and cells of each eventID, with what its parent event says where it is silent itself."""

    read: ReadTable
    lines: dict[str, tuple[int, list[str]]]


def joined_to_events(tables: Sequence[ReadTable]) -> tuple[list[ReadTable], set[str]]:
    """The tables with the cells of their events, without the event tables; and the sheets of those."""
    species = [read for read in tables if _names_species(read)]
    candidates = [events for read in tables if not _names_species(read) and (events := _events(read))]
    if not species or not candidates:
        return list(tables), set()
    joined, used = [], set()
    for read in species:
        best = _best(read, candidates)
        joined.append(_joined(read, best) if best else read)
        used |= {best.read.sheet} if best else set()
    rest = [read for read in tables if not _names_species(read) and read.sheet not in used]
    return [*joined, *rest], used


def _names_species(read: ReadTable) -> bool:
    return not {column.term for column in read.columns}.union(read.stated).isdisjoint(NAME_TERMS)


def _place(read: ReadTable, term: str) -> int | None:
    return next((column.position - 1 for column in read.columns if column.term == term), None)


def _rows(read: ReadTable) -> Iterator[tuple[int, list[str]]]:
    width = len(read.columns)
    for line, text in zip(
        read.table.lines["line"].to_pylist(), read.table.lines["text"].to_pylist(), strict=True
    ):
        cells = text.split(read.table.delimiter)
        yield line, cells + [""] * (width - len(cells))


def _key(cells: list[str], place: int | None) -> str:
    return tidy(cells[place]) if place is not None else ""


def _events(read: ReadTable) -> _Events | None:
    at, at_parent = _place(read, "eventID"), _place(read, "parentEventID")
    if at is None or {column.term for column in read.columns}.isdisjoint(TOLD_OF_EVENTS):
        return None
    width = len(read.columns)
    rows = [(line, cells[:width]) for line, cells in _rows(read)]
    times = Counter(key for _, cells in rows if (key := _key(cells, at)))
    if not times or len(times) < UNIQUE * sum(times.values()):
        return None
    lines: dict[str, tuple[int, list[str]]] = {}
    for line, cells in rows:
        lines.setdefault(_key(cells, at), (line, cells))
    lines.pop("", None)
    if at_parent is not None:
        lines = {key: (line, _with_parents(cells, at_parent, lines)) for key, (line, cells) in lines.items()}
    return _Events(read, lines)


def _with_parents(cells: list[str], at_parent: int, lines: dict[str, tuple[int, list[str]]]) -> list[str]:
    """What an event leaves out is as its parent event says: a visit lies where its plot does."""
    filled, parent = list(cells), _key(cells, at_parent)
    for _ in range(MOST_LEVELS):
        if parent not in lines:
            break
        above = lines[parent][1]
        filled = [own if tidy(own) else inherited for own, inherited in zip(filled, above, strict=True)]
        parent = _key(above, at_parent)
    return filled


def _best(read: ReadTable, candidates: Sequence[_Events]) -> _Events | None:
    """The event table that knows most of the events the rows name."""
    at = _place(read, "eventID")
    if at is None:
        return None
    named = {key for _, cells in _rows(read) if (key := _key(cells, at))}
    known = [len(named.intersection(events.lines)) for events in candidates]
    return candidates[known.index(max(known))] if max(known) > 0 else None


def _joined(read: ReadTable, events: _Events) -> ReadTable:
    own_terms = {column.term for column in read.columns if column.term} - set(read.stated)
    added = [
        column
        for column in events.read.columns
        if column.term not in own_terms and column.term != "eventID" and column.header
    ]
    # What a table's title says of all its rows gives way to what the event itself says.
    added_terms = {column.term for column in added if column.term in TERMS}
    columns = list(read.columns) + [
        replace(
            column, position=len(read.columns) + place, parts=(), cellSheet=events.read.sheet,
            cellPosition=column.cellPosition or column.position,
        )
        for place, column in enumerate(added, start=1)
    ]  # fmt: skip
    stated = {
        term: value
        for term, value in (events.read.stated | read.stated).items()
        if term not in added_terms and term not in own_terms
    }
    table = replace(
        read.table,
        lines=lines_of_rows(_told(read, events, added)),
        sheet=replace(read.table.sheet, delimiter=CELL_SEPARATOR),
    )
    return replace(read, table=table, columns=columns, stated=stated)


def _told(read: ReadTable, events: _Events, added: Sequence[Column]) -> Iterator[ToldRow]:
    at, width = _place(read, "eventID"), len(read.columns)
    places = [column.position - 1 for column in added]
    nowhere = [""] * len(added)
    for line, cells in _rows(read):
        key = _key(cells, at)
        found = events.lines.get(key)
        yield ToldRow(
            line,
            [*cells[:width], *([found[1][place] for place in places] if found else nowhere), *cells[width:]],
            joined=[(events.read.sheet, found[0])] if found else [],
            unjoined=key if key and not found else None,
        )
