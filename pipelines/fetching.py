"""Fetching: what GBIF has for the region, as a new snapshot in the archive.

What is asked and how belongs to `gbif`; loading what was fetched to the assets.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import dagster as dg
from dagster import OpExecutionContext

from assets.intake import take_gbif
from assets.workspace import Workspace, file_lock
from gbif.asking import Gbif
from gbif.datasets import dataset_citations
from gbif.errors import GbifError
from gbif.pages import KeptPages
from gbif.query import region_query
from gbif.searching import MOST_BY_SEARCH, found_records, search_occurrences
from gbif.snapshots import last_snapshot, pack_search, reading, search_citation
from pipelines.downloading import step_download
from pipelines.settings import read_settings
from store.archive import Receipt
from store.disk import writing_to
from store.home import Home
from store.region import Region

ORIGIN = "gbif-api"
ABOUT_A_RECORD_IN_BYTES = 4_000
Progress = Callable[[int, int], None]


@dg.op(
    description="Fetch the region's records from GBIF, or the download last requested; the unchanged is not kept."
)
def fetch_gbif(context: OpExecutionContext, workspace: Workspace) -> None:
    settings = read_settings()
    receipt: Receipt | None
    try:
        receipt, is_new = sync_region(workspace.home, workspace.region, settings.gbif)
    except GbifError as cause:
        if cause.rule != "error-api-too-many" or not settings.gbif_user:
            raise
        receipt = step_download(workspace.home, workspace.region, settings.gbif, settings.gbif_email)
        is_new = receipt is not None
    records = receipt.reading["announced"] if receipt else 0
    context.log.info("%s: %d records, new: %s", receipt and receipt.submissionId, records, is_new)
    context.add_output_metadata({"records": records, "new": is_new})


def sync_region(
    home: Home, region: Region, gbif: Gbif, progress: Progress = lambda done, whole: None
) -> tuple[Receipt, bool]:
    """Fetch what GBIF has for the region now; returns its snapshot and whether anything has changed since the last.

    Killed at any moment, the next call goes on where it was: pages stay until the snapshot is in the archive.
    """
    query = region_query(region)
    home.gbif_work.mkdir(parents=True, exist_ok=True)
    lock = file_lock(home.gbif_work / ".fetching.lock", wait_in_seconds=0)
    with lock, writing_to(home.gbif_work, ABOUT_A_RECORD_IN_BYTES * MOST_BY_SEARCH):
        for other in home.gbif_work.glob("search-*"):
            if other.name != f"search-{query.scope}":  # the region or its filter has changed
                shutil.rmtree(other, ignore_errors=True)
        pages = KeptPages(home.gbif_work / f"search-{query.scope}", f"{gbif.api} {query.scope}")
        announced = search_occurrences(gbif, query, pages, progress)
        keys = {record["datasetKey"] for record in found_records(pages)}
        citations = [
            search_citation(announced, pages.startedAt),
            *dataset_citations(gbif, keys, home.gbif_work / "registry"),
        ]
        before = last_snapshot(home, query.scope)
        with tempfile.TemporaryDirectory(prefix="parkwatch-fetch-") as folder:
            path = Path(folder) / f"gbif-{region.id}-{pages.startedAt:%Y%m%dT%H%M%SZ}.zip"
            rows = pack_search(path, query, pages.startedAt, found_records(pages))
            if before is not None and before.reading.get("rowsSha256") == rows:
                pages.clear()
                return before, False
            receipt, _ = take_gbif(
                home, path, received_from="GBIF", origin=ORIGIN,
                replaces=before.submissionId if before else None,
                reading=reading(query, announced, citations, rowsSha256=rows),
            )  # fmt: skip
        pages.clear()
        return receipt, True
