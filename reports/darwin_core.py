"""Accepted survey records as one Darwin Core table, CSV or XLSX: to be kept, passed on, or handed in again.

Handed in again, every record has the id, date, point, count, name and status it had. Positions are exact, those of
protected species too, and quarantined records are left out. Observers and remarks are not in it: they name people.
Packed archives for publishing do not belong here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from store.errors import ParkwatchError

ROWS_AT_A_TIME = 5_000
MOST_ROWS_ON_A_SHEET = 1_048_575
RUN_BY_EXCEL = ("=", "+", "-", "@", "\t", "\r")
DATUM = "EPSG:4326"
# Term: the expression over core_occurrence (record), core_event (visit) and core_taxon (taxon) that fills it.
COLUMNS = {
    "occurrenceID": "record.recordId",
    "basisOfRecord": "record.basisOfRecord",
    "occurrenceStatus": "record.occurrenceStatus",
    "scientificName": "CASE WHEN verbatimScientificName IS NULL AND verbatimVernacularName IS NULL "
                      "THEN taxon.scientificName ELSE verbatimScientificName END",
    "vernacularName": "record.verbatimVernacularName",
    "identificationQualifier": "record.identificationQualifier",
    "cultivarEpithet": "record.cultivarEpithet",
    "acceptedNameUsage": "taxon.scientificName",
    "taxonRank": "taxon.taxonRank",
    "kingdom": "taxon.kingdom",
    "eventID": "visit.eventID",
    "eventDate": "record.eventDate",
    "eventTime": "record.eventTime",
    "samplingProtocol": "visit.samplingProtocol",
    "decimalLatitude": "record.decimalLatitude",
    "decimalLongitude": "record.decimalLongitude",
    "geodeticDatum": f"CASE WHEN record.decimalLatitude IS NOT NULL THEN '{DATUM}' END",
    "coordinateUncertaintyInMeters": "record.coordinateUncertaintyInMeters",
    # Darwin Core has no place for a bound beside another quantity: ≥10 stays as it was written.
    "individualCount": "coalesce(record.individualCount::VARCHAR, CASE WHEN coalesce(countMinimum, countMaximum) "
                       "IS NOT NULL AND verbatimOrganismQuantity IS NOT NULL THEN verbatimIndividualCount END)",
    "organismQuantity": "record.organismQuantity",
    "organismQuantityType": "record.organismQuantityType",
    "county": "record.county",
    "locality": "record.locality",
    "locationID": "record.locationID",
    "establishmentMeans": "record.establishmentMeans",
    "degreeOfEstablishment": "record.degreeOfEstablishment",
    "sex": "record.sex",
    "lifeStage": "record.lifeStage",
    "behavior": "record.behavior",
    "datasetName": "record.datasetKey",
    "verbatimEventDate": "record.verbatimEventDate",
    "verbatimLatitude": "record.verbatimLatitude",
    "verbatimLongitude": "record.verbatimLongitude",
    "verbatimSRS": "record.verbatimSRS",
}  # fmt: skip
RECORDS = f"""
SELECT {", ".join(f"{expression} AS {term}" for term, expression in COLUMNS.items())}
FROM core_occurrence AS record
LEFT JOIN core_event AS visit USING (eventKey)
LEFT JOIN core_taxon AS taxon ON taxon.taxonID = record.taxonID
WHERE record.source = 'survey' AND ($submission IS NULL OR record.submissionId = $submission)
ORDER BY record.submissionId, record.rowId
"""


class ExportError(ParkwatchError):
    """What was asked for cannot be written."""

    package: ClassVar[str] = "reports"
    exit_code: ClassVar[int] = 2


def write_darwin_core(
    connection: duckdb.DuckDBPyConnection, path: Path, submission: str | None = None
) -> int:
    """Write the accepted records of one submission, or of all surveys; returns how many. The suffix tells the form."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    if path.suffix.lower() not in writers:
        raise ExportError("error-export-form", file=path.name)
    rows = connection.execute(f"SELECT count(*) FROM ({RECORDS})", {"submission": submission}).fetchone()
    count = int(rows[0]) if rows else 0
    if not count:
        raise ExportError("error-export-nothing", submission=submission or "–")
    if path.suffix.lower() == ".xlsx" and count > MOST_ROWS_ON_A_SHEET:
        raise ExportError("error-export-too-many", file=path.name, found=count, most=MOST_ROWS_ON_A_SHEET)
    writers[path.suffix.lower()](_records(connection, submission), path)
    return count


def _records(connection: duckdb.DuckDBPyConnection, submission: str | None) -> Iterator[tuple[Any, ...]]:
    cursor = connection.execute(RECORDS, {"submission": submission})
    while rows := cursor.fetchmany(ROWS_AT_A_TIME):
        yield from rows


def _write_csv(records: Iterator[tuple[Any, ...]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for record in records:
            writer.writerow([_defused(value) for value in record])


def _defused(value: Any) -> Any:
    """An apostrophe before a text that a spreadsheet would take for a formula; reading it takes the apostrophe off."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RUN_BY_EXCEL) else value


def _write_xlsx(records: Iterator[tuple[Any, ...]], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("occurrence")

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value))
        made.data_type = "s"  # openpyxl takes a text that begins with = for a formula
        return made

    sheet.append(list(COLUMNS))
    for record in records:
        sheet.append([cell(value) for value in record])
    book.save(path)
