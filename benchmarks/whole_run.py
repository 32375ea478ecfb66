"""The whole job over many invented rows, against DuckDB loading the same files bare: ratios from one run.

    python -m benchmarks.whole_run [ROWS …]     default 100000 1000000

Four fifths of the rows are GBIF's, one fifth surveys'. Seconds depend on the machine; the ratios do not.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.demo_files import SIMPLE_CSV, gbif_row
from benchmarks.invented import REGION, Nature, Sighting

SEED = 1_000_000
SURVEY_SHARE = 0.2
FIRST_DAY = date(2016, 1, 1)
DAYS = 3650


def write_inputs(folder: Path, rows: int) -> list[Path]:
    """One survey file and one GBIF file; written without holding the rows in memory."""
    nature, draw = Nature(SEED), random.Random(SEED)
    species = [*nature.plants, *nature.birds, *nature.animals]
    extent = nature.region.extent
    survey, gbif = folder / "survey.csv", folder / "gbif.csv"
    survey_rows = round(rows * SURVEY_SHARE)

    def sighting() -> Sighting:
        day = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
        x, y = (
            round(draw.uniform(extent.west, extent.east), 6),
            round(draw.uniform(extent.south, extent.north), 6),
        )
        return Sighting(draw.choice(species), day, x, y, None, 1 + draw.randrange(20))

    with survey.open("w", encoding="utf-8") as file:
        file.write("记录编号,调查日期,中文名,学名,经度,纬度,坐标系,数量,地点,备注\n")
        for number in range(survey_rows):
            s = sighting()
            file.write(
                f"S-{number},{s.day},{s.species.vernacularNameZh},{s.species.canonicalName},{s.longitude},"
                f"{s.latitude},WGS84,{s.count},样地{number % 500},\n"
            )
    with gbif.open("w", encoding="utf-8") as file:
        file.write("\t".join(SIMPLE_CSV) + "\n")
        for number in range(rows - survey_rows):
            file.write("\t".join(gbif_row(sighting(), number, "2026-01-01T00:00:00Z").values()) + "\n")
    return [survey, gbif]


def load_bare(files: list[Path]) -> float:
    """Seconds DuckDB needs to load the files into tables of a new database, and nothing else."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bare.duckdb") as connection:
        began = time.perf_counter()
        for number, path in enumerate(files):
            connection.execute(f"CREATE TABLE bare{number} AS SELECT * FROM read_csv('{path}')")
        connection.execute("CHECKPOINT")
        return time.perf_counter() - began


def run_whole(folder: Path, files: list[Path]) -> tuple[float, dict[str, float], int]:
    """Seconds from the files to the published report, seconds by step, records accepted."""
    from assets.intake import take_gbif, take_survey
    from pipelines.running import load_survey_file, run_monitoring
    from pipelines.settings import read_settings
    from store.generations import current_generation, read_manifest

    settings = read_settings({"PARKWATCH_HOME": str(folder / "home"), "PARKWATCH_REGION": str(REGION)})
    settings.home.create()
    steps: dict[str, float] = {}
    last = began = time.perf_counter()

    def progress(step: str, _done: int, _steps: int) -> None:
        nonlocal last
        now = time.perf_counter()
        steps[step] = steps.get(step, 0.0) + now - last
        last = now

    receipt, _ = take_survey(settings.home, files[0], received_from="bench", origin="bench")
    progress("check and archive", 0, 0)
    take_gbif(settings.home, files[1], received_from="bench", origin="bench")
    progress("check and archive", 0, 0)
    load_survey_file(settings, receipt.submissionId, progress)
    run_monitoring(settings, progress)
    tables = read_manifest(current_generation(settings.home))["tables"]
    return time.perf_counter() - began, steps, tables["core_occurrence"]


def warm_up() -> None:
    """A small run first: neither side is charged for importing Python modules (Dagster's and GX's take 5 s)."""
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as name:
        run_whole(Path(name), write_inputs(Path(name), 1_000))


def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as name:
        folder = Path(name)
        files = write_inputs(folder, rows)
        bare = min(load_bare(files) for _ in range(2))
        warm_up()
        whole, steps, accepted = run_whole(folder / "measured", files)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"rows {rows:>9,} | bare load {bare:6.2f} s | whole run {whole:7.2f} s | ratio {whole / bare:5.1f} | "
              f"{1e6 * whole / rows:6.1f} µs a row | accepted {accepted:,} | peak {peak:,} MB")  # fmt: skip
        for step, seconds in sorted(steps.items(), key=lambda pair: -pair[1])[:12]:
            print(f"    {step:<22} {seconds:6.2f} s")


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    if len(sizes) == 1:
        measure(sizes[0])
    else:  # a process each, so that each size's peak memory is its own
        for size in sizes or [100_000, 1_000_000]:
            subprocess.run([sys.executable, "-m", "benchmarks.whole_run", str(size)], check=True)
