"""A wrong datum shows in the scatter of all points against the sites they are said to lie in."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import shapely

from monitoring.datum_scatter import better_datum
from monitoring.inspection import inspect_survey
from monitoring.problems import Problem
from store.outlines import Place
from store.region import read_region
from surveys.values.datums import LonLat, wgs84_to_bd09, wgs84_to_gcj02

DATONG = Path(__file__).resolve().parents[2] / "regions" / "datong"
Point = tuple[float, float, str | None]


def as_it_is(longitude: float, latitude: float) -> LonLat:
    return longitude, latitude


def scattered(
    sites: tuple[Place, ...],
    write: Callable[[float, float], LonLat] = as_it_is,
    named: bool = True,
    each: int = 30,
) -> list[Point]:
    """Points all over some sites, as an app on another datum writes them down."""
    chance, points = random.Random(7), []
    for site in sites:
        west, south, east, north = site.geometry.bounds
        inside = 0
        while inside < each:
            x, y = chance.uniform(west, east), chance.uniform(south, north)
            if shapely.contains_xy(site.geometry, x, y):
                points.append((*write(x, y), site.placeID if named else None))
                inside += 1
    return points


@pytest.fixture(scope="module")
def parks() -> tuple[Place, ...]:
    return tuple(site for site in read_region(DATONG).sites if site.siteKind == "park")[:3]


@pytest.mark.parametrize("named", [True, False])
def test_points_of_a_chinese_web_map_read_as_wgs84_are_noticed(parks: tuple[Place, ...], named: bool) -> None:
    assert better_datum(scattered(parks, wgs84_to_gcj02, named), "", parks) == "GCJ-02"
    assert better_datum(scattered(parks, wgs84_to_bd09, named), "WGS84", parks) == "BD-09"
    assert better_datum(scattered(parks, as_it_is, named), "", parks) is None


def test_points_converted_although_they_were_wgs84_are_noticed(parks: tuple[Place, ...]) -> None:
    from surveys.values.datums import gcj02_to_wgs84

    assert better_datum(scattered(parks, gcj02_to_wgs84), "高德", parks) == "WGS84"


def test_few_points_and_points_astray_prove_nothing(parks: tuple[Place, ...]) -> None:
    assert better_datum(scattered(parks, wgs84_to_gcj02, each=2)[:6], "", parks) is None
    anywhere = [(x + 0.3, y + 0.2, site) for x, y, site in scattered(parks)]
    assert better_datum(anywhere, "", parks) is None


def problems(folder: Path, rows: list[str], srs: str = "") -> list[Problem]:
    path = folder / "调查.csv"
    path.write_text("日期,中文名,经度,纬度,地点,坐标系\n" + "\n".join(rows), encoding="utf-8")
    with inspect_survey(path, path.name, read_region(DATONG), date(2026, 6, 30), folder / "scratch") as found:
        return [problem for problem in found.problems() if problem.rule == "PARKWATCH_DATUM_SCATTER"]


def test_the_proposal_stands_beside_every_row_and_moves_no_point(
    tmp_path: Path, parks: tuple[Place, ...]
) -> None:
    names = {park.placeID: park.nameZh for park in parks}
    shifted = [
        f"2025-06-03,榆树,{x:.6f},{y:.6f},{names[site or '']},"
        for x, y, site in scattered(parks, wgs84_to_gcj02, each=10)
    ]
    found = problems(tmp_path, shifted)
    assert len(found) == 30
    assert {(one.severity, one.column, one.suggestion) for one in found} == {("warning", "F", "GCJ-02")}
    true = [
        f"2025-06-03,榆树,{x:.6f},{y:.6f},{names[site or '']}," for x, y, site in scattered(parks, each=10)
    ]
    assert problems(tmp_path, true) == []
    assert problems(tmp_path, [row + "GCJ-02" for row in shifted]) == []
