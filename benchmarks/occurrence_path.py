"""The occurrence path at any size, stage by stage, against DuckDB loading the same file bare: `make bench-occurrences`.

    python -m benchmarks.occurrence_path [ROWS …]     default 1000000 10000000

An invented GBIF file of 50 columns goes through loading, matching against 100,000 names, locating in 500 sites, all
record tests, de-duplication and the cube; then a second snapshot of which 1 % differs. Seconds depend on the machine;
the ratios of one run do not.
"""

from __future__ import annotations

import dataclasses
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import shapely

from benchmarks.invented import REGION
from benchmarks.invented_gbif import TYPES, write_gbif, write_later
from benchmarks.name_matching import write_checklist
from gbif.loading import load_gbif
from monitoring.cube import build_cube
from monitoring.duplicates import build_duplicates
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_quarantine
from quality.record_tests.record_test import Context
from species.index.build import build_index
from species.sources.importing import import_names
from store.archive import Receipt, receive
from store.home import Home
from store.outlines import Place
from store.region import Region, read_region
from store.warehouse import open_warehouse

SEED = 20_261_125
SITES = 500
CORNERS = 24


def region_with_sites(draw: random.Random) -> Region:
    """The region with 500 invented sites, some of which overlap or lie within another."""
    region = read_region(REGION)
    west, south, east, north = region.outline.bounds
    sites = []
    for number in range(SITES):
        centre = shapely.Point(draw.uniform(west, east), draw.uniform(south, north))
        outline = centre.buffer(draw.uniform(0.002, 0.03), quad_segs=CORNERS // 4)
        sites.append(Place(f"site-{number}", "site", f"样地{number}", f"Plot {number}", outline, "park"))
    return dataclasses.replace(region, sites=tuple(sites))


def load_bare(path: Path) -> float:
    """Seconds DuckDB needs to load the file into a typed table of a new database, and nothing else."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bare.duckdb") as connection:
        connection.execute("SET enable_progress_bar = false")
        began = time.perf_counter()
        connection.execute(
            f"CREATE TABLE bare AS SELECT * FROM read_csv('{path}', columns = {{{columns}}}, delim = '\t', "
            "quote = '', escape = '', header = true, auto_detect = false, nullstr = '')"
        )
        connection.execute("CHECKPOINT")
        return time.perf_counter() - began


def run_path(
    connection: duckdb.DuckDBPyConnection, home: Home, region: Region, receipt: Receipt
) -> dict[str, float]:
    """Seconds of each stage from an archived file to the cube."""
    context = Context(region.extent, region.thresholds, date(2026, 11, 25))
    stages: dict[str, Callable[[], object]] = {
        "load": lambda: load_gbif(connection, home, receipt),
        "standardise, match, locate": lambda: build_records(connection, region, home),
        "record tests": lambda: build_flags(connection, context),
        "hold back": lambda: build_quarantine(connection),
        "find duplicates": lambda: build_duplicates(connection),
        "cube": lambda: build_cube(connection),
        "checkpoint": lambda: connection.execute("CHECKPOINT"),
    }
    seconds = {}
    for name, stage in stages.items():
        began = time.perf_counter()
        stage()
        seconds[name] = time.perf_counter() - began
    return seconds


def measure(rows: int) -> None:
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as name:
        folder = Path(name)
        home = Home(folder / "home").create()
        names = write_checklist(folder / "names.csv", draw)
        import_names(home, [folder / "names.csv"], "bench")
        region = region_with_sites(draw)
        file, later = folder / "gbif.csv", folder / "later.csv"
        write_gbif(file, rows, names, region)
        write_later(file, later)
        bare = min(load_bare(file) for _ in range(2))
        print(f"rows {rows:>10,} | bare typed load {bare:6.2f} s")
        receipt, _ = receive(home, file, kind="gbif", received_from="bench", origin="bench")
        file.unlink()  # or it pushes its copy in the archive out of the cache
        with open_warehouse(home) as connection:
            build_index(connection, region, home)
            build_sites(connection, region)
            first = run_path(connection, home, region, receipt)
        tell("occurrence path", first, rows, bare)
        second, _ = receive(
            home, later, kind="gbif", received_from="bench", origin="bench", replaces=receipt.submissionId
        )
        later.unlink()
        with open_warehouse(home) as connection:  # another day's run
            update = run_path(connection, home, region, second)
        tell("1 % otherwise", update, rows, sum(first.values()))


def tell(what: str, stages: dict[str, float], rows: int, against: float) -> None:
    whole = sum(stages.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"    {what:<28} {whole:7.2f} s | ratio {whole / against:5.2f} | {1e6 * whole / rows:6.2f} µs a row | "
          f"peak {peak:,} MB")  # fmt: skip
    for stage, seconds in stages.items():
        print(f"        {stage:<28} {seconds:7.2f} s | {seconds / against:5.2f}", flush=True)


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    if len(sizes) == 1:
        measure(sizes[0])
    else:  # a process each, so that each size's peak memory is its own
        for size in sizes or [1_000_000, 10_000_000]:
            subprocess.run([sys.executable, "-m", "benchmarks.occurrence_path", str(size)], check=True)
