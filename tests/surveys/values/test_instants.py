"""Moments in UTC are told by the clock of the city; all other texts are left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.dates import read_date
from surveys.values.instants import in_local_time

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-05-17T22:10:00Z", "2026-05-18T06:10:00+08:00"),
        ("2026-05-17 22:10:00 UTC", "2026-05-18T06:10:00+08:00"),
        ("2026-12-31T16:00:00.250+00:00", "2027-01-01T00:00:00+08:00"),
        ("2026-05-17T22:10:00+08:00", "2026-05-17T22:10:00+08:00"),
        ("2026-05-17T22:10:00", "2026-05-17T22:10:00"),
        ("2026-02-30T22:10:00Z", "2026-02-30T22:10:00Z"),
        ("9999-12-31T23:00:00Z", "9999-12-31T23:00:00Z"),
        ("2026年5月17日", "2026年5月17日"),
    ],
)
def test_only_a_moment_in_utc_is_moved(text: str, local: str) -> None:
    assert in_local_time(text, SHANGHAI) == local


@given(st.integers(-1_200_000_000, 4_102_000_000))
def test_the_day_of_a_moment_is_the_day_the_city_had(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    read = read_date(in_local_time(f"{moment:%Y-%m-%dT%H:%M:%S}Z", SHANGHAI))
    assert read is not None
    assert read.start == read.end == moment.astimezone(SHANGHAI).date()


@given(st.text(max_size=40))
def test_no_text_is_refused(text: str) -> None:
    assert isinstance(in_local_time(text, SHANGHAI), str)
