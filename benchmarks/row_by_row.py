"""The occurrence path as it is usually written, for contrast: pandas, one row after another, on 100,000 rows.

    python -m benchmarks.row_by_row

Reading, dates, names looked up, points in polygons, a dozen tests, duplicates by id, the cube: less than ours does.
The product's own time for the same file is measured beside it.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from benchmarks.invented_gbif import write_gbif
from benchmarks.name_matching import write_checklist
from benchmarks.occurrence_path import SEED, region_with_sites, run_path
from monitoring.sites import build_sites
from species.index.build import build_index
from species.sources.importing import import_names
from store.archive import receive
from store.home import Home
from store.region import Region
from store.warehouse import open_warehouse

ROWS = 100_000
FIRST_YEAR, TODAY = 1750, date(2026, 11, 25)


def judged(row: Mapping[str, Any], names: set[str], region: Region) -> dict[str, Any]:
    """One row: its day, taxon, sites and faults."""
    faults = []
    try:
        day = pd.Timestamp(row["eventDate"][:10]) if row["eventDate"] else None
    except ValueError:
        day = None
    if day is None:
        faults.append("date")
    elif day.date() > TODAY or day.year < FIRST_YEAR:
        faults.append("date out of range")
    taxon = row["scientificName"] if row["scientificName"] in names else None
    if taxon is None:
        faults.append("name")
    sites: list[str] = []
    try:
        longitude, latitude = float(row["decimalLongitude"]), float(row["decimalLatitude"])
    except ValueError:
        faults.append("coordinates")
    else:
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90) or (longitude, latitude) == (0, 0):
            faults.append("coordinates out of range")
        point = shapely.Point(longitude, latitude)
        sites = [site.placeID for site in region.sites if site.geometry.intersects(point)]
        if not sites and region.outline.distance(point) > 1:
            faults.append("out of reach")
    if row["individualCount"] and not row["individualCount"].isdigit():
        faults.append("count")
    faults += [f"{term} empty" for term in ("basisOfRecord", "countryCode", "license") if not row[term]]
    month = (day.year, day.month) if day is not None else (None, None)
    return {"taxon": taxon, "sites": sites, "month": month, "faults": faults, "id": row["occurrenceID"]}


def by_rows(path: Path, names: set[str], region: Region) -> int:
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=3)
    made = table.apply(lambda row: pd.Series(judged(row, names, region)), axis=1)
    kept = made[made["faults"].map(len) == 0].drop_duplicates("id")
    return len(kept.groupby(["taxon", "month"]).size())


def main() -> None:
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as name:
        folder = Path(name)
        home = Home(folder / "home").create()
        names = write_checklist(folder / "names.csv", draw)
        import_names(home, [folder / "names.csv"], "bench")
        region = region_with_sites(draw)
        file = folder / "gbif.csv"
        write_gbif(file, ROWS, names, region)
        receipt, _ = receive(home, file, kind="gbif", received_from="bench", origin="bench")
        with open_warehouse(home) as connection:
            build_index(connection, region, home)
            build_sites(connection, region)
            ours = sum(run_path(connection, home, region, receipt).values())
        began = time.perf_counter()
        by_rows(file, set(names), region)
        theirs = time.perf_counter() - began
    print(
        f"rows {ROWS:,} | occurrence path {ours:.2f} s | pandas row by row {theirs:.2f} s | "
        f"ratio {theirs / ours:.1f} | {1e6 * theirs / ROWS:.1f} µs a row"
    )


if __name__ == "__main__":
    main()
