"""Form columns: what the columns of one sheet of a form's export are: questions, geopoints, what the system adds.

Group names before a question (`plot/species`, `plot-species`) say nothing about its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from surveys.headers import tidy
from surveys.readers.export import ExportColumn, KnownColumns, SourceSheet, TermOf, known_columns
from surveys.terms import KEPT_AS_WRITTEN

# The four columns into which a geopoint is taken apart: KoboToolbox `_gps_latitude`, ODK `gps-Latitude`.
POINT_PART = re.compile(
    r"^(?:(?P<group>.*/)?_(?P<kobo>.+)_(?P<k>latitude|longitude|altitude|precision)"
    r"|(?P<odk>.+)-(?P<o>Latitude|Longitude|Altitude|Accuracy))$"
)
PART_TERMS = {
    "latitude": "decimalLatitude", "longitude": "decimalLongitude", "altitude": "minimumElevationInMeters",
    "precision": "coordinateUncertaintyInMeters", "accuracy": "coordinateUncertaintyInMeters",
}  # fmt: skip
POINT_TERMS = ("decimalLatitude", "decimalLongitude")
# latitude longitude altitude accuracy, as a geopoint is kept; [latitude, longitude] in `_geolocation`.
WHOLE_POINT = re.compile(r"^\[?(-?\d{1,2}\.\d+)[, ]+(-?\d{1,3}\.\d+)(?: +-?[\d.]+ +[\d.]+)?\]?$")
GEOLOCATION = "_geolocation"
LANGUAGE_OF_A_LABEL = re.compile(r"::.*$")
ROWS_LOOKED_AT = 300


@dataclass(frozen=True)
class FormColumns:
    """The columns of one sheet; the terms its questions usually mean; the places that name people.

    `points` holds one term → place per geopoint question, `whole_points` the places of cells that hold one undivided.
    """

    source: SourceSheet
    columns: tuple[ExportColumn, ...]
    terms: frozenset[str]
    people: tuple[int, ...]
    points: tuple[dict[str, int], ...]
    whole_points: tuple[int, ...]

    def place(self, header: str) -> int | None:
        return self.source.place(header)

    def on_another_sheet(self, sheet: str) -> list[ExportColumn]:
        return [replace(column, sheet=sheet) for column in self.columns]

    def is_filled(self, place: int) -> bool:
        return any(tidy(cells[place]) and not is_missing(cells[place]) for _, cells in self.source.rows())


def is_missing(cell: str) -> bool:
    """n/a: how an older KoboToolbox writes a question that was not asked."""
    return cell.strip().lower() in ("n/a", "<na>")


def columns_of_form(source: SourceSheet, term_of: TermOf) -> FormColumns:
    known = known_columns("forms")
    points = _points(source)
    of_points = {place for question in points for place in question.values()}
    columns, terms = [], set()
    for place, header in enumerate(source.header):
        readable = _question(header, source.header, term_of)
        if place in of_points or _is_added(header, source, known) or readable is None:
            columns.append(ExportColumn(header, place, KEPT_AS_WRITTEN))
        else:
            columns.append(ExportColumn(header, place, readAs=readable))
            if term := term_of(readable):
                terms.add(term)
    people = tuple(
        place for place, header in enumerate(source.header) if _last_part(header) in known.personal
    )
    whole = _whole_points(source, {header for header in source.header if _is_added(header, source, known)})
    return FormColumns(source, tuple(columns), frozenset(terms), people, points, whole)


def _is_added(header: str, source: SourceSheet, known: KnownColumns) -> bool:
    return (
        header in known.kept
        or _last_part(header) in known.personal
        or header.startswith("SET-OF-")
        or (header.endswith("_URL") and header.removesuffix("_URL") in source.header)
    )


def _last_part(header: str) -> str:
    return header.rpartition("/")[2]


def _question(header: str, all_headers: Sequence[str], term_of: TermOf) -> str | None:
    """What is left of a header when its groups are taken off; None for one choice of a question with several."""
    if not header:
        return None
    group, stroke, _ = header.rpartition("/")
    if stroke and group in all_headers:  # habitat/forest beside habitat
        return None
    plain = LANGUAGE_OF_A_LABEL.sub("", header)
    candidates = [plain]
    for mark in ("/", "-"):
        parts = plain.split(mark)
        candidates += [mark.join(parts[place:]) for place in range(1, len(parts))]
    found = next((candidate for candidate in candidates if candidate and term_of(candidate)), None)
    return found or plain.rpartition("/")[2] or plain


def _points(source: SourceSheet) -> tuple[dict[str, int], ...]:
    """One term → place per geopoint question that has both a latitude and a longitude."""
    questions: dict[str, dict[str, int]] = {}
    for place, header in enumerate(source.header):
        if found := POINT_PART.match(header):
            name = found["odk"] or f"{found['group'] or ''}{found['kobo']}"
            part = (found["k"] or found["o"]).lower()
            questions.setdefault(name, {})[PART_TERMS[part]] = place
    return tuple(question for question in questions.values() if set(POINT_TERMS) <= set(question))


def _whole_points(source: SourceSheet, added: set[str]) -> tuple[int, ...]:
    """Places of columns in which every filled cell of the first rows is an undivided geopoint; `_geolocation` last."""
    filled = [0] * len(source.header)
    fitting = [0] * len(source.header)
    for _, (_, cells) in zip(range(ROWS_LOOKED_AT), source.rows(), strict=False):
        for place in range(len(source.header)):
            if tidy(cells[place]) and not is_missing(cells[place]):
                filled[place] += 1
                fitting[place] += bool(WHOLE_POINT.match(tidy(cells[place])))
    found = [
        place for place, header in enumerate(source.header)
        if filled[place] and filled[place] == fitting[place] and (header == GEOLOCATION or header not in added)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda place: source.header[place] == GEOLOCATION))


def point_in(cell: str) -> str:
    """Latitude and longitude of an undivided geopoint."""
    found = WHOLE_POINT.match(tidy(cell))
    return f"{found[1]}, {found[2]}" if found else ""
