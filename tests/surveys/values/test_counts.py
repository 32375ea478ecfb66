from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.counts import read_count


@pytest.mark.parametrize(
    ("text", "number"), {"3": 3, "３只": 3, "12 株": 12, "十": 10, "两只": 2, "-3": -3, "5.0": 5}.items()
)
def test_an_exact_number_is_a_count(text: str, number: int) -> None:
    assert read_count(text).individualCount == number


@pytest.mark.parametrize(
    "text",
    ["若干", "约20", "10-20", "3～5", "100+", "≥10", "3丛", "Cop1", "2♂1♀", "大量", "5%", "10余株", "2对"],
)
def test_abundance_in_words_never_becomes_a_number(text: str) -> None:
    count = read_count(text)
    assert count.individualCount is None
    assert count.organismQuantity == text
    assert count.organismQuantityType
    assert count.present


@pytest.mark.parametrize("text", ["0", "无", "未见"])
def test_nothing_seen_is_an_absence(text: str) -> None:
    assert read_count(text).present is False


@pytest.mark.parametrize("text", ["", "—", "/", "－"])
def test_not_recorded_is_no_absence(text: str) -> None:
    assert read_count(text).present is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_count(text)
