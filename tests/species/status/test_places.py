"""Which places hold which: site < division < region < province < country < world."""

from __future__ import annotations

from pathlib import Path

import pytest

from species.status.places import breadth_of, find_place, place_name, places_above
from store.region import Region, read_region
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def datong() -> Region:
    return read_region(ROOT / "regions" / "datong")


def test_a_site_lies_in_its_division_region_province_and_country(datong: Region) -> None:
    site = datong.sites[0].placeID
    chain = places_above(site, datong)
    assert chain[0] == site and chain[-4:] == ["datong", "CN-SX", "CN", "*"]
    assert len(chain) == 6 and chain[1] in {division.placeID for division in datong.divisions}
    assert [breadth_of(place, datong) for place in chain] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("place", "chain"),
    [
        ("datong", ["datong", "CN-SX", "CN", "*"]), ("CN-XJ", ["CN-XJ", "CN", "*"]), ("SE", ["SE", "*"]), ("*", ["*"]),
        ("nowhere!", []),
    ],
)  # fmt: skip
def test_wider_places_hold_the_narrower_and_never_the_other_way(
    datong: Region, place: str, chain: list[str]
) -> None:
    assert places_above(place, datong) == chain


def test_a_region_without_a_province_goes_straight_to_its_country(region_folder: Path) -> None:
    assert places_above("pond", read_region(region_folder)) == ["pond", "west", "testville", "CN", "*"]


@pytest.mark.parametrize("text", ["datong", "大同市", " Datong "])
def test_a_place_is_found_by_id_and_by_name_in_either_language(datong: Region, text: str) -> None:
    assert find_place(text, datong) == "datong"
    assert place_name("datong", datong) == ("大同市", "Datong")


def test_a_place_that_is_none_is_not_found(datong: Region) -> None:
    assert find_place("火星", datong) is None
