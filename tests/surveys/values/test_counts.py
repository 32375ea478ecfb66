from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.counts import Count, read_count


@pytest.mark.parametrize(
    ("text", "number"),
    {"3": 3, "３只": 3, "12 株": 12, "十": 10, "两只": 2, "-3": -3, "5.0": 5, "1,200": 1200, "一百二十株": 120}.items(),
)  # fmt: skip
def test_an_exact_number_is_a_count(text: str, number: int) -> None:
    count = read_count(text)
    assert (count.individualCount, count.organismQuantity) == (number, None)


@pytest.mark.parametrize(
    ("text", "low", "high", "kind"),
    [
        ("3-5", 3, 5, "range"), ("3～5只", 3, 5, "range"), ("3至5", 3, 5, "range"), ("约20-30", 20, 30, "range"),
        ("十几", 11, 19, "range"), ("二十几只", 21, 29, "range"), ("几十", 20, 99, "range"), ("三五只", 3, 5, "range"),
        ("≥10", 10, None, "lower bound"), (">10", 10, None, "lower bound"), ("10以上", 10, None, "lower bound"),
        ("10+", 10, None, "lower bound"), ("10余株", 10, None, "lower bound"), ("百余", 100, None, "lower bound"),
        ("三十多只", 30, None, "lower bound"), ("上百", 100, None, "lower bound"), ("近20", None, 20, "upper bound"),
        ("不到10只", None, 10, "upper bound"),
    ],
)  # fmt: skip
def test_bounds_and_ranges_stay_what_they_are(
    text: str, low: int | None, high: int | None, kind: str
) -> None:
    assert read_count(text) == Count(None, text, kind, True, low, high)


@pytest.mark.parametrize("text", ["约50", "50左右", "50±", "ca. 50", "~50", "五十左右"])
def test_an_estimate_is_a_number_that_says_so(text: str) -> None:
    assert read_count(text) == Count(50, text, "estimate", present=True)


@pytest.mark.parametrize(
    ("text", "total"), [("2♂1♀", 3), ("1成2幼", 3), ("3+2", 5), ("雄3雌2", 5), ("♂2，♀1", 3)]
)
def test_parts_are_added_up_and_kept(text: str, total: int) -> None:
    assert read_count(text) == Count(total, text, "parts", present=True)


@pytest.mark.parametrize(
    ("text", "quantity", "kind"),
    [
        ("丛", "丛", "clumps"), ("3丛", "3", "clumps"), ("两簇", "2", "clumps"), ("片", "片", "patches"),
        ("2对", "2", "pairs"), ("5%", "5", "percent cover"), ("2.5", "2.5", "individuals"),
        ("Cop¹", "Cop1", "Drude scale"), ("COP2", "Cop2", "Drude scale"), ("cop.1", "Cop1", "Drude scale"),
        ("Cop3", "Cop3", "Drude scale"), ("Soc.", "Soc", "Drude scale"), ("sp", "Sp", "Drude scale"),
        ("sol.", "Sol", "Drude scale"), ("Un.", "Un", "Drude scale"),
    ],
)  # fmt: skip
def test_what_is_counted_in_other_units_is_no_number_of_individuals(
    text: str, quantity: str, kind: str
) -> None:
    assert read_count(text) == Count(None, quantity, kind, present=True)


@pytest.mark.parametrize(
    "text", ["若干", "数株", "几只", "多", "大量", "成群", "少量", "个别", "零星", "常见", "+", "√"]
)
def test_words_say_present_and_no_number(text: str) -> None:
    assert read_count(text) == Count(None, text, "abundance in words", present=True)


@pytest.mark.parametrize("text", ["见备注", "1.23E+17", "IMG_2041", "5-3"])
def test_what_is_not_understood_is_kept_and_called_so(text: str) -> None:
    assert read_count(text) == Count(None, text, "verbatim", present=True)


@pytest.mark.parametrize("text", ["0", "无", "未见"])
def test_nothing_seen_is_an_absence(text: str) -> None:
    assert read_count(text).present is False


@pytest.mark.parametrize("text", ["", "—", "/", "－", "空"])
def test_not_recorded_is_no_absence(text: str) -> None:
    assert read_count(text) == Count()


@given(st.text(max_size=30) | st.text("0123456789一二三十百几余约≥+-~株只♂♀成幼.%", max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    count = read_count(text)
    assert count.minimum is None or count.maximum is None or count.minimum <= count.maximum
