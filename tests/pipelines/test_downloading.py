"""GBIF's download service from the request to the archive, against a GBIF on this machine, with everything that fails."""

from __future__ import annotations

import dataclasses
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gbif import asking
from gbif.asking import Gbif
from gbif.downloads import CHUNK_IN_BYTES
from gbif.errors import GbifError, GbifNotFound
from gbif.query import region_query
from pipelines.cli.main import main
from pipelines.downloading import (
    fetch_download,
    last_request,
    request_cube,
    request_region,
    step_download,
)
from pipelines.fetching import sync_region
from store.archive import Receipt, receipts
from store.home import Home
from store.region import Region, read_region
from tests.gbif.server import faults
from tests.gbif.server.loopback import PASSWORD, USER, Download, Loopback, loopback, record

EMAIL = "someone@example.org"


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        state.records = [record(number) for number in range(1, 2001)]
        yield state


@pytest.fixture
def region(region_folder: Path) -> Region:
    return read_region(region_folder)


class Client:
    def __init__(self, server: Loopback, home: Home, region: Region) -> None:
        self.home, self.region, self.waits = home, region, list[float]()
        self.gbif = Gbif(home.gbif_turns, server.api, user=USER, password=PASSWORD, pause=self.waits.append)

    def request(self, form: str = "SIMPLE_CSV") -> str:
        return request_region(self.home, self.region, self.gbif, form, EMAIL)

    def fetch(self, key: str, **more: Any) -> tuple[Receipt, bool]:
        return fetch_download(self.home, self.gbif, key, **more)


@pytest.fixture
def client(server: Loopback, home: Home, region: Region) -> Client:
    return Client(server, home, region)


def refused(asking_for: Callable[[], object]) -> GbifError:
    with pytest.raises(GbifError) as error:
        asking_for()
    return error.value


def bytes_sent(server: Loopback, key: str) -> list[str]:
    """From where each request for the file wanted it."""
    return [
        asked.headers.get("range", "bytes=0-") for asked in server.asked if asked.path.endswith(f"{key}.zip")
    ]


def test_a_region_is_requested_waited_for_fetched_and_cited(server: Loopback, client: Client) -> None:
    key = client.request()
    assert last_request(client.home) == key
    asked = server.downloads[key].request
    assert asked["format"] == "SIMPLE_CSV"
    assert {"type": "within", "geometry": region_query(client.region).geometry} in asked["predicate"][
        "predicates"
    ]
    told: list[str] = []
    receipt, is_new = client.fetch(key, told=told.append)
    assert (is_new, told) == (True, ["PREPARING", "RUNNING", "SUCCEEDED"])
    assert [wait for wait in client.waits if wait > 5] == [10.0, 20.0]
    cited = receipt.reading["citations"]
    assert (cited[0]["doi"], len(cited), receipt.reading["announced"]) == ("10.15468/dl.test00", 4, 2000)
    assert client.fetch(key) == (receipt, False)
    assert not list((client.home.gbif_work / "downloads").iterdir())


def test_filters_of_the_region_are_in_the_request(server: Loopback, home: Home, region_folder: Path) -> None:
    with (region_folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write('[gbif]\ntaxonKeys = [6]\nfirstDay = 2000-01-01\nlicenses = ["CC0_1_0"]\n')
    client = Client(server, home, read_region(region_folder))
    predicates = server.downloads[client.request("DWCA")].request["predicate"]["predicates"]
    assert {"type": "in", "key": "TAXON_KEY", "values": ["6"]} in predicates
    assert {"type": "in", "key": "LICENSE", "values": ["CC0_1_0"]} in predicates
    assert {"type": "greaterThanOrEquals", "key": "EVENT_DATE", "value": "2000-01-01"} in predicates


def test_a_download_is_the_next_snapshot_of_its_region(server: Loopback, client: Client) -> None:
    first, _ = sync_region(client.home, client.region, client.gbif)
    assert client.fetch(client.request())[0].replaces == first.submissionId


def test_a_download_of_somebody_elses_replaces_nothing(server: Loopback, client: Client) -> None:
    sync_region(client.home, client.region, client.gbif)
    server.downloads["0009999-261125000000000"] = Download(
        make_zip("x.csv", "gbifID\tspecies\n1\tUlmus\n"), 1
    )
    assert client.fetch("0009999-261125000000000")[0].replaces is None


def test_without_an_account_nothing_is_asked(server: Loopback, home: Home, region: Region) -> None:
    client = Client(server, home, region)
    client.gbif = Gbif(home.gbif_turns, server.api, pause=lambda seconds: None)
    error = refused(client.request)
    assert error.rule == "error-account" and "GBIF_USER, GBIF_PWD" in error.message.en
    assert server.asked == []


def test_a_wrong_password_is_told_and_written_nowhere(server: Loopback, home: Home, region: Region) -> None:
    client = Client(server, home, region)
    client.gbif = dataclasses.replace(client.gbif, password="wrong-pass")  # noqa: S106
    error = refused(client.request)
    assert error.rule == "error-account-refused"
    assert "wrong-pass" not in error.in_language("en")


def test_the_account_is_in_no_file_of_the_home(server: Loopback, client: Client) -> None:
    client.fetch(client.request())
    texts = [path.read_bytes() for path in client.home.path.rglob("*") if path.is_file()]
    assert not [text for text in texts if PASSWORD.encode() in text or USER.encode() in text]


@pytest.mark.parametrize("code", [500, 504])
def test_a_request_that_may_have_worked_is_not_made_twice(
    server: Loopback, client: Client, code: int
) -> None:
    server.faults = [faults.times(9, faults.status(code))]
    assert refused(client.request).rule == "error-api"
    assert len(server.asked) == 1


def test_an_answer_that_is_no_key_is_refused(server: Loopback, client: Client) -> None:
    server.faults = [faults.times(1, faults.html)]
    assert refused(client.request).rule == "error-api"


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        ("FAILED", "error-download-failed"), ("KILLED", "error-download-failed"), ("CANCELLED", "error-download-failed"),
        ("FILE_ERASED", "error-download-expired"),
    ],
)  # fmt: skip
def test_a_download_that_fails_or_has_expired_is_told(
    server: Loopback, client: Client, status: str, rule: str
) -> None:
    key = client.request()
    server.downloads[key].statuses = ["RUNNING", status]
    assert refused(lambda: client.fetch(key)).rule == rule
    assert receipts(client.home) == []


def test_one_that_is_not_ready_can_be_left_for_later(server: Loopback, client: Client) -> None:
    key = client.request()
    assert refused(lambda: client.fetch(key, wait=False)).rule == "error-download-not-ready"


def test_an_unknown_key_is_told(client: Client) -> None:
    with pytest.raises(GbifNotFound):
        client.fetch("0000042-261125000000000")


def of_file(asked: Any) -> bool:
    return str(asked.path).endswith(".zip")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_fetch_cut_off_goes_on_where_it_was(server: Loopback, client: Client, share: float) -> None:
    noise = random.Random(7)
    server.records = [record(number, locality=noise.randbytes(60).hex()) for number in range(1, 2001)]
    key = client.request()
    server.faults = [faults.times(1, faults.cut(share), of_file)]
    client.fetch(key)
    got = int(len(server.downloads[key].content) * share)
    assert got < 1 or got > 2 * CHUNK_IN_BYTES
    first, second = (int(asked[6:-1]) for asked in bytes_sent(server, key))
    assert first == 0
    assert got - CHUNK_IN_BYTES < second <= got


def test_a_fetch_given_up_is_finished_by_the_next_one_without_asking_for_a_byte_twice(
    server: Loopback, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TRIES", 1)
    key = client.request()
    server.faults = [faults.times(1, faults.shortened(0.5), of_file)]
    refused(lambda: client.fetch(key))
    assert receipts(client.home) == []
    server.faults = []
    client.fetch(key)
    half = int(len(server.downloads[key].content) * 0.5)
    assert bytes_sent(server, key) == ["bytes=0-", f"bytes={half}-"]


def test_a_server_that_cannot_resume_sends_it_all_again(server: Loopback, client: Client) -> None:
    def all_of_it(asked: Any, said: Any) -> Any:
        return (
            (200, {"Content-Type": "application/zip"}, server.downloads[key].content)
            if said[0] == 206
            else None
        )

    key = client.request()
    server.faults = [faults.times(1, faults.cut(0.5), of_file), faults.times(9, all_of_it, of_file)]
    assert client.fetch(key)[0].reading["announced"] == 2000


def make_zip(name: str, text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda content: content[:-200], "error-not-a-zip"),
        (lambda content: content[:300] + b"\x00" * 60 + content[360:], "error-not-a-zip"),
        (lambda content: b"not a zip" * 50, "error-not-a-zip"),
        (lambda content: make_zip("x.csv", "gbifID\tspecies\n1\tUlmus\n"), "error-api-incomplete"),
        (lambda content: make_zip("x.csv", "something\telse\n1\t2\n"), "error-columns"),
    ],
    ids=["truncated", "damaged", "no-zip", "fewer-records", "other-schema"],
)
def test_a_file_that_is_not_what_was_announced_is_thrown_away_and_fetched_anew(
    server: Loopback, client: Client, change: Callable[[bytes], bytes], rule: str
) -> None:
    first, _ = sync_region(client.home, client.region, client.gbif)
    key = client.request()
    whole = server.downloads[key].content
    server.downloads[key].content = change(whole)
    assert refused(lambda: client.fetch(key)).rule == rule
    assert receipts(client.home) == [first], "the old snapshot stays"
    server.downloads[key].content = whole
    assert client.fetch(key)[0].reading["announced"] == 2000


def test_a_size_that_lies_is_told(server: Loopback, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "TRIES", 2)
    key = client.request()
    server.downloads[key].size = len(server.downloads[key].content) + 7
    assert refused(lambda: client.fetch(key)).rule.startswith("error-")
    server.downloads[key].size = len(server.downloads[key].content) - 7
    assert refused(lambda: client.fetch(key)).rule == "error-not-a-zip"
    assert receipts(client.home) == []


def test_a_page_instead_of_a_file_or_of_a_status_is_told(server: Loopback, client: Client) -> None:
    key = client.request()
    for where in (of_file, lambda asked: not of_file(asked)):
        server.faults = [faults.times(99, faults.html, where)]
        assert refused(lambda: client.fetch(key)).rule == "error-api"


def test_a_cube_is_requested_by_sql_and_kept(server: Loopback, client: Client) -> None:
    key = request_cube(
        client.home, client.gbif, "SELECT specieskey, COUNT(*) FROM occurrence GROUP BY specieskey", EMAIL
    )
    assert server.downloads[key].request["format"] == "SQL_TSV_ZIP"
    server.downloads[key].content = make_zip("cube.csv", "specieskey\tcount\n9\t12\n5\t3\n")
    server.downloads[key].records = 2
    receipt, _ = client.fetch(last_request(client.home))
    assert (receipt.kind, receipt.reading["announced"], receipt.replaces) == ("gbif-cube", 2, None)


def test_a_cube_with_other_rows_than_announced_is_refused(server: Loopback, client: Client) -> None:
    key = request_cube(client.home, client.gbif, "SELECT 1", EMAIL)
    server.downloads[key].content, server.downloads[key].records = make_zip("cube.csv", "a\tb\n9\t12\n"), 2
    assert refused(lambda: client.fetch(key)).rule == "error-api-incomplete"


def test_a_scheduled_fetch_of_a_large_region_requests_and_later_fetches(
    server: Loopback, client: Client
) -> None:
    def step() -> Receipt | None:
        return step_download(client.home, client.region, client.gbif, EMAIL)

    assert step() is None
    (key,) = server.downloads
    assert [step(), step()] == [None, None], "preparing, then running"
    receipt = step()
    assert receipt is not None and receipt.reading["downloadKey"] == key
    assert step() is None, "the next state is requested"
    assert len(server.downloads) == 2
    server.downloads[last_request(client.home)].statuses = ["KILLED"]
    assert step() is None
    assert len(server.downloads) == 3


def test_a_species_list_is_whole_by_its_rows_whatever_occurrences_are_behind_it(
    server: Loopback, client: Client
) -> None:
    key = client.request("SPECIES_LIST")
    content = "taxonKey\tscientificName\tnumberOfOccurrences\n9\tUlmus pumila L.\t1999\n5\tPinus L.\t1\n"
    server.downloads[key].content = make_zip(f"{key}.csv", content)
    receipt, _ = client.fetch(key)
    assert (receipt.reading["announced"], receipt.replaces) == (2, None)
    assert "scope" not in receipt.reading


def command(*arguments: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0


def test_the_commands_request_and_fetch(
    server: Loopback, home: Home, region_folder: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name, value in (
        ("GBIF_USER", USER),
        ("GBIF_PWD", PASSWORD),
        ("GBIF_EMAIL", EMAIL),
        ("PARKWATCH_GBIF_API", server.api),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(asking, "PAUSE_IN_SECONDS", 0.0)
    arguments = ["--home", str(home.path), "--region", str(region_folder), "--lang", "en", "gbif"]
    command(*arguments, "request", "--format", "SIMPLE_CSV")
    (key,) = server.downloads
    assert key in capsys.readouterr().out
    server.downloads[key].statuses = ["SUCCEEDED"]
    command(*arguments, "fetch", "--no-wait")
    told = capsys.readouterr().out
    assert "2000 records" in told and "2000 rows read" in told
    assert EMAIL in server.asked[0].headers["user-agent"]
    command(*arguments, "fetch", f"https://www.gbif.org/occurrence/download/{key}")
    assert "was fetched before" in capsys.readouterr().out


@pytest.mark.cases
def test_the_request_has_the_form_that_gbif_once_accepted(
    server: Loopback, client: Client, cases: Path
) -> None:
    import yaml

    text = (cases / "gbif" / "pygbif_cassettes" / "test_download_cancel.yaml").read_text(encoding="utf-8")
    accepted = json.loads(yaml.safe_load(text)["interactions"][0]["request"]["body"])
    ours = server.downloads[client.request()].request
    assert set(accepted) <= set(ours)
    assert ours["predicate"]["type"] == accepted["predicate"]["type"] == "and"
