from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.angles import read_angle, read_pair

ANGLES = {
    "113°18′00″": 113.3, "113°18'0\"": 113.3, "113º18’00’’": 113.3, "113˚18ʹ0ʺ": 113.3, "E113°18′0.0″": 113.3,
    "东经113度18分0秒": 113.3, "N40°4'36.12\"": 40.0767, "113 18 00": 113.3, "113-18-00": 113.3, "113:18:00": 113.3,
    "113°18.000′": 113.3, "11318.00": 113.3, "4004.602N": 40.0767, "113.3": 113.3, "１１３．３": 113.3,
    "113,3000": 113.3, "113.1800": 113.18, "-33.5": -33.5, "33.5S": -33.5, "E:113.3": 113.3,
}  # fmt: skip


@pytest.mark.parametrize(("text", "degrees"), ANGLES.items())
def test_an_angle_is_read_as_people_write_it(text: str, degrees: float) -> None:
    angle = read_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["不详", "113°75′0″", "113°18′61″", "38440290", "1133", "11318", "", "东门外", "113.3.2"]
)
def test_what_is_no_angle_is_not_read(text: str) -> None:
    assert read_angle(text) is None


@pytest.mark.parametrize(
    "text",
    ["113.3,40.07", "40.07, 113.3", "N40.07 E113.3", "40.07°N，113.3°E", "(113.3；40.07)", "113.3 40.07", "113,3000;40,0700",
     "北纬40°4′12″，东经113°18′", "E113°18′0″ N40°4′12″", "113 18 00, 40 04 12", "113.3|40.07"],
)  # fmt: skip
def test_a_pair_is_read_in_either_order(text: str) -> None:
    assert read_pair(text) == pytest.approx((113.3, 40.07))


def test_a_pair_whose_order_is_open_is_not_guessed() -> None:
    assert read_pair("10, 20") is None


@given(st.text(max_size=40) | st.text("0123456789°′″'\" .,NSEW-度分秒", max_size=25))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_angle(text)
    read_pair(text)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59))
def test_degrees_minutes_and_seconds_add_up(degrees: int, minutes: int, seconds: int) -> None:
    angle = read_angle(f"{degrees}°{minutes}′{seconds}″E")
    assert angle is not None
    assert angle.degrees == pytest.approx(degrees + minutes / 60 + seconds / 3600)
    assert angle.axis == "longitude"
