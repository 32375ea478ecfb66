from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.times import read_time

WRITTEN = {
    "上午9:30": "09:30", "下午3点半": "15:30", "14：20": "14:20", "9时30分": "09:30", "早上6点": "06:00",
    "晚上十点": "22:00", "中午12点": "12:00", "凌晨12点": "00:00", "三点一刻": "03:15", "3pm": "15:00",
    "9:30 AM": "09:30", "14:20:35": "14:20:35", "0.395833": "09:30", "1430": "14:30", "9:30+08:00": "09:30+08:00",
    "9:00-11:30": "09:00/11:30", "下午3点半-5点": "15:30/17:00", "上午8点—下午2点": "08:00/14:00",
}  # fmt: skip


@pytest.mark.parametrize(("text", "iso"), WRITTEN.items())
def test_a_time_is_read_as_people_write_it(text: str, iso: str) -> None:
    assert read_time(text) == iso


@pytest.mark.parametrize("text", ["25:00", "9:75", "9", "清晨", "", "abc", "2025-06-03"])
def test_what_names_no_time_is_not_read(text: str) -> None:
    assert read_time(text) is None


@given(st.times())
def test_every_minute_comes_back(moment: time) -> None:
    written = f"{moment.hour:02}:{moment.minute:02}"
    assert {read_time(written), read_time(f"{moment.hour}时{moment.minute}分")} == {written}


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_time(text)
