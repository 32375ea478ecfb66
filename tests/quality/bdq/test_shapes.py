"""The shapes that are carried along: well-known places lie where they lie, borders and seas told apart."""

from __future__ import annotations

import pytest

from quality.bdq.shapes import WorldShapes

SHAPES = WorldShapes()


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "country"),
    [
        ("Datong", 40.08, 113.30, "CN"),
        ("Paris", 48.86, 2.35, "FR"),
        ("Hobart", -42.88, 147.33, "AU"),
        ("Ushuaia", -54.80, -68.30, "AR"),
        ("Tromsø", 69.65, 18.96, "NO"),
        ("Honolulu", 21.31, -157.86, "US"),
        ("Taveuni, across the antimeridian", -16.85, -179.97, "FJ"),
        ("Maseru, inside another country", -29.31, 27.48, "LS"),
    ],
)
def test_a_place_lies_in_its_country(place: str, latitude: float, longitude: float, country: str) -> None:
    assert SHAPES.nearest_country(latitude, longitude)[0] == country, place


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, -20.0), (-60.0, -120.0), (90.0, 0.0)])
def test_the_high_seas_lie_in_no_country(latitude: float, longitude: float) -> None:
    assert SHAPES.countries_at(latitude, longitude) == []
    assert SHAPES.nearest_country(latitude, longitude)[1] > 300_000


def test_distances_are_measured_on_the_ground() -> None:
    metres = SHAPES.distance_to_country(40.08, 113.30, "MN")  # the border of Mongolia north of Datong
    assert metres is not None
    assert 330_000 < metres < 450_000
    assert SHAPES.distance_to_country(40.08, 113.30, "CN") == 0
    assert SHAPES.distance_to_country(40.08, 113.30, "??") is None


def test_divisions_are_found_by_their_names() -> None:
    assert SHAPES.distances_to_division(40.08, 113.30, "Shanxi") == [0]
    assert "CN" in SHAPES.divisions_named("shanxi")
    assert SHAPES.divisions_named("nowhere") == []


def test_the_area_of_a_country_is_about_right() -> None:
    area = SHAPES.area_of_country("CH")
    assert area is not None
    assert area == pytest.approx(41_285e6, rel=0.02)
