from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.dates import clock_beside, read_date, read_date_parts

WRITTEN = {
    "2025年6月3日": "2025-06-03",
    "25年6月3日": "2025-06-03",
    "2025年6月": "2025-06-01/2025-06-30",
    "2025.6.3": "2025-06-03",
    "2025/6/3": "2025-06-03",
    "２０２５－６－３": "2025-06-03",
    "20250603": "2025-06-03",
    "45811": "2025-06-03",
    "40400": "2010-08-10",
    "2025.6.3-6.5": "2025-06-03/2025-06-05",
    "2025年6月3日—5日": "2025-06-03/2025-06-05",
    "2025年6月上旬": "2025-06-01/2025-06-10",
    "2024年2月下旬": "2024-02-21/2024-02-29",
    "2025年春": "2025-03-01/2025-05-31",
    "2025": "2025-01-01/2025-12-31",
    "2025-06-03T09:30:00": "2025-06-03",
    "2025年8月12日 上午9:30": "2025-08-12",
    "2025-06/2025-08": "2025-06-01/2025-08-31",
    "3 June 2025": "2025-06-03",
    "13/06/2025": "2025-06-13",
    "2025年 6月 3日": "2025-06-03",
    "二〇二五年六月三日": "2025-06-03",
    "2025年6月3日下午3点半": "2025-06-03",
    "45811.39583": "2025-06-03",
    "2025.6.3、6.5": "2025-06-03/2025-06-05",
    "2025-06-03 06:30:00/2025-06-04 08:10:00": "2025-06-03/2025-06-04",
    "2025年6月中旬": "2025-06-11/2025-06-20",
    "2025年6月-8月": "2025-06-01/2025-08-31",
    "2025年6-8月": "2025-06-01/2025-08-31",
    "2024-2025": "2024-01-01/2025-12-31",
}


@pytest.mark.parametrize(("text", "iso"), WRITTEN.items())
def test_a_date_is_read_as_people_write_it(text: str, iso: str) -> None:
    interval = read_date(text)
    assert interval is not None
    assert interval.iso == iso


@pytest.mark.parametrize(
    "text", ["2025-02-30", "去年夏天", "夏季", "", "6月3日", "2025-13-01", "abc", "0000-00-00"]
)
def test_what_names_no_day_is_not_read(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    {"6月3日": "2025-06-03", "6.3": "2025-06-03", "6.3-6.5": "2025-06-03/2025-06-05", "夏季": "2025-06-01/2025-08-31",
     "6月上旬": "2025-06-01/2025-06-10", "六月三日": "2025-06-03"}.items(),
)  # fmt: skip
def test_a_date_without_a_year_takes_the_one_stated(text: str, iso: str) -> None:
    interval = read_date(text, 2025)
    assert interval is not None
    assert interval.iso == iso


@pytest.mark.parametrize("text", ["农历2025年五月初五", "2025年正月初三", "2025年腊月"])
def test_a_lunar_date_is_not_read_as_a_solar_one(text: str) -> None:
    assert read_date(text, 2025) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    {"2025年6月3日 上午9:30": "09:30", "2025-06-03T09:30:00+08:00": "09:30+08:00", "45811.39583": "09:30",
     "2025-06-03 06:30:00/2025-06-03 08:10:00": "06:30/08:10", "2025-06-03 09:30-11:30": "09:30/11:30",
     "2025/6/3 14：20": "14:20", "2025-06-03": None, "45811": None, "2025-06": None}.items(),
)  # fmt: skip
def test_the_clock_beside_a_date_is_not_lost(text: str, clock: str | None) -> None:
    assert clock_beside(text) == clock


def test_a_date_that_may_be_march_or_june_is_not_guessed() -> None:
    assert read_date("03/06/2025") is None


def test_an_unknown_month_or_day_never_becomes_the_first() -> None:
    year = read_date_parts("1981", None, None)
    month = read_date_parts("2025", "6", "")
    assert year is not None
    assert month is not None
    assert (year.iso, month.iso) == ("1981-01-01/1981-12-31", "2025-06-01/2025-06-30")
    assert read_date_parts("2025", None, "3") is None


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_comes_back_from_every_notation(day: date) -> None:
    for text in (
        day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}",
    ):  # fmt: skip
        interval = read_date(text)
        assert interval is not None
        assert interval.start == interval.end == day


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    interval = read_date(text)
    clock_beside(text)
    assert interval is None or interval.start <= interval.end
