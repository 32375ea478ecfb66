"""The standard record of GBIF rows: GBIF's interpreted values in Darwin Core's present words.

Whether a value is plausible belongs to `quality`, what the name means to `species`.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from store.record import STANDARD_RECORD

# GBIF's basisOfRecord enumeration to Darwin Core's class names.
BASIS_OF_RECORD = {
    "PRESERVED_SPECIMEN": "PreservedSpecimen", "FOSSIL_SPECIMEN": "FossilSpecimen",
    "LIVING_SPECIMEN": "LivingSpecimen", "OBSERVATION": "Observation", "HUMAN_OBSERVATION": "HumanObservation",
    "MACHINE_OBSERVATION": "MachineObservation", "MATERIAL_SAMPLE": "MaterialSample",
    "MATERIAL_ENTITY": "MaterialEntity", "MATERIAL_CITATION": "MaterialCitation",
    "LITERATURE": "MaterialCitation", "OCCURRENCE": "Occurrence", "UNKNOWN": "Occurrence",
}  # fmt: skip
# Darwin Core of 2026-05-26 says detected and notDetected; GBIF still says PRESENT and ABSENT.
STATUS = {
    "PRESENT": "detected",
    "ABSENT": "notDetected",
    "DETECTED": "detected",
    "NOTDETECTED": "notDetected",
}
# Where all of these are empty, the row says nothing.
SAYING = (
    "identity", "scientificName", "species", "verbatimScientificName", "vernacularName", "taxonKey", "genus",
    "eventDate", "year", "decimalLatitude", "decimalLongitude", "locality", "datasetKey", "catalogNumber",
)  # fmt: skip
CLOCK = r"T[0-9:.,]*(Z|[+-][0-9:]+)?"
# There is no year 0, and DuckDB reads it as 1 BC.
DAY, MONTH, YEAR = r"^[1-9]\d{3}-\d{2}-\d{2}$", r"^[1-9]\d{3}-\d{2}$", r"^[1-9]\d{3}$"
WHOLE_NUMBER = r"^-?[0-9]+(\.0+)?$"


def standard_gbif(engine: Any, rows: str = "raw_gbif", versions: str = "raw_gbif") -> Any:
    """One row per GBIF row of a table like raw_gbif, as an Ibis table with the columns of STANDARD_RECORD.

    `versions` holds of every record among them all rows there are: gbifID, occurrenceID, submissionId, line, firstSeen,
    supersededBy.
    """
    found = _known(engine, rows)
    found = _with_versions(found, _known(engine, versions))
    found = _with_dates(found)
    columns = _standard_columns(found)
    return found.select(**{name: columns[name].cast(STANDARD_RECORD[name]) for name in STANDARD_RECORD})


def superseded_faults(engine: Any, rows: str, versions: str) -> Any:
    """submissionId, line and rowFault of the superseded rows of a table, of which nothing else can have changed."""
    found = _with_versions(_known(engine, rows), _known(engine, versions))
    return found.select("submissionId", "line", rowFault=found.isOld.ifelse("replaced", "gone"))


def _known(engine: Any, table: str) -> Any:
    """The rows of a table with their identity, and since when their file is known and confirmed."""
    submissions = engine.table("raw_submission").select("submissionId", "knownSince", "confirmedSince")
    rows = engine.table(table).join(submissions, "submissionId")
    return rows.mutate(identity=rows.gbifID.fill_null(rows.occurrenceID))


def _with_versions(rows: Any, versions: Any) -> Any:
    """Adds firstSeen, isOld (a newer file holds the record again) and copy (1 for the first in its file)."""
    repeated = versions.group_by("identity").having(_.count() > 1).agg()
    repeats = versions.semi_join(repeated, "identity").select(
        "identity", "submissionId", "knownSince", "confirmedSince", "firstSeen", "supersededBy", "line"
    )
    order = _.supersededBy.isnull().cast("string") + _.confirmedSince.cast("string") + _.submissionId
    repeats = repeats.mutate(
        since=_.firstSeen.fill_null(_.knownSince).min().over(group_by="identity"),
        newest=_.submissionId.argmax(order).over(group_by="identity"),
        nth=ibis.row_number().over(group_by=["identity", "submissionId"], order_by=_.line) + 1,
    ).select("submissionId", "line", "since", "newest", "nth")
    joined = rows.left_join(repeats, ["submissionId", "line"], rname="repeat_{name}")
    return joined.mutate(
        firstSeen=ibis.coalesce(joined.since, joined.firstSeen, joined.knownSince),
        isOld=(joined.newest != joined.submissionId).fill_null(False),
        copy=joined.nth.fill_null(1),
    ).drop("repeat_submissionId", "repeat_line", "since", "newest", "nth")


def _with_dates(rows: Any) -> Any:
    """Adds start and end: the first and last day an ISO date, month, year or interval allows."""
    parts = rows.year
    parts = rows.month.notnull().ifelse(parts + "-" + rows.month.lpad(2, "0"), parts)
    parts = (rows.month.notnull() & rows.day.notnull()).ifelse(parts + "-" + rows.day.lpad(2, "0"), parts)
    written = rows.eventDate.fill_null(parts)
    rows = rows.mutate(writtenDate=written, clockless=written.re_replace(CLOCK, ""))
    first, last = rows.clockless.split("/")[0], rows.clockless.split("/")[-1]
    rows = rows.mutate(first=first, last=_completed(first, last))
    return rows.mutate(start=_bound(rows["first"], is_end=False), end=_bound(rows["last"], is_end=True))


def _completed(first: Any, last: Any) -> Any:
    """The second half of an interval may leave out what it shares with the first: 2024-05-03/05."""
    return ibis.cases(
        (first == last, last),  # most dates are no interval and need no pattern tried
        (last.re_search(r"^\d{2}-\d{2}$") & first.re_search(DAY), first.substr(0, 5) + last),
        (last.re_search(r"^\d{2}$") & first.re_search(DAY), first.substr(0, 8) + last),
        (last.re_search(r"^\d{2}$") & first.re_search(MONTH), first.substr(0, 5) + last),
        (last.re_search(r"^\d{2}:") & first.re_search(DAY), first),
        else_=last,
    )


def _bound(text: Any, *, is_end: bool) -> Any:
    month = (text + "-01").try_cast("date")
    year = (text + "-01-01").try_cast("date")
    if is_end:
        month = _as_date(month + ibis.interval(months=1) - ibis.interval(days=1))
        year = _as_date(year + ibis.interval(years=1) - ibis.interval(days=1))
    return ibis.cases(
        (text.re_search(DAY), text.try_cast("date")),
        (text.re_search(MONTH), month),
        (text.re_search(YEAR), year),
        else_=ibis.null("date"),
    )


def _as_date(day: Any) -> Any:
    """DuckDB makes a timestamp of date + interval, which Ibis believes to be a date still."""
    return day.cast("timestamp").cast("date")


def _number(text: Any) -> Any:
    """The number written; NaN and infinity are none."""
    number = text.try_cast("float64")
    return (number.isnan() | number.isinf()).ifelse(ibis.null("float64"), number)


def _standard_columns(rows: Any) -> dict[str, Any]:
    absent = ibis.null("string")
    readable = rows.start.notnull() & rows.end.notnull() & (rows.start <= rows.end)
    day = rows.start.cast("string")
    iso = (rows.start == rows.end).ifelse(day, day + "/" + rows.end.cast("string"))
    fault = ibis.cases(
        (ibis.coalesce(*(rows[column] for column in SAYING)).isnull(), "empty"),
        (rows.rowKind == "species", "specieslist"),
        (rows.isOld, "replaced"),
        (rows.supersededBy.notnull(), "gone"),
        (rows.copy > 1, "duplicate"),
        else_=absent,
    )
    return {
        "recordId": ibis.literal("gbif:")
        + rows.identity.fill_null(rows.submissionId + "#" + rows.line.cast("string")),
        "source": ibis.literal("gbif"),
        "submissionId": rows.submissionId,
        "sheet": absent,
        "line": rows.line,
        "rowNumber": rows.line,
        "firstSeen": rows.firstSeen,
        "occurrenceID": rows.occurrenceID,
        "eventKey": absent,
        "datasetKey": rows.datasetKey,
        "license": rows.license,
        "basisOfRecord": rows.basisOfRecord.cases(*BASIS_OF_RECORD.items(), else_=rows.basisOfRecord),
        "occurrenceStatus": rows.occurrenceStatus.isnull().ifelse(
            "detected", rows.occurrenceStatus.upper().cases(*STATUS.items(), else_=rows.occurrenceStatus)
        ),
        "verbatimScientificName": rows.scientificName.fill_null(rows.species).fill_null(
            rows.verbatimScientificName
        ),
        "verbatimVernacularName": absent,
        "verbatimEventDate": rows.writtenDate.fill_null(rows.verbatimEventDate),
        "eventDate": readable.ifelse(iso, absent),
        "eventDateStart": readable.ifelse(rows.start, ibis.null("date")),
        "eventDateEnd": readable.ifelse(rows.end, ibis.null("date")),
        "verbatimEventTime": absent,
        "eventTime": absent,
        "verbatimLatitude": rows.decimalLatitude,
        "verbatimLongitude": rows.decimalLongitude,
        "verbatimSRS": rows.geodeticDatum,
        "decimalLatitude": _number(rows.decimalLatitude),
        "decimalLongitude": _number(rows.decimalLongitude),
        "coordinateUncertaintyInMeters": _number(rows.coordinateUncertaintyInMeters),
        "coordinateNote": absent,
        "coordinateProposal": absent,
        "verbatimIndividualCount": rows.individualCount,
        # a cast alone would round 3.7 to 4
        "individualCount": rows.individualCount.re_search(WHOLE_NUMBER).ifelse(
            rows.individualCount.try_cast("int64"), ibis.null("int64")
        ),
        "countMinimum": ibis.null("int64"),
        "countMaximum": ibis.null("int64"),
        "countNote": ibis.null("string"),
        "verbatimOrganismQuantity": absent,
        "organismQuantity": absent,
        "organismQuantityType": absent,
        "countryCode": rows.countryCode,
        "county": absent,
        "locality": rows.locality,
        "locationID": absent,
        "establishmentMeans": rows.establishmentMeans,
        "protocol": absent,
        "organismID": absent,
        "vegetationLayer": absent,
        "verbatimMeasurements": ibis.null("map<string, string>"),
        "measurements": ibis.null("map<string, float64>"),
        "missingTerms": ibis.null("array<string>"),
        "degreeOfEstablishment": absent,
        "sex": absent,
        "lifeStage": absent,
        "behavior": absent,
        "identificationVerificationStatus": absent,
        "informationWithheld": rows.informationWithheld,
        "dataGeneralizations": rows.dataGeneralizations,
        "observerKey": rows.observerKey,
        "catalogKey": rows.catalogKey,
        "occurrenceKey": rows.occurrenceKey,
        "unjoinedKey": rows.unjoinedKey,
        "rowFault": fault,
    }
