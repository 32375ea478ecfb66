from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.durations import read_duration


@pytest.mark.parametrize(
    ("text", "of_header", "minutes"),
    [
        ("1.5小时", None, 90), ("90分钟", None, 90), ("2h30min", None, 150), ("1小时30分", None, 90), ("半小时", None, 30),
        ("一个半小时", None, 90), ("2小时半", None, 150), ("1.5", "h", 90), ("90", "(min)", 90), ("1:30", None, 90),
        ("两小时", None, 120), ("3天", None, 4320), ("约45分钟", None, 45), ("2 hours", None, 120),
    ],
)  # fmt: skip
def test_a_duration_is_read_in_minutes(text: str, of_header: str | None, minutes: float) -> None:
    assert read_duration(text, of_header) == pytest.approx(minutes)


@pytest.mark.parametrize("text", ["", "90", "很久", "上午", "2小时30", "3只"])
def test_what_is_no_duration_is_not_read(text: str) -> None:
    assert read_duration(text) is None


@given(
    st.text(max_size=20) | st.text("0123456789.:小时分钟半hmin天约 ", max_size=14),
    st.none() | st.text(max_size=5),
)
def test_no_text_breaks_the_reader(text: str, of_header: str | None) -> None:
    minutes = read_duration(text, of_header)
    assert minutes is None or minutes >= 0
