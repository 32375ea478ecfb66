"""The engine behind Ibis: the same expressions on DuckDB (one machine) or Spark (a province).

Which engine is used is a setting of the installation; what the expressions say belongs to the domain
packages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import sqlglot

from store.errors import StoreError

Build = Callable[..., Any]
ROWS_AT_ONCE = 10_000


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
    """The DuckDB SELECT of an Ibis expression, for `replace_rows`.

    Ibis takes a second for the longest ones: what one process asks again, as it does file after file, is remembered.
    """
    return _compiled(expression.unbind().op())


@functools.lru_cache(maxsize=200)
def _compiled(operation: Any) -> str:
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))


def sql_for(engine: Any, build: Build, *inputs: Hashable) -> str:
    """The DuckDB SELECT of the expression that `build` makes of an engine and `inputs`, which alone decide it.

    Ibis takes longer to make an expression than DuckDB to answer it: one process makes each of them once. The tables
    it names have the same columns in every warehouse.
    """
    known = _built(build, inputs)
    if not known:
        known.append(sql_of(build(engine, *inputs)))
    return known[0]


@functools.lru_cache(maxsize=200)
def _built(_build: Build, _inputs: tuple[Hashable, ...]) -> list[str]:
    """Where the SQL of one expression is remembered."""
    return []


def rows_for(engine: Any, build: Build, *inputs: Hashable) -> Iterator[tuple[Any, ...]]:
    """The rows of the expression that `build` makes of an engine and `inputs`, as Python values.

    They come as they are read: until the last one, nothing else may be asked of the engine.
    """
    if engine.name == "duckdb":
        result = engine.con.execute(sql_for(engine, build, *inputs))
        while batch := result.fetchmany(ROWS_AT_ONCE):
            yield from batch
    else:
        yield from (tuple(row.values()) for row in build(engine, *inputs).to_pyarrow().to_pylist())


@dataclass(frozen=True)
class SqlParts:
    """A SELECT from one table taken apart: the SQL of each column by its name, and what follows FROM."""

    columns: Mapping[str, str]
    source: str


@functools.lru_cache(maxsize=20)
def sql_parts(sql: str) -> SqlParts:
    """The parts of a selection of one table, for statements that use its columns one by one."""
    select = sqlglot.parse_one(sql, dialect="duckdb", into=sqlglot.exp.Select)
    source = select.args.get("from_") or select.args["from"]
    columns = {column.alias: column.this.sql(dialect="duckdb") for column in select.selects}
    return SqlParts(columns, source.this.sql(dialect="duckdb"))


def keep(engine: Any, name: str, rows: Sequence[tuple[Any, ...]], schema: Mapping[str, str]) -> Any:
    """A small look-up table, worked out in Python over distinct values, as a table of the engine.

    `schema` gives the columns of `rows` in order. The table lives as long as the engine's connection.
    """
    put(engine, name, rows, schema)
    return engine.table(name)


def put(engine: Any, name: str, rows: Sequence[tuple[Any, ...]], schema: Mapping[str, str]) -> None:
    """As `keep`, for an expression that asks the engine for the table by its name."""
    arrow_schema = ibis.schema(schema).to_pyarrow()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrow = pa.table(
        [pa.array(values, type=kind.type) for values, kind in zip(columns, arrow_schema, strict=True)],
        schema=arrow_schema,
    )
    if engine.name == "duckdb":
        engine.con.register(name, arrow)
    else:
        engine.create_view(name, ibis.memtable(arrow), overwrite=True)
