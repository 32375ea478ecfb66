"""Downloading: what GBIF prepared on request, as a new snapshot in the archive.

What is asked of GBIF and how belongs to `gbif`; what its search gives at once to `fetching`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assets.intake import take_gbif
from gbif.asking import Gbif
from gbif.cubes import inspect_cube
from gbif.datasets import dataset_citations
from gbif.downloads import (
    SQL_FORMAT,
    Download,
    Progress,
    dataset_keys,
    download_citation,
    fetch_file,
    find_download,
    ready,
    request_download,
    request_sql,
    wait_for_download,
)
from gbif.errors import GbifError
from gbif.loading import inspect_gbif
from gbif.query import GbifQuery, region_query
from gbif.snapshots import last_snapshot, reading
from store.archive import Receipt, receipts, receive, replace_file
from store.disk import writing_to
from store.home import Home
from store.region import Region

ORIGIN = "gbif-download"
NEVER_TO_COME = ("error-download-failed", "error-download-expired", "error-api-not-found")
OF_OCCURRENCES = ("SIMPLE_CSV", "DWCA", "SIMPLE_PARQUET")


def request_region(home: Home, region: Region, gbif: Gbif, form: str, email: str) -> str:
    """Request the region's records as a download, and remember that we did; returns its key."""
    query = region_query(region)
    key = request_download(gbif, query, form, email)
    _remember(home, key, form, query)
    return key


def request_cube(home: Home, gbif: Gbif, sql: str, email: str) -> str:
    """Request a table worked out by GBIF from SQL; returns its key."""
    key = request_sql(gbif, sql, email)
    _remember(home, key, SQL_FORMAT, None)
    return key


def last_request(home: Home) -> str:
    """The key of the download requested last; GbifError where none was."""
    requests = sorted(_folder(home).glob("*.json"), key=lambda path: _said(path)["requestedAt"])
    if not requests:
        raise GbifError("error-download-none")
    return requests[-1].stem


def fetch_download(
    home: Home,
    gbif: Gbif,
    key: str,
    *,
    wait: bool = True,
    told: Callable[[str], None] = lambda status: None,
    progress: Progress = lambda done, whole: None,
) -> tuple[Receipt, bool]:
    """Take a download into the archive once it is ready; returns its receipt and whether it is new.

    Interrupted, the next call goes on where it was. A download of ours is the next snapshot of its region.
    """
    known = next((entry for entry in receipts(home) if entry.reading.get("downloadKey") == key), None)
    if known is not None:
        _forget(home, key)
        return known, False
    try:
        download = wait_for_download(gbif, key, told) if wait else ready(find_download(gbif, key))
    except GbifError as cause:
        if cause.rule in NEVER_TO_COME:
            _forget(home, key)
        raise
    with writing_to(home.gbif_work, download.sizeInBytes):
        path = fetch_file(gbif, download, _folder(home), progress)
    is_cube = download.format == SQL_FORMAT
    citations = [download_citation(download)]
    citations += (
        [] if is_cube else dataset_citations(gbif, dataset_keys(gbif, key), home.gbif_work / "registry")
    )
    try:
        if is_cube:
            taken = _take_cube(
                home, path, download, reading(None, download.records, citations, downloadKey=key)
            )
        else:
            query = _query(_folder(home) / f"{key}.json")
            before = last_snapshot(home, query.scope) if query else None
            # of a species list GBIF announces the occurrences behind it, not its rows
            rows = inspect_gbif(path, path.name) if download.format == "SPECIES_LIST" else download.records
            taken = take_gbif(
                home, path, received_from="GBIF", origin=ORIGIN,
                replaces=before.submissionId if before else None,
                reading=reading(query, rows, citations, downloadKey=key),
            )  # fmt: skip
    except GbifError:
        path.unlink(missing_ok=True)  # whole, but not what GBIF says it is: to be fetched anew
        raise
    _forget(home, key)
    return taken


def step_download(home: Home, region: Region, gbif: Gbif, email: str) -> Receipt | None:
    """What a scheduled fetch does where there is too much for the search: request, and when it is ready, fetch.

    It never waits: returns the receipt of a download that was ready, None where the next run has to look again.
    """
    try:
        return fetch_download(home, gbif, last_request(home), wait=False)[0]
    except GbifError as cause:
        if cause.rule in ("error-download-none", *NEVER_TO_COME):
            request_region(home, region, gbif, OF_OCCURRENCES[0], email)
        elif cause.rule != "error-download-not-ready":
            raise
        return None


def _forget(home: Home, key: str) -> None:
    """Nothing of a download is left in the working folder."""
    for path in _folder(home).glob(f"{key}.*"):
        path.unlink(missing_ok=True)


def _take_cube(home: Home, path: Path, download: Download, said: dict[str, Any]) -> tuple[Receipt, bool]:
    rows = inspect_cube(path, path.name)
    if rows != download.records:
        raise GbifError("error-api-incomplete", expected=download.records, found=rows)
    return receive(home, path, kind="gbif-cube", received_from="GBIF", origin=ORIGIN, reading=said)


def _remember(home: Home, key: str, form: str, query: GbifQuery | None) -> None:
    said = {"requestedAt": datetime.now(UTC).isoformat(), "format": form}
    if query is not None and form in OF_OCCURRENCES:
        said["query"] = reading(query, 0, [])["query"]
    replace_file(_folder(home) / f"{key}.json", json.dumps(said).encode())


def _query(path: Path) -> GbifQuery | None:
    """The query of a download of ours; None where it is somebody else's, or holds no occurrences."""
    said = _said(path).get("query") if path.is_file() else None
    if said is None:
        return None
    return GbifQuery(said["geometry"], tuple(said["taxonKeys"]), said["eventDate"], tuple(said["licenses"]))


def _said(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _folder(home: Home) -> Path:
    return home.gbif_work / "downloads"
