"""The command `diversity`: indices of any matrix of counted species."""

from __future__ import annotations

import csv
import dataclasses
import math
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings


@click.pass_obj
def diversity(
    settings: Settings, matrix: Path, long: bool, out: Path | None, coverage: float | None, replicates: int
) -> None:
    """Write one row a sample, index and order to a CSV file, or print them."""
    from monitoring.diversity.matrix import read_matrix
    from monitoring.diversity.table import Row, common_coverage, diversity_table

    if coverage is not None and not 0 < coverage < 1:
        raise click.UsageError(words(settings, "diversity-coverage", found=coverage))
    found = read_matrix(matrix, long)
    rows = diversity_table(found, coverage, replicates)
    with ExitStack() as opened:
        file = opened.enter_context(out.open("w", encoding="utf-8", newline="")) if out else sys.stdout
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in dataclasses.fields(Row))
        writer.writerows([_written(cell) for cell in dataclasses.astuple(row)] for row in rows)
    if out is not None:
        used = coverage or common_coverage([row[row > 0] for row in found.counts])
        say(settings, "diversity-written", file=out, samples=len(found.samples), coverage=f"{used:.4f}")


def _written(cell: object) -> object:
    """An undefined value is an empty cell; a whole order is written without a point."""
    if isinstance(cell, float) and math.isnan(cell):
        return ""
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else cell
