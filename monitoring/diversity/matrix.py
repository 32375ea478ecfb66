"""The matrix: counts of species in samples, from a CSV file, wide (rows are samples) or long (sample, species, count).

What is asked of it belongs to `table`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from store.errors import ParkwatchError

LONG_COLUMNS = 3
LABELS_OF_SAMPLES = ("", "sample", "site", "plot", "assemblage", "样方", "样地", "样点", "样本", "地点")


class MatrixError(ParkwatchError):
    """A file that is no matrix of counts."""

    package: ClassVar[str] = "monitoring"
    exit_code: ClassVar[int] = 2


@dataclass(frozen=True)
class Matrix:
    """Samples by species; `counts` has a row a sample, zeros included."""

    samples: tuple[str, ...]
    species: tuple[str, ...]
    counts: NDArray[np.float64]


def read_matrix(path: Path, long: bool = False) -> Matrix:
    """Read a matrix; MatrixError names line and column of what is no count."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise MatrixError("error-matrix-encoding", file=path.name) from cause
    rows = [row for row in enumerate(csv.reader(text.splitlines()), start=1) if any(map(str.strip, row[1]))]
    if len(rows) < 2:
        raise MatrixError("error-matrix-empty", file=path.name)
    (_, header), *body = rows
    return _long(path, body) if long else _wide(path, header, body)


def _wide(path: Path, header: Sequence[str], body: Sequence[tuple[int, list[str]]]) -> Matrix:
    """A first column in which not every cell is a number names the samples; else they are numbered."""
    named = any(_number(row[0]) is None for _, row in body if row[0].strip()) or _looks_like_a_name(header[0])
    first = 1 if named else 0
    species = tuple(header[first:])
    counts = np.zeros((len(body), len(species)))
    for place, (line, row) in enumerate(body):
        if len(row) > len(header):
            raise MatrixError(
                "error-matrix-width", file=path.name, line=line, found=len(row), expected=len(header)
            )
        counts[place, : len(row) - first] = list(_counts(path, line, row, first))
    samples = tuple(row[0].strip() if named else str(place) for place, (_, row) in enumerate(body, start=1))
    return Matrix(samples, species, counts)


def _long(path: Path, body: Sequence[tuple[int, list[str]]]) -> Matrix:
    """Rows of the same sample and species are added up."""
    for line, row in body:
        if len(row) != LONG_COLUMNS:
            raise MatrixError(
                "error-matrix-width", file=path.name, line=line, found=len(row), expected=LONG_COLUMNS
            )
    samples = list(dict.fromkeys(row[0].strip() for _, row in body))
    species = list(dict.fromkeys(row[1].strip() for _, row in body))
    place_of, column_of = (
        {name: at for at, name in enumerate(samples)},
        {name: at for at, name in enumerate(species)},
    )
    counts = np.zeros((len(samples), len(species)))
    for line, row in body:
        (count,) = _counts(path, line, row, 2)
        counts[place_of[row[0].strip()], column_of[row[1].strip()]] += count
    return Matrix(tuple(samples), tuple(species), counts)


def _counts(path: Path, line: int, row: Sequence[str], first: int) -> Iterator[float]:
    for column, cell in enumerate(row[first:], start=first + 1):
        count = _number(cell) if cell.strip() else 0.0
        if count is None or count < 0 or not math.isfinite(count) or count != int(count):
            raise MatrixError("error-matrix-count", file=path.name, line=line, column=column, value=cell)
        yield count


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _looks_like_a_name(label: str) -> bool:
    """Samples may be numbered: then the label of the first column tells that it names them."""
    return label.strip().casefold() in LABELS_OF_SAMPLES
