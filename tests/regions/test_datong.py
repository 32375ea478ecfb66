"""Datong's folder is complete and marks what it is not sure of."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import shapely

from store.region import Region, read_region
from tests.conftest import ROOT

SURENESS = {"high", "medium", "low", "unconfirmed"}


@pytest.fixture(scope="module")
def datong() -> Region:
    return read_region(ROOT / "regions" / "datong")


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_datong_has_ten_divisions_that_do_not_overlap(datong: Region) -> None:
    assert len(datong.divisions) == 10
    outlines = [division.geometry for division in datong.divisions]
    assert shapely.coverage_is_valid(outlines)


def test_the_outline_has_no_holes_and_about_the_official_area(datong: Region) -> None:
    outline = datong.outline
    assert outline.geom_type == "Polygon"
    assert len(outline.interiors) == 0


@pytest.mark.parametrize(
    ("site", "division"),
    [("wenying-lake", "140213"), ("yungang-grottoes", "140214"), ("hengshan", "140225"),
     ("huliu-wetland", "140223"), ("heiguan-reserve", "140224"), ("sanggan-wetland", "140215")],
)  # fmt: skip
def test_a_site_lies_in_its_division(datong: Region, site: str, division: str) -> None:
    places = {place.placeID: place for place in datong.places}
    assert places[division].geometry.contains(places[site].geometry.representative_point())


def test_both_river_corridors_are_there(datong: Region) -> None:
    corridors = [place.placeID for place in datong.sites if place.siteKind == "corridor"]
    assert corridors == ["yuhe-corridor", "shilihe-corridor"]


def test_every_listed_fact_has_a_name_a_source_and_a_sureness_mark(datong: Region) -> None:
    for species_list in datong.lists:
        rows = read_rows(species_list.path)
        assert rows, species_list.id
        for row in rows:
            assert row["acceptedName"], (species_list.id, row)
            assert row["source"], (species_list.id, row)
            assert row["sureness"] in SURENESS, (species_list.id, row)


@pytest.mark.cases
@pytest.mark.parametrize("name", ["invasive_cn", "native_datong", "protected_cn"])
def test_every_row_of_the_reference_tables_is_on_a_list(datong: Region, cases: Path, name: str) -> None:
    listed = {row["vernacularNameZh"] for item in datong.lists for row in read_rows(item.path)}
    aliases = {
        alias.strip()
        for item in datong.lists
        for row in read_rows(item.path)
        for alias in row["aliases"].split("|")
    }
    reference = read_rows(cases.parent / "reference" / f"{name}.csv")
    missing = [
        row["vernacularName_zh"]
        for row in reference
        if row["vernacularName_zh"].split("(")[0].split("（")[0].strip() not in listed | aliases
    ]
    assert reference
    assert missing == []
