"""A whole sync against a GBIF on this machine: snapshots one after another, faults, kills, and whom to cite."""

from __future__ import annotations

import multiprocessing
import random
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assets.intake import take_gbif
from gbif import asking, pages
from gbif.asking import Gbif
from gbif.changes import snapshot_counts
from gbif.errors import GbifError
from gbif.loading import compare_gbif, load_gbif
from gbif.snapshots import snapshots
from gbif.standard import standard_gbif
from pipelines import definitions
from pipelines.fetching import sync_region
from store.archive import Receipt, content_path, receipts, verified_content
from store.engine import duckdb_engine, sql_of
from store.errors import DiskFull, WarehouseLocked
from store.home import Home
from store.region import Region, read_region
from store.warehouse import count_rows, open_warehouse
from tests.gbif.server import faults
from tests.gbif.server.loopback import Loopback, loopback, record
from tests.running import settings_for

DATASETS = [f"00000000-0000-0000-0000-00000000000{number}" for number in range(3)]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as state:
        state.records = [record(number) for number in range(1, 11)]
        for key in DATASETS[:2]:
            state.registry[key] = {
                "key": key, "title": f"Dataset {key[-1]}", "doi": "10.15468/abcdef",
                "license": "http://creativecommons.org/licenses/by-nc/4.0/legalcode",
                "publishingOrganizationKey": "pub", "citation": {"text": f"Someone. Dataset {key[-1]}."},
                "contacts": [{"lastName": "Curator", "email": ["curator@example.org"]}],
            }  # fmt: skip
        state.registry["pub"] = {"key": "pub", "title": "A museum"}
        yield state


@pytest.fixture
def region(region_folder: Path) -> Region:
    return read_region(region_folder)


def sync(server: Loopback, home: Home, region: Region) -> tuple[Receipt, bool]:
    return sync_region(home, region, Gbif(home.gbif_turns, server.api, pause=lambda seconds: None))


def load(home: Home) -> dict[str, dict[str, int]]:
    """Everything received, loaded; the counts of each snapshot."""
    with open_warehouse(home) as connection:
        known = {name for (name,) in connection.execute("SELECT submissionId FROM raw_submission").fetchall()}
        for receipt in snapshots(home):
            if receipt.submissionId not in known:
                load_gbif(connection, home, receipt)
        return snapshot_counts(connection)


def test_a_sync_is_a_snapshot_that_loads_like_any_other_file(
    server: Loopback, home: Home, region: Region
) -> None:
    receipt, is_new = sync(server, home, region)
    assert is_new and receipt.reading["announced"] == 10
    load(home)
    with open_warehouse(home) as connection:
        found = connection.execute("SELECT gbifID, locality, issue FROM raw_gbif ORDER BY line").fetchall()
    assert found[0] == ("1", "two lines and a tab", "COORDINATE_ROUNDED;GEODETIC_DATUM_ASSUMED_WGS84")
    assert [int(key) for key, *_ in found] == list(range(1, 11))
    assert not list(home.gbif_work.glob("search-*")), "nothing is kept of what is in the archive"


def test_people_are_in_the_archive_only(server: Loopback, home: Home, region: Region) -> None:
    receipt, _ = sync(server, home, region)
    with zipfile.ZipFile(content_path(home, receipt.sha256)) as archive:
        assert b"Zhang Observer" in archive.read("occurrence.txt")
    load(home)
    files = [path for path in home.path.rglob("*") if path.is_file() and "content" not in path.parts]
    assert len(files) > 3
    for path in files:
        assert not [name for name in (b"Observer", b"Determiner", b"Curator") if name in path.read_bytes()], (
            path
        )


def test_sources_are_cited_with_publisher_and_licence(server: Loopback, home: Home, region: Region) -> None:
    sync(server, home, region)
    load(home)
    with open_warehouse(home) as connection:
        cited = connection.execute(
            "SELECT datasetKey, citation, publisher, license LIKE '%by-nc%', doi FROM raw_citation ORDER BY datasetKey NULLS FIRST"
        ).fetchall()
    assert "10 records" in cited[0][1]
    assert cited[1] == (DATASETS[0], "Someone. Dataset 0.", "A museum", True, "10.15468/abcdef")
    assert cited[3][:3] == (DATASETS[2], f"GBIF dataset {DATASETS[2]}", None), "GBIF no longer knows this one"


def test_what_has_not_changed_is_no_new_snapshot_and_registry_answers_are_kept(
    server: Loopback, home: Home, region: Region
) -> None:
    first, _ = sync(server, home, region)
    server.asked = []
    assert sync(server, home, region) == (first, False)
    assert len(receipts(home)) == 1
    assert [path for path in server.paths() if "search" not in path] == [f"/v1/dataset/{DATASETS[2]}"]


def test_consecutive_snapshots_tell_new_changed_and_gone(
    server: Loopback, home: Home, region: Region
) -> None:
    first, _ = sync(server, home, region)
    del server.records[0]
    server.records[0] |= {"scientificName": "Solidago canadensis L.", "taxonKey": 5}
    server.records[1] |= {"lastInterpreted": "2026-11-24T00:00:00.000+00:00"}  # GBIF's own work is no change
    server.records.append(record(11))
    second, is_new = sync(server, home, region)
    assert is_new and second.replaces == first.submissionId
    assert load(home)[second.submissionId] == {"records": 10, "new": 1, "changed": 1, "gone": 1}
    assert compare_gbif(home, first, second) == [
        ("2", "changed", ["scientificName", "taxonKey"]), ("1", "gone", []), ("11", "new", []),
    ]  # fmt: skip


def test_the_warehouse_grows_by_what_changes_and_first_seen_is_kept(
    server: Loopback, home: Home, region: Region
) -> None:
    known = []
    for number in range(3):
        server.records[number] |= {"locality": f"corrected {number}"}
        known.append(sync(server, home, region)[0].knownSince)
        load(home)
    with open_warehouse(home) as connection:
        assert count_rows(connection, "raw_gbif") == 10 + 2, "the last state, and two rows as they were"
        select = sql_of(standard_gbif(duckdb_engine(connection)))
        found = connection.execute(
            f"SELECT count(*), min(firstSeen), max(firstSeen) FROM ({select}) WHERE rowFault IS NULL"
        ).fetchone()
        faults_found = connection.execute(
            f"SELECT rowFault FROM ({select}) WHERE rowFault IS NOT NULL"
        ).fetchall()
    first = datetime.fromisoformat(known[0]).replace(tzinfo=None)
    assert found == (10, first, first)
    assert faults_found == [("replaced",)] * 2


def test_a_snapshot_has_one_successor(server: Loopback, home: Home, region: Region, tmp_path: Path) -> None:
    first, _ = sync(server, home, region)
    server.records.append(record(11))
    second, _ = sync(server, home, region)
    other = tmp_path / "other.csv"
    other.write_text("gbifID\tspecies\n1\tUlmus\n", encoding="utf-8")
    with pytest.raises(GbifError) as error:
        take_gbif(home, other, received_from="t", origin="t", replaces=first.submissionId)
    assert (error.value.rule, error.value.values["by"]) == ("error-replaced-already", second.submissionId)


def test_all_records_may_go_and_come_back(server: Loopback, home: Home, region: Region) -> None:
    kept = server.records
    fetched = []
    for records in (kept, [], kept, []):
        server.records = records
        fetched.append(sync(server, home, region)[0])
    assert [receipt.replaces for receipt in fetched] == [
        None,
        *(receipt.submissionId for receipt in fetched[:3]),
    ]
    counts = load(home)
    assert [counts[receipt.submissionId]["gone"] for receipt in fetched] == [0, 10, 0, 10]


@pytest.mark.parametrize(
    "fault",
    [faults.status(403), faults.html, faults.other_count(3), faults.no_records, faults.renamed_terms],
    ids=["refused", "html", "count-lies", "no-records", "changed-schema"],
)
def test_a_failed_sync_leaves_the_old_snapshot(
    server: Loopback, home: Home, region: Region, fault: faults.Spoil
) -> None:
    first, _ = sync(server, home, region)
    server.records.append(record(11))
    server.faults = [faults.times(99, fault, faults.a_page)]
    with pytest.raises(GbifError):
        sync(server, home, region)
    assert receipts(home) == [first]
    server.faults = []
    assert sync(server, home, region)[0].reading["announced"] == 11


def test_a_registry_that_fails_makes_no_half_snapshot_and_no_page_is_fetched_twice(
    server: Loopback, home: Home, region: Region
) -> None:
    server.faults = [faults.times(99, faults.status(500), lambda asked: "dataset" in asked.path)]
    with pytest.raises(GbifError):
        sync(server, home, region)
    assert receipts(home) == []
    server.faults = []
    sync(server, home, region)
    assert server.offsets() == [0]


def test_two_syncs_at_once_do_not_meet(server: Loopback, home: Home, region: Region) -> None:
    def meet(asked: Any, said: Any) -> None:
        with pytest.raises(WarehouseLocked):
            sync(server, home, region)
        met.append(asked.path)

    met: list[str] = []
    server.faults = [faults.times(1, meet, faults.a_page)]
    sync(server, home, region)
    assert met
    assert len(receipts(home)) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_not_blamed_on_gbif(
    server: Loopback, home: Home, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "replace_file", lambda path, content: Path("/dev/full").write_bytes(content))
    with pytest.raises(DiskFull):
        sync(server, home, region)


def test_a_warehouse_made_anew_from_the_archive_says_the_same(
    server: Loopback, home: Home, region: Region
) -> None:
    sync(server, home, region)
    del server.records[0]
    sync(server, home, region)
    server.records[0] |= {"eventDate": "2025-06-04"}
    sync(server, home, region)

    def said() -> tuple[Any, ...]:
        counts = load(home)
        with open_warehouse(home) as connection:
            changes = connection.execute("SELECT * FROM raw_gbif_change ORDER BY ALL").fetchall()
            replaced = connection.execute(
                "SELECT submissionId, replacedBy FROM raw_submission ORDER BY ALL"
            ).fetchall()
            return (
                counts,
                changes,
                replaced,
                connection.execute("SELECT * FROM raw_gbif ORDER BY ALL").fetchall(),
            )

    first = said()
    home.warehouse.unlink()
    assert said() == first
    assert sum(replaced is not None for _, replaced in first[2]) == 2


def test_the_scheduled_job_fetches_through_the_same_way(
    server: Loopback, home: Home, region_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARKWATCH_GBIF_API", server.api)
    monkeypatch.setattr(asking, "PAUSE_IN_SECONDS", 0.0)
    monkeypatch.setenv("PARKWATCH_HOME", str(home.path))
    job = definitions.build(settings_for(home, region_folder)).resolve_job_def("gbif_sync")
    assert job.execute_in_process().success
    (receipt,) = snapshots(home)
    assert receipt.reading["announced"] == 10


def _sync_in_a_process(api: str, home: Home, region_folder: Path) -> None:
    gbif = Gbif(home.gbif_turns, api, pause=lambda seconds: None)
    sync_region(home, read_region(region_folder), gbif)


@pytest.mark.slow
def test_killed_at_twenty_random_moments_a_sync_loses_and_doubles_nothing(
    server: Loopback, home: Home, region_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.records = [record(number) for number in range(1, 2401)]  # eight pages
    context = multiprocessing.get_context("fork")
    moments = random.Random(5)
    kills = 0
    while kills < 20:
        process = context.Process(target=_sync_in_a_process, args=(server.api, home, region_folder))
        process.start()
        process.join(moments.uniform(0.02, 0.9))
        if process.is_alive():
            process.kill()
            kills += 1
        process.join()
        if receipts(home):  # it got through between two kills: GBIF has something new for the next one
            server.records.append(record(len(server.records) + 1))
    _sync_in_a_process(server.api, home, region_folder)
    known = snapshots(home)
    assert len({receipt.submissionId for receipt in known}) == len(known)
    assert [receipt.replaces for receipt in known] == [
        None,
        *(receipt.submissionId for receipt in known[:-1]),
    ]
    for receipt in known:
        verified_content(home, receipt)
    load(home)
    with open_warehouse(home) as connection:
        rows = connection.execute(
            "SELECT count(*), count(DISTINCT gbifID), max(gbifID::INT) FROM raw_gbif WHERE supersededBy IS NULL"
        ).fetchone()
    assert rows == (len(server.records),) * 3
    contents = [path for path in (home.archive / "content").rglob("*") if path.is_file()]
    # a kill between the content and its receipt leaves a content that nothing names
    assert {receipt.sha256 for receipt in known} <= {path.name for path in contents}
    assert _rows_loaded(home) == sum(receipt.reading["announced"] for receipt in known)


def _rows_loaded(home: Home) -> int:
    """Rows of raw_gbif, and those that a newer snapshot has alike and took over."""
    with open_warehouse(home) as connection:
        carried = connection.execute(
            "SELECT coalesce(sum(rowsCarriedOver), 0)::BIGINT FROM raw_gbif_carried"
        ).fetchone()
        assert carried is not None
        return count_rows(connection, "raw_gbif") + int(carried[0])
