"""Datum shift: how far a point may be off where nobody says to which datum its coordinates belong.

datum_shift.csv is the grid that BDQ Core names: the largest shift between any datum and WGS84 in metres, by cells of
5 degrees. A line is a longitude from -180, a value of it a latitude from -90 on. From datumerrordata.js, 2019-11-07, of
the Georeferencing Calculator (Wieczorek & Wieczorek 2021, Apache License 2.0).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

CELL_IN_DEGREES = 5


def largest_shift_in_metres(latitude: float, longitude: float) -> int:
    """The largest shift in the cell of a point; of points on the last edge, in the last cell."""
    grid = _grid()
    column = min(int((longitude + 180) // CELL_IN_DEGREES), len(grid) - 1)
    return grid[column][min(int((latitude + 90) // CELL_IN_DEGREES), len(grid[column]) - 1)]


@cache
def _grid() -> list[list[int]]:
    text = resources.files("quality.bdq").joinpath("datum_shift.csv").read_text(encoding="ascii")
    return [[int(value) for value in line.split(",")] for line in text.splitlines()]
