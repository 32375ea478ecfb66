"""Gates: verdicts on whole tables, noted in meta_gate, and whether every gate that must be passed is passed.

What is expected belongs to `suites`, running it to `gx_duckdb`, showing it in Dagster to `asset_checks`.
A verdict counts only for the build of the table it was reached on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb

from quality.expectations import Suite, gate_text
from quality.gx_duckdb import Outcome, evaluate
from quality.suites import SUITES
from store.errors import StoreError
from store.home import Home
from store.warehouse import open_warehouse, transaction

LATEST_VERDICTS = """
SELECT meta_gate.buildId, meta_gate.success, meta_gate.details, meta_build.buildId AS standing
FROM (SELECT $gate AS gate, $tableName AS tableName) AS asked
LEFT JOIN meta_gate USING (gate, tableName)
LEFT JOIN meta_build USING (tableName)
"""


class Failure(NamedTuple):
    """One requirement a table does not meet. Without `unexpected_count` it could not be asked."""

    id: str
    unexpected_count: int | None
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """What one gate says of the standing build of its table; an unbuilt table has an empty `build_id`."""

    gate: str
    table: str
    build_id: str
    blocking: bool
    outcomes: tuple[Outcome, ...]

    @property
    def success(self) -> bool:
        return all(outcome.success for outcome in self.outcomes)

    @property
    def failures(self) -> list[Failure]:
        return [_failure(outcome) for outcome in self.outcomes if not outcome.success]


def judge(home: Home, names: Sequence[str] | None = None) -> list[Verdict]:
    """Run the named gates (all of them unless named) over the warehouse and note their verdicts.

    The warehouse must not be open in this process; where it is, use `judge_open`.
    """
    suites = _named(names)
    with open_warehouse(home) as connection:
        return judge_open(connection, suites)


def judge_open(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite] = SUITES) -> list[Verdict]:
    """Run suites over an open warehouse outside any transaction, and note their verdicts."""
    chosen = tuple(suites)
    builds = dict(connection.execute("SELECT tableName, buildId FROM meta_build").fetchall())
    outcomes = evaluate(connection, chosen)
    verdicts = [
        Verdict(
            gate=suite.gate,
            table=suite.table,
            build_id=builds.get(suite.table, ""),
            blocking=suite.blocking,
            outcomes=tuple(outcomes[suite.gate]),
        )
        for suite in chosen
    ]
    _note(connection, verdicts)
    return verdicts


def require_passed(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise StoreError unless every blocking gate has passed the build of its table that stands now."""
    for suite in SUITES:
        reason = _reason_against(connection, suite) if suite.blocking else None
        if reason is not None:
            raise StoreError("error-gate-not-passed", table=suite.table, gate=suite.gate, detail=reason)


def _named(names: Sequence[str] | None) -> tuple[Suite, ...]:
    if names is None:
        return SUITES
    by_gate = {suite.gate: suite for suite in SUITES}
    return tuple(by_gate[name] for name in names)


def _failure(outcome: Outcome) -> Failure:
    if outcome.unexpected_count is None:
        text = gate_text("could-not-run", id=outcome.id, cause=outcome.cause)
    else:
        text = gate_text(outcome.id)
    return Failure(outcome.id, outcome.unexpected_count, text.zh, text.en)


def _note(connection: duckdb.DuckDBPyConnection, verdicts: Sequence[Verdict]) -> None:
    checked_at = datetime.now(UTC).replace(tzinfo=None)
    with transaction(connection):
        for verdict in verdicts:
            connection.execute(
                "INSERT OR REPLACE INTO meta_gate BY NAME SELECT $gate AS gate, $tableName AS tableName, "
                "$buildId AS buildId, $success AS success, $blocking AS blocking, "
                "$checkedAt::TIMESTAMP AS checkedAt, $details::JSON AS details",
                {
                    "gate": verdict.gate,
                    "tableName": verdict.table,
                    "buildId": verdict.build_id,
                    "success": verdict.success,
                    "blocking": verdict.blocking,
                    "checkedAt": checked_at,
                    "details": json.dumps([_detail(each) for each in verdict.outcomes], ensure_ascii=False),
                },
            )


def _detail(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "success": outcome.success,
        "unexpected": outcome.unexpected_count,
        "cause": outcome.cause,
        "samples": outcome.samples,
    }


def _reason_against(connection: duckdb.DuckDBPyConnection, suite: Suite) -> str | None:
    """Why the gate lets nothing through, in both languages or in ids and numbers; None if it does."""
    row = connection.execute(LATEST_VERDICTS, {"gate": suite.gate, "tableName": suite.table}).fetchone()
    judged, success, details, standing = row if row else (None, None, None, None)
    if standing is None:
        return _in_both_languages("not-built")
    if judged is None:
        return _in_both_languages("not-judged")
    if judged != standing:
        return _in_both_languages("older-build")
    if success:
        return None
    failed = [detail for detail in json.loads(details) if not detail["success"]]
    return "; ".join(f"{detail['id']}: {detail['cause'] or detail['unexpected']}" for detail in failed)


def _in_both_languages(rule: str) -> str:
    text = gate_text(rule)
    return f"{text.zh} / {text.en}"
