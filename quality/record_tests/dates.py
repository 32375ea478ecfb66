"""Dates and times of day: whether there is one, whether it could be read and as what."""

from __future__ import annotations

import ibis

from quality.record_tests.record_test import RecordTest, column

# 45811, 6月3日 and 25年6月3日 are read, but their author should see as what.
WRITTEN_WITH_ITS_YEAR = r"(^|[^0-9])(1[6-9]|20)[0-9]{2}([^0-9]|$|[0-9]{4}([^0-9]|$))"
TYPED_WITHOUT_ITS_NOUGHT = r"^[0-9]{4}\.1$"


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
        column("verbatimEventDate"), lambda r: r.eventDate,
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_TRAILINGZERO", "warning", "eventDate",
        lambda r, _: (r.source == "survey") & r.verbatimEventDate.re_search(TYPED_WITHOUT_ITS_NOUGHT),
        column("verbatimEventDate"), lambda r: r.verbatimEventDate + "0",
    ),
    RecordTest(
        "PARKWATCH_EVENTTIME_READABLE", "warning", "eventTime",
        lambda r, _: r.verbatimEventTime.notnull() & r.eventTime.isnull(), column("verbatimEventTime"),
    ),
    RecordTest(
        "PARKWATCH_EVENTDATE_PRECISE", "info", "eventDate",
        lambda r, _: r.eventDateStart.year() != r.eventDateEnd.year(), column("eventDate"),
    ),
)  # fmt: skip
