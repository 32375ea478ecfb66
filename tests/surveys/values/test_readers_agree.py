"""What every reader of values keeps: its own interpretation reads as itself, and what was written stays as written."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from surveys.values.counts import read_count
from surveys.values.dates import DateInterval, clock_beside, read_date
from surveys.values.quantities import read_quantity
from surveys.values.sizes import read_size
from surveys.values.times import read_time

ANY_TEXT = st.text(max_size=30)
DATE_LIKE = st.text("0123456789年月日号上中下旬春夏秋冬.-/~至 ", max_size=16)
COUNT_LIKE = st.text("0123456789一二三十百几余约≥+-~株只♂♀成幼丛.%copsl", max_size=12)
DAYS = st.dates(date(1850, 1, 1), date(2100, 12, 31))


@given(ANY_TEXT | DATE_LIKE, st.none() | st.integers(1900, 2100))
def test_a_date_once_read_reads_as_itself(text: str, year: int | None) -> None:
    interval = read_date(text, year)
    clock_beside(text)
    if interval is not None and interval.start.year >= 1000:
        assert read_date(interval.iso) == interval


@given(DAYS, DAYS)
def test_any_interval_is_written_and_read_the_same(one: date, other: date) -> None:
    interval = DateInterval(min(one, other), max(one, other))
    assert read_date(interval.iso) == interval


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_a_time_once_read_reads_as_itself(hour: int, minute: int, second: int) -> None:
    written = read_time(f"{hour}时{minute}分{second}秒")
    assert written is not None
    assert read_time(written) == written


@given(ANY_TEXT | COUNT_LIKE)
def test_only_what_was_counted_is_a_count(text: str) -> None:
    count = read_count(text)
    if count.organismQuantityType not in (None, "estimate", "parts"):
        assert count.individualCount is None
    if count.individualCount is not None and count.organismQuantityType is None:
        assert read_count(str(count.individualCount)).individualCount == count.individualCount


@given(ANY_TEXT | COUNT_LIKE)
def test_what_is_kept_in_words_is_kept_as_written(text: str) -> None:
    count = read_count(text)
    if count.organismQuantityType in (
        "verbatim",
        "abundance in words",
        "range",
        "lower bound",
        "estimate",
        "parts",
    ):
        assert count.organismQuantity == text.strip()


@given(
    ANY_TEXT | COUNT_LIKE, st.sampled_from([None, "percent cover", "m2", "clumps", "Braun-Blanquet scale"])
)
def test_a_quantity_once_read_reads_as_itself(text: str, of_column: str | None) -> None:
    read = read_quantity(text, of_column)
    if read.organismQuantity is not None and read.organismQuantityType not in (None, "verbatim"):
        again = read_quantity(read.organismQuantity, read.organismQuantityType)
        assert again.organismQuantity == read.organismQuantity


@given(st.floats(0.01, 1e6), st.sampled_from(["m2", "m"]))
def test_a_size_once_read_reads_as_itself(number: float, unit: str) -> None:
    size = read_size(f"{number:.4f}", unit)
    assert size is not None
    assert read_size(f"{size.value:.4f}", size.unit) == size
