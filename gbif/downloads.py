"""Downloads: what GBIF prepares on request: asked for, waited for, fetched with resuming, and checked to be whole.

Requesting needs an account; fetching does not. What a search gives at once belongs to `searching`.
"""

from __future__ import annotations

import importlib
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gbif.asking import Gbif, pygbif
from gbif.citations import Citation
from gbif.errors import GbifError
from gbif.query import GbifQuery

SQL_FORMAT = "SQL_TSV_ZIP"
KEY = re.compile(r"\d{7,10}-\d{15}")
UNDER_WAY = ("PREPARING", "RUNNING", "SUSPENDED")
ERASED = "FILE_ERASED"
FIRST_POLL_IN_SECONDS, LAST_POLL_IN_SECONDS = 10.0, 120.0
CHUNK_IN_BYTES = 16 << 10  # what a cut connection may cost
DATASETS_AT_A_TIME = 500
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Download:
    """What GBIF says of a download. size and records are known once its status is SUCCEEDED."""

    key: str
    status: str
    format: str
    sizeInBytes: int
    records: int
    doi: str | None
    license: str | None
    created: str


def request_download(gbif: Gbif, query: GbifQuery, form: str, email: str) -> str:
    """Ask GBIF to prepare the records of a query; returns the key of the download."""
    _require_account(gbif, email)
    # not an attribute of pygbif: a function of the same name hides the module
    asked = importlib.import_module(f"{pygbif().__name__}.occurrences.download").GbifDownload(
        gbif.user, email
    )
    for predicate in query.as_predicates():
        asked.add_predicate_dict(predicate)
    asked.format = form
    return _requested(gbif, asked.payload | {"notificationAddresses": [email]})


def request_sql(gbif: Gbif, sql: str, email: str) -> str:
    """Ask GBIF to work out a cube (or any other table) from SQL; returns the key of the download."""
    _require_account(gbif, email)
    payload = {"sendNotification": True, "notificationAddresses": [email], "format": SQL_FORMAT, "sql": sql}
    return _requested(gbif, payload)


def find_download(gbif: Gbif, key: str) -> Download:
    return gbif.ask(partial(pygbif().occurrences.download_meta, key), partial(_download, key))


def wait_for_download(gbif: Gbif, key: str, told: Callable[[str], None] = lambda status: None) -> Download:
    """Ask now and then until the download is ready; GbifError where it never will be."""
    wait = FIRST_POLL_IN_SECONDS
    while True:
        download = find_download(gbif, key)
        told(download.status)
        if download.status not in UNDER_WAY:
            return ready(download)
        gbif.pause(wait)
        wait = min(2 * wait, LAST_POLL_IN_SECONDS)


def ready(download: Download) -> Download:
    """The download, if its file can be fetched."""
    if download.status == ERASED:
        raise GbifError("error-download-expired", key=download.key)
    if download.status in UNDER_WAY:
        raise GbifError("error-download-not-ready", key=download.key, status=download.status)
    if download.status != "SUCCEEDED":
        raise GbifError("error-download-failed", key=download.key, status=download.status)
    return download


def fetch_file(
    gbif: Gbif, download: Download, folder: Path, progress: Progress = lambda done, whole: None
) -> Path:
    """Fetch the file of a ready download into a folder, from where the last fetch left off; checked to be whole."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{download.key}.zip"
    if not part.exists() or part.stat().st_size != download.sizeInBytes:
        gbif.ask(partial(_get_rest, gbif, download, part, progress))
    _require_whole(part, download)
    return part


def dataset_keys(gbif: Gbif, key: str) -> list[str]:
    """The datasets that a download's records are of."""
    return [str(entry["datasetKey"]) for entry in _listed(gbif, key)]


def download_citation(download: Download) -> Citation:
    """How GBIF asks to be cited for a download."""
    where = (
        f"https://doi.org/{download.doi}"
        if download.doi
        else f"https://www.gbif.org/occurrence/download/{download.key}"
    )
    said = f"GBIF.org ({download.created[:10]}) GBIF Occurrence Download {where}"
    return Citation(said, license=download.license, doi=download.doi)


def checked_key(text: str) -> str:
    """A download's key as people write it, also as the address of its page."""
    found = KEY.search(text)
    if not found:
        raise GbifError("error-download-key", key=text)
    return found[0]


def _require_account(gbif: Gbif, email: str) -> None:
    missing = [
        name
        for name, value in (("GBIF_USER", gbif.user), ("GBIF_PWD", gbif.password), ("GBIF_EMAIL", email))
        if not value
    ]
    if missing:
        raise GbifError("error-account", missing=", ".join(missing))


def _requested(gbif: Gbif, payload: dict[str, Any]) -> str:
    import requests

    def post(**ways: Any) -> str:
        # pygbif's own request has no timeout
        answer = requests.post(gbif.url("v1/occurrence/download/request"), json=payload, **ways)  # noqa: S113
        answer.raise_for_status()
        return answer.text

    return gbif.ask(post, _key, is_repeatable=False, as_user=True)


def _key(answer: str) -> str:
    if not KEY.fullmatch(answer.strip().strip('"')):
        raise GbifError("error-api", cause="an answer that is no key of a download")
    return answer.strip().strip('"')


def _download(key: str, answer: Any) -> Download:
    if not isinstance(answer, dict) or not isinstance(answer.get("status"), str):
        raise GbifError("error-api-schema", missing="status")
    size, records, request = answer.get("size"), answer.get("totalRecords"), answer.get("request")
    if answer["status"] == "SUCCEEDED" and not (type(size) is int and type(records) is int):
        raise GbifError("error-api-schema", missing="size, totalRecords")
    return Download(
        key, answer["status"], str((request if isinstance(request, dict) else {}).get("format") or ""),
        size if type(size) is int else 0, records if type(records) is int else 0,
        answer.get("doi"), answer.get("license"), str(answer.get("created") or ""),
    )  # fmt: skip


def _get_rest(gbif: Gbif, download: Download, part: Path, progress: Progress, **ways: Any) -> None:
    """Get what is missing of a file; ValueError (ask again) where it still is not whole."""
    import requests

    have = part.stat().st_size if part.exists() else 0
    if have > download.sizeInBytes:  # of another state of the file
        part.unlink()
        have = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    url = gbif.url(f"v1/occurrence/download/request/{download.key}.zip")
    with requests.get(url, headers=headers, stream=True, **ways) as answer:  # noqa: S113
        answer.raise_for_status()
        goes_on = answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        is_rest = answer.status_code == 206 and goes_on
        if "html" in answer.headers.get("Content-Type", ""):
            raise GbifError("error-api", cause="a page instead of a file")
        with part.open("ab" if is_rest else "wb") as file:
            for chunk in answer.iter_content(CHUNK_IN_BYTES):
                file.write(chunk)
                progress(min(file.tell(), download.sizeInBytes), download.sizeInBytes)
            file.flush()
            os.fsync(file.fileno())
    if part.stat().st_size < download.sizeInBytes:
        raise ValueError(f"{part.stat().st_size} of {download.sizeInBytes} bytes")


def _require_whole(part: Path, download: Download) -> None:
    """What cannot be the file GBIF announced is thrown away: no resuming could mend it."""
    try:
        if part.stat().st_size != download.sizeInBytes:
            raise zipfile.BadZipFile(f"{part.stat().st_size} bytes instead of {download.sizeInBytes}")
        with zipfile.ZipFile(part) as archive:
            broken = archive.testzip()
        if broken is not None:
            raise zipfile.BadZipFile(f"{broken} is damaged")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as cause:
        part.unlink(missing_ok=True)
        raise GbifError("error-not-a-zip", file=part.name, cause=cause) from cause


def _listed(gbif: Gbif, key: str) -> Iterator[dict[str, Any]]:
    url, offset = gbif.url(f"v1/occurrence/download/{key}/datasets"), 0
    while True:
        page = gbif.ask(
            partial(pygbif().gbifutils.gbif_GET, url, {"limit": DATASETS_AT_A_TIME, "offset": offset}),
            _datasets,
        )
        yield from page["results"]
        offset += DATASETS_AT_A_TIME
        if page.get("endOfRecords", True) or not page["results"]:
            return


def _datasets(answer: Any) -> dict[str, Any]:
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or any(
        not isinstance(entry, dict) or "datasetKey" not in entry for entry in results
    ):
        raise GbifError("error-api-schema", missing="datasetKey")
    page: dict[str, Any] = answer
    return page
