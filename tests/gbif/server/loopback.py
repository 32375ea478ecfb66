"""What GBIF says: search, counts, species match v1 and v2, registry, and the download service, over given records."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import shapely

from tests.gbif.server.speaking import JSON, Asked, Said, speaking

MOST_BY_SEARCH = 100_000
USER, PASSWORD = "someone", "s3cret-pass"
Fault = Callable[[Asked, Said], Said | None]


def record(number: int, **more: Any) -> dict[str, Any]:
    """One occurrence as the search gives it, east of the pond of the test region; people's names among it."""
    return {
        "key": number, "gbifID": str(number), "datasetKey": f"00000000-0000-0000-0000-00000000000{number % 3}",
        "scientificName": "Ulmus pumila L.", "species": "Ulmus pumila", "taxonKey": 9, "speciesKey": 9,
        "taxonRank": "SPECIES", "kingdom": "Plantae", "basisOfRecord": "HUMAN_OBSERVATION",
        "occurrenceStatus": "PRESENT", "eventDate": "2025-06-03", "year": 2025, "month": 6, "day": 3,
        "decimalLatitude": round(40.0 + number % 97 / 1000, 4), "decimalLongitude": 113.3,
        "license": "http://creativecommons.org/licenses/by-nc/4.0/legalcode", "locality": "two\nlines\tand a tab",
        "recordedBy": "Zhang Observer", "identifiedBy": "Li Determiner",
        "issues": ["COORDINATE_ROUNDED", "GEODETIC_DATUM_ASSUMED_WGS84"],
        "lastInterpreted": "2026-01-01T00:00:00.000+00:00",
    } | more  # fmt: skip


@dataclass
class Download:
    """One download: what its status says, one word after another (the last one stays), and its file."""

    content: bytes
    records: int
    statuses: list[str] = field(default_factory=lambda: ["PREPARING", "RUNNING", "SUCCEEDED"])
    size: int | None = None
    request: dict[str, Any] = field(default_factory=dict)


class Loopback:
    """GBIF as a test wants it: its records, downloads and faults; what it was asked, in order."""

    def __init__(self) -> None:
        self.api = ""
        self.records: list[dict[str, Any]] = []
        self.matches: dict[str, dict[str, Any]] = {}
        self.registry: dict[str, dict[str, Any]] = {}
        self.downloads: dict[str, Download] = {}
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def offsets(self) -> list[int]:
        """The pages of records that were asked for, in order; counts are none."""
        pages = [asked.query for asked in self.asked if asked.path == "/v1/occurrence/search"]
        return [int(query["offset"][0]) for query in pages if query["limit"] != ["0"]]

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        said = self._say(asked)
        for fault in self.faults:
            changed = fault(asked, said)
            if changed is not None:
                return changed
        return said

    def _say(self, asked: Asked) -> Said:
        path = asked.path
        if path == "/v1/occurrence/search":
            return self._search(asked.query)
        if path == "/v1/occurrence/count":
            return 200, JSON, str(len(self.records)).encode()
        if path in ("/v1/species/match", "/v2/species/match"):
            return self._match(path, asked.query)
        if found := re.fullmatch(r"/v1/(?:dataset|organization)/([\w-]+)", path):
            entry = self.registry.get(found[1])
            return _json(entry) if entry else (404, {}, b"")
        if path.startswith("/v1/occurrence/download"):
            return self._download(asked)
        return 404, {}, b""

    def _search(self, query: dict[str, list[str]]) -> Said:
        offset, limit = int(query["offset"][0]), int(query["limit"][0])
        if offset + limit > MOST_BY_SEARCH:
            return 400, {}, b"Max offset exceeded"
        chosen = [entry for entry in self.records if _fits(entry, query)]
        last = min(offset + limit, len(chosen))
        return _json({
            "offset": offset, "limit": limit, "endOfRecords": last >= len(chosen), "count": len(chosen),
            "results": chosen[offset:last], "facets": [],
        })  # fmt: skip

    def _match(self, path: str, query: dict[str, list[str]]) -> Said:
        (name,) = query.get("scientificName") or query["name"]
        flat = self.matches.get(name, {"matchType": "NONE", "confidence": 100, "synonym": False})
        if path.startswith("/v1"):
            return _json(flat)
        diagnostics = {key: flat[key] for key in ("matchType", "confidence")}
        usage = {
            "key": str(flat.get("usageKey", "")), "name": flat.get("scientificName"),
            "canonicalName": flat.get("canonicalName"),
        }  # fmt: skip
        return _json({"synonym": flat["synonym"], "diagnostics": diagnostics} | (
            {"usage": usage} if "usageKey" in flat else {}
        ))  # fmt: skip

    def _download(self, asked: Asked) -> Said:
        if asked.path == "/v1/occurrence/download/request" and asked.method == "POST":
            if asked.headers.get("authorization") != _basic(USER, PASSWORD):
                return 401, {}, b""
            key = f"{len(self.downloads):07d}-261125000000000"
            self.downloads[key] = Download(
                simple_csv(self.records, key), len(self.records), request=json.loads(asked.body)
            )
            return 201, JSON, key.encode()
        if found := re.fullmatch(r"/v1/occurrence/download/request/([\d-]+)\.zip", asked.path):
            return self._file(found[1], asked)
        if found := re.fullmatch(r"/v1/occurrence/download/([\d-]+)(/datasets)?", asked.path):
            return self._status(found[1], is_datasets=bool(found[2]), query=asked.query)
        return 404, {}, b""

    def _file(self, key: str, asked: Asked) -> Said:
        if key not in self.downloads or self.downloads[key].statuses[0] == "FILE_ERASED":
            return 404, {}, b""
        content = self.downloads[key].content
        headers = {"Content-Type": "application/zip", "ETag": f'"{key}"', "Accept-Ranges": "bytes"}
        wanted = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
        if not wanted:
            return 200, headers, content
        first = int(wanted[1])
        if first >= len(content):
            return 416, {"Content-Range": f"bytes */{len(content)}"}, b""
        span = {"Content-Range": f"bytes {first}-{len(content) - 1}/{len(content)}"}
        return 206, headers | span, content[first:]

    def _status(self, key: str, *, is_datasets: bool, query: dict[str, list[str]]) -> Said:
        if key not in self.downloads:
            return 404, {}, b""
        download = self.downloads[key]
        if is_datasets:
            keys = sorted({entry["datasetKey"] for entry in self.records})
            offset, limit = int(query["offset"][0]), int(query["limit"][0])
            results = [
                {"downloadKey": key, "datasetKey": dataset} for dataset in keys[offset : offset + limit]
            ]
            return _json(
                {"count": len(keys), "endOfRecords": offset + limit >= len(keys), "results": results}
            )
        status = download.statuses.pop(0) if len(download.statuses) > 1 else download.statuses[0]
        is_ready = status in ("SUCCEEDED", "FILE_ERASED")
        return _json({
            "key": key, "status": status, "doi": "10.15468/dl.test00" if is_ready else None,
            "license": "http://creativecommons.org/licenses/by-nc/4.0/legalcode",
            "request": download.request, "created": "2026-11-25T00:00:00.000+00:00",
            "size": (download.size or len(download.content)) if is_ready else 0,
            "totalRecords": download.records if is_ready else 0,
            "downloadLink": f"https://api.gbif.org/v1/occurrence/download/request/{key}.zip",
        })  # fmt: skip


@contextmanager
def loopback(state: Loopback | None = None) -> Iterator[Loopback]:
    """A GBIF that listens on this machine until the block ends."""
    state = state or Loopback()
    with speaking(state.answer) as state.api:
        yield state


def simple_csv(records: list[dict[str, Any]], key: str) -> bytes:
    """The file of a SIMPLE_CSV download."""
    columns = (
        [name for name in records[0] if name not in ("key", "issues")] if records else ["gbifID", "species"]
    )
    lines = ["\t".join(columns)]
    lines += ["\t".join(" ".join(str(entry.get(name, "")).split()) for name in columns) for entry in records]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{key}.csv", "\n".join(lines) + "\n")
    return content.getvalue()


def _fits(entry: dict[str, Any], query: dict[str, list[str]]) -> bool:
    place = shapely.from_wkt(query["geometry"][0]) if "geometry" in query else None
    if place is not None and not place.covers(
        shapely.Point(entry["decimalLongitude"], entry["decimalLatitude"])
    ):
        return False
    if "taxonKey" in query and str(entry.get("taxonKey")) not in query["taxonKey"]:
        return False
    first, _, last = query.get("eventDate", [","])[0].replace("*", "").partition(",")
    return (first or "") <= str(entry.get("eventDate") or "") <= (last or "9")


def _json(value: object) -> Said:
    return 200, JSON, json.dumps(value).encode()


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
