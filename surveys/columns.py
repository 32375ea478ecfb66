"""Columns: which term each column of one table is read as, from its header or from a mapping file.

What a single header means belongs to `headers`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveys.errors import UnreadableFile
from surveys.headers import normalised, term_of, tidy

# The terms raw_survey has a column for, in its order; every other column is kept in otherCells.
TERMS = (
    "occurrenceID", "eventID", "parentEventID", "samplingProtocol", "sampleSizeValue", "samplingEffort",
    "eventDate", "endDate", "eventTime", "endTime", "year", "month", "day", "scientificName", "vernacularName",
    "individualCount", "organismQuantity", "organismQuantityType", "occurrenceStatus", "establishmentMeans",
    "degreeOfEstablishment",
    "decimalLongitude", "decimalLatitude", "verbatimCoordinates", "verbatimSRS",
    "coordinateUncertaintyInMeters", "county", "locality", "locationID", "habitat", "basisOfRecord",
    "datasetName", "occurrenceRemarks",
)  # fmt: skip
NAME_TERMS = ("scientificName", "vernacularName")
# A degree string and a decimal number are told apart by their values, not by their headers.
READ_AS = {"verbatimLongitude": "decimalLongitude", "verbatimLatitude": "decimalLatitude"}
# A second column of this kind ends what the first begins: 观测开始时间 | 观测结束时间.
ENDS = {"eventDate": "endDate", "eventTime": "endTime"}
SAYS_END = re.compile(r"结束|终止|end|finish", re.IGNORECASE)
LATIN_BINOMIAL = re.compile(r"^[A-Z][a-zë-]+ (?:×|x )?[a-zë-]+")


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says: header to term, and constants for terms the file has no column for."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def term_of(self, header: str) -> str | None:
        wanted = normalised(header)
        named = {normalised(key): term for key, term in self.columns.items()}
        return named[wanted] if wanted in named else term_of(header)

    def as_reading(self) -> dict[str, Any]:
        return {"columns": self.columns, "constants": self.constants}


@dataclass(frozen=True)
class Column:
    """One column: its 1-based position, its header as written, the term it is read as (None: otherCells).

    `isAcross`: a plot or day of a cross-table, of whose cells each is a record.
    """

    position: int
    header: str
    term: str | None
    isAcross: bool = False

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it: A, B … Z, AA …"""
        letters, number = "", self.position
        while number:
            number, remainder = divmod(number - 1, 26)
            letters = chr(65 + remainder) + letters
        return letters


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file (TOML, tables `columns` and `constants`); UnreadableFile names what is wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise UnreadableFile("error-mapping-syntax", file=path.name, cause=cause) from cause
    for table in document:
        if table not in ("columns", "constants") or not isinstance(document[table], dict):
            raise UnreadableFile("error-mapping-table", file=path.name, table=table)
    columns, constants = document.get("columns", {}), document.get("constants", {})
    for term in (*columns.values(), *constants):
        if term not in TERMS:
            raise UnreadableFile("error-mapping-term", file=path.name, term=term, known=", ".join(TERMS))
    return Mapping(columns, {term: str(value) for term, value in constants.items()})


def assign_terms(header: Sequence[str], mapping: Mapping, sample: Sequence[Sequence[str]]) -> list[Column]:
    """One Column per header cell; the first column that means a term has it, later ones go to otherCells.

    `sample` holds the first rows: a column called 物种 or species that is full of Latin binomials is read as
    scientificName where no other column is.
    """
    terms = [_with_a_column(mapping.term_of(cell)) if tidy(cell) else None for cell in header]
    if "scientificName" not in terms and "vernacularName" in terms:
        position = terms.index("vernacularName")
        cells = [tidy(row[position]) for row in sample if position < len(row) and tidy(row[position])]
        if cells and sum(bool(LATIN_BINOMIAL.match(cell)) for cell in cells) * 2 > len(cells):
            terms[position] = "scientificName"
    seen: set[str] = set()
    columns = []
    for position, (cell, term) in enumerate(zip(header, terms, strict=True), start=1):
        if term in ENDS and term in seen and SAYS_END.search(cell):
            term = ENDS[term]
        free = term is not None and term not in seen
        if free and term is not None:
            seen.add(term)
        columns.append(Column(position, cell, term if free else None))
    return columns


def require_a_name(columns: Sequence[Column], mapping: Mapping, file_name: str, line: int) -> None:
    """Refuse a table in which no column names the species: nothing in it could be matched."""
    read = {column.term for column in columns} | set(mapping.constants)
    if not read.intersection(NAME_TERMS):
        raise UnreadableFile(
            "error-no-name-column", file=file_name, line=line,
            found=", ".join(column.header for column in columns if column.header)[:200],
        )  # fmt: skip


def _with_a_column(term: str | None) -> str | None:
    read_as = READ_AS.get(term, term) if term else None
    return read_as if read_as in TERMS else None
