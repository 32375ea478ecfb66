"""Searching: every page once, whole or not at all, going on where it was, whatever GBIF says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from gbif import asking, pages
from gbif.asking import Gbif
from gbif.errors import GbifError
from gbif.pages import KeptPages
from gbif.query import GbifQuery, region_query, with_buffer
from gbif.searching import MOST_BY_SEARCH, PAGE, found_records, search_occurrences
from store.region import read_region
from tests.gbif.server import faults
from tests.gbif.server.cassettes import recorded
from tests.gbif.server.loopback import Loopback, loopback, record

QUERY = GbifQuery("POLYGON ((113 39, 114 39, 114 41, 113 41, 113 39))")


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        state.records = [record(number) for number in range(1, 2 * PAGE + 6)]
        yield state


class Search:
    """One home's search, as often as it is called."""

    def __init__(self, server: Loopback, folder: Path) -> None:
        self.gbif = Gbif(folder / "turns", server.api, pause=lambda seconds: None)
        self.folder = folder / "pages"
        self.seen: list[tuple[int, int]] = []

    def __call__(self, query: GbifQuery = QUERY) -> set[int]:
        kept = KeptPages(self.folder, query.scope)
        found = search_occurrences(self.gbif, query, kept, lambda *at: self.seen.append(at))
        keys = [record["key"] for record in found_records(kept)]
        assert len(keys) == found == len(set(keys))
        return set(keys)


@pytest.fixture
def search(server: Loopback, tmp_path: Path) -> Search:
    return Search(server, tmp_path)


def refused(search: Search) -> GbifError:
    with pytest.raises(GbifError) as error:
        search()
    assert error.value.message.zh and error.value.remedy.zh
    return error.value


def test_every_page_is_fetched_once_and_progress_is_told(server: Loopback, search: Search) -> None:
    assert search() == set(range(1, 606))
    assert server.offsets() == [0, 300, 600]
    assert search.seen[-1] == (605, 605)


def test_the_question_is_the_area_and_the_filters(server: Loopback, search: Search) -> None:
    server.records = [
        record(1),
        record(2, taxonKey=8),
        record(3, eventDate="1950-01-01"),
        record(4, decimalLongitude=20),
    ]
    query = GbifQuery(QUERY.geometry, (9,), "2000-01-01,*", ("CC0_1_0",))
    assert search(query) == {1}
    asked = server.asked[-1].query
    assert (asked["license"], asked["hasCoordinate"]) == (["CC0_1_0"], ["true"])
    assert "checklistKey" not in asked, "GBIF's own backbone is meant"


def test_an_area_without_records_is_an_answer(server: Loopback, search: Search) -> None:
    server.records = []
    assert search() == set()


def test_more_than_the_search_gives_out_needs_a_download(server: Loopback, search: Search) -> None:
    server.faults = [faults.times(1, faults.other_count(MOST_BY_SEARCH))]
    error = refused(search)
    assert error.rule == "error-api-too-many"
    assert "parkwatch gbif request" in error.remedy.en
    assert server.offsets() == []


PASSING = {  # fault: (how often, where it strikes, what it does)
    "429": (1, faults.page_at(300), faults.status(429)),
    "429-retry-after": (1, faults.page_at(300), faults.status(429, Retry_After="3")),
    "500": (2, faults.page_at(300), faults.status(500)),
    "503": (2, faults.page_at(600), faults.status(503)),
    "silence": (1, faults.page_at(300), faults.silence(2.0)),
    "cut": (1, faults.page_at(300), faults.cut()),
    "truncated-json": (1, faults.page_at(300), faults.shortened()),
    "duplicated-page": (1, faults.page_at(300), faults.like_the_first([record(number) for number in range(1, 301)])),
    "missing-page": (1, faults.page_at(300), faults.no_records),
    "missing-last-page": (1, faults.page_at(600), faults.no_records),
}  # fmt: skip
LASTING = {
    "429": (faults.page_at(300), faults.status(429), "error-api"),
    "500": (faults.page_at(300), faults.status(500), "error-api"),
    "503": (faults.page_at(300), faults.status(503), "error-api"),
    "refused": (faults.page_at(300), faults.status(403), "error-api"),
    "silence": (faults.page_at(300), faults.silence(2.0), "error-api"),
    "cut": (faults.page_at(300), faults.cut(), "error-api"),
    "cut-at-once": (faults.page_at(300), faults.cut(0.0), "error-"),
    "truncated-json": (faults.page_at(300), faults.shortened(), "error-api"),
    "nothing": (faults.page_at(300), faults.shortened(0.0), "error-api"),
    "html": (faults.page_at(300), faults.html, "error-api"),
    "count-lies": (lambda asked: True, faults.other_count(7), "error-api-incomplete"),
    "count-lies-on-a-page": (faults.page_at(300), faults.other_count(-1), "error-api-unsteady"),
    "duplicated-page": (faults.page_at(300), faults.like_the_first([record(n) for n in range(1, 301)]), "error-api-incomplete"),
    "missing-page": (faults.page_at(300), faults.no_records, "error-api-incomplete"),
    "missing-last-page": (faults.page_at(600), faults.no_records, "error-api-incomplete"),
    "changed-schema": (faults.page_at(300), faults.renamed_terms, "error-api-schema"),
    "records-that-are-none": (faults.page_at(300), faults.changed(lambda page: page | {"results": [7]}), "error-api-schema"),
    "no-count": (faults.page_at(300), faults.changed(lambda page: page | {"count": None}), "error-api"),
    "a-list": (faults.page_at(300), faults.changed(lambda page: [page]), "error-api"),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSING)
def test_after_a_passing_fault_the_records_are_exact(
    server: Loopback, search: Search, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "silence":
        monkeypatch.setattr(asking, "TIMEOUT_IN_SECONDS", (5, 0.5))
    count, where, spoil = PASSING[name]
    server.faults = [faults.times(count, spoil, where)]
    assert search() == set(range(1, 606))


@pytest.mark.parametrize("name", LASTING)
def test_a_lasting_fault_is_told_and_the_next_sync_fetches_only_what_is_missing(
    server: Loopback, search: Search, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "silence":
        monkeypatch.setattr(asking, "TIMEOUT_IN_SECONDS", (5, 0.5))
    where, spoil, rule = LASTING[name]
    server.faults = [faults.times(99, spoil, where)]
    assert refused(search).rule.startswith(rule)
    kept = KeptPages(search.folder, QUERY.scope).offsets
    server.faults, server.asked = [], []
    assert search() == set(range(1, 606))
    if name != "count-lies":  # the count has changed: what was kept may be of another state of GBIF
        assert sorted(server.offsets()) == sorted({0, 300, 600} - kept)
        assert kept or name == "duplicated-page"


def test_a_page_damaged_on_disk_is_fetched_again_and_no_other(server: Loopback, search: Search) -> None:
    search()
    (page,) = search.folder.glob("000300-*.json")
    page.chmod(0o644)
    page.write_bytes(page.read_bytes()[:-10])
    (search.folder / "000900-tmp.part").write_bytes(b"left by a kill")
    server.asked = []
    assert search() == set(range(1, 606))
    assert server.offsets() == [300]


def test_pages_of_another_question_or_of_yesterday_are_not_used(
    server: Loopback, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    search()
    server.asked = []
    search(GbifQuery(QUERY.geometry, (9,)))
    assert server.offsets() == [0, 300, 600]
    monkeypatch.setattr(pages, "LONGEST_KEPT", pages.LONGEST_KEPT * 0)
    server.asked = []
    search(GbifQuery(QUERY.geometry, (9,)))
    assert server.offsets() == [0, 300, 600]


def test_records_that_came_meanwhile_make_the_pages_begin_anew(server: Loopback, search: Search) -> None:
    server.faults = [faults.times(9, faults.status(403), faults.page_at(600))]
    refused(search)
    server.faults, server.asked = [], []
    server.records.append(record(606))
    assert search() == set(range(1, 607))
    assert server.offsets() == [0, 300, 600]


def test_the_area_is_the_region_and_its_buffer(region_folder: Path) -> None:
    region = read_region(region_folder)
    area = shapely.from_wkt(region_query(region).geometry)
    assert area.exterior.is_ccw
    assert area.covers(region.outline.buffer(0.89))  # 100 km are 0.90 degrees of latitude
    assert not area.intersects(shapely.Point(113.2, 41.4))
    assert len(region_query(region).geometry) < 4000


@pytest.mark.parametrize("kilometers", [0.0, 1.0, 300.0])
def test_a_buffer_is_never_too_narrow(kilometers: float) -> None:
    outline = shapely.box(10, -1, 11, 1).union(shapely.box(12, 50, 13, 51))
    assert with_buffer(outline, kilometers).covers(outline)


def test_the_whole_world_has_a_buffer_too() -> None:
    assert with_buffer(shapely.box(-180, -90, 180, 90), 100.0).equals(shapely.box(-180, -90, 180, 90))


def test_the_same_question_has_the_same_scope_and_another_has_another(region_folder: Path) -> None:
    region = read_region(region_folder)
    assert region_query(region).scope == region_query(read_region(region_folder)).scope
    with (region_folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write("[gbif]\ntaxonKeys = [6]\nfirstDay = 2000-01-01\n")
    filtered = region_query(read_region(region_folder))
    assert filtered.scope != region_query(region).scope
    assert (filtered.taxonKeys, filtered.eventDate) == ((6,), "2000-01-01,*")


@pytest.mark.cases
def test_records_that_gbif_once_gave_come_through_unchanged(
    server: Loopback, search: Search, cases: Path
) -> None:
    import json

    answers = recorded(cases, "test_search")
    page: dict[str, Any] = next(json.loads(body) for _, _, body in answers.values())
    server.records = [entry for entry in page["results"] if "decimalLatitude" in entry]
    world = GbifQuery("POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))")
    assert search(world) == {entry["key"] for entry in server.records}
    kept = KeptPages(search.folder, world.scope)
    assert list(found_records(kept)) == server.records
