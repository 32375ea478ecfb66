"""The engine behind Ibis: the same expressions on DuckDB (one machine) or Spark (a province).

Which engine is used is a setting of the installation; what the expressions say belongs to the domain
packages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from store.errors import StoreError


def duckdb_engine(connection: duckdb.DuckDBPyConnection) -> Any:
    """An Ibis backend on an open warehouse connection; it shares the connection's transactions."""
    return ibis.duckdb.from_connection(connection)


def spark_engine(url: str | None = None) -> Any:
    """An Ibis backend on Spark: a Spark Connect URL (sc://…), a cluster URL, or a local session."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as cause:
        raise StoreError("error-spark-missing") from cause
    builder = SparkSession.builder.appName("parkwatch")
    if url and url.startswith("sc://"):
        builder = builder.remote(url)
    elif url:
        builder = builder.master(url)
    return ibis.pyspark.connect(builder.getOrCreate())


def sql_of(expression: Any) -> str:
    """The DuckDB SELECT of an Ibis expression, for `replace_rows`."""
    return str(ibis.to_sql(expression, dialect="duckdb"))


def keep(engine: Any, name: str, rows: Sequence[tuple[Any, ...]], schema: Mapping[str, str]) -> Any:
    """A small look-up table, worked out in Python over distinct values, as a table of the engine.

    `schema` gives the columns of `rows` in order. The table lives as long as the engine's connection.
    """
    arrow_schema = ibis.schema(schema).to_pyarrow()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrow = pa.table(
        [pa.array(values, type=kind.type) for values, kind in zip(columns, arrow_schema, strict=True)],
        schema=arrow_schema,
    )
    if engine.name == "duckdb":
        engine.con.register(name, arrow)
        return engine.table(name)
    return engine.create_view(name, ibis.memtable(arrow), overwrite=True)
