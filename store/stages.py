"""Stages: which records a table built out of core_record has to follow, since it was last built.

Whoever makes records again tells the stages after; each asks, follows, and says that it has. Which records are made
again is decided in `monitoring.touched`.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb


def tell_stages(connection: duckdb.DuckDBPyConnection, stages: Iterable[str], rows: str | None) -> None:
    """Tell stages which rowIds (a SELECT) were made again or are gone; None: all of them."""
    for stage in stages:
        if rows is None:
            connection.execute("DELETE FROM meta_touched_record WHERE stage = ?", [stage])
            connection.execute("INSERT INTO meta_touched_record VALUES (?, NULL)", [stage])
        else:
            connection.execute(
                f"INSERT INTO meta_touched_record SELECT DISTINCT ?, * FROM ({rows})",
                [stage],
            )


def touched_rows(connection: duckdb.DuckDBPyConnection, stage: str, fingerprint: str, table: str) -> bool:
    """Put the rowIds that a stage has to follow into a temporary table; False where it has to follow all.

    All, too, where its table was never built or with another fingerprint.
    """
    (built_alike, of_all) = connection.execute(
        "SELECT (SELECT fingerprint FROM meta_built_with WHERE tableName = $stage) IS NOT DISTINCT FROM $fingerprint, "
        "EXISTS (SELECT 1 FROM meta_touched_record WHERE stage = $stage AND rowId IS NULL)",
        {"stage": stage, "fingerprint": fingerprint},
    ).fetchone() or (False, True)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS "
        "SELECT DISTINCT rowId FROM meta_touched_record WHERE stage = $stage AND rowId IS NOT NULL",
        {"stage": stage},
    )
    return bool(built_alike) and not of_all


def note_followed(connection: duckdb.DuckDBPyConnection, stage: str, fingerprint: str) -> None:
    """Note that a stage has followed all it was told, inside the transaction in which it did."""
    connection.execute("DELETE FROM meta_touched_record WHERE stage = ?", [stage])
    connection.execute("INSERT OR REPLACE INTO meta_built_with VALUES (?, ?)", [stage, fingerprint])
