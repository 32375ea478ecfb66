"""Asset checks: the gates as Dagster shows them. The only module of `quality` that knows Dagster.

An asset declares `check_specs=check_specs_for(table)`, and once its rows are committed returns
`MaterializeResult(check_results=check_results(judge(home, gates_of(table))))`. What is expected belongs to
`suites`, the verdicts to `gates`.
"""

# No `from __future__ import annotations`: Dagster compares the annotation of `context` with the class itself.
from collections.abc import Callable, Iterable, Iterator, Mapping

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    multi_asset_check,
)

from quality.expectations import Suite, gate_text
from quality.gates import Verdict, judge
from quality.gx_duckdb import Outcome
from quality.suites import SUITES, suites_of
from store.home import Home


def gates_of(table: str) -> list[str]:
    """The names of a table's gates, as `gates.judge` takes them."""
    return [suite.gate for suite in suites_of(table)]


def check_specs_for(table: str, asset_key: AssetKey | None = None) -> list[AssetCheckSpec]:
    """The checks of one table, for `check_specs=` of the asset that writes it (by default named like it)."""
    return [_spec(suite, asset_key or AssetKey(table)) for suite in suites_of(table)]


def check_results(
    verdicts: Iterable[Verdict], asset_keys: Mapping[str, AssetKey] | None = None
) -> list[AssetCheckResult]:
    """The verdicts for `MaterializeResult(check_results=…)`; `asset_keys` as for `gate_checks`."""
    return [
        AssetCheckResult(
            passed=verdict.success,
            asset_key=(asset_keys or {}).get(verdict.table, AssetKey(verdict.table)),
            check_name=_check_name(verdict.gate),
            severity=AssetCheckSeverity.ERROR if verdict.blocking else AssetCheckSeverity.WARN,
            description=_in_both_languages(f"gate-{verdict.gate}"),
            metadata={
                "verdict": MetadataValue.md(_verdict_table(verdict)),
                "samples": MetadataValue.md(_sample_rows(verdict)),
                "buildId": verdict.build_id,
                "failed": len(verdict.failures),
            },
        )
        for verdict in verdicts
    ]


def gate_checks(
    asset_keys: Mapping[str, AssetKey],
    find_home: Callable[[AssetCheckExecutionContext], Home],
    required_resource_keys: set[str] | None = None,
) -> AssetChecksDefinition:
    """One definition that judges the gates of all these tables, apart from the assets that write them.

    `asset_keys` gives the asset of each table that is to be judged.
    """
    suites = [suite for suite in SUITES if suite.table in asset_keys]

    @multi_asset_check(
        name="table_gates",
        specs=[_spec(suite, asset_keys[suite.table]) for suite in suites],
        required_resource_keys=required_resource_keys,
    )
    def table_gates(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        verdicts = judge(find_home(context), [suite.gate for suite in suites])
        yield from check_results(verdicts, asset_keys)

    return table_gates


def _spec(suite: Suite, asset_key: AssetKey) -> AssetCheckSpec:
    return AssetCheckSpec(
        _check_name(suite.gate),
        asset=asset_key,
        description=_in_both_languages(f"gate-{suite.gate}"),
        blocking=suite.blocking,
    )


def _check_name(gate: str) -> str:
    return gate.replace("-", "_")  # Dagster's names hold no hyphens


def _in_both_languages(rule: str) -> str:
    text = gate_text(rule)
    return f"{text.zh}\n\n{text.en}"


def _verdict_table(verdict: Verdict) -> str:
    """One line per requirement, those not met first."""
    result, requirement, unexpected = (
        gate_text(f"heading-{name}") for name in ("result", "requirement", "unexpected")
    )
    head = (
        f"| {result.zh} {result.en} | {requirement.zh} | {requirement.en} "
        f"| {unexpected.zh} {unexpected.en} |\n|---|---|---|---:|\n"
    )
    ordered = sorted(verdict.outcomes, key=lambda outcome: outcome.success)
    texts = {failure.id: (failure.zh, failure.en) for failure in verdict.failures}
    return head + "\n".join(_verdict_line(outcome, texts) for outcome in ordered)


def _verdict_line(outcome: Outcome, texts_of_failures: Mapping[str, tuple[str, str]]) -> str:
    text = gate_text(outcome.id)
    zh, en = texts_of_failures.get(outcome.id, (text.zh, text.en))
    count = "—" if outcome.unexpected_count is None else f"{outcome.unexpected_count:,}"
    cells = ["✓" if outcome.success else "✗", zh, en, count]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sample_rows(verdict: Verdict) -> str:
    """Of each requirement not met, some of the rows that break it."""
    parts = []
    for outcome in verdict.outcomes:
        if outcome.samples:
            names = list(outcome.samples[0])
            lines = [
                names,
                ["---"] * len(names),
                *([row.get(name, "") for name in names] for row in outcome.samples),
            ]
            rows = ("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
            parts.append(f"**{outcome.id}**\n\n" + "\n".join(rows))
    return "\n\n".join(parts) or "—"
