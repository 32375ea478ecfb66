"""ISO 8601-1 dates and intervals: what days a text allows, how precisely it says so, and for how long.

Texts that are no ISO dates belong to `verbatim_dates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

DAY, MONTH, YEAR = 3, 2, 1  # precision: how many of year, month and day are given
SECONDS_A_DAY = 86_400
DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?|-(?P<ordinal>\d{3})|-?W(?P<week>\d{2})(-?(?P<weekday>[1-7]))?"
    r"|(?P<basicMonth>\d{2})(?P<basicDay>\d{2})|(?P<basicOrdinal>\d{3}))?"
)
TIME = re.compile(
    r"(?P<hour>[01]\d|2[0-3])(:?(?P<minute>[0-5]\d)(:?(?P<second>[0-5]\d)([.,]\d+)?)?)?(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?"
)
DURATION = re.compile(
    r"P(?=.)((?P<years>\d+)Y)?((?P<months>\d+)M)?((?P<weeks>\d+)W)?((?P<days>\d+)D)?"
    r"(T(?=.)((?P<hours>\d+)H)?((?P<minutes>\d+)M)?((?P<seconds>\d+)S)?)?"
)


@dataclass(frozen=True)
class IsoDate:
    """From the first to the last day that is meant; `begin` and `end` (exclusive) to the second, zones left aside."""

    begin: datetime
    end: datetime
    precision: int

    @property
    def first(self) -> date:
        return self.begin.date()

    @property
    def last(self) -> date:
        return (self.end - timedelta(microseconds=1)).date() if self.end > self.begin else self.end.date()

    @property
    def seconds(self) -> int:
        return round((self.end - self.begin).total_seconds())

    @property
    def is_within_year(self) -> bool:
        return self.first.year == self.last.year

    @property
    def is_within_month(self) -> bool:
        return self.precision >= MONTH and self.is_within_year and self.first.month == self.last.month

    @property
    def is_within_day(self) -> bool:
        return self.precision >= DAY and self.first == self.last


def iso_date(text: str) -> IsoDate | None:
    """The date or interval a text is by ISO 8601-1:2019, with at least a year; None if it is none."""
    try:
        if "/" not in text:
            return _moment(text)
        start, _, end = text.partition("/")
        return _interval(start, end)
    except (ValueError, OverflowError):  # no such day; before the year 1 or after 9999
        return None


def _interval(start: str, end: str) -> IsoDate | None:
    begin_of, end_of = DURATION.fullmatch(start), DURATION.fullmatch(end)
    if begin_of and not end_of:
        last = _moment(end)
        return last and IsoDate(last.end - _length(begin_of), last.end, last.precision)
    first = _moment(start)
    if first is None:
        return None
    if end_of:
        return IsoDate(first.begin, first.begin + _length(end_of), first.precision)
    last = _moment(end) or _moment(_completed(start, end))
    if last is None or last.end < first.end:
        return None
    # Of two times of day the end is the second one; of two days it is the end of the second.
    until = last.begin if "T" in start and "T" in _completed(start, end) else last.end
    return IsoDate(first.begin, until, min(first.precision, last.precision))


def _completed(start: str, end: str) -> str:
    """The end of an interval with what it leaves out because the start says it: 2024-05-03/05."""
    day, _, _ = start.partition("T")
    if re.match(r"\d{4}", end):
        return end
    if re.match(r"\d{2}:", end) or (re.match(r"\d{2}", end) and ":" in end and "T" not in end):
        return f"{day}T{end}"
    parts = day.split("-")
    kept = len(parts) - len(end.partition("T")[0].split("-"))
    return "-".join([*parts[:kept], end]) if kept > 0 else end


def _length(duration: re.Match[str]) -> relativedelta:
    count = {unit: int(written or 0) for unit, written in duration.groupdict().items()}
    return relativedelta(
        years=count["years"], months=count["months"], weeks=count["weeks"], days=count["days"], hours=count["hours"],
        minutes=count["minutes"], seconds=count["seconds"],
    )  # fmt: skip


def _moment(text: str) -> IsoDate | None:
    """One date, perhaps with a time of day."""
    written, has_time, clock = text.partition("T")
    matched = DATE.fullmatch(written)
    if matched is None:
        return None
    begin, end, precision = _days(matched.groupdict())
    if not has_time:
        return IsoDate(begin, end, precision)
    time = TIME.fullmatch(clock)
    if time is None or precision < DAY:
        return None
    begin += timedelta(
        hours=int(time["hour"]), minutes=int(time["minute"] or 0), seconds=int(time["second"] or 0)
    )
    unit = (
        timedelta(seconds=1)
        if time["second"]
        else timedelta(minutes=1)
        if time["minute"]
        else timedelta(hours=1)
    )
    return IsoDate(begin, begin + unit, DAY)


def _days(found: dict[str, str | None]) -> tuple[datetime, datetime, int]:
    year = int(found["year"] or 0)
    month, day = found["month"] or found["basicMonth"], found["day"] or found["basicDay"]
    ordinal = found["ordinal"] or found["basicOrdinal"]
    if ordinal:
        begin = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=int(ordinal) - 1)
        if begin.year != year:
            raise ValueError(ordinal)
        return begin, begin + timedelta(days=1), DAY
    if found["week"]:
        begin = datetime.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1)).replace(
            tzinfo=UTC
        )
        return begin, begin + timedelta(days=1 if found["weekday"] else 7), DAY
    begin = datetime(year, int(month or 1), int(day or 1), tzinfo=UTC)
    if day:
        return begin, begin + timedelta(days=1), DAY
    unit = relativedelta(months=1) if month else relativedelta(years=1)
    return begin, begin + unit, MONTH if month else YEAR
