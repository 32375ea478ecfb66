"""Fixtures shared by all tests: a fresh home, a small region, the reference cases where they are present."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from store.home import Home

ROOT = Path(__file__).resolve().parent.parent

REGION_TOML = """
id = "testville"
name = { zh = "试验市", en = "Testville" }
country = "CN"
timeZone = "Asia/Shanghai"
extent = { west = 113.0, south = 40.0, east = 113.4, north = 40.2 }
divisions = "divisions.geojson"
sites = "sites.geojson"
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture(scope="session")
def cases() -> Path:
    folder = Path(os.environ.get("PARKWATCH_CASES", ROOT.parent / "shared" / "cases"))
    if not folder.is_dir():
        pytest.skip(f"reference cases are not at {folder}")
    return folder


def feature(place_id: str, west: float, south: float, east: float, north: float) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"placeID": place_id, "nameZh": f"{place_id}区", "nameEn": place_id.title()},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def write_outlines(path: Path, *features: dict) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def write_region(folder: Path) -> Path:
    """A region with two divisions side by side and one site in the western one."""
    folder.mkdir()
    (folder / "region.toml").write_text(REGION_TOML, encoding="utf-8")
    west, east = feature("west", 113.0, 40.0, 113.2, 40.2), feature("east", 113.2, 40.0, 113.4, 40.2)
    write_outlines(folder / "divisions.geojson", west, east)
    write_outlines(folder / "sites.geojson", feature("pond", 113.05, 40.05, 113.1, 40.1))
    return folder


@pytest.fixture
def region_folder(tmp_path: Path) -> Path:
    return write_region(tmp_path / "testville")
