"""Forms: exports of KoboToolbox and ODK, whose repeat groups stand on sheets of their own below their submission.

Every row of a repeat group is joined to the submission it belongs to, over as many levels as there are. What the
columns of one sheet mean is found in `form_columns`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from surveys.ambiguity import NAME_TERMS
from surveys.headers import tidy
from surveys.readers.export import Export, ExportColumn, SourceSheet, TermOf, ToldRow, export_of
from surveys.readers.form_columns import POINT_TERMS, FormColumns, columns_of_form, is_missing, point_in

LONGEST_SHEET_NAME = 31  # of a workbook: a group's name is cut there
MOST_LEVELS = 8
Key = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One row of a form's sheet: where it stands, its cells, its lasting identity, the row it belongs to."""

    sheet: str
    line: int
    cells: list[str]
    identity: str
    parent: Entry | None
    unjoined: str | None = None

    @property
    def above(self) -> list[Entry]:
        """The rows it belongs to, the nearest first."""
        found, entry = [], self.parent
        while entry is not None:
            found.append(entry)
            entry = entry.parent
        return found


def is_form(source: SourceSheet) -> bool:
    return _is_kobo(source) or _is_odk(source)


def _is_kobo(source: SourceSheet) -> bool:
    return source.holds("_index") and any(
        source.holds(header) for header in ("_uuid", "_submission_time", "_parent_index", "_submission__uuid")
    )


def _is_odk(source: SourceSheet) -> bool:
    is_submission = any(
        header in ("SubmissionDate", "instanceID", "meta-instanceID") for header in source.header
    )
    is_below = source.holds("PARENT_KEY") or any(header.startswith("SET-OF-") for header in source.header)
    return source.holds("KEY") and (is_submission or is_below)


def read_forms(sources: Sequence[SourceSheet], term_of: TermOf) -> list[Export]:
    """One Export per sheet whose rows are records: those that ask for a species, or else the lowest groups."""
    above = _parents(sources)
    columns = {source.name: columns_of_form(source, term_of) for source in sources}
    naming = [source for source in sources if columns[source.name].terms.intersection(NAME_TERMS)]
    lowest = [source for source in sources if source not in above.values()]
    entries = _Entries(sources, above, columns)
    return [_export(source, above, columns, entries) for source in naming or lowest]


def _parents(sources: Sequence[SourceSheet]) -> dict[str, SourceSheet]:
    """By the name of a sheet of repeats, the sheet that its rows belong to."""
    found = {}
    for source in sources:
        parent = _kobo_parent(source, sources) if _is_kobo(source) else _odk_parent(source, sources)
        if parent is not None and parent is not source:
            found[source.name] = parent
    return found


def _kobo_parent(source: SourceSheet, sources: Sequence[SourceSheet]) -> SourceSheet | None:
    named, at_index = source.place("_parent_table_name"), source.place("_parent_index")
    if at_index is None:
        return None
    tables = (
        Counter(tidy(cells[named]) for _, cells in source.rows()) if named is not None else Counter[str]()
    )
    wanted = next((name for name, _ in tables.most_common() if name), "")
    others = [other for other in sources if other is not source and _is_kobo(other)]
    of_that_name = [other for other in others if wanted and _plain_name(other) == wanted[:LONGEST_SHEET_NAME]]
    submissions = [other for other in others if other.place("_parent_index") is None]
    return next(iter(of_that_name or submissions), None)


def _plain_name(source: SourceSheet) -> str:
    """The name of the table: without the folders and the ending of a file, or the workbook it is a sheet of."""
    name = PurePosixPath(source.name.rpartition(" / ")[2].replace("\\", "/")).name
    return name.removesuffix(".csv").removesuffix(".tsv")[:LONGEST_SHEET_NAME]


def _odk_parent(source: SourceSheet, sources: Sequence[SourceSheet]) -> SourceSheet | None:
    at = source.place("PARENT_KEY")
    if at is None:
        return None
    wanted = {tidy(cells[at]) for _, cells in source.rows()}
    best, most = None, 0
    for other in sources:
        key = other.place("KEY")
        if other is source or key is None:
            continue
        known = len(wanted.intersection(tidy(cells[key]) for _, cells in other.rows()))
        if known > most:
            best, most = other, known
    return best


class _Entries:
    """The rows of all sheets as Entries; those that others belong to are held, the rest are told once."""

    def __init__(
        self, sources: Sequence[SourceSheet], above: dict[str, SourceSheet], columns: dict[str, FormColumns]
    ) -> None:
        self._above = above
        self._columns = columns
        self._held: dict[str, dict[str, Entry]] = {}
        for source in sources:
            if source in above.values():
                self._hold(source)

    def _hold(self, source: SourceSheet) -> dict[str, Entry]:
        """The Entries of a sheet by the key that rows below name."""
        if source.name not in self._held:
            self._held[source.name] = {}  # groups that name one another in a circle belong to nothing
            at = source.place("KEY") if source.holds("KEY") else source.place("_index")
            told = {tidy(entry.cells[at or 0]): entry for entry in self.of(source)}
            self._held[source.name] = told
        return self._held[source.name]

    def of(self, source: SourceSheet) -> Iterator[Entry]:
        parent_sheet = self._above.get(source.name)
        parents = self._hold(parent_sheet) if parent_sheet else {}
        at_parent = source.place("PARENT_KEY")
        at_parent = source.place("_parent_index") if at_parent is None else at_parent
        at_key, at_uuid, at_submission = (
            source.place(name) for name in ("KEY", "_uuid", "_submission__uuid")
        )
        people, group = self._columns[source.name].people, _plain_name(source)
        times: Counter[str] = Counter()
        for line, cells in source.rows():
            key = tidy(cells[at_parent]) if at_parent is not None else ""
            parent = parents.get(key) if key else None
            times[key] += 1
            if at_key is not None:
                identity = tidy(cells[at_key])
            elif at_parent is None:
                identity = tidy(cells[at_uuid]) if at_uuid is not None else ""
            else:
                submission = tidy(cells[at_submission]) if at_submission is not None else ""
                origin = parent.identity if parent else submission
                identity = f"{origin}/{group}[{times[key]}]" if origin else ""
            for place in people:
                cells[place] = ""
            cells = ["" if is_missing(cell) else cell for cell in cells]
            yield Entry(source.name, line, cells, identity, parent, key if key and parent is None else None)


def _export(
    source: SourceSheet,
    above: dict[str, SourceSheet],
    columns: dict[str, FormColumns],
    entries: _Entries,
) -> Export:
    sheets = [source]
    while sheets[-1].name in above and len(sheets) < MOST_LEVELS:
        sheets.append(above[sheets[-1].name])
    own = columns[source.name]
    told: list[ExportColumn] = list(own.columns)
    for sheet in sheets[1:]:
        told += columns[sheet.name].on_another_sheet(sheet.name)
    terms = set().union(*(columns[sheet.name].terms for sheet in sheets))
    parent_key = next(
        (at for at in (own.place("PARENT_KEY"), own.place("_parent_index")) if at is not None), None
    )
    at_identity = next(
        (at for at in map(own.place, ("KEY", "_uuid", "_submission__uuid")) if at is not None), 0
    )
    level = "eventID" if "eventID" not in terms else "parentEventID" if "parentEventID" not in terms else ""
    told += [
        ExportColumn(source.header[at_identity], at_identity, "occurrenceID"),
        *(
            [ExportColumn(source.header[parent_key], parent_key, level)]
            if parent_key is not None and level
            else []
        ),
    ]
    if not terms.intersection(("eventDate", "year")):
        told = _with_date_of_the_form(told)
    told, points = _with_a_point(told, [columns[sheet.name] for sheet in sheets], terms)
    rows = _rows(entries.of(source), sheets, points, keeps_event=parent_key is not None and bool(level))
    return export_of(source, told, rows, {"verbatimSRS": "WGS84"} if points or _has_point(told) else {})


def _rows(
    entries: Iterator[Entry], sheets: Sequence[SourceSheet], points: list[int], *, keeps_event: bool
) -> Iterator[ToldRow]:
    widths = [len(sheet.header) for sheet in sheets]
    for entry in entries:
        cells = entry.cells[: widths[0]]
        above = entry.above[: len(sheets) - 1]
        for level, width in enumerate(widths[1:]):
            cells += above[level].cells[:width] if level < len(above) else [""] * width
        event = above[0].identity if above else entry.unjoined or ""
        worked_out = [entry.identity, *([event] if keeps_event else [])]
        worked_out += [point_in(cells[place]) for place in points]
        yield ToldRow(
            entry.line, [*cells, *worked_out, *entry.cells[widths[0] :]],
            joined=[(parent.sheet, parent.line) for parent in above], unjoined=entry.unjoined,
        )  # fmt: skip


def _with_date_of_the_form(columns: list[ExportColumn]) -> list[ExportColumn]:
    """A form that asks for no date was filled in on the day of its own `today` or `start`."""
    for wanted in ("today", "_today", "start", "_start"):
        place = next((place for place, column in enumerate(columns) if column.header == wanted), None)
        if place is not None:
            column = columns[place]
            dated = ExportColumn(column.header, column.place, "eventDate", sheet=column.sheet)
            return [*columns[:place], dated, *columns[place + 1 :]]
    return columns


def _with_a_point(
    columns: list[ExportColumn], of_sheets: Sequence[FormColumns], terms: set[str]
) -> tuple[list[ExportColumn], list[int]]:
    """The columns with one geopoint read, that nearest to the record; and the places of cells that hold a whole one."""
    offset = 0
    for form in of_sheets:
        for question in form.points:
            if form.is_filled(question["decimalLatitude"]):
                for term, place in question.items():
                    column = columns[offset + place]
                    columns[offset + place] = ExportColumn(
                        column.header, column.place, term, sheet=column.sheet
                    )
                return columns, []
        offset += len(form.columns)
    if terms.intersection(POINT_TERMS):
        return columns, []
    offset = 0
    for form in of_sheets:
        for place in form.whole_points:
            column = columns[offset + place]
            point = ExportColumn(column.header, column.place, "verbatimCoordinates", sheet=column.sheet)
            return [*columns, point], [offset + place]
        offset += len(form.columns)
    return columns, []


def _has_point(columns: Sequence[ExportColumn]) -> bool:
    return any(column.term == "decimalLatitude" for column in columns)
