"""Dates, numbers, metres and coordinates are read from any text without failing, and dates come out as they went in."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from quality.bdq.coordinates import from_verbatim
from quality.bdq.iso_dates import DAY, iso_date
from quality.bdq.numbers import integer, number
from quality.bdq.responses import Asked
from quality.bdq.verbatim_dates import read_date
from quality.bdq.verticals import metres_of

ANY_TEXT = st.text(
    alphabet=st.sampled_from("0123456789-/.,:TZPDMYW°'\"NSEWnsew mftk年月日五to\0 "), max_size=24
)
DATES = st.dates(min_value=date(1, 1, 1), max_value=date(9998, 12, 31))


@given(DATES)
def test_a_day_is_read_as_itself(day: date) -> None:
    found = iso_date(day.isoformat())
    assert found and (found.first, found.last, found.precision, found.seconds) == (day, day, DAY, 86_400)


@given(DATES, DATES)
def test_an_interval_goes_from_its_first_to_its_last_day(one: date, two: date) -> None:
    found = iso_date(f"{one}/{two}")
    assert (found is None) == (two < one)
    assert found is None or (found.first, found.last) == (one, two)


@given(DATES)
@settings(deadline=None)  # the names of months are read when first asked for
def test_a_date_with_the_month_in_words_is_certain(day: date) -> None:
    for written in (
        f"{day:%d %B %Y}",
        f"{day:%B %d, %Y}",
        f"{day:%d.%b.%Y}",
        f"{day.year:04d}年{day.month}月{day.day}日",
    ):
        if day.year >= 1000:
            assert read_date(written) == day.isoformat(), written


@given(DATES)
def test_day_and_month_in_figures_are_certain_only_where_one_is_more_than_12_or_both_are_alike(
    day: date,
) -> None:
    if day.year >= 1000:
        is_certain = day.day > 12 or day.day == day.month
        assert read_date(f"{day:%d/%m/%Y}") == (day.isoformat() if is_certain else None)


@given(ANY_TEXT)
def test_no_text_makes_a_reader_fail(text: str) -> None:
    iso_date(text), read_date(text), number(text), integer(text), metres_of(text)
    for term in ("dwc:verbatimCoordinates", "dwc:verbatimLatitude"):
        from_verbatim({term: text, "dwc:verbatimLongitude": "113.3"}, Asked())


@given(ANY_TEXT)
def test_what_is_read_as_a_date_is_a_date(text: str) -> None:
    read = read_date(text)
    assert read is None or iso_date(read)
