"""The standard record of survey rows: texts read into dates, points and counts, set-wise.

Each notation is read by its own module (`dates`, `coordinates`, `counts`), once per distinct text; what makes a
row the same as another is decided in `identity`. Whether a value is plausible belongs to `quality`.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

import ibis
from ibis import _

from store.engine import keep
from store.record import STANDARD_RECORD
from store.region import Extent
from surveys.identity import with_identity
from surveys.loading import TOTAL_ROW
from surveys.packed import with_packed_proposal
from surveys.protocols.measurements import with_measurements
from surveys.protocols.rows import basis_of, visit_of, with_protocol
from surveys.protocols.units import header_tables, with_header
from surveys.values.coordinates import read_coordinate
from surveys.values.counts import BOUNDS, NOT_UNDERSTOOD, Count, read_count
from surveys.values.dates import DateInterval, clock_beside, read_date, read_date_parts
from surveys.values.establishment import read_establishment
from surveys.values.instants import in_local_time
from surveys.values.quantities import read_quantity
from surveys.values.reference_systems import AS_WGS84, datum_of
from surveys.values.times import read_time

DETECTED = (
    "有", "是", "√", "✓", "✔", "☑", "●", "在", "存在", "出现", "发现", "已发现", "检出", "见", "可见", "present", "yes",
    "y", "true", "1", "detected", "+", "＋",
)  # fmt: skip
NOT_DETECTED = (
    "无", "否", "×", "✗", "x", "○", "不在", "不存在", "未出现", "未见", "未发现", "未检出", "没有", "absent", "no", "n",
    "false", "0", "notdetected", "not detected", "-", "－",
)  # fmt: skip
DATE_PARTS = ("eventDate", "endDate", "year", "month", "day", "statedYear")
TIME_PARTS = ("eventTime", "endTime", "eventDate", "endDate")
COUNT_PARTS = ("individualCount", "organismQuantity", "organismQuantityType")
COORDINATE_PARTS = ("decimalLongitude", "decimalLatitude", "verbatimCoordinates", "verbatimSRS")
SEPARATOR = "\x1f"
KILOMETRES = r"km|公里|千米"
# A hand-held receiver's usual error, where a point was converted and its own is not stated (Darwin Core reference, 2).
GPS_UNCERTAINTY_IN_METERS = 30.0


def standard_surveys(engine: Any, extent: Extent, zone: tzinfo = UTC) -> Any:
    """One row per survey row read, as an Ibis table with the columns of STANDARD_RECORD.

    `extent` and `zone` are the region's: planar coordinates without a zone are read as lying in it, moments in UTC are
    told by its clock.
    """
    raw = engine.table("raw_survey")
    dates, times, counts = (
        _read_dates(engine, raw, zone),
        _read_times(engine, raw, zone),
        _read_counts(engine, raw),
    )
    points = _read_points(engine, raw, extent)
    rows = with_identity(raw, engine.table("raw_submission"))
    rows = _with_dates(rows, dates)
    rows = with_packed_proposal(_with_points(rows, points, _plain_datums(raw)), raw, extent)
    rows = _with_establishment(engine, rows, raw)
    rows = rows.mutate(timeKey=_joined(rows, TIME_PARTS), countKey=_joined(rows, COUNT_PARTS))
    rows = rows.left_join(times, rows.timeKey == times.key).drop("key", "timeKey")
    rows = rows.left_join(counts, rows.countKey == counts.key).drop("key", "countKey")
    headers = header_tables(engine)
    rows = with_protocol(engine, with_header(rows, headers), raw)
    rows = with_measurements(engine, rows, with_header(raw, headers))
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


def _with_establishment(engine: Any, rows: Any, raw: Any) -> Any:
    """Adds meansRead, the text itself where no word is known, and degreeSaid, what the same word says of planting."""
    texts = raw.select(text=raw.establishmentMeans).filter(_.text.notnull()).distinct().execute()["text"]
    if not len(texts):
        return rows.mutate(meansRead=ibis.null("string"), degreeSaid=ibis.null("string"))
    read = []
    for text in texts:
        known = read_establishment(text)
        read.append(
            (text, known.establishmentMeans, known.degreeOfEstablishment) if known else (text, text, None)
        )
    schema = {"text": "string", "meansRead": "string", "degreeSaid": "string"}
    known_words = keep(engine, "tmp_survey_establishment", read, schema)
    return rows.left_join(known_words, rows.establishmentMeans == known_words.text).drop("text")


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
    """The coordinate cells as one text; empty where they are plain WGS84 degrees, which need no reading."""
    x, y = rows.decimalLongitude.try_cast("float64"), rows.decimalLatitude.try_cast("float64")
    degrees = (x.between(-180, 180) & y.between(-90, 90)).fill_null(False)
    plain = degrees & rows.verbatimSRS.fill_null("").isin(plain_datums)
    return plain.ifelse(ibis.null("string"), _joined(rows, COORDINATE_PARTS))


def _plain_datums(raw: Any) -> list[str]:
    """The datum texts under which numbers are WGS84 as they stand (or of a datum we do not know)."""
    written = raw.select(srs=raw.verbatimSRS.fill_null("")).distinct().execute()["srs"]
    return [text for text in written if datum_of(text) in AS_WGS84]


def _distinct(rows: Any, *columns: str) -> Any:
    """The distinct values of some columns as rows of Python objects, None where empty."""
    frame = rows.select(*columns).distinct().execute().astype(object)
    return frame.where(frame.notna(), None).to_numpy()


def _read_dates(engine: Any, raw: Any, zone: tzinfo) -> Any:
    """One row per distinct date text that could be read: key, dateIso, dateStart, dateEnd."""
    read = []
    for text, until, year, month, day, stated, key in _distinct(
        raw.mutate(key=_date_key(raw)), *DATE_PARTS, "key"
    ):
        stated_year = int(stated) if stated else None
        local = in_local_time(text, zone) if text else None
        interval = read_date(local, stated_year) if local else read_date_parts(year, month, day)
        if interval and until:
            interval = _until(interval, read_date(in_local_time(until, zone), stated_year))
        if interval:
            read.append((key, interval.iso, interval.start, interval.end))
    schema = {"key": "string", "dateIso": "string", "dateStart": "date", "dateEnd": "date"}
    return keep(engine, "tmp_survey_date", read, schema)


def _until(first: DateInterval, last: DateInterval | None) -> DateInterval | None:
    """From the first day to the last; None where the second cell cannot be read or lies before the first."""
    return DateInterval(first.start, last.end) if last and first.start <= last.end else None


def _read_times(engine: Any, raw: Any, zone: tzinfo) -> Any:
    """One row per distinct set of time cells that name a time, or of a date with a clock beside it."""
    read = []
    for start, end, day, last_day, key in _distinct(
        raw.mutate(key=_joined(raw, TIME_PARTS)), *TIME_PARTS, "key"
    ):
        times = [read_time(text) or clock_beside(text) for text in (start, end) if text]
        beside = [clock_beside(in_local_time(text, zone)) for text in (day, last_day) if text]
        if (times and all(times)) or (not times and beside and all(beside)):
            read.append((key, "/".join(filter(None, times or beside))))
    return keep(engine, "tmp_survey_time", read, {"key": "string", "timeIso": "string"})


def _read_points(engine: Any, raw: Any, extent: Extent) -> Any:
    """One row per distinct set of coordinate cells that are no plain WGS84 degrees."""
    keyed = raw.mutate(key=_point_key(raw, _plain_datums(raw))).filter(_.key.notnull())
    read = []
    for *parts, key in _distinct(keyed, *COORDINATE_PARTS, "key"):
        longitude, latitude, pair, srs = parts
        point = read_coordinate(longitude, latitude, pair, srs, extent)
        read.append(
            (key, point.longitude, point.latitude, point.uncertaintyInMeters, point.note, point.proposal)
        )
    schema = {
        "key": "string", "readX": "float64", "readY": "float64", "addedUncertainty": "float64",
        "pointNote": "string", "pointProposal": "string",
    }  # fmt: skip
    return keep(engine, "tmp_survey_point", read, schema)


def _read_counts(engine: Any, raw: Any) -> Any:
    """One row per distinct set of count and quantity cells: what was counted, its bounds, the quantity and its unit."""
    read = []
    for count_text, quantity_text, kind, key in _distinct(
        raw.mutate(key=_joined(raw, COUNT_PARTS)), *COUNT_PARTS, "key"
    ):
        count = read_count(count_text) if count_text else Count()
        note = "unread" if count.organismQuantityType == NOT_UNDERSTOOD else None
        quantity = (count.organismQuantity, count.organismQuantityType)
        present = count.present
        if quantity_text:
            written = read_quantity(quantity_text, kind)
            quantity = (written.organismQuantity, written.organismQuantityType or kind)
            present = _says_absent(written.organismQuantity, present)
        if (
            quantity_text and not count_text and kind in BOUNDS
        ):  # as Darwin Core has what people write in a count cell
            count = read_count(quantity_text)
        read.append((key, count.individualCount, count.minimum, count.maximum, *quantity, present, note))
    schema = {
        "key": "string", "countNumber": "int64", "countMinimum": "int64", "countMaximum": "int64",
        "countQuantity": "string", "countType": "string", "present": "boolean", "countNote": "string",
    }  # fmt: skip
    return keep(engine, "tmp_survey_count", read, schema)


def _says_absent(quantity: str | None, present: bool | None) -> bool | None:
    """A cover or number of clumps of nought says that nothing was there, unless a count says otherwise."""
    return False if present is None and quantity in ("0", "0.0", "0.00") else present


def _with_dates(rows: Any, dates: Any) -> Any:
    parts = _joined(rows, ("year", "month", "day")).replace(SEPARATOR, "-").re_replace("-+$", "")
    written = rows.endDate.notnull().ifelse(rows.eventDate + "/" + rows.endDate, rows.eventDate)
    rows = rows.mutate(dateKey=_date_key(rows), dateText=written.fill_null(parts).nullif(""))
    return rows.left_join(dates, rows.dateKey == dates.key).drop("key", "dateKey")


def _with_points(rows: Any, points: Any, plain_datums: list[str]) -> Any:
    rows = rows.mutate(pointKey=_point_key(rows, plain_datums))
    joined = rows.left_join(points, rows.pointKey == points.key)
    plain = joined.pointKey.isnull()
    return joined.mutate(
        longitude=plain.ifelse(joined.decimalLongitude.try_cast("float64"), joined.readX),
        latitude=plain.ifelse(joined.decimalLatitude.try_cast("float64"), joined.readY),
        addedUncertainty=joined.addedUncertainty.fill_null(0.0),
    ).drop("key", "readX", "readY")
