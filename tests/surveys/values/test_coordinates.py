"""Vectors: reference formats, section 4 (computed there with pyproj; GCJ-02 and BD-09 as two libraries agree)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.region import Extent
from surveys.values.coordinates import read_coordinate
from surveys.values.planar import PlanarPair, unprojected
from surveys.values.reference_systems import datum_of, gauss_krueger_zone, read_reference_system

DATONG = Extent(112.572, 39.0473, 114.5629, 40.7384)


def read(
    longitude: str | None, latitude: str | None, pair: str | None = None, srs: str | None = None
) -> tuple[object, object, object]:
    point = read_coordinate(longitude, latitude, pair, srs, DATONG)
    rounded = [half if half is None else round(half, 6) for half in (point.longitude, point.latitude)]
    return rounded[0], rounded[1], point.note


@pytest.mark.parametrize(
    ("east", "north", "srs", "longitude", "latitude"),
    [
        ("440290.977", "4438280.275", "EPSG:4547", 113.3, 40.0767),
        ("38440290.977", "4438280.275", "EPSG:4526", 113.3, 40.0767),
        ("38440290.977", "4438280.275", None, 113.3, 40.0767),
        ("696195.067", "4440581.449", "EPSG:4546", 113.3, 40.0767),
        ("696195.067", "4440581.449", "EPSG:4508", 113.3, 40.0767),
        ("19696195.067", "4440581.449", None, 113.3, 40.0767),
        ("517288.648", "4335175.572", "CGCS2000 中央经线114", 114.2, 39.15),
        ("380446.508", "4430468.002", "国家2000 38带", 112.6, 40.0),
    ],
)
def test_gauss_krueger_numbers_with_their_zone_are_points(
    east: str, north: str, srs: str | None, longitude: float, latitude: float
) -> None:
    assert read(east, north, srs=srs) == (longitude, latitude, "interpreted")
    assert read(north, east, srs=srs) == (longitude, latitude, "interpreted"), (
        "X is the northing in surveying"
    )


def test_planar_numbers_in_one_cell_are_a_point() -> None:
    assert read(None, None, "X=4438280.275, Y=38440290.977") == (113.3, 40.0767, "interpreted")


def test_without_a_zone_the_only_one_inside_the_region_is_taken_and_told() -> None:
    point = read_coordinate("440290.977", "4438280.275", None, None, DATONG)
    assert (point.note, point.proposal) == ("zone-assumed", "38440290.977, 4438280.275")
    assert (point.longitude, point.latitude) == pytest.approx((113.3, 40.0767), abs=1e-7)


def test_where_two_zones_fit_none_is_taken() -> None:
    point = read_coordinate("696195.067", "4440581.449", None, None, DATONG)
    assert (point.longitude, point.note) == (None, "zone-open")
    assert point.proposal == "37696195.067, 4440581.449; UTM 49N 696195.067, 4440581.449"
    assert read("696195.067", "4440581.449", srs="CGCS2000")[:2] == (113.3, 40.0767)


def test_a_zone_that_leads_out_of_the_region_is_told_with_the_one_that_does_not() -> None:
    point = read_coordinate("37440290.977", "4438280.275", None, None, DATONG)
    assert (point.note, point.proposal) == ("zone-other", "38440290.977, 4438280.275")


def test_a_utm_northing_is_shorter_by_its_scale() -> None:
    point = read_coordinate("696116.6", "4438805.2", None, "WGS84 UTM 49N", DATONG)
    assert (point.longitude, point.latitude) == pytest.approx((113.3, 40.0767), abs=1e-5)


@pytest.mark.parametrize("srs", ["西安80", "Xian 1980", "北京54坐标系", "Beijing 1954"])
def test_old_datums_stay_where_they_are_and_are_less_sure(srs: str) -> None:
    point = read_coordinate("113.3", "40.0767", None, srs, DATONG)
    assert (point.longitude, point.latitude) == (113.3, 40.0767)
    assert (point.uncertaintyInMeters, point.note) == (100, "untransformed")


def test_degrees_without_their_decimal_point_are_a_proposal_only() -> None:
    point = read_coordinate("1133000", "400767", None, None, DATONG)
    assert (point.longitude, point.note, point.proposal) == (None, "scaled", "113.3000, 40.0767")


def test_gcj02_is_shifted_to_wgs84_and_says_how_sure_it_is() -> None:
    point = read_coordinate("113.307016323", "40.077899583", None, "高德 GCJ-02", DATONG)
    assert (point.longitude, point.latitude) == pytest.approx((113.3, 40.0767), abs=1e-8)
    assert point.uncertaintyInMeters == 10


def test_half_a_position_keeps_the_half_that_can_be_read() -> None:
    point = read_coordinate("不详", "40.07", None, None, DATONG)
    assert (point.longitude, point.latitude) == (None, 40.07)


def test_datums_are_known_by_the_names_people_use() -> None:
    found = [
        datum_of(text)
        for text in ("WGS-84", "百度坐标", "微信定位", "国家2000", "西安80", "54", "", None, "独立坐标系")
    ]
    assert found == ["EPSG:4326", "BD-09", "GCJ-02", "EPSG:4490", "EPSG:4610", "EPSG:4214", "", "", None]


@pytest.mark.parametrize(
    ("text", "meridian"),
    [("CGCS2000 / 3-degree Gauss-Kruger CM 114E", 114), ("CGCS2000_3_Degree_GK_Zone_38", 114), ("西安80 38带", 114),
     ("第19带", 111), ("EPSG:2383", 114), ("EPSG:32649", 111), ("UTM 50N", 117), ("WGS84", None)],
)  # fmt: skip
def test_projections_are_known_by_zone_meridian_or_code(text: str, meridian: float | None) -> None:
    projection = read_reference_system(text).projection
    assert (projection.central_meridian if projection else None) == meridian


@given(st.floats(112.6, 114.5), st.floats(39.1, 40.7))
def test_gauss_krueger_and_back_is_the_same_point(longitude: float, latitude: float) -> None:
    from pyproj import Transformer

    east, north = Transformer.from_crs(4490, 4526, always_xy=True).transform(longitude, latitude)
    zone = gauss_krueger_zone(38)
    assert zone is not None
    back = unprojected(PlanarPair(east - 38_000_000, north, 38), zone, "EPSG:4490")
    assert back == pytest.approx((longitude, latitude), abs=1e-8)


@given(
    st.none() | st.text(max_size=20), st.none() | st.text(max_size=20), st.none() | st.text(max_size=30),
    st.none() | st.text(max_size=20) | st.integers(0, 99_999).map("EPSG:{}".format),
)  # fmt: skip
def test_no_text_breaks_the_reader(x: str | None, y: str | None, pair: str | None, srs: str | None) -> None:
    read_coordinate(x, y, pair, srs, DATONG)
