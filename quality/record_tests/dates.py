"""Dates and times of day: whether there is one, whether it could be read and as what."""

from __future__ import annotations

from typing import Any

import ibis

from quality.record_tests.record_test import RecordTest, column

# 45811, 6月3日 and 25年6月3日 are read, but their author should see as what.
WRITTEN_WITH_ITS_YEAR = r"(^|[^0-9])(1[6-9]|20)[0-9]{2}([^0-9]|$|[0-9]{4}([^0-9]|$))"
SERIAL = r"^[0-9]{5}(\.[0-9]+)?$"
DAYS_FROM_1900_TO_1904 = 1462
MIDNIGHT = "^0?0:00(:00)?$"
TYPED_WITHOUT_ITS_NOUGHT = r"^[0-9]{4}\.1$"


def _from_1904(r: Any) -> Any:
    """The day a serial number means where a workbook counts from 1904, as Excel on a Mac long did."""
    return r.eventDateStart + ibis.interval(days=DAYS_FROM_1900_TO_1904)


DATES = (
    RecordTest(
        "VALIDATION_EVENTDATE_NOTEMPTY", "error", "eventDate", lambda r, _: r.verbatimEventDate.isnull(),
        column("verbatimEventDate"),
        bdqLabel="VALIDATION_EVENTDATE_NOTEMPTY", bdqGuid="f51e15a6-a67d-4729-9c28-3766299d2985",
    ),
    RecordTest(
        "VALIDATION_EVENTDATE_STANDARD", "error", "eventDate",
        lambda r, _: r.verbatimEventDate.notnull() & r.eventDateStart.isnull(), column("verbatimEventDate"),
        bdqLabel="VALIDATION_EVENTDATE_STANDARD", bdqGuid="4f2bf8fd-fc5c-493f-a44c-e7b16153c803",
    ),
    RecordTest(
        "VALIDATION_EVENTDATE_INRANGE", "error", "eventDate",
        lambda r, context: (r.eventDateStart > ibis.least(
            ibis.literal(context.today), (r.firstSeen + ibis.interval(days=1)).date()))
        | (r.eventDateEnd.year() < context.thresholds.earliestYear),
        column("verbatimEventDate"),
        bdqLabel="VALIDATION_EVENTDATE_INRANGE", bdqGuid="3cff4dc4-72e9-4abe-9bf3-8a30f1618432",
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_INTERPRETED", "info", "eventDate",
        lambda r, _: (r.source == "survey") & r.eventDate.notnull()
        & ~r.verbatimEventDate.re_search(WRITTEN_WITH_ITS_YEAR),
        column("verbatimEventDate"), lambda r, _: r.eventDate,
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_EPOCH", "warning", "eventDate",
        lambda r, context: (r.source == "survey") & r.verbatimEventDate.re_search(SERIAL)
        & (_from_1904(r) <= ibis.literal(context.today)),
        column("verbatimEventDate"), lambda r, _: _from_1904(r).strftime("%Y-%m-%d"),
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_TRAILINGZERO", "warning", "eventDate",
        lambda r, _: (r.source == "survey") & r.verbatimEventDate.re_search(TYPED_WITHOUT_ITS_NOUGHT),
        column("verbatimEventDate"), lambda r, _: r.verbatimEventDate + "0",
    ),
    RecordTest(
        "PARKWATCH_EVENTTIME_READABLE", "warning", "eventTime",
        lambda r, _: r.verbatimEventTime.notnull() & r.eventTime.isnull(), column("verbatimEventTime"),
    ),
    RecordTest(
        "PARKWATCH_EVENTTIME_MIDNIGHT", "info", "eventTime",
        # cameras work at night; a person's midnight is mostly a time that a spreadsheet filled in
        lambda r, _: (r.source == "survey") & r.verbatimEventTime.re_search(MIDNIGHT) & (r.protocol != "cameraTrap"),
        column("verbatimEventTime"),
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_PRECISE", "info", "eventDate",
        lambda r, _: r.eventDateStart.year() != r.eventDateEnd.year(), column("verbatimEventDate"),
    ),
)  # fmt: skip
