"""Dates and parts of dates: dwc:eventDate, dwc:dateIdentified, year, month, day and days of the year.

What an unusual text may mean as a date belongs to `verbatim_dates`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from quality.bdq.iso_dates import DAY, IsoDate, iso_date
from quality.bdq.numbers import integer, is_leap_year
from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    amended,
    compliant,
    compliant_if,
    filled_in,
    internal_prerequisites_not_met,
    is_empty,
    measured,
    not_amended,
    not_compliant,
    value_of,
)
from quality.bdq.verbatim_dates import month_named, read_date

PARTS = ("dwc:year", "dwc:month", "dwc:day", "dwc:startDayOfYear", "dwc:endDayOfYear")
DAY_WRITTEN = re.compile(r"0*([1-9]|[12]\d|3[01])(\.0+|\.|st|nd|rd|th|er|º|日|号)?", re.IGNORECASE)
MONTHS_OF_30, MONTHS_OF_31 = (4, 6, 9, 11), (1, 3, 5, 7, 8, 10, 12)


def date_standard(term: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        value = value_of(terms, term)
        if not value:
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty")
        return compliant_if(iso_date(value) is not None, f"{term} as a date of ISO 8601-1: {value}")

    return test


def date_standardized(term: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        value = value_of(terms, term)
        if not value:
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty")
        if iso_date(value) is not None:
            return not_amended(f"{term} is a date of ISO 8601-1 already")
        read = read_date(value)
        return (
            amended({term: read}, f"{term} read as {read}")
            if read
            else not_amended(f"{term} is ambiguous or no date")
        )

    return test


def event_date_in_range(terms: Terms, asked: Asked) -> Response:
    found = iso_date(value_of(terms, "dwc:eventDate"))
    if found is None:
        return internal_prerequisites_not_met("dwc:eventDate is bdqval:Empty or no date of ISO 8601-1")
    return compliant_if(_is_in_range(found, asked), "dwc:eventDate against the valid range")


def date_identified_in_range(terms: Terms, asked: Asked) -> Response:
    found = iso_date(value_of(terms, "dwc:dateIdentified"))
    if found is None:
        return internal_prerequisites_not_met("dwc:dateIdentified is bdqval:Empty or no date of ISO 8601-1")
    written = value_of(terms, "dwc:eventDate") if asked.parameter("includeEventDate") != "false" else ""
    event = iso_date(written)
    if written and event is None:
        return internal_prerequisites_not_met("dwc:eventDate is no date of ISO 8601-1")
    is_late_enough = event is None or found.last >= event.first
    return compliant_if(
        is_late_enough and _is_in_range(found, asked), "dwc:dateIdentified against range and event"
    )


def _is_in_range(found: IsoDate, asked: Asked) -> bool:
    earliest, latest = (
        iso_date(asked.parameter("earliestValidDate")),
        iso_date(asked.parameter("latestValidDate")),
    )
    return (earliest is None or found.first >= earliest.first) and (
        latest is None or found.last <= latest.last
    )


def year_in_range(terms: Terms, asked: Asked) -> Response:
    year = integer(value_of(terms, "dwc:year"))
    if year is None:
        return internal_prerequisites_not_met("dwc:year is bdqval:Empty or no integer")
    earliest, latest = (int(asked.parameter(name)[:4]) for name in ("earliestValidDate", "latestValidDate"))
    return compliant_if(earliest <= year <= latest, f"dwc:year against {earliest} to {latest}")


def month_standard(terms: Terms, asked: Asked) -> Response:
    return _integer_between(terms, "dwc:month", 12)


def day_standard(terms: Terms, asked: Asked) -> Response:
    return _integer_between(terms, "dwc:day", 31)


def _integer_between(terms: Terms, term: str, highest: int) -> Response:
    value = value_of(terms, term)
    if not value:
        return internal_prerequisites_not_met(f"{term} is bdqval:Empty")
    found = integer(value)
    return compliant_if(found is not None and 1 <= found <= highest, f"{term} against 1 to {highest}")


def day_in_range(terms: Terms, asked: Asked) -> Response:
    day = integer(value_of(terms, "dwc:day"))
    month = integer(value_of(terms, "dwc:month"))
    year = value_of(terms, "dwc:year").strip(EMPTY_CHARACTERS)
    if day is None:
        return internal_prerequisites_not_met("dwc:day is bdqval:Empty or no integer")
    if 29 <= day <= 31 and not (month is not None and 1 <= month <= 12):
        return internal_prerequisites_not_met("dwc:month is needed to judge this dwc:day")
    if day == 29 and month == 2:
        if not re.fullmatch("[0-9]{4}", year):
            return internal_prerequisites_not_met("dwc:year is needed to judge 29 February")
        return compliant_if(is_leap_year(int(year)), "29 February against dwc:year")
    is_in_range = (
        1 <= day <= 28
        or (29 <= day <= 30 and month in MONTHS_OF_30)
        or (29 <= day <= 31 and month in MONTHS_OF_31)
    )
    return compliant_if(is_in_range, "dwc:day against the days of the month")


def day_of_year_in_range(term: str, *, at_start: bool) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        value = value_of(terms, term)
        if not value:
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty")
        day = integer(value)
        if day != 366:
            return compliant_if(day is not None and 1 <= day <= 365, f"{term} against 1 to 365")
        event = iso_date(value_of(terms, "dwc:eventDate"))
        if event is None:
            return internal_prerequisites_not_met("dwc:eventDate is needed to judge day 366")
        return compliant_if(
            is_leap_year((event.first if at_start else event.last).year), "day 366 against the year"
        )

    return test


def event_consistent(terms: Terms, asked: Asked) -> Response:
    written = value_of(terms, "dwc:eventDate")
    if not written or all(is_empty(terms.get(part)) for part in PARTS):
        return internal_prerequisites_not_met("dwc:eventDate or all the parts are bdqval:Empty")
    event = iso_date(written)
    if event is None:
        return not_compliant("dwc:eventDate is no date of ISO 8601-1")
    is_of_days = event.precision >= DAY
    expected = {
        "dwc:year": event.first.year if event.is_within_year else None,
        "dwc:month": event.first.month if event.is_within_month else None,
        "dwc:day": event.first.day if event.is_within_day else None,
        "dwc:startDayOfYear": event.first.timetuple().tm_yday if is_of_days else None,
        "dwc:endDayOfYear": event.last.timetuple().tm_yday if is_of_days else None,
    }
    for part, number in expected.items():
        value = value_of(terms, part)
        if value and (number is None or integer(value) != number):
            return not_compliant(f"{part} does not match dwc:eventDate")
    return compliant("the parts match dwc:eventDate")


def event_temporal_not_empty(terms: Terms, asked: Asked) -> Response:
    given = ("dwc:eventDate", "dwc:verbatimEventDate", *PARTS)
    return compliant_if(any(not is_empty(terms.get(term)) for term in given), "any term that tells a time")


def event_duration(terms: Terms, asked: Asked) -> Response:
    event = iso_date(value_of(terms, "dwc:eventDate"))
    if event is None:
        return internal_prerequisites_not_met("dwc:eventDate is bdqval:Empty or no date of ISO 8601-1")
    return measured(event.seconds, "seconds from the begin to the end of dwc:eventDate")


def day_standardized(terms: Terms, asked: Asked) -> Response:
    value = value_of(terms, "dwc:day")
    if not value:
        return internal_prerequisites_not_met("dwc:day is bdqval:Empty")
    text = value.strip(EMPTY_CHARACTERS)
    found = DAY_WRITTEN.fullmatch(text)
    if not found or (text == value and integer(value) is not None):
        return not_amended("dwc:day is an integer already, or ambiguous")
    return amended({"dwc:day": found[1]}, f"dwc:day read as {found[1]}")


def month_standardized(terms: Terms, asked: Asked) -> Response:
    value = value_of(terms, "dwc:month")
    if not value:
        return internal_prerequisites_not_met("dwc:month is bdqval:Empty")
    text = value.strip(EMPTY_CHARACTERS)
    month = integer(text) if integer(text) is not None else month_named(text)
    if month is None or not 1 <= month <= 12 or (text == value and integer(value) is not None):
        return not_amended("dwc:month is an integer already, or ambiguous")
    return amended({"dwc:month": str(month)}, f"dwc:month read as {month}")


def event_date_from_verbatim(terms: Terms, asked: Asked) -> Response:
    value = value_of(terms, "dwc:verbatimEventDate")
    if not is_empty(terms.get("dwc:eventDate")) or not value:
        return internal_prerequisites_not_met(
            "dwc:eventDate is bdqval:NotEmpty or dwc:verbatimEventDate bdqval:Empty"
        )
    text = value.strip(EMPTY_CHARACTERS)
    read = text if iso_date(text) else read_date(text)
    if not read:
        return not_amended("dwc:verbatimEventDate is ambiguous or no date")
    return filled_in({"dwc:eventDate": read}, f"dwc:verbatimEventDate read as {read}")


def event_date_from_year_month_day(terms: Terms, asked: Asked) -> Response:
    year = integer(value_of(terms, "dwc:year"))
    if not is_empty(terms.get("dwc:eventDate")) or year is None:
        return internal_prerequisites_not_met("dwc:eventDate is bdqval:NotEmpty or dwc:year no integer")
    month, day = (integer(value_of(terms, part)) for part in ("dwc:month", "dwc:day"))
    read = f"{year:04d}"
    if month is not None and 1 <= month <= 12:
        read += f"-{month:02d}"
        read += f"-{day:02d}" if day is not None else ""
    if iso_date(read) is None:
        return not_amended("there is no such day")
    return filled_in({"dwc:eventDate": read}, "as precise as year, month and day are")


def event_date_from_days_of_year(terms: Terms, asked: Asked) -> Response:
    values = [value_of(terms, term) for term in ("dwc:year", "dwc:startDayOfYear", "dwc:endDayOfYear")]
    if not is_empty(terms.get("dwc:eventDate")) or not all(values):
        return internal_prerequisites_not_met(
            "dwc:eventDate is bdqval:NotEmpty, or year or a day of it bdqval:Empty"
        )
    year, start, end = map(integer, values)
    if year is None or start is None or end is None or not 1 <= year <= 9999:
        return not_amended("the year or a day of it is no integer")
    if not 1 <= start < end <= 365 + is_leap_year(year):
        return not_amended("the first day of the year is not before the last one of the same year")
    first, last = (date(year, 1, 1) + timedelta(days=day - 1) for day in (start, end))
    return filled_in({"dwc:eventDate": f"{first}/{last}"}, "from the days of the year")


def event_from_event_date(terms: Terms, asked: Asked) -> Response:
    event = iso_date(value_of(terms, "dwc:eventDate"))
    if event is None:
        return internal_prerequisites_not_met("dwc:eventDate is bdqval:Empty or no date of ISO 8601-1")
    found: dict[str, int] = {}
    if event.is_within_year:
        found["dwc:year"] = event.first.year
    if event.is_within_month:
        found["dwc:month"] = event.first.month
    if event.is_within_day:
        found["dwc:day"] = event.first.day
    if event.precision >= DAY and all(is_empty(terms.get(term)) for term in PARTS[3:]):
        found |= {PARTS[3]: event.first.timetuple().tm_yday, PARTS[4]: event.last.timetuple().tm_yday}
    filled = {term: str(value) for term, value in found.items() if is_empty(terms.get(term))}
    return filled_in(filled, "from dwc:eventDate") if filled else not_amended("nothing to fill in")


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_EVENTDATE_STANDARD": date_standard("dwc:eventDate"),
    "VALIDATION_DATEIDENTIFIED_STANDARD": date_standard("dwc:dateIdentified"),
    "AMENDMENT_EVENTDATE_STANDARDIZED": date_standardized("dwc:eventDate"),
    "AMENDMENT_DATEIDENTIFIED_STANDARDIZED": date_standardized("dwc:dateIdentified"),
    "VALIDATION_EVENTDATE_INRANGE": event_date_in_range,
    "VALIDATION_DATEIDENTIFIED_INRANGE": date_identified_in_range,
    "VALIDATION_YEAR_INRANGE": year_in_range,
    "VALIDATION_MONTH_STANDARD": month_standard,
    "VALIDATION_DAY_STANDARD": day_standard,
    "VALIDATION_DAY_INRANGE": day_in_range,
    "VALIDATION_STARTDAYOFYEAR_INRANGE": day_of_year_in_range("dwc:startDayOfYear", at_start=True),
    "VALIDATION_ENDDAYOFYEAR_INRANGE": day_of_year_in_range("dwc:endDayOfYear", at_start=False),
    "VALIDATION_EVENT_CONSISTENT": event_consistent,
    "VALIDATION_EVENTTEMPORAL_NOTEMPTY": event_temporal_not_empty,
    "MEASURE_EVENTDATE_DURATIONINSECONDS": event_duration,
    "AMENDMENT_DAY_STANDARDIZED": day_standardized,
    "AMENDMENT_MONTH_STANDARDIZED": month_standardized,
    "AMENDMENT_EVENTDATE_FROM_VERBATIM": event_date_from_verbatim,
    "AMENDMENT_EVENTDATE_FROM_YEARMONTHDAY": event_date_from_year_month_day,
    "AMENDMENT_EVENTDATE_FROM_YEARSTARTDAYOFYEARENDDAYOFYEAR": event_date_from_days_of_year,
    "AMENDMENT_EVENT_FROM_EVENTDATE": event_from_event_date,
}
