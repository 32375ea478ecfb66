"""Columns: which term each column of one table is read as, and by what.

What a single header means belongs to `headers`, what ambiguous ones mean here to `ambiguity`, mappings a person made
to `profiles`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from surveys.ambiguity import MOST, NAME_TERMS, Question, decide, fitness
from surveys.errors import UnreadableFile
from surveys.event_levels import event_level, says_end
from surveys.evidence import Evidence, evidence_of, is_genus
from surveys.guesses import Guess, guesses_for
from surveys.headers import meaning_of, normalised, term_of, tidy, unit_of
from surveys.terms import KEPT_AS_WRITTEN

# The terms raw_survey has a column for, in its order; every other column is kept in otherCells.
TERMS = (
    "occurrenceID", "eventID", "parentEventID", "samplingProtocol", "sampleSizeValue", "samplingEffort",
    "eventDate", "endDate", "eventTime", "endTime", "year", "month", "day", "scientificName", "vernacularName",
    "individualCount", "organismQuantity", "organismQuantityType", "occurrenceStatus", "establishmentMeans",
    "degreeOfEstablishment",
    "decimalLongitude", "decimalLatitude", "verbatimCoordinates", "verbatimSRS",
    "coordinateUncertaintyInMeters", "county", "locality", "locationID", "habitat", "basisOfRecord",
    "datasetName", "occurrenceRemarks", "sex", "lifeStage", "behavior", "license",
    "identificationVerificationStatus", "informationWithheld", "dataGeneralizations",
    # what a visit says about itself, and what is measured on a plant: see surveys/protocols
    "sampleSizeUnit", "eventDurationValue", "observerCount", "totalAreaSampledValue", "transectWidth",
    "observationRadius", "routePoint", "targetTaxonomicScope", "isTaxonomicScopeFullyReported", "absentTaxa",
    "deploymentStart", "deploymentEnd", "cameraFailureDays", "organismID", "vegetationLayer", "plantHeight",
    "diameterAtBreastHeight", "girthAtBreastHeight", "crownWidth", "crownWidthEastWest", "crownWidthNorthSouth",
    "statedProtocol", "namedProtocol",
)  # fmt: skip
# A degree string and a decimal number are told apart by their values, not by their headers.
READ_AS = {"verbatimLongitude": "decimalLongitude", "verbatimLatitude": "decimalLatitude"}
# A term of another vocabulary than Darwin Core has its column in raw_survey without the prefix.
READ_AS |= {f"eco:{term}": term for term in (
    "eventDurationValue", "totalAreaSampledValue", "targetTaxonomicScope", "isTaxonomicScopeFullyReported",
    "absentTaxa",
)} | {f"measurement:{term}": term for term in (
    "transectWidth", "observationRadius", "vegetationLayer", "plantHeight", "diameterAtBreastHeight",
    "girthAtBreastHeight", "crownWidth", "crownWidthEastWest", "crownWidthNorthSouth",
)}  # fmt: skip
# A second column of this kind ends what the first begins: 观测开始时间 | 观测结束时间.
ENDS = {"eventDate": "endDate", "eventTime": "endTime"}
SECOND_NAMES = "secondName"  # 俗名, 别名: in `headers.csv`, what gives way to any other name that is filled
NAME_PARTS = ("genus", "specificEpithet", "infraspecificEpithet")
AS_GOOD = 0.5
ROWS_TO_GUESS_FROM = 50


@dataclass(frozen=True)
class Mapping:
    """What a person says about a file: header to term, and constants for terms the file has no column for."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    profile: str | None = None
    protocol: str | None = None

    @functools.cached_property
    def _terms(self) -> dict[str, str]:
        return {normalised(header): term for header, term in self.columns.items()}

    def stated(self, header: str) -> str | None:
        """The term this mapping itself gives a header, whatever the header usually means."""
        return self._terms.get(normalised(header)) if self._terms else None

    def term_of(self, header: str) -> str | None:
        return self.stated(header) or term_of(header)

    def as_reading(self) -> dict[str, Any]:
        told = {"profile": self.profile, "protocol": self.protocol}
        return {"columns": self.columns, "constants": self.constants} | {k: v for k, v in told.items() if v}

    @classmethod
    def of_reading(cls, reading: AnyMapping[str, Any] | None) -> Mapping:
        """The mapping that a receipt's `reading` records."""
        said = reading or {}
        return cls(
            dict(said.get("columns", {})),
            dict(said.get("constants", {})),
            said.get("profile"),
            said.get("protocol"),
        )


@dataclass(frozen=True)
class Column:
    """One column: its 1-based position, its header as written, the term it is read as, the unit its header states.

    `by` is what the term rests on: profile, header, values, parts (a genus and an epithet make the name), or, where the
    term is None: unknown, second (another column has the term `alsoMeans`), kept (a person wants it so).
    `isAcross`: a plot or day of a cross-table, whose cells are records.
    `parts` are the positions of the cells that make up the name, `guesses` what an unknown column may be.
    `cellSheet` and `cellPosition` tell where cells stand that were taken from another sheet, or worked out from another
    column.
    """

    position: int
    header: str
    term: str | None
    isAcross: bool = False
    unit: str | None = None
    by: str = "header"
    alsoMeans: str | None = None
    guesses: tuple[Guess, ...] = ()
    parts: tuple[int, ...] = ()
    cellSheet: str | None = None
    cellPosition: int | None = None

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it: A, B … Z, AA …"""
        letters, number = "", self.cellPosition or self.position
        while number:
            number, remainder = divmod(number - 1, 26)
            letters = chr(65 + remainder) + letters
        return letters

    @property
    def is_read(self) -> bool:
        """Whether raw_survey has a column of its own for it; the cells of all others are kept in otherCells."""
        return self.term in TERMS

    @property
    def is_unknown(self) -> bool:
        return self.by == "unknown" and not self.isAcross


def assign_terms(header: Sequence[str], mapping: Mapping, sample: Sequence[Sequence[str]]) -> list[Column]:
    """One Column per header cell; `sample` holds the first rows, whose values decide what headers leave open.

    A term with a column of its own in raw_survey is given once, to the first column that is filled with what fits it.
    """
    values = {position: evidence_of(sample, position) for position in range(1, len(header) + 1)}
    columns = [_by_its_header(position, cell, mapping) for position, cell in enumerate(header, start=1)]
    columns = _decided_by_values(columns, values)
    columns = _with_ends(columns)
    columns = _with_levels(columns)
    columns = _one_column_a_term(columns, values)
    return _with_names_put_together(columns, values)


def with_guesses(columns: Sequence[Column], sample: Sequence[Sequence[str]]) -> list[Column]:
    """The same columns, the unknown ones with what they may be."""
    taken = {column.term for column in columns if column.is_read and column.term}
    few = sample[:ROWS_TO_GUESS_FROM]
    return [
        replace(column, guesses=guesses_for(column.header, evidence_of(few, column.position), taken))
        if column.is_unknown
        else column
        for column in columns
    ]


def require_a_name(columns: Sequence[Column], mapping: Mapping, file_name: str, line: int) -> None:
    """Refuse a table in which no column names the species: nothing in it could be matched."""
    read = {column.term for column in columns} | set(mapping.constants)
    if not read.intersection(NAME_TERMS):
        raise UnreadableFile(
            "error-no-name-column", file=file_name, line=line,
            found=", ".join(column.header for column in columns if column.header)[:200],
        )  # fmt: skip


def _by_its_header(position: int, header: str, mapping: Mapping) -> Column:
    if not tidy(header):
        return Column(position, header, None, by="kept")
    unit = unit_of(header)
    if stated := mapping.stated(header):
        if stated == KEPT_AS_WRITTEN:
            return Column(position, header, None, unit=unit, by="kept")
        return Column(position, header, READ_AS.get(stated, stated), unit=unit, by="profile")
    meaning = term_of(header)
    if meaning is None:
        return Column(position, header, None, unit=unit, by="unknown")
    return Column(position, header, READ_AS.get(meaning, meaning), unit=unit)


def _rule_for(column: Column) -> str:
    meaning = meaning_of(column.header) if column.by == "header" else None
    return meaning.decidedBy if meaning else ""


def _decided_by_values(columns: list[Column], values: AnyMapping[int, Evidence]) -> list[Column]:
    decided = []
    for column in columns:
        rule = _rule_for(column)
        if column.term is None or not rule:
            decided.append(column)
            continue
        beside = {other.term: values[other.position] for other in columns if other.term and other != column}
        term = decide(rule, Question(column.header, column.term, values[column.position], beside))
        is_open = rule not in ("name", SECOND_NAMES) and bool(values[column.position].filled)
        by = "values" if is_open or term != column.term else column.by
        decided.append(replace(column, term=READ_AS.get(term, term), by=by))
    return decided


def _with_ends(columns: list[Column]) -> list[Column]:
    """开始时间 | 结束时间: of two columns of dates or times, the one that says so is the end."""
    terms = [column.term for column in columns]
    return [
        replace(column, term=ENDS[column.term])
        if column.term in ENDS
        and column.by != "profile"
        and terms.count(column.term) > 1
        and says_end(column.header)
        else column
        for column in columns
    ]


def _with_levels(columns: list[Column]) -> list[Column]:
    """样地 | 样方 | 小样方: the finest is the event, the next coarser its parent, those above are kept."""
    events = [column for column in columns if column.term == "eventID" and column.by != "profile"]
    levels = sorted({event_level(column.header) for column in events}, reverse=True)
    if len(levels) < 2 or any(column.term == "eventID" and column.by == "profile" for column in columns):
        return columns
    has_parent = any(column.term == "parentEventID" for column in columns)
    return [
        replace(column, term="parentEventID")
        if column in events and event_level(column.header) == levels[1] and not has_parent
        else replace(column, term=None, by="second", alsoMeans="eventID")
        if column in events and event_level(column.header) != levels[0]
        else column
        for column in columns
    ]


def _one_column_a_term(columns: list[Column], values: AnyMapping[int, Evidence]) -> list[Column]:
    winners = {
        term: _best([column for column in columns if column.term == term], values)
        for term in {column.term for column in columns}
        if term in TERMS
    }
    return [
        column
        if column.term not in winners or winners[column.term] == column
        else replace(column, term=None, by="second", alsoMeans=column.term)
        for column in columns
    ]


def _best(columns: list[Column], values: AnyMapping[int, Evidence]) -> Column:
    """What a person said; else the first that is about as good as any, a second name only where no other is filled."""
    if stated := [column for column in columns if column.by == "profile"]:
        return stated[0]
    columns = sorted(columns, key=lambda column: column.by == "values")  # what says so itself goes first
    first_names = [column for column in columns if _rule_for(column) != SECOND_NAMES]
    if any(values[column.position].filled for column in first_names) or not values[columns[0].position].cells:
        columns = first_names or columns
    quality = {column.position: fitness(column.term or "", values[column.position]) for column in columns}
    good_enough = max(quality.values()) * AS_GOOD
    return next(column for column in columns if quality[column.position] >= good_enough)


def _with_names_put_together(columns: list[Column], values: AnyMapping[int, Evidence]) -> list[Column]:
    """属 and 种加词 in columns of their own make the scientific name, told at the epithet's cell."""
    place = {term: column for term in NAME_PARTS for column in columns if column.term == term}
    genus, epithet = place.get("genus"), place.get("specificEpithet")
    if genus is None or epithet is None or any(column.term == "scientificName" for column in columns):
        return columns
    if values[genus.position].filled and values[genus.position].share(is_genus) < MOST:
        return columns
    parts = tuple(place[term].position for term in NAME_PARTS if term in place)
    return [
        replace(column, term="scientificName", by="parts", parts=parts) if column == epithet else column
        for column in columns
    ]
