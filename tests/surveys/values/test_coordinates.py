from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.values.coordinates import datum_of, read_angle, read_coordinate, read_pair

ANGLES = {
    "113°18′00″": 113.3,
    "113°18'0\"": 113.3,
    "113º18’00’’": 113.3,
    "E113°18′0.0″": 113.3,
    "东经113度18分0秒": 113.3,
    "N40°4'36.12\"": 40.0767,
    "113 18 00": 113.3,
    "113-18-00": 113.3,
    "113°18.000′": 113.3,
    "113.3": 113.3,
    "１１３．３": 113.3,
    "-33.5": -33.5,
    "33.5S": -33.5,
}


@pytest.mark.parametrize(("text", "degrees"), ANGLES.items())
def test_an_angle_is_read_as_people_write_it(text: str, degrees: float) -> None:
    angle = read_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("text", ["不详", "113°75′0″", "113°18′61″", "38440290", "", "东门外"])
def test_what_is_no_angle_is_not_read(text: str) -> None:
    assert read_angle(text) is None


@pytest.mark.parametrize(
    "text", ["113.3,40.07", "40.07, 113.3", "N40.07 E113.3", "40.07°N，113.3°E", "(113.3；40.07)"]
)
def test_a_pair_is_read_in_either_order(text: str) -> None:
    assert read_pair(text) == pytest.approx((113.3, 40.07))


def test_a_pair_whose_order_is_open_is_not_guessed() -> None:
    assert read_pair("10, 20") is None


def test_gcj02_is_shifted_to_wgs84_and_says_how_sure_it_is() -> None:
    point = read_coordinate("113.307016323", "40.077899583", None, "高德 GCJ-02")
    assert (point.longitude, point.latitude) == pytest.approx((113.3, 40.0767), abs=1e-8)
    assert point.uncertaintyInMeters == 10


def test_half_a_position_keeps_the_half_that_can_be_read() -> None:
    point = read_coordinate("不详", "40.07", None, None)
    assert (point.longitude, point.latitude) == (None, 40.07)


def test_datums_are_known_by_the_names_people_use() -> None:
    found = [datum_of(text) for text in ("WGS-84", "百度坐标", "微信定位", "国家2000", "", None, "西安80")]
    assert found == ["EPSG:4326", "BD-09", "GCJ-02", "EPSG:4490", "", "", None]


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_angle(text)
    read_pair(text)
    datum_of(text)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59))
def test_degrees_minutes_and_seconds_add_up(degrees: int, minutes: int, seconds: int) -> None:
    angle = read_angle(f"{degrees}°{minutes}′{seconds}″E")
    assert angle is not None
    assert angle.degrees == pytest.approx(degrees + minutes / 60 + seconds / 3600)
