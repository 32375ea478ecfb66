"""The GBIF client against a real server on this machine that answers as GBIF does, or as it should not."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assets.intake import take_gbif
from gbif.client import COLUMNS, MOST_BY_SEARCH, PAGE, fetch_occurrences
from gbif.errors import GbifError
from gbif.loading import load_gbif
from store.home import Home
from store.region import Extent
from store.warehouse import open_warehouse

EXTENT = Extent(west=113.0, south=39.9, east=113.5, north=40.2)


def record(number: int) -> dict[str, Any]:
    return {
        "key": number, "gbifID": str(number), "datasetKey": "d", "scientificName": "Ulmus pumila L.",
        "taxonKey": 9, "eventDate": "2025-06-03", "decimalLatitude": 40.0, "decimalLongitude": 113.3,
        "locality": "two\nlines\tand a tab", "recordedBy": "A Person", "identifiedBy": "A Person",
        "issues": ["COORDINATE_ROUNDED", "GEODETIC_DATUM_ASSUMED_WGS84"],
    }  # fmt: skip


class Gbif:
    """What the server says: `whole` records in pages, after the `refusals` (status, headers, body) before them."""

    def __init__(self) -> None:
        self.whole = 0
        self.counted: int | None = None
        self.refusals: list[tuple[int, dict[str, str], bytes]] = []
        self.queries: list[dict[str, list[str]]] = []
        self.waits: list[float] = []

    def answer(self, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        self.queries.append(query)
        if self.refusals:
            return self.refusals.pop(0)
        offset, limit = int(query["offset"][0]), int(query["limit"][0])
        if offset + limit > MOST_BY_SEARCH:
            return 400, {}, b"Max offset exceeded"
        last = min(offset + limit, self.whole)
        page = {
            "offset": offset, "limit": limit, "endOfRecords": last >= self.whole,
            "count": self.whole if self.counted is None else self.counted,
            "results": [record(number) for number in range(offset, last)],
        }  # fmt: skip
        return 200, {"Content-Type": "application/json"}, json.dumps(page).encode()


@pytest.fixture
def gbif(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gbif]:
    """A server in GBIF's place; pygbif knows its address by a constant only."""
    state = Gbif()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = state.answer(parse_qs(urlsplit(self.path).query))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    search = importlib.import_module("pygbif.occurrences.search")
    monkeypatch.setattr(search, "gbif_baseurl", f"http://127.0.0.1:{server.server_port}/v1/")
    yield state
    server.shutdown()
    server.server_close()


def fetch(gbif: Gbif, target: Path, **more: Any) -> int:
    return fetch_occurrences(EXTENT, target, pause=gbif.waits.append, **more)


def refused(fetching: Callable[[], object]) -> GbifError:
    with pytest.raises(GbifError) as error:
        fetching()
    return error.value


def test_every_page_is_fetched_at_a_polite_pace(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole = 2 * PAGE + 5
    seen: list[tuple[int, int]] = []
    found = fetch(gbif, tmp_path / "new.tsv", progress=lambda done, whole: seen.append((done, whole)))
    assert found == gbif.whole
    assert [query["offset"] for query in gbif.queries] == [["0"], ["300"], ["600"]]
    assert gbif.waits == [1.0, 1.0]
    assert seen[-1] == (gbif.whole, gbif.whole)
    assert len((tmp_path / "new.tsv").read_text(encoding="utf-8").splitlines()) == gbif.whole + 1


def test_the_question_is_the_extent_and_the_day(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole = 1
    fetch(gbif, tmp_path / "new.tsv", since=date(2025, 6, 1))
    (query,) = gbif.queries
    assert query["decimalLongitude"] == ["113.0,113.5"]
    assert query["decimalLatitude"] == ["39.9,40.2"]
    assert query["lastInterpreted"] == ["2025-06-01,*"]


def test_what_was_fetched_loads_like_any_other_file(gbif: Gbif, home: Home, tmp_path: Path) -> None:
    gbif.whole = 3
    target = tmp_path / "new.tsv"
    fetch(gbif, target)
    assert "A Person" not in target.read_text(encoding="utf-8")
    receipt, _ = take_gbif(home, target, received_from="GBIF", origin="test")
    with open_warehouse(home) as connection:
        assert load_gbif(connection, home, receipt) == 3
        row = connection.execute("SELECT gbifID, locality, issue FROM raw_gbif ORDER BY line").fetchone()
    assert row == ("0", "two lines and a tab", "COORDINATE_ROUNDED;GEODETIC_DATUM_ASSUMED_WGS84")


def test_every_column_fetched_has_a_place_in_the_warehouse(home: Home) -> None:
    with open_warehouse(home) as connection:
        kept = {name for (name, *_) in connection.execute("DESCRIBE raw_gbif").fetchall()}
    assert set(COLUMNS) <= kept


def test_no_records_leave_no_file(gbif: Gbif, tmp_path: Path) -> None:
    assert fetch(gbif, tmp_path / "new.tsv") == 0
    assert list(tmp_path.iterdir()) == []


def test_fewer_records_than_counted_are_none_at_all(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole, gbif.counted = 10, 12
    error = refused(lambda: fetch(gbif, tmp_path / "new.tsv"))
    assert (error.rule, error.values) == ("error-api-incomplete", {"expected": 12, "found": 10})
    assert list(tmp_path.iterdir()) == []


def test_more_than_the_search_gives_out_needs_a_download(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole = MOST_BY_SEARCH + 1
    error = refused(lambda: fetch(gbif, tmp_path / "new.tsv"))
    assert error.rule == "error-api-too-many"
    assert "parkwatch gbif import" in error.remedy.en
    assert len(gbif.queries) == 1


def test_the_last_page_does_not_reach_beyond_what_gbif_gives_out(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole = MOST_BY_SEARCH
    assert fetch(gbif, tmp_path / "new.tsv") == MOST_BY_SEARCH
    assert gbif.queries[-1]["limit"] == ["100"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_after_growing_waits(gbif: Gbif, tmp_path: Path, status: int) -> None:
    gbif.whole = 1
    gbif.refusals = [(status, {}, b"")] * 3
    assert fetch(gbif, tmp_path / "new.tsv") == 1
    assert gbif.waits == [2.0, 4.0, 8.0]


def test_retry_after_is_obeyed_in_seconds(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole = 1
    gbif.refusals = [(429, {"Retry-After": "17"}, b"")]
    fetch(gbif, tmp_path / "new.tsv")
    assert gbif.waits == [17.0]


def test_retry_after_is_obeyed_as_a_moment(gbif: Gbif, tmp_path: Path) -> None:
    gbif.whole = 1
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    gbif.refusals = [(503, {"Retry-After": moment}, b"")]
    fetch(gbif, tmp_path / "new.tsv")
    assert 50 < gbif.waits[0] <= 60


@pytest.mark.parametrize(
    ("status", "headers", "body", "asked"),
    [
        (503, {}, b"", 5),
        (429, {"Retry-After": "999999"}, b"", 1),
        (400, {}, b"", 1),
        (200, {"Content-Type": "text/html"}, b"<html>log in first</html>", 1),
        (200, {}, b"", 1),
        (200, {"Content-Type": "application/json"}, b"[]", 1),
        (200, {"Content-Type": "application/json"}, b'{"results": [], "count": null}', 1),
        (200, {"Content-Type": "application/json"}, b'{"results": [7], "count": 1}', 1),
        (200, {"Content-Type": "application/json"}, b'{"results": [', 5),
    ],
    ids=["down", "asks-too-long", "refused", "login-page", "no-type", "list", "no-count", "no-record", "cut"],
)
def test_an_answer_that_cannot_be_used_is_told_plainly(
    gbif: Gbif, tmp_path: Path, status: int, headers: dict[str, str], body: bytes, asked: int
) -> None:
    gbif.refusals = [(status, headers, body)] * 9
    error = refused(lambda: fetch(gbif, tmp_path / "new.tsv"))
    assert error.rule == "error-api"
    assert len(gbif.queries) == asked
    assert list(tmp_path.iterdir()) == []


def test_a_failed_fetch_leaves_the_former_file(gbif: Gbif, tmp_path: Path) -> None:
    target = tmp_path / "new.tsv"
    target.write_text("former", encoding="utf-8")
    gbif.whole, gbif.counted = 1, 2
    refused(lambda: fetch(gbif, target))
    assert target.read_text(encoding="utf-8") == "former"
