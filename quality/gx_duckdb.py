"""Great Expectations on DuckDB: runs suites inside an open warehouse and says what came of each expectation.

The only module that knows GX's trouble with DuckDB. What is expected belongs to `suites`, verdicts
to `gates`. Importing GX takes seconds, so it is imported when a suite is run and not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from quality.expectations import Expectation, Suite

LONGEST_CAUSE, LONGEST_CELL = 300, 60
SAMPLE_ROWS = 20


@dataclass(frozen=True)
class Outcome:
    """What came of one expectation. Without `unexpected_count` it could not be run, for the `cause` given.

    `samples`: up to 20 of the rows that break it, by column, as text.
    """

    id: str
    success: bool
    unexpected_count: int | None
    cause: str = ""
    samples: tuple[Mapping[str, str], ...] = ()


def evaluate(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> dict[str, list[Outcome]]:
    """Outcomes of each suite by gate, in the order of its expectations.

    GX works through cursors of the connection: no second connection has to fit the configuration of the
    first, and no other process can write before the verdict is noted. It sees committed rows only.
    """
    with _open_context(connection) as context:
        return {suite.gate: _sampled(connection, context, suite, _run(context, suite)) for suite in suites}


@contextmanager
def _open_context(connection: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    """A GX context in memory whose only data source, `warehouse`, is the connection."""
    import great_expectations
    from duckdb_engine import ConnectionWrapper
    from great_expectations.data_context.types.base import ProgressBarsConfig

    _keep_results_readable()
    context = great_expectations.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    with ExitStack() as cursors, ExitStack() as engines:

        def open_cursor() -> ConnectionWrapper:
            cursor = connection.cursor()
            cursors.callback(cursor.close)
            return ConnectionWrapper(cursor)

        source = context.data_sources.add_sql(
            name="warehouse",
            connection_string="duckdb:///:memory:",  # names the dialect; the creator decides what is opened
            create_temp_table=False,
            kwargs={"creator": open_cursor},
        )
        engines.callback(source.get_engine().dispose)
        engines.callback(_close, source.get_execution_engine())
        _make_regular_expressions_work(source.get_execution_engine())
        yield context


def _close(execution_engine: Any) -> None:
    """GX's own `close` forgets the connection that it keeps open."""
    with execution_engine.get_connection() as kept:
        kept.close()
    execution_engine.close()


class _DialectName(str):
    """Stands in for a member of GX's enumeration of dialects, which knows no DuckDB."""

    value = "duckdb"


def _keep_results_readable() -> None:
    """GX closes the connection before it reads the result, except for dialects on this list."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine as module

    if "duckdb" not in module._PERSISTED_CONNECTION_DIALECTS:
        module._PERSISTED_CONNECTION_DIALECTS += (_DialectName("duckdb"),)


def _make_regular_expressions_work(execution_engine: Any) -> None:
    """GX finds no regular expressions for a dialect it does not know; DuckDB takes PostgreSQL's operator."""
    from sqlalchemy.dialects import postgresql

    execution_engine.dialect_module = postgresql


def _run(context: Any, suite: Suite) -> list[Outcome]:
    by_id = _results(context, suite, suite.gate, suite.expectations, "BASIC")
    return [_outcome(item.id, by_id.get(item.id)) for item in suite.expectations]


def _sampled(
    connection: duckdb.DuckDBPyConnection, context: Any, suite: Suite, outcomes: list[Outcome]
) -> list[Outcome]:
    """The outcomes with some rows that break what is not met; those are looked for only then."""
    failed = {outcome.id for outcome in outcomes if not outcome.success and outcome.unexpected_count}
    asked = [item for item in suite.expectations if item.id in failed]
    queries = {
        item.id: item.kwargs["unexpected_rows_query"]
        for item in asked
        if "unexpected_rows_query" in item.kwargs
    }
    of_columns = [item for item in asked if item.id not in queries]
    samples: dict[str, list[dict[str, Any]]] = {}
    if of_columns:
        detailed = {
            "result_format": "SUMMARY",
            "partial_unexpected_count": SAMPLE_ROWS,
            "unexpected_index_column_names": list(suite.key),
        }
        found = _results(context, suite, f"{suite.gate}-samples", of_columns, detailed)
        samples = {
            name: result.result.get("partial_unexpected_index_list") or [] for name, result in found.items()
        }
    for name, query in queries.items():
        rows = connection.execute(f"SELECT * FROM ({query.format(batch=suite.table)}) LIMIT {SAMPLE_ROWS}")
        samples[name] = rows.to_arrow_table().to_pylist()
    return [
        replace(outcome, samples=tuple(_as_text(row) for row in samples.get(outcome.id, ())[:SAMPLE_ROWS]))
        for outcome in outcomes
    ]


def _as_text(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value)[:LONGEST_CELL] for name, value in row.items()}


def _results(
    context: Any, suite: Suite, name: str, expectations: Sequence[Expectation], result_format: Any
) -> dict[str, Any]:
    """GX's results by our id. They come back reordered, and only what we put into `meta` tells which is which."""
    import great_expectations

    asset = context.data_sources.get("warehouse").add_table_asset(name, table_name=suite.table)
    definition = context.validation_definitions.add(
        great_expectations.ValidationDefinition(
            name=name,
            data=asset.add_batch_definition_whole_table(name),
            suite=context.suites.add(
                great_expectations.ExpectationSuite(
                    name, expectations=[_in_words_of_gx(item) for item in expectations]
                )
            ),
        )
    )
    results = definition.run(result_format=result_format).results
    return {result.expectation_config.meta["id"]: result for result in results}


def _in_words_of_gx(expectation: Expectation) -> dict[str, Any]:
    return {
        "type": expectation.type,
        "kwargs": dict(expectation.kwargs),
        "meta": {"id": expectation.id},
    }


def _outcome(expectation_id: str, result: Any) -> Outcome:
    if result is None:
        return Outcome(expectation_id, success=False, unexpected_count=None, cause="no result")
    cause = _cause(result.exception_info)
    if cause:
        return Outcome(expectation_id, success=False, unexpected_count=None, cause=cause)
    found: Mapping[str, Any] = result.result
    # An empty table gives None; expectations written as a query call their count an observed value.
    count = found.get("unexpected_count", found.get("observed_value")) or 0
    if isinstance(count, list):  # the columns there are, where others were expected
        count = sum(map(len, found.get("details", {}).get("mismatched", {}).values()))
    return Outcome(expectation_id, success=bool(result.success), unexpected_count=int(count))


def _cause(exception_info: Mapping[str, Any]) -> str:
    """The first message of an expectation that could not be run: one of GX's own, or one for each metric."""
    infos: Sequence[Any] = [exception_info, *exception_info.values()]
    messages = [
        str(info.get("exception_message") or "unknown")
        for info in infos
        if isinstance(info, Mapping) and info.get("raised_exception")
    ]
    return " ".join(messages[0].split())[:LONGEST_CAUSE] if messages else ""
