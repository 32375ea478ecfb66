"""All BDQ tests that need no list of names and no shapes over a GBIF file: `make bench-bdq`.

    python -m benchmarks.bdq_tests [ROWS]     default 5000000

An invented GBIF file is loaded bare into a typed table, and as text, whose every row is then asked every test; the
answers are counted. Seconds depend on the machine; the ratios of one run do not.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.invented_gbif import write_gbif
from benchmarks.name_matching import write_checklist
from benchmarks.occurrence_path import SEED, load_bare, region_with_sites
from quality.bdq import geography, taxonomy
from quality.bdq.registry import registry
from quality.bdq.vectorised import answers, counts_by
from store.engine import duckdb_engine, sql_of

# Each of these asks something of every point, or reads coordinates that a GBIF file does not have.
OF_POINTS = {"AMENDMENT_GEODETICDATUM_ASSUMEDDEFAULT", "AMENDMENT_COORDINATES_FROM_VERBATIM"}
MEMORY = "2GB"


def measured_labels() -> list[str]:
    apart = {*geography.TESTS, *taxonomy.TESTS, *OF_POINTS}
    return [label for label, test in registry().items() if test.function and label not in apart]


def measure(rows: int) -> None:
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as name:
        folder = Path(name)
        names = write_checklist(folder / "names.csv", draw)
        file = folder / "gbif.csv"
        write_gbif(file, rows, names, region_with_sites(draw))
        bare = min(load_bare(file) for _ in range(2))
        with duckdb.connect(f"{folder}/text.duckdb", config={"memory_limit": MEMORY}) as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(
                f"CREATE TABLE record AS SELECT * FROM read_csv('{file}', delim = '\t', quote = '', escape = '', "
                "header = true, all_varchar = true, nullstr = '')"
            )
            labels = measured_labels()
            began = time.perf_counter()
            engine = duckdb_engine(connection)
            answered = answers(engine, "record", labels, date(2026, 11, 25), keys=["datasetKey"])
            counted = connection.execute(sql_of(counts_by(answered, labels, ["datasetKey"]))).fetchall()
            seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"rows {rows:>10,} | bare typed load {bare:6.2f} s")
    print(f"    {len(labels)} tests, {len(counted)} datasets {seconds:7.2f} s | ratio {seconds / bare:5.2f}")
    print(f"    peak {peak:,} MB")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000)
