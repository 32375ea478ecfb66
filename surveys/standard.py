"""The standard record of survey rows: texts read into dates, points and counts, set-wise.

What the texts mean is found in `readings`, what makes a row the same as another is decided in `identity`. Whether a
value is plausible belongs to `quality`.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

import ibis

from store.record import STANDARD_RECORD
from store.region import Extent
from surveys.identity import with_identity
from surveys.loading import TOTAL_ROW
from surveys.packed import with_packed_proposal
from surveys.protocols.measurements import with_measurements
from surveys.protocols.rows import basis_of, visit_of, with_protocol
from surveys.protocols.units import with_header
from surveys.readings import (
    COUNT_PARTS,
    COUNTS,
    DATE_PARTS,
    DATES,
    POINTS,
    SEPARATOR,
    TIME_PARTS,
    TIMES,
    Readings,
    joined_cells,
    point_key,
    read_surveys,
)

DETECTED = (
    "有", "是", "√", "✓", "✔", "☑", "●", "在", "存在", "出现", "发现", "已发现", "检出", "见", "可见", "present", "yes",
    "y", "true", "1", "detected", "+", "＋",
)  # fmt: skip
NOT_DETECTED = (
    "无", "否", "×", "✗", "x", "○", "不在", "不存在", "未出现", "未见", "未发现", "未检出", "没有", "absent", "no", "n",
    "false", "0", "notdetected", "not detected", "-", "－",
)  # fmt: skip
KILOMETRES = r"km|公里|千米"
# A hand-held receiver's usual error, where a point was converted and its own is not stated (Darwin Core reference, 2).
GPS_UNCERTAINTY_IN_METERS = 30.0


def standard_surveys(engine: Any, extent: Extent, zone: tzinfo = UTC) -> Any:
    """One row per survey row read, as an Ibis table with the columns of STANDARD_RECORD.

    `extent` and `zone` are the region's: planar coordinates without a zone are read as lying in it, moments in UTC are
    told by its clock.
    """
    return survey_records(engine, read_surveys(engine, extent, zone))


def survey_records(engine: Any, readings: Readings) -> Any:
    """The same of texts that are read already; the readings alone decide the expression."""
    raw = engine.table("raw_survey")
    rows = with_identity(raw, engine.table("raw_submission"))
    rows = rows.mutate(dateText=_date_text(rows), pointKey=point_key(rows, readings.plainDatums))
    dates, times, counts, points = (engine.table(name) for name in (DATES, TIMES, COUNTS, POINTS))
    # one after the other without anything between: Ibis writes a chain of joins as one SELECT
    rows = (
        rows.left_join(dates, joined_cells(rows, DATE_PARTS) == dates.dateKey)
        .left_join(times, joined_cells(rows, TIME_PARTS) == times.timeKey)
        .left_join(counts, joined_cells(rows, COUNT_PARTS) == counts.countKey)
        .left_join(points, rows.pointKey == points.cellsKey)
    )
    rows = with_packed_proposal(_with_points(with_header(engine, rows)), readings.packedTables)
    rows = with_protocol(engine, rows, readings.words)
    rows = with_measurements(engine, rows, readings.measurements)
    columns = _standard_columns(rows)
    return rows.select(**{name: columns[name].cast(STANDARD_RECORD[name]) for name in STANDARD_RECORD})


def _standard_columns(rows: Any) -> dict[str, Any]:
    absent = ibis.null("string")
    written = rows.occurrenceStatus.lower().strip()
    status = (
        ibis.cases(
            (written.isin(DETECTED), "detected"),
            (written.isin(NOT_DETECTED), "notDetected"),
            (written.notnull(), rows.occurrenceStatus),
            (rows.present == False, "notDetected"),  # noqa: E712
            else_="detected",
        )
    )  # fmt: skip
    written_time = rows.eventTime.fill_null(rows.endTime)
    fault = ibis.cases(
        (rows.isEmpty, "empty"),
        (_is_total(rows), "total"),
        (rows.rowKind.notnull(), rows.rowKind),
        (rows.replacedBy.notnull(), "replaced"),
        (rows.copy > 1, "duplicate"),
        else_=absent,
    )
    return {
        "recordId": rows.recordId,
        "source": ibis.literal("survey"),
        "submissionId": rows.submissionId,
        "sheet": rows.sheet.nullif(""),
        "line": rows.line,
        "rowNumber": rows.rowNumber,
        "firstSeen": rows.firstSeen,
        "occurrenceID": rows.occurrenceID,
        "eventKey": (rows.eventID.notnull() | rows.dateText.notnull()).ifelse(
            ibis.literal("visit:") + visit_of(rows).hexdigest("md5"), absent
        ),
        "datasetKey": rows.datasetName,
        "license": rows.license,
        "basisOfRecord": basis_of(rows),
        "occurrenceStatus": status,
        "verbatimScientificName": rows.scientificName,
        "verbatimVernacularName": rows.vernacularName,
        "verbatimEventDate": rows.dateText,
        "eventDate": rows.dateIso,
        "eventDateStart": rows.dateStart,
        "eventDateEnd": rows.dateEnd,
        "verbatimEventTime": written_time,
        "eventTime": rows.timeIso,
        "verbatimLatitude": rows.decimalLatitude.fill_null(rows.verbatimCoordinates),
        "verbatimLongitude": rows.decimalLongitude.fill_null(rows.verbatimCoordinates),
        "verbatimSRS": rows.verbatimSRS,
        "decimalLatitude": rows.latitude,
        "decimalLongitude": rows.longitude,
        "coordinateUncertaintyInMeters": _uncertainty(rows),
        "coordinateNote": rows.pointNote,
        "coordinateProposal": rows.pointProposal,
        "verbatimIndividualCount": rows.individualCount,
        "individualCount": rows.countNumber,
        "countMinimum": rows.countMinimum,
        "countMaximum": rows.countMaximum,
        "countNote": rows.countNote,
        "verbatimOrganismQuantity": rows["organismQuantity"],
        "organismQuantity": rows.countQuantity,
        "organismQuantityType": rows.countType,
        "countryCode": absent,
        "county": rows.county,
        "locality": rows.locality,
        "locationID": rows.locationID,
        "establishmentMeans": rows.meansRead,
        "degreeOfEstablishment": rows.degreeRead.fill_null(rows.degreeSaid),
        "protocol": rows.protocol,
        "organismID": rows.organismID,
        "vegetationLayer": rows.layerRead,
        "verbatimMeasurements": rows.verbatimMeasurements,
        "measurements": rows.measurements,
        "missingTerms": rows.missingTerms,
        "sex": rows.sex,
        "lifeStage": rows.lifeStage,
        "behavior": rows.behavior,
        "identificationVerificationStatus": rows.identificationVerificationStatus,
        "informationWithheld": rows.informationWithheld,
        "dataGeneralizations": rows.dataGeneralizations,
        "observerKey": rows.observerKey,
        "catalogKey": ibis.null("uint64"),
        "occurrenceKey": rows.occurrenceKey,
        "unjoinedKey": rows.unjoinedKey,
        "rowFault": fault,
    }


def _uncertainty(rows: Any) -> Any:
    """What is stated, in metres, and what a conversion adds to it; nothing where nothing is stated nor converted."""
    text = rows.coordinateUncertaintyInMeters
    stated = text.re_extract(r"^[+±]?\s*(-?[0-9]+(\.[0-9]+)?)", 1).try_cast("float64")
    stated *= text.lower().re_search(KILOMETRES).ifelse(1000.0, 1.0)
    usual = (rows.addedUncertainty > 0).ifelse(GPS_UNCERTAINTY_IN_METERS, ibis.null("float64"))
    return stated.fill_null(usual) + rows.addedUncertainty


def _is_total(rows: Any) -> Any:
    """合计 in any cell that a total row could begin with."""
    cells = (
        rows.occurrenceID, rows.eventID, rows.eventDate, rows.scientificName, rows.vernacularName, rows.locality,
    )  # fmt: skip
    return ibis.or_(*(cell.lower().re_search(TOTAL_ROW).fill_null(False) for cell in cells))


def _date_text(rows: Any) -> Any:
    """The date as written: from its cell, both cells of an interval, or those of year, month and day."""
    parts = joined_cells(rows, ("year", "month", "day")).replace(SEPARATOR, "-").re_replace("-+$", "")
    written = rows.endDate.notnull().ifelse(rows.eventDate + "/" + rows.endDate, rows.eventDate)
    return written.fill_null(parts).nullif("")


def _with_points(rows: Any) -> Any:
    plain = rows.pointKey.isnull()
    return rows.mutate(
        longitude=plain.ifelse(rows.decimalLongitude.try_cast("float64"), rows.readX),
        latitude=plain.ifelse(rows.decimalLatitude.try_cast("float64"), rows.readY),
        addedUncertainty=rows.addedUncertainty.fill_null(0.0),
    )
