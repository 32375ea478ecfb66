"""Searching: every occurrence of a small area, page by page through GBIF's search, whole or not at all.

Beyond 100,000 records GBIF's search gives nothing more and a download is needed (`downloads`). What the records
become in the archive belongs to `snapshots`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from gbif.asking import Gbif, pygbif
from gbif.errors import GbifError
from gbif.pages import KeptPages
from gbif.query import GbifQuery

PAGE = 300
MOST_BY_SEARCH = 100_000
ROUNDS = 2  # what looks wrong with a page is asked for once more
# A search for places gives a place, and a record of unknown origin is none; else GBIF speaks a language we do not know.
EXPECTED = ("datasetKey", "decimalLatitude", "decimalLongitude")


def search_occurrences(
    gbif: Gbif,
    query: GbifQuery,
    pages: KeptPages,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Fetch into `pages` what is missing there; returns the number of records, each of which is there once.

    GbifError where GBIF has more than its search gives out, does not answer, or answers with other records than it
    counts; the pages that are sound stay for the next attempt.
    """
    announced = count_occurrences(gbif, query)
    if announced > MOST_BY_SEARCH:
        raise GbifError("error-api-too-many", expected=announced, most=MOST_BY_SEARCH)
    if any(pages.page(offset)["count"] != announced for offset in pages.offsets):
        pages.drop_all()  # GBIF's records have changed meanwhile: the pages would not fit together
    for _ in range(ROUNDS):
        for offset in range(0, announced, PAGE):
            if offset not in pages.offsets:
                pages.keep(offset, _page(gbif, query, offset, announced))
            progress(min(len(pages.offsets) * PAGE, announced), announced)
        found, doubtful = _checked(pages, announced)
        if not doubtful and found == announced:
            return announced
        for offset in doubtful:
            pages.drop(offset)
    raise GbifError("error-api-incomplete", expected=announced, found=found)


def count_occurrences(gbif: Gbif, query: GbifQuery, **more: Any) -> int:
    """How many records GBIF says a query has."""
    asked = query.as_search() | more
    answer = gbif.ask(partial(pygbif().occurrences.search, **asked, limit=0, offset=0), _whole_page)
    return int(answer["count"])


def found_records(pages: KeptPages) -> Iterator[dict[str, Any]]:
    for offset in sorted(pages.offsets):
        yield from pages.page(offset)["results"]


def gbif_id(record: dict[str, Any]) -> str:
    return str(record.get("key") or record.get("gbifID") or "")


def _page(gbif: Gbif, query: GbifQuery, offset: int, announced: int) -> dict[str, Any]:
    limit = min(PAGE, MOST_BY_SEARCH - offset)  # GBIF refuses a page that reaches beyond its last record
    page = gbif.ask(
        partial(pygbif().occurrences.search, **query.as_search(), limit=limit, offset=offset), _whole_page
    )
    if page["count"] != announced:
        raise GbifError("error-api-unsteady", before=announced, after=page["count"])
    return {"count": page["count"], "results": page["results"]}


def _whole_page(answer: Any) -> dict[str, Any]:
    is_page = (
        isinstance(answer, dict)
        and isinstance(answer.get("results"), list)
        and type(answer.get("count")) is int
        and answer["count"] >= 0
    )
    if not is_page:
        raise GbifError("error-api", cause="an answer without results and count")
    for record in answer["results"]:
        if not isinstance(record, dict) or not gbif_id(record):
            raise GbifError("error-api-schema", missing="key")
        for term in EXPECTED:
            if record.get(term) is None:
                raise GbifError("error-api-schema", missing=term)
    page: dict[str, Any] = answer
    return page


def _checked(pages: KeptPages, announced: int) -> tuple[int, set[int]]:
    """How many different records the pages hold, and which pages cannot be right: short, long, or like another one."""
    held_by: dict[str, int] = {}
    doubtful: set[int] = set()
    for offset in sorted(pages.offsets):
        records = pages.page(offset)["results"]
        if len(records) != min(PAGE, announced - offset):
            doubtful.add(offset)
        for record in records:
            first = held_by.setdefault(gbif_id(record), offset)
            if first != offset:
                doubtful |= {first, offset}
    return len(held_by), doubtful
