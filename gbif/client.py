"""The GBIF API client: the only part of Parkwatch that uses the network while it runs.

Fetches the occurrences of an area into a file of SIMPLE_CSV shape, which is then received like any other file.
Beyond 100,000 records GBIF's search gives nothing more and a download must be requested on GBIF's site.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import requests

from gbif.errors import GbifError
from store.region import Extent

PAGE = 300
MOST_BY_SEARCH = 100_000
TIMEOUT_IN_SECONDS = 60
PAUSE_IN_SECONDS = 1.0
TRIES = 5
GBIF_BACKBONE = None  # pygbif 0.7 asks for the Catalogue of Life unless told otherwise
COLUMNS = (
    "gbifID", "datasetKey", "occurrenceID", "kingdom", "phylum", "class", "order", "family", "genus", "species",
    "infraspecificEpithet", "taxonRank", "scientificName", "countryCode", "stateProvince", "locality",
    "occurrenceStatus", "individualCount", "decimalLatitude", "decimalLongitude", "coordinateUncertaintyInMeters",
    "coordinatePrecision", "geodeticDatum", "eventDate", "day", "month", "year", "taxonKey", "speciesKey",
    "basisOfRecord", "establishmentMeans", "institutionCode", "collectionCode", "catalogNumber", "license",
    "publishingOrgKey", "datasetName", "informationWithheld", "dataGeneralizations", "lastInterpreted", "issues",
)  # fmt: skip


def fetch_occurrences(
    extent: Extent,
    target: Path,
    *,
    since: date | None = None,
    pause: Callable[[float], None] = time.sleep,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Fetch every occurrence with coordinates in the extent (interpreted `since` a day) into `target`.

    Returns the number of records; no file is left where there are none. GbifError where GBIF has more than its
    search gives out, does not answer, or answers with fewer records than it counts.
    """
    query: dict[str, Any] = {
        "decimalLongitude": f"{extent.west},{extent.east}",
        "decimalLatitude": f"{extent.south},{extent.north}",
        "hasCoordinate": True,
        "checklistKey": GBIF_BACKBONE,
    }
    if since:
        query["lastInterpreted"] = f"{since.isoformat()},*"
    part = target.with_suffix(".part")
    try:
        found = _write(part, _records(query, pause, progress))
        if found:
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return found


def _records(
    query: dict[str, Any], pause: Callable[[float], None], progress: Callable[[int, int], None]
) -> Iterator[dict[str, Any]]:
    fetched: set[str] = set()
    offset = 0
    while True:
        page = _page(query, offset, pause)
        expected = int(page["count"])
        if expected > MOST_BY_SEARCH:
            raise GbifError("error-api-too-many", expected=expected, most=MOST_BY_SEARCH)
        for record in page["results"]:
            key = str(record.get("key") or record.get("gbifID"))
            if key not in fetched:
                fetched.add(key)
                yield record
        progress(len(fetched), expected)
        offset += PAGE
        if page["endOfRecords"] or offset >= expected:
            break
        pause(PAUSE_IN_SECONDS)
    if len(fetched) != expected:
        raise GbifError("error-api-incomplete", expected=expected, found=len(fetched))


def _page(query: dict[str, Any], offset: int, pause: Callable[[float], None]) -> dict[str, Any]:
    """One page; waits and tries again where GBIF is busy, for as long as it asks."""
    from pygbif import occurrences

    for attempt in range(1, TRIES + 1):
        try:
            page: dict[str, Any] = occurrences.search(
                **query, limit=PAGE, offset=offset, timeout=TIMEOUT_IN_SECONDS
            )
            if not isinstance(page.get("results"), list) or "count" not in page:
                raise GbifError("error-api", cause="an answer without results")
            return page
        except (requests.RequestException, ValueError) as cause:
            wait = _wait_for(cause, attempt)
            if wait is None or attempt == TRIES:
                raise GbifError("error-api", cause=cause) from cause
            pause(wait)
    raise AssertionError("unreachable")


def _wait_for(cause: Exception, attempt: int) -> float | None:
    """Seconds to wait before the next try; None where another try cannot help."""
    answer = getattr(cause, "response", None)
    if answer is not None and answer.status_code != 429 and answer.status_code < 500:
        return None
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    return float(asked) if asked.isdecimal() else 2.0**attempt


def _write(path: Path, records: Iterator[dict[str, Any]]) -> int:
    """Tab-separated and unquoted, as GBIF's SIMPLE_CSV; names of people are not among the columns."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record in records:
            record.setdefault("gbifID", record.get("key"))
            writer.writerow([_plain(record.get(column)) for column in COLUMNS])
            count += 1
    return count


def _plain(value: object) -> str:
    if value is None:
        return ""
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(text.split())
