"""Previews: what Dagster shows about a table after a step: how many rows, and a few of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dagster as dg
import duckdb

PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 12
CELL_WIDTH = 60


def table_result(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: int,
    *,
    columns: str = "*",
    order: str = "",
    checks: Iterable[dg.AssetCheckResult] = (),
    **metadata: Any,
) -> dg.MaterializeResult:
    """The materialisation of a table: its row count and its first rows as a markdown table."""
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            "preview": dg.MetadataValue.md(markdown_table(connection, table, columns, order)),
            **metadata,
        },
        check_results=list(checks),
    )


def markdown_table(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str = "*", order: str = ""
) -> str:
    result = connection.execute(
        f"SELECT {columns} FROM {table} {f'ORDER BY {order}' if order else ''} LIMIT {PREVIEW_ROWS}"
    )
    names = [column[0] for column in result.description][:PREVIEW_COLUMNS]
    lines = [names, ["---"] * len(names)]
    lines += [[_cell(value) for value in row[:PREVIEW_COLUMNS]] for row in result.fetchall()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    """A value as text that cannot break out of its cell."""
    text = "" if value is None else str(value)
    text = (
        " ".join(text.split())
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("`", "'")
    )
    return text if len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 1] + "…"
