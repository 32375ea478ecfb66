"""Fetching: what GBIF has new for the region, taken into the archive."""

import math
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster import OpExecutionContext

from assets.intake import take_gbif
from assets.workspace import Workspace
from gbif.client import fetch_occurrences
from store.archive import receipts
from store.region import Extent, Region

ORIGIN = "gbif-api"
OVERLAP = timedelta(days=2)  # GBIF may still be indexing what it interpreted yesterday
KILOMETERS_PER_DEGREE = 111.0


@dg.op(description="Fetch records interpreted since the last fetch; nothing new leaves the archive as it is.")
def fetch_gbif(context: OpExecutionContext, workspace: Workspace) -> None:
    region = workspace.region
    fetched = [receipt for receipt in receipts(workspace.home, "gbif") if receipt.origin == ORIGIN]
    since = (datetime.fromisoformat(fetched[-1].receivedAt) - OVERLAP).date() if fetched else None
    name = f"gbif-{region.id}-{datetime.now(region.timeZone):%Y%m%d}.tsv"
    with tempfile.TemporaryDirectory(prefix="parkwatch-fetch-") as folder:
        path = Path(folder) / name
        found = fetch_occurrences(with_buffer(region), path, since=since)
        if found:
            receipt, _ = take_gbif(workspace.home, path, received_from="GBIF", origin=ORIGIN)
            context.log.info("%s: %d records", receipt.submissionId, found)
    context.add_output_metadata({"records": found, "since": str(since or "")})


def with_buffer(region: Region) -> Extent:
    """The extent widened by the distance within which something counts as approaching."""
    north_south = region.thresholds.bufferInKilometers / KILOMETERS_PER_DEGREE
    extent = region.extent
    east_west = north_south / math.cos(math.radians(min(max(abs(extent.north), abs(extent.south)), 85)))
    return Extent(
        west=max(extent.west - east_west, -180), south=max(extent.south - north_south, -90),
        east=min(extent.east + east_west, 180), north=min(extent.north + north_south, 90),
    )  # fmt: skip
