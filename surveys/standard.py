"""The standard record of survey rows: texts read into dates, points and counts, set-wise.

Each notation is read by its own module (`dates`, `coordinates`, `counts`), once per distinct text; what makes a
row the same as another is decided in `identity`. Whether a value is plausible belongs to `quality`.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from store.engine import keep
from store.record import STANDARD_RECORD
from surveys.identity import with_identity
from surveys.values.coordinates import datum_of, read_coordinate
from surveys.values.counts import read_count
from surveys.values.dates import read_date, read_date_parts

TOTAL_ROW = r"^(合计|小计|总计|总和|共计|累计|(grand |sub)?total|sum)[:：]?$"
DETECTED = ("有", "是", "√", "在", "present", "yes", "y", "true", "1", "detected", "+", "+")
NOT_DETECTED = ("无", "否", "×", "未见", "未发现", "absent", "no", "n", "false", "0", "notdetected", "-")
DATE_PARTS = ("eventDate", "year", "month", "day", "statedYear")
COORDINATE_PARTS = ("decimalLongitude", "decimalLatitude", "verbatimCoordinates", "verbatimSRS")
SEPARATOR = "\x1f"


def standard_surveys(engine: Any) -> Any:
    """One row per survey row read, as an Ibis table with the columns of STANDARD_RECORD."""
    raw = engine.table("raw_survey")
    dates, points, counts = _read_dates(engine, raw), _read_points(engine, raw), _read_counts(engine, raw)
    rows = with_identity(raw, engine.table("raw_submission"))
    rows = _with_dates(rows, dates)
    rows = _with_points(rows, points, _plain_datums(raw))
    rows = rows.left_join(counts, rows.individualCount == counts.key).drop("key")
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
    visit = [rows.eventID, rows.locality.fill_null(rows.locationID), rows.dateText, rows.samplingProtocol]
    visit_key = ibis.literal(SEPARATOR).join([rows.submissionId, *(part.fill_null("") for part in visit)])
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
            ibis.literal("visit:") + visit_key.hexdigest("md5"), absent
        ),
        "datasetKey": rows.datasetName,
        "license": absent,
        "basisOfRecord": rows.basisOfRecord.fill_null("HumanObservation"),
        "occurrenceStatus": status,
        "verbatimScientificName": rows.scientificName,
        "verbatimVernacularName": rows.vernacularName,
        "verbatimEventDate": rows.dateText,
        "eventDate": rows.dateIso,
        "eventDateStart": rows.dateStart,
        "eventDateEnd": rows.dateEnd,
        "verbatimLatitude": rows.decimalLatitude.fill_null(rows.verbatimCoordinates),
        "verbatimLongitude": rows.decimalLongitude.fill_null(rows.verbatimCoordinates),
        "verbatimSRS": rows.verbatimSRS,
        "decimalLatitude": rows.latitude,
        "decimalLongitude": rows.longitude,
        "coordinateUncertaintyInMeters": rows.coordinateUncertaintyInMeters.re_extract(
            r"^[+±]?\s*(-?[0-9]+(\.[0-9]+)?)", 1
        ).try_cast("float64")
        + rows.addedUncertainty,
        "verbatimIndividualCount": rows.individualCount,
        "individualCount": rows.countNumber,
        "organismQuantity": rows.organismQuantity.fill_null(rows.countQuantity),
        "organismQuantityType": rows.organismQuantity.notnull().ifelse(absent, rows.countType),
        "countryCode": absent,
        "county": rows.county,
        "locality": rows.locality,
        "locationID": rows.locationID,
        "establishmentMeans": rows.establishmentMeans,
        "informationWithheld": absent,
        "dataGeneralizations": absent,
        "rowFault": fault,
    }


def _is_total(rows: Any) -> Any:
    """合计 in any cell that a total row could begin with."""
    cells = (
        rows.occurrenceID, rows.eventID, rows.eventDate, rows.scientificName, rows.vernacularName, rows.locality,
    )  # fmt: skip
    return ibis.or_(*(cell.lower().re_search(TOTAL_ROW).fill_null(False) for cell in cells))


def _joined(rows: Any, parts: tuple[str, ...]) -> Any:
    return ibis.literal(SEPARATOR).join([rows[part].cast("string").fill_null("") for part in parts])


def _date_key(rows: Any) -> Any:
    return _joined(rows, DATE_PARTS)


def _point_key(rows: Any, plain_datums: list[str]) -> Any:
    """The coordinate cells as one text; empty where they are plain WGS84 numbers, which need no reading."""
    x, y = rows.decimalLongitude.try_cast("float64"), rows.decimalLatitude.try_cast("float64")
    plain = x.notnull() & y.notnull() & rows.verbatimSRS.fill_null("").isin(plain_datums)
    return plain.ifelse(ibis.null("string"), _joined(rows, COORDINATE_PARTS))


def _plain_datums(raw: Any) -> list[str]:
    """The datum texts under which numbers are WGS84 as they stand (or of a datum we do not know)."""
    written = raw.select(srs=raw.verbatimSRS.fill_null("")).distinct().execute()["srs"]
    return [text for text in written if datum_of(text) not in ("GCJ-02", "BD-09")]


def _distinct(rows: Any, *columns: str) -> Any:
    """The distinct values of some columns as rows of Python objects, None where empty."""
    frame = rows.select(*columns).distinct().execute().astype(object)
    return frame.where(frame.notna(), None).to_numpy()


def _read_dates(engine: Any, raw: Any) -> Any:
    """One row per distinct date text that could be read: key, dateIso, dateStart, dateEnd."""
    read = []
    for text, year, month, day, stated, key in _distinct(raw.mutate(key=_date_key(raw)), *DATE_PARTS, "key"):
        stated_year = int(stated) if stated else None
        interval = read_date(text, stated_year) if text else read_date_parts(year, month, day)
        if interval:
            read.append((key, interval.iso, interval.start, interval.end))
    schema = {"key": "string", "dateIso": "string", "dateStart": "date", "dateEnd": "date"}
    return keep(engine, "tmp_survey_date", read, schema)


def _read_points(engine: Any, raw: Any) -> Any:
    """One row per distinct set of coordinate cells that are no plain WGS84 numbers."""
    keyed = raw.mutate(key=_point_key(raw, _plain_datums(raw))).filter(_.key.notnull())
    read = []
    for *parts, key in _distinct(keyed, *COORDINATE_PARTS, "key"):
        point = read_coordinate(*parts)
        read.append((key, point.longitude, point.latitude, point.uncertaintyInMeters))
    schema = {"key": "string", "readX": "float64", "readY": "float64", "addedUncertainty": "float64"}
    return keep(engine, "tmp_survey_point", read, schema)


def _read_counts(engine: Any, raw: Any) -> Any:
    """One row per distinct count text: key, countNumber, countQuantity, countType, present."""
    read = []
    for (text,) in _distinct(raw.filter(raw.individualCount.notnull()), "individualCount"):
        count = read_count(text)
        read.append(
            (text, count.individualCount, count.organismQuantity, count.organismQuantityType, count.present)
        )
    schema = {
        "key": "string", "countNumber": "int64", "countQuantity": "string", "countType": "string",
        "present": "boolean",
    }  # fmt: skip
    return keep(engine, "tmp_survey_count", read, schema)


def _with_dates(rows: Any, dates: Any) -> Any:
    parts = _joined(rows, DATE_PARTS[1:4]).replace(SEPARATOR, "-").re_replace("-+$", "")
    rows = rows.mutate(dateKey=_date_key(rows), dateText=rows.eventDate.fill_null(parts).nullif(""))
    return rows.left_join(dates, rows.dateKey == dates.key).drop("key", "dateKey")


def _with_points(rows: Any, points: Any, plain_datums: list[str]) -> Any:
    rows = rows.mutate(pointKey=_point_key(rows, plain_datums))
    joined = rows.left_join(points, rows.pointKey == points.key)
    plain = joined.pointKey.isnull()
    return joined.mutate(
        longitude=plain.ifelse(joined.decimalLongitude.try_cast("float64"), joined.readX),
        latitude=plain.ifelse(joined.decimalLatitude.try_cast("float64"), joined.readY),
        addedUncertainty=joined.addedUncertainty.fill_null(0.0),
    ).drop("key", "pointKey", "readX", "readY")
