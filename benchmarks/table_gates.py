"""All table gates, the scorecards and the comparisons over the tables of a GBIF file: `make bench-gates`.

    python -m benchmarks.table_gates [ROWS]     default 5000000

An invented GBIF file goes through the occurrence path; then every gate is asked of the tables it left, every scored BDQ
test of every row, as written and as read, and every comparison. All are set against DuckDB loading the same file bare.
Seconds depend on the machine; the ratios of one run do not.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.invented_gbif import write_gbif
from benchmarks.name_matching import write_checklist
from benchmarks.occurrence_path import SEED, load_bare, region_with_sites, run_path
from monitoring.sites import build_sites
from quality.comparisons.flagging import build_comparisons
from quality.gates import judge_open
from quality.scorecards import build_scorecards
from quality.suites import SUITES
from species.index.build import build_index
from species.sources.importing import import_names
from store.archive import receive
from store.home import Home
from store.warehouse import open_warehouse


def measure(rows: int) -> None:
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="parkwatch-bench-") as name:
        folder = Path(name)
        home = Home(folder / "home").create()
        names = write_checklist(folder / "names.csv", draw)
        import_names(home, [folder / "names.csv"], "bench")
        region = region_with_sites(draw)
        file = folder / "gbif.csv"
        write_gbif(file, rows, names, region)
        bare = min(load_bare(file) for _ in range(2))
        receipt, _ = receive(home, file, kind="gbif", received_from="bench", origin="bench")
        file.unlink()
        with open_warehouse(home) as connection:
            build_index(connection, region, home)
            build_sites(connection, region)
            run_path(connection, home, region, receipt)
        with open_warehouse(home) as connection:
            began = time.perf_counter()
            verdicts = judge_open(connection, SUITES)
            gates = time.perf_counter() - began
            began = time.perf_counter()
            build_scorecards(connection, date(2026, 11, 25))
            scores = time.perf_counter() - began
            began = time.perf_counter()
            build_comparisons(connection, region)
            compared = time.perf_counter() - began
    asked = sum(len(verdict.outcomes) for verdict in verdicts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"rows {rows:>10,} | bare typed load {bare:6.2f} s | peak {peak:,} MB")
    print(f"    {len(verdicts)} gates, {asked} expectations {gates:7.2f} s | ratio {gates / bare:5.2f}")
    print(f"    scorecards, as written and as read {scores:7.2f} s | ratio {scores / bare:5.2f}")
    print(f"    comparisons {compared:7.2f} s | ratio {compared / bare:5.2f}")
    for verdict in verdicts:
        for failure in verdict.failures:
            print(f"    not met: {verdict.gate} {failure.id} {failure.unexpected_count}")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000)
