"""Camtrap DP: observations of camera traps with their deployments, as the TDWG data package lays them out.

Which sheets of a zip are meant is said by its `datapackage.json`, read in `data_package`; a table of its own is told by
its columns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from surveys.files.sheet import Sheet
from surveys.headers import tidy
from surveys.readers.data_package import DataPackage
from surveys.readers.export import (
    Export,
    ExportColumn,
    KnownColumns,
    SourceSheet,
    ToldRow,
    export_of,
    known_columns,
    without,
)
from surveys.terms import KEPT_AS_WRITTEN

OBSERVATIONS = ("observationID", "deploymentID", "observationLevel", "observationType")
DEPLOYMENTS = ("deploymentID", "deploymentStart", "deploymentEnd", "latitude", "longitude")
MEDIA = ("mediaID", "deploymentID", "timestamp", "filePath")
# observationType other than animal: why the row is no record of a species.
KIND_OF_TYPE = {"blank": "blank", "human": "notanimal", "vehicle": "notanimal", "unknown": "unclassified",
                "unclassified": "unclassified"}  # fmt: skip
ASKED = (
    "observationType",
    "observationLevel",
    "eventID",
    "deploymentID",
    "mediaID",
    "scientificName",
    "count",
)
ONLY_DIGITS = re.compile(r"^[0-9\s.#-]+$")
Event = tuple[str, str]
Places = dict[str, int | None]


def is_observations(source: SourceSheet) -> bool:
    return source.holds(*OBSERVATIONS)


def is_beside(source: SourceSheet) -> bool:
    """Whether the sheet is another table of the package, which is joined to the observations or left aside."""
    return source.holds(*DEPLOYMENTS) or source.holds(*MEDIA)


def read_camtrap(sources: Sequence[SourceSheet], package: DataPackage | None) -> list[Export]:
    """One Export per observations table, each row with the cells of its deployment; a table may come in parts."""
    observations = [source for source in sources if is_observations(source)]
    deployments = _Deployments([source for source in sources if source.holds(*DEPLOYMENTS)])
    counted = _Counted(observations)
    return [_observations(source, deployments, counted, package) for source in observations]


def _observations(
    source: SourceSheet, deployments: _Deployments, counted: _Counted, package: DataPackage | None
) -> Export:
    known = known_columns("camtrapObservations")
    columns = [*known.of(source), *deployments.columns]
    columns.append(_column_worked_out(source, "classificationMethod", "identificationVerificationStatus"))
    stated = {
        "samplingProtocol": "camera trap", "basisOfRecord": "MachineObservation", "verbatimSRS": "WGS84",
        "occurrenceStatus": "present", "datasetName": package.title if package else "",
        "license": package.license if package else "",
    }  # fmt: skip
    rows = _told(source, known, deployments, counted, package.id if package else "")
    return export_of(source, columns, rows, stated)


def _column_worked_out(source: SourceSheet, header: str, term: str) -> ExportColumn:
    place = source.place(header)
    return ExportColumn(
        header if place is not None else "", place or 0, term if place is not None else KEPT_AS_WRITTEN
    )


class _Deployments:
    """The deployments by their id, the first of several with one id; parts whose columns differ are left aside."""

    def __init__(self, sources: Sequence[SourceSheet]) -> None:
        known = known_columns("camtrapDeployments")
        parts = [source for source in sources if source.header == sources[0].header]
        self.columns = known.of(parts[0], parts[0].name) if parts else []
        self.are_there = bool(parts)
        self._lines: dict[str, tuple[str, int, list[str]]] = {}
        for part in parts:
            key, people = part.header.index("deploymentID"), known.places_of_people(part)
            for line, cells in part.rows():
                own = without(cells[: len(part.header)], people)
                self._lines.setdefault(tidy(cells[key]), (part.name, line, own))

    def find(self, deployment: str) -> tuple[list[tuple[str, int]], list[str]]:
        """Sheet and line of a deployment, and its cells; none and empty ones where it is not there."""
        sheet, line, cells = self._lines.get(deployment, ("", 0, [""] * len(self.columns)))
        return [(sheet, line)] if line else [], cells


def _told(
    source: SourceSheet, known: KnownColumns, deployments: _Deployments, counted: _Counted, package_id: str
) -> Iterator[ToldRow]:
    width, people = len(source.header), known.places_of_people(source)
    at_id, at_deployment = source.header.index("observationID"), source.header.index("deploymentID")
    at_method, places = source.place("classificationMethod"), _places(source)
    for line, cells in source.rows():
        deployment = tidy(cells[at_deployment])
        joined, beside = deployments.find(deployment)
        method = tidy(cells[at_method]) if at_method is not None else ""
        kind = counted.kind_of(cells, places)
        cells[at_id] = _lasting(tidy(cells[at_id]), package_id)
        own = without(cells[:width], people)
        classified = f"classified by {method}" if method else ""
        unjoined = deployment if deployments.are_there and deployment and not joined else None
        yield ToldRow(line, [*own, *beside, classified, *cells[width:]], kind, joined, unjoined)


def _lasting(observation: str, package_id: str) -> str:
    """A bare number is an id only together with its package: other packages count from 1 too."""
    if not observation or not ONLY_DIGITS.match(observation):
        return observation
    return f"{package_id or 'observation'}:{observation}"


class _Counted:
    """Which rows count: of an event told both as a whole and picture by picture, the whole.

    Where there is no row for the whole event, of each species the picture with the most individuals; the same animals
    stand in all the others.
    """

    def __init__(self, sources: Sequence[SourceSheet]) -> None:
        self._whole: set[Event] = set()
        pictured: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
        for source in sources:
            places = _places(source)
            for _, cells in source.rows():
                event = _event(cells, places)
                if _cell(cells, places["observationType"]) != "animal" or event is None:
                    continue
                if _cell(cells, places["observationLevel"]) == "event":
                    self._whole.add(event)
                else:
                    pictures = pictured[(*event, _cell(cells, places["scientificName"]))]
                    picture = _cell(cells, places["mediaID"])
                    pictures[picture] = pictures.get(picture, 0) + _number(_cell(cells, places["count"]))
        self._best = {key: max(pictures, key=lambda picture: pictures[picture])
                      for key, pictures in pictured.items() if len(pictures) > 1}  # fmt: skip

    def kind_of(self, cells: list[str], places: Places) -> str | None:
        """Why a row is no record of a species; None where it is one."""
        kind = KIND_OF_TYPE.get(_cell(cells, places["observationType"]))
        event = _event(cells, places)
        if kind or event is None or _cell(cells, places["observationLevel"]) == "event":
            return kind
        if event in self._whole:
            return "media"
        best = self._best.get((*event, _cell(cells, places["scientificName"])))
        return "media" if best is not None and best != _cell(cells, places["mediaID"]) else None


def _places(source: SourceSheet) -> Places:
    return {header: source.place(header) for header in ASKED}


def _event(cells: list[str], places: Places) -> Event | None:
    event = _cell(cells, places["eventID"])
    return (_cell(cells, places["deploymentID"]), event) if event else None


def _cell(cells: list[str], place: int | None) -> str:
    return tidy(cells[place]) if place is not None else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def sheets_meant(sources: Sequence[SourceSheet], package: DataPackage | None, file_name: str) -> list[Sheet]:
    """All sheets that belong to the package, those left aside too."""
    if package:
        package.require_members({source.name for source in sources}, file_name)
    return [source.sheet for source in sources if is_observations(source) or is_beside(source)]
