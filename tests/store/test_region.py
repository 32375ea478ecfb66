"""A region folder is read whole, or refused with the file, the key and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import RegionError
from store.region import read_region
from tests.conftest import feature, write_outlines


def refuse(folder: Path, old: str = "", new: str = "") -> RegionError:
    path = folder / "region.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(RegionError) as caught:
        read_region(folder)
    assert caught.value.message.zh
    assert caught.value.remedy.en
    return caught.value


def test_a_region_knows_its_places_and_outline(region_folder: Path) -> None:
    region = read_region(region_folder)
    assert [place.placeID for place in region.places] == ["testville", "west", "east", "pond"]
    assert region.outline.bounds == (113.0, 40.0, 113.4, 40.2)


def test_thresholds_have_defaults(region_folder: Path) -> None:
    assert read_region(region_folder).thresholds.bufferInKilometers == 100.0


def test_a_region_without_divisions_is_its_extent(region_folder: Path) -> None:
    path = region_folder / "region.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('divisions = "divisions.geojson"\n', ""), encoding="utf-8"
    )
    assert read_region(region_folder).outline.bounds == (113.0, 40.0, 113.4, 40.2)


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        ('id = "testville"', "", "error-region-key-missing", "id"),
        ('id = "testville"', "id = ", "error-region-syntax", "line 2"),
        ('country = "CN"', 'county = "CN"', "error-region-key-unknown", "county"),
        ("Asia/Shanghai", "Asia/Datong", "error-region-value", "timeZone"),
        ("west = 113.0", "west = 114.0", "error-region-value", "extent"),
        ("west = 113.0", 'west = "113"', "error-region-value", "extent.west"),
        ("sites.geojson", "plots.geojson", "error-region-file-missing", "plots.geojson"),
        ("sites =", 'gbif = { taxonKeys = ["6"] }\nsites =', "error-region-value", "gbif.taxonKeys"),
        ("sites =", 'gbif = { licenses = ["CC"] }\nsites =', "error-region-value", "gbif.licenses"),
        ("sites =", 'gbif = { firstDay = "2000" }\nsites =', "error-region-value", "gbif.firstDay"),
        (
            "sites =",
            "gbif = { firstDay = 2001-01-01, lastDay = 2000-01-01 }\nsites =",
            "error-region-value",
            "gbif.lastDay",
        ),
        ("sites =", "gbif = { taxa = [6] }\nsites =", "error-region-key-unknown", "gbif.taxa"),
        ("sites =", "gbif = 7\nsites =", "error-region-value", "gbif"),
        ("country", "[thresholds]\nlateAfterDays = -1\n#", "error-region-key-missing", "country"),
        ("sites =", 'province = "Shanxi"\nsites =', "error-region-value", "province"),
        ("sites =", 'province = "JP-13"\nsites =', "error-region-value", "province"),
    ],
)
def test_a_fault_is_named_by_its_key(region_folder: Path, old: str, new: str, rule: str, said: str) -> None:
    error = refuse(region_folder, old, new)
    assert error.rule == rule
    assert said in error.message.en


def test_a_self_crossing_outline_is_refused_with_its_number(region_folder: Path) -> None:
    bow = feature("bow", 113.0, 40.0, 113.1, 40.1)
    ring = bow["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    write_outlines(region_folder / "sites.geojson", feature("ok", 113.0, 40.0, 113.1, 40.1), bow)
    assert refuse(region_folder).values["number"] == 2


def test_two_places_may_not_share_an_id(region_folder: Path) -> None:
    twin = feature("twin", 113.0, 40.0, 113.1, 40.1)
    write_outlines(region_folder / "sites.geojson", twin, twin)
    assert "twice" in refuse(region_folder).message.en


def test_a_missing_region_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RegionError) as caught:
        read_region(tmp_path)
    assert "parkwatch region new" in caught.value.remedy.en
