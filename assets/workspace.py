"""The workspace: what every asset is given: the home, the region, the day of judgement, and the run lock.

Where these come from (environment, options) is decided in `pipelines`.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path

import dagster as dg
import duckdb

from store.errors import WarehouseLocked
from store.home import Home
from store.region import Region, read_region
from store.warehouse import open_warehouse

LOCK_POLL_IN_SECONDS = 0.2


class Workspace(dg.ConfigurableResource):
    """One installation working for one region."""

    home_folder: str
    region_folder: str
    lock_wait_in_seconds: float = 600.0
    report_day: str = ""  # ISO date; empty for today in the region's time zone

    @cached_property
    def home(self) -> Home:
        return Home(Path(self.home_folder))

    @cached_property
    def region(self) -> Region:
        return read_region(Path(self.region_folder))

    @property
    def day(self) -> date:
        return date.fromisoformat(self.report_day) if self.report_day else self.region.today().date()

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_warehouse(self.home, self.lock_wait_in_seconds) as connection:
            yield connection

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Workspace, None, None]:
        """Hold the run lock for the whole run, so that runs from the command and from Dagster take turns.

        A sensor looking round is no run and waits for nobody.
        """
        if context.run is None:
            yield self
            return
        with run_lock(self.home, self.lock_wait_in_seconds):
            yield self


def run_lock(home: Home, wait_in_seconds: float) -> AbstractContextManager[None]:
    """Wait for any other run of this home to end; a killed run lets go by itself."""
    home.path.mkdir(parents=True, exist_ok=True)
    return file_lock(home.run_lock, wait_in_seconds)


@contextmanager
def file_lock(path: Path, wait_in_seconds: float) -> Iterator[None]:
    """Hold a file's lock; WarehouseLocked names the process that has it where the wait is too long."""
    deadline = time.monotonic() + wait_in_seconds
    with path.open("a+", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.seek(0)
                    raise WarehouseLocked(
                        "error-run-locked", holder=file.read().strip() or "?", seconds=round(wait_in_seconds)
                    ) from None
                time.sleep(LOCK_POLL_IN_SECONDS)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
