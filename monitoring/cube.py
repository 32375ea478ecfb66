"""Cube: detected records counted by taxon, 1 km cell, month and source."""

from __future__ import annotations

import duckdb
from ibis import _

from store.engine import duckdb_engine, sql_of
from store.warehouse import replace_rows


def build_cube(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild out_cube from core_counted; returns the number of rows.

    Only records inside the region, detected, with a cell and a year are counted.
    """
    occurrences = duckdb_engine(connection).table("core_counted")
    cube = (
        occurrences.filter(
            _.withinRegion,
            _.occurrenceStatus == "detected",
            _.taxonID.notnull(),
            _.cellCode.notnull(),
            _.year.notnull(),
        )
        .group_by("taxonID", "cellCode", "year", "month", "source")
        .agg(
            occurrences=_.count(),
            minCoordinateUncertaintyInMeters=_.coordinateUncertaintyInMeters.min(),
        )
    )
    return replace_rows(connection, "out_cube", sql_of(cube))
