"""Snapshots: each fetch of the same records, in the archive one after another.

A snapshot replaces the one before it of the same scope. What differs between two is found in `changes`, what counts
of them is decided in `standard`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from gbif.citations import Citation
from gbif.query import GbifQuery
from gbif.searching import gbif_id
from store.archive import Receipt, receipts
from store.home import Home

ROWS = "occurrence.txt"
DWC = "http://rs.tdwg.org/dwc/terms/"
GBIF_TERMS = dict.fromkeys(
    ("gbifID", "species", "taxonKey", "speciesKey", "publishingOrgKey", "lastInterpreted", "issue"),
    "http://rs.gbif.org/terms/1.0/",
) | {"license": "http://purl.org/dc/terms/"}
ABOUT, META = "snapshot.json", "meta.xml"
COLUMNS = (
    "gbifID", "datasetKey", "occurrenceID", "kingdom", "phylum", "class", "order", "family", "genus", "species",
    "infraspecificEpithet", "taxonRank", "scientificName", "vernacularName", "countryCode", "stateProvince", "locality",
    "occurrenceStatus", "individualCount", "decimalLatitude", "decimalLongitude", "coordinateUncertaintyInMeters",
    "coordinatePrecision", "geodeticDatum", "eventDate", "day", "month", "year", "taxonKey", "speciesKey",
    "basisOfRecord", "establishmentMeans", "institutionCode", "collectionCode", "catalogNumber", "license",
    "publishingOrgKey", "datasetName", "informationWithheld", "dataGeneralizations", "lastInterpreted", "issue",
    "eventID", "recordedBy",
)  # fmt: skip


def snapshots(home: Home, scope: str | None = None) -> list[Receipt]:
    """The GBIF files received, oldest first, those replaced before what replaces them; those of one scope."""
    found = receipts(home, "gbif")
    return in_order(receipt for receipt in found if scope is None or receipt.reading.get("scope") == scope)


def last_snapshot(home: Home, scope: str) -> Receipt | None:
    """The snapshot of a scope that no other replaces."""
    found = snapshots(home, scope)
    replaced = {receipt.replaces for receipt in found}
    return next((receipt for receipt in reversed(found) if receipt.submissionId not in replaced), None)


def in_order(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Receipts so that what is replaced comes before what replaces it."""
    waiting, ordered = list(receipts), []
    ids = {receipt.submissionId for receipt in waiting}
    while waiting:
        ready = [receipt for receipt in waiting if receipt.replaces not in ids] or waiting
        ordered += ready
        ids -= {receipt.submissionId for receipt in ready}
        waiting = [receipt for receipt in waiting if receipt.submissionId in ids]
    return ordered


def pack_search(target: Path, query: GbifQuery, started: datetime, records: Iterable[dict[str, Any]]) -> str:
    """Write the records of a fetch as a Darwin Core Archive; returns the digest of the rows.

    The same fetch gives the same bytes, packed once or twice; the same records give the same rows. Who recorded a
    record stays here, in the archive, as in any download: loading leaves it out.
    """
    ordered = sorted(records, key=lambda record: (len(gbif_id(record)), gbif_id(record)))
    digest = hashlib.sha256()
    about = {"query": asdict(query), "records": len(ordered), "fetchedAt": started.isoformat()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member(ABOUT), json.dumps(about, indent=1))
        archive.writestr(_member(META), _meta())
        with archive.open(_member(ROWS), "w", force_zip64=True) as file:
            for line in _lines(ordered):
                digest.update(line)
                file.write(line)
    return digest.hexdigest()


def reading(
    query: GbifQuery | None, announced: int, citations: Iterable[Citation], **more: Any
) -> dict[str, Any]:
    """What a snapshot's receipt says about it, beside the file itself."""
    said: dict[str, Any] = {"announced": announced, "citations": [asdict(cited) for cited in citations]}
    if query is not None:
        said |= {"scope": query.scope, "query": asdict(query)}
    plain: dict[str, Any] = json.loads(json.dumps(said | more))  # as it will be read again
    return plain


def search_citation(records: int, started: datetime) -> Citation:
    """How GBIF asks to be cited for what its search gave; the datasets are cited beside it."""
    day = started.date().isoformat()
    return Citation(f"GBIF.org ({day}) GBIF Occurrence Search, {records} records. https://www.gbif.org")


def _meta() -> str:
    """How the rows are to be read, in the words of Darwin Core's text guide."""
    fields = "".join(
        f'<field index="{index}" term="{GBIF_TERMS.get(column, DWC)}{column}"/>'
        for index, column in enumerate(COLUMNS)
    )
    return (
        '<archive xmlns="http://rs.tdwg.org/dwc/text/"><core encoding="UTF-8" fieldsTerminatedBy="\\t" '
        'linesTerminatedBy="\\n" fieldsEnclosedBy="" ignoreHeaderLines="1" '
        f'rowType="{DWC}Occurrence"><files><location>{ROWS}</location></files><id index="0"/>{fields}</core></archive>'
    )


def _member(name: str) -> zipfile.ZipInfo:
    """A member that does not say when it was packed."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


class _Lines:
    """What csv writes, line by line."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def _lines(records: Iterable[dict[str, Any]]) -> Iterable[bytes]:
    """Tab-separated and unquoted, as GBIF writes it."""
    line = _Lines()
    writer = csv.writer(line, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield line.text.encode()
    for record in records:
        # the API's words for two columns of SIMPLE_CSV
        named = {"gbifID": gbif_id(record), "issue": record.get("issues"), **record}
        writer.writerow([_cell(named.get(column)) for column in COLUMNS])
        yield line.text.encode("utf-8", errors="replace")


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(text.replace("\x00", "").split())
