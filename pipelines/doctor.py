"""`parkwatch doctor`: what this machine lacks and how to get it. Mends nothing by itself."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from store.catalogue import BilingualText, text
from store.errors import ParkwatchError
from store.region import read_region
from store.warehouse import load_spatial, open_in_memory, open_warehouse

ADVISED_DISK_IN_GB = 5


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, whether it is well, and the remedy where it is not."""

    what: BilingualText
    well: bool
    remedy: BilingualText


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything a run needs, in the order in which it needs it."""
    yield _finding("python", (3, 11) <= sys.version_info < (3, 14), found=platform.python_version())
    yield _spatial()
    yield _region(settings.region_folder)
    home = settings.home
    yield _finding("home", home.archive.is_dir(), path=home.path)
    folder = next(path for path in (home.path, *home.path.parents) if path.exists())
    free = shutil.disk_usage(folder).free >> 30
    yield _finding("disk", free >= ADVISED_DISK_IN_GB, free=free, needed=ADVISED_DISK_IN_GB)
    if home.warehouse.exists():
        yield _warehouse(settings)


def _finding(name: str, well: bool, **values: object) -> Finding:
    remedy = text("pipelines", f"doctor-{name}-remedy", **values)
    return Finding(text("pipelines", f"doctor-{name}", **values), well, remedy)


def _spatial() -> Finding:
    try:
        with open_in_memory() as connection:
            load_spatial(connection)
            return _finding("spatial", True)
    except (duckdb.Error, ImportError):
        return _finding("spatial", False)


def _region(folder: Path) -> Finding:
    try:
        read_region(folder)
    except ParkwatchError as cause:
        what = text("pipelines", "doctor-region", path=folder)
        return Finding(what, False, BilingualText(cause.in_language("zh"), cause.in_language("en")))
    return _finding("region", True, path=folder, cause="")


def _warehouse(settings: Settings) -> Finding:
    try:
        with open_warehouse(settings.home, wait_in_seconds=1):
            return _finding("warehouse", True, cause="")
    except (duckdb.Error, ParkwatchError) as cause:
        return _finding("warehouse", False, cause=cause)
