"""iNaturalist: the CSV of observations that its export page gives, whichever columns were chosen there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from surveys.headers import tidy
from surveys.readers.export import (
    Export,
    ExportColumn,
    SourceSheet,
    ToldRow,
    export_of,
    known_columns,
    without,
)

CHOSEN = (
    "iconic_taxon_name", "taxon_id", "captive_cultivated", "url", "user_login", "user_id", "species_guess",
    "num_identification_agreements", "coordinates_obscured", "observed_on_string",
)  # fmt: skip
OBSERVATION_URL = "https://www.inaturalist.org/observations/"
# An obscured point lies anywhere in its cell of 0.2 degrees: https://www.inaturalist.org/geoprivacy
OBSCURED_CELL_IN_DEGREES = 0.2
METERS_A_DEGREE = 111_320.0
OBSCURED = "coordinates obscured by iNaturalist to a cell of 0.2 degrees"
HIDDEN = "coordinates withheld by the observer or iNaturalist"
CELL_ADDED = "coordinateUncertaintyInMeters raised to the diagonal of the obscured cell"
# Names of time zones in the export that are not those of the IANA data base (Ruby on Rails has its own).
ZONES = {"Beijing": "Asia/Shanghai", "Chongqing": "Asia/Shanghai", "Hong Kong": "Asia/Hong_Kong",
         "Taipei": "Asia/Taipei", "Urumqi": "Asia/Urumqi", "Ulaan Bataar": "Asia/Ulaanbaatar", "UTC": "UTC",
         "Ulaanbaatar": "Asia/Ulaanbaatar"}  # fmt: skip
MOMENT = re.compile(
    r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)? ?(UTC|Z|[+-]\d{2}:?\d{2})$"
)
WORKED_OUT = ("occurrenceID", "eventTime", "coordinateUncertaintyInMeters", "degreeOfEstablishment",
              "informationWithheld", "dataGeneralizations")  # fmt: skip


def is_inaturalist(source: SourceSheet) -> bool:
    return source.holds("id", "quality_grade") and any(source.holds(header) for header in CHOSEN)


def read_inaturalist(source: SourceSheet) -> Export:
    known = known_columns("inaturalist")
    columns = known.of(source)
    if not source.holds("common_name") and (guess := source.place("species_guess")) is not None:
        columns[guess] = ExportColumn("species_guess", guess, "vernacularName")
    if (url := source.place("url")) is not None:
        columns[url] = ExportColumn("url", url, known.columns["url"])
    worked_out = _worked_out(source, skip_id=url is not None)
    rows = _told(source, [column.term or "" for column in worked_out], known.places_of_people(source))
    return export_of(source, [*columns, *worked_out], rows, {"verbatimSRS": "WGS84"})


def _worked_out(source: SourceSheet, *, skip_id: bool) -> list[ExportColumn]:
    """The columns added at the end, each told at the column it rests on."""
    rests_on = {
        "occurrenceID": ("id",),
        "eventTime": ("time_observed_at",),
        "coordinateUncertaintyInMeters": ("public_positional_accuracy", "positional_accuracy", "latitude"),
        "degreeOfEstablishment": ("captive_cultivated",),
        "informationWithheld": ("coordinates_obscured", "geoprivacy", "taxon_geoprivacy", "latitude"),
        "dataGeneralizations": ("coordinates_obscured", "geoprivacy", "taxon_geoprivacy", "latitude"),
    }
    columns = []
    for term in WORKED_OUT[1:] if skip_id else WORKED_OUT:
        header = next((header for header in rests_on[term] if source.holds(header)), "")
        columns.append(ExportColumn(header, source.place(header) or 0, term))
    return columns


def _told(source: SourceSheet, terms: list[str], people: list[int]) -> Iterator[ToldRow]:
    places = {header: place for place, header in enumerate(source.header)}
    width = len(source.header)
    for line, cells in source.rows():
        observation = _Observation(cells, places)
        worked_out = [observation.term(term) for term in terms]
        yield ToldRow(line, [*without(cells[:width], people), *worked_out, *cells[width:]])


@dataclass(frozen=True)
class _Observation:
    """One row of the export, asked for what Darwin Core wants to know."""

    cells: list[str]
    places: dict[str, int]

    def __getitem__(self, header: str) -> str:
        place = self.places.get(header)
        return tidy(self.cells[place]) if place is not None else ""

    def term(self, term: str) -> str:
        match term:
            case "occurrenceID":
                return f"{OBSERVATION_URL}{self['id']}" if self["id"] else ""
            case "eventTime":
                return self._local_time()
            case "coordinateUncertaintyInMeters":
                return self._uncertainty()
            case "degreeOfEstablishment":
                return self._establishment()
            case "informationWithheld":
                return self._withheld()
            case _:
                return CELL_ADDED if self._is_obscured() and self["latitude"] else ""

    def _is_obscured(self) -> bool:
        return self["coordinates_obscured"].lower() == "true" or not {"obscured", "private"}.isdisjoint(
            (self["geoprivacy"].lower(), self["taxon_geoprivacy"].lower())
        )

    def _withheld(self) -> str:
        if not self._is_obscured():
            return ""
        return OBSCURED if self["latitude"] else HIDDEN

    def _uncertainty(self) -> str:
        """The accuracy that is told; of an obscured point no less than the cell it was moved about in."""
        told = self["public_positional_accuracy"] or self["positional_accuracy"]
        latitude = _number(self["latitude"])
        if not self._is_obscured() or latitude is None:
            return told
        east_west = OBSCURED_CELL_IN_DEGREES * math.cos(math.radians(latitude))
        diagonal = math.ceil(math.hypot(OBSCURED_CELL_IN_DEGREES, east_west) * METERS_A_DEGREE)
        return str(max(diagonal, math.ceil(_number(told) or 0.0)))

    def _establishment(self) -> str:
        if self["captive_cultivated"].lower() != "true":
            return ""
        return "cultivated" if self["iconic_taxon_name"] in ("Plantae", "Fungi", "Chromista") else "captive"

    def _local_time(self) -> str:
        """The clock where it was seen; empty where the export gives UTC and no zone that is known."""
        found = MOMENT.match(self["time_observed_at"])
        if not found:
            return ""
        day, clock, seconds, zone = found.groups()
        if zone not in ("UTC", "Z"):
            return clock
        name = ZONES.get(self["time_zone"], self["time_zone"])
        if "/" not in name and name != "UTC":
            return ""
        try:
            moment = datetime.fromisoformat(f"{day}T{clock}:{seconds or '00'}").replace(tzinfo=UTC)
            return moment.astimezone(ZoneInfo(name)).strftime("%H:%M")
        except (ValueError, KeyError, OSError, OverflowError):  # no such zone, or a day no calendar has
            return ""


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e9 else None
