"""The GBIF API client: the only part of Parkwatch that uses the network while it runs.

Fetches the occurrences of an area into a file of SIMPLE_CSV shape, which is then received like any other file.
Beyond 100,000 records GBIF's search gives nothing more and a download must be requested on GBIF's site.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests

from gbif.errors import GbifError
from store.region import Extent

PAGE = 300
MOST_BY_SEARCH = 100_000
TIMEOUT_IN_SECONDS = 60
PAUSE_IN_SECONDS = 1.0
LONGEST_WAIT_IN_SECONDS = 600.0
TRIES = 5
GBIF_BACKBONE = None  # pygbif 0.7 asks for the Catalogue of Life unless told otherwise
COLUMNS = (
    "gbifID", "datasetKey", "occurrenceID", "kingdom", "phylum", "class", "order", "family", "genus", "species",
    "infraspecificEpithet", "taxonRank", "scientificName", "vernacularName", "countryCode", "stateProvince", "locality",
    "occurrenceStatus", "individualCount", "decimalLatitude", "decimalLongitude", "coordinateUncertaintyInMeters",
    "coordinatePrecision", "geodeticDatum", "eventDate", "day", "month", "year", "taxonKey", "speciesKey",
    "basisOfRecord", "establishmentMeans", "institutionCode", "collectionCode", "catalogNumber", "license",
    "publishingOrgKey", "datasetName", "informationWithheld", "dataGeneralizations", "lastInterpreted", "issue",
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
            if not isinstance(record, dict):
                raise GbifError("error-api", cause="a record that is none")
            key = str(record.get("key") or record.get("gbifID"))
            if key not in fetched:
                fetched.add(key)
                yield record
        progress(len(fetched), expected)
        offset += PAGE
        if page.get("endOfRecords") or offset >= expected:
            break
        pause(PAUSE_IN_SECONDS)
    if len(fetched) != expected:
        raise GbifError("error-api-incomplete", expected=expected, found=len(fetched))


def _page(query: dict[str, Any], offset: int, pause: Callable[[float], None]) -> dict[str, Any]:
    """One page; waits and tries again where GBIF is busy, for as long as it asks."""
    from pygbif import occurrences
    from pygbif.gbifutils import NoResultException

    limit = min(PAGE, MOST_BY_SEARCH - offset)  # GBIF refuses a page that reaches beyond its last record
    for attempt in range(1, TRIES + 1):
        try:
            page: dict[str, Any] = occurrences.search(
                **query, limit=limit, offset=offset, timeout=TIMEOUT_IN_SECONDS
            )
            if not _is_page(page):
                raise GbifError("error-api", cause="an answer without results")
            return page
        except (NoResultException, KeyError) as cause:  # what pygbif says of an answer that is no JSON
            raise GbifError("error-api", cause="an answer that is no JSON") from cause
        except (requests.RequestException, ValueError) as cause:
            wait = _wait_for(cause, attempt)
            if wait is None or attempt == TRIES:
                raise GbifError("error-api", cause=cause) from cause
            pause(wait)
    raise AssertionError("unreachable")


def _is_page(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("results"), list)
        and isinstance(answer.get("count"), int)
    )


def _wait_for(cause: Exception, attempt: int) -> float | None:
    """Seconds to wait before the next try; None where another try cannot help."""
    answer = getattr(cause, "response", None)
    if answer is not None and answer.status_code != 429 and answer.status_code < 500:
        return None
    asked = _seconds(answer.headers.get("Retry-After", "")) if answer is not None else None
    wait = 2.0**attempt if asked is None else asked
    return wait if wait <= LONGEST_WAIT_IN_SECONDS else None


def _seconds(retry_after: str) -> float | None:
    """Retry-After is a number of seconds or the moment itself."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0)


def _write(path: Path, records: Iterator[dict[str, Any]]) -> int:
    """Tab-separated and unquoted, as GBIF's SIMPLE_CSV; names of people are not among the columns."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record in records:
            # the API's words for two columns of SIMPLE_CSV
            named = {"gbifID": record.get("key"), "issue": record.get("issues"), **record}
            writer.writerow([_plain(named.get(column)) for column in COLUMNS])
            count += 1
    return count


def _plain(value: object) -> str:
    if value is None:
        return ""
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(text.split())
