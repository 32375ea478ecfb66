"""Readings: what the texts of survey rows mean, each distinct one read once, before the rows are put together.

Each notation is read by its own module (`dates`, `coordinates`, `counts`); the rows are made in `standard`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import ibis
from ibis import _

from store.engine import put, rows_for
from store.region import Extent
from surveys.packed import packed_tables
from surveys.protocols.lookups import Lookup
from surveys.protocols.measurements import read_measurements
from surveys.protocols.rows import read_words
from surveys.protocols.units import header_tables
from surveys.values.coordinates import read_coordinate
from surveys.values.counts import BOUNDS, NOT_UNDERSTOOD, Count, read_count
from surveys.values.dates import DateInterval, clock_beside, read_date, read_date_parts
from surveys.values.instants import in_local_time
from surveys.values.quantities import read_quantity
from surveys.values.reference_systems import AS_WGS84, datum_of
from surveys.values.times import read_time

DATE_PARTS = ("eventDate", "endDate", "year", "month", "day", "statedYear")
TIME_PARTS = ("eventTime", "endTime", "eventDate", "endDate")
COUNT_PARTS = ("individualCount", "organismQuantity", "organismQuantityType")
COORDINATE_PARTS = ("decimalLongitude", "decimalLatitude", "verbatimCoordinates", "verbatimSRS")
DATES, TIMES, COUNTS, POINTS = "tmp_survey_date", "tmp_survey_time", "tmp_survey_count", "tmp_survey_point"
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Readings:
    """What was read of the survey rows of a warehouse, beside the tmp_ tables: all that decides how rows are made."""

    plainDatums: tuple[str, ...]
    packedTables: tuple[tuple[Any, ...], ...]
    words: tuple[tuple[str, Lookup], ...]
    measurements: tuple[tuple[str, Lookup], ...]


def read_surveys(engine: Any, extent: Extent, zone: tzinfo) -> Readings:
    """Read all distinct texts of raw_survey into tables of the engine, few of them into the readings themselves."""
    plain_datums = _plain_datums(engine)
    _read_dates(engine, zone)
    _read_times(engine, zone)
    _read_counts(engine)
    _read_points(engine, plain_datums, extent)
    header_tables(engine)
    return Readings(
        plain_datums, packed_tables(engine, extent), read_words(engine), read_measurements(engine)
    )


def joined_cells(rows: Any, parts: tuple[str, ...]) -> Any:
    return ibis.literal(SEPARATOR).join([rows[part].cast("string").fill_null("") for part in parts])


def point_key(rows: Any, plain_datums: Iterable[str]) -> Any:
    """The coordinate cells as one text; empty where they are plain WGS84 degrees, which need no reading."""
    x, y = rows.decimalLongitude.try_cast("float64"), rows.decimalLatitude.try_cast("float64")
    degrees = (x.between(-180, 180) & y.between(-90, 90)).fill_null(False)
    plain = degrees & rows.verbatimSRS.fill_null("").isin(list(plain_datums))
    return plain.ifelse(ibis.null("string"), joined_cells(rows, COORDINATE_PARTS))


def _plain_datums(engine: Any) -> tuple[str, ...]:
    """The datum texts under which numbers are WGS84 as they stand (or of a datum we do not know)."""
    written = (text for (text,) in rows_for(engine, _datums))
    return tuple(sorted(text for text in written if datum_of(text) in AS_WGS84))


def _datums(engine: Any) -> Any:
    raw = engine.table("raw_survey")
    return raw.select(srs=raw.verbatimSRS.fill_null("")).distinct()


def _distinct_cells(engine: Any, columns: tuple[str, ...]) -> Any:
    """The distinct cells of some columns of the survey rows, and their key."""
    raw = engine.table("raw_survey")
    return raw.select(*columns, key=joined_cells(raw, columns)).distinct()


def _distinct_points(engine: Any, plain_datums: tuple[str, ...]) -> Any:
    raw = engine.table("raw_survey")
    return raw.select(*COORDINATE_PARTS, key=point_key(raw, plain_datums)).filter(_.key.notnull()).distinct()


def _read_dates(engine: Any, zone: tzinfo) -> None:
    """Make tmp_survey_date: one row per distinct date text that could be read: key, dateIso, dateStart, dateEnd."""
    read = []
    for text, until, year, month, day, stated, key in rows_for(engine, _distinct_cells, DATE_PARTS):
        stated_year = int(stated) if stated else None
        local = in_local_time(text, zone) if text else None
        interval = read_date(local, stated_year) if local else read_date_parts(year, month, day)
        if interval and until:
            interval = _until(interval, read_date(in_local_time(until, zone), stated_year))
        if interval:
            read.append((key, interval.iso, interval.start, interval.end))
    schema = {"dateKey": "string", "dateIso": "string", "dateStart": "date", "dateEnd": "date"}
    put(engine, DATES, read, schema)


def _until(first: DateInterval, last: DateInterval | None) -> DateInterval | None:
    """From the first day to the last; None where the second cell cannot be read or lies before the first."""
    return DateInterval(first.start, last.end) if last and first.start <= last.end else None


def _read_times(engine: Any, zone: tzinfo) -> None:
    """Make tmp_survey_time: one row per distinct set of cells that name a time, or a date with a clock beside it."""
    read = []
    for start, end, day, last_day, key in rows_for(engine, _distinct_cells, TIME_PARTS):
        times = [read_time(text) or clock_beside(text) for text in (start, end) if text]
        beside = [clock_beside(in_local_time(text, zone)) for text in (day, last_day) if text]
        if (times and all(times)) or (not times and beside and all(beside)):
            read.append((key, "/".join(filter(None, times or beside))))
    put(engine, TIMES, read, {"timeKey": "string", "timeIso": "string"})


def _read_points(engine: Any, plain_datums: tuple[str, ...], extent: Extent) -> None:
    """Make tmp_survey_point: one row per distinct set of coordinate cells that are no plain WGS84 degrees."""
    read = []
    for longitude, latitude, pair, srs, key in rows_for(engine, _distinct_points, plain_datums):
        point = read_coordinate(longitude, latitude, pair, srs, extent)
        read.append(
            (key, point.longitude, point.latitude, point.uncertaintyInMeters, point.note, point.proposal)
        )
    schema = {
        "cellsKey": "string", "readX": "float64", "readY": "float64", "addedUncertainty": "float64",
        "pointNote": "string", "pointProposal": "string",
    }  # fmt: skip
    put(engine, POINTS, read, schema)


def _read_counts(engine: Any) -> None:
    """Make tmp_survey_count: one row per distinct set of count and quantity cells: number, bounds, quantity, unit."""
    read = []
    for count_text, quantity_text, kind, key in rows_for(engine, _distinct_cells, COUNT_PARTS):
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
        "countKey": "string", "countNumber": "int64", "countMinimum": "int64", "countMaximum": "int64",
        "countQuantity": "string", "countType": "string", "present": "boolean", "countNote": "string",
    }  # fmt: skip
    put(engine, COUNTS, read, schema)


def _says_absent(quantity: str | None, present: bool | None) -> bool | None:
    """A cover or number of clumps of nought says that nothing was there, unless a count says otherwise."""
    return False if present is None and quantity in ("0", "0.0", "0.00") else present
