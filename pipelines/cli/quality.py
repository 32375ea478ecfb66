"""The command `quality`: how the published records meet the tests of BDQ Core, and what they are good for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

TESTS_SHOWN = 15
# Of BDQ Core; read from the registry they would cost every command its import.
USE_CASES = ("Alien-Species", "SDM-Trees", "Spatial-Temporal_Patterns", "Taxon-Management")


@click.pass_obj
def quality(settings: Settings, submission: str | None, use_case: str | None, as_json: bool) -> None:
    """Show the scorecard of each source, or of one file; as JSON those of all files and sites, in full."""
    from reports.quality_queries import SCOPES
    from reports.queries import rows
    from store.generations import current_generation, open_generation

    settings.home.must_exist()
    with open_generation(current_generation(settings.home)) as connection:
        scopes = rows(connection, SCOPES)
        if submission is not None and submission not in (entry["scopeId"] for entry in scopes):
            raise click.UsageError(words(settings, "quality-unknown", submission=submission))
        if submission is not None:
            scopes = [entry for entry in scopes if entry["scopeId"] == submission]
        if as_json:
            found = {
                "scorecards": [_card(connection, entry, use_case) for entry in scopes],
                "tests": _tests(use_case),
            }
            click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
            return
        for entry in scopes:
            if submission is not None or entry["scope"] == "source":
                _show(settings, _card(connection, entry, use_case))
    if submission is None:
        say(settings, "quality-files")
        for entry in scopes:
            if entry["scope"] == "submission":
                say(settings, "quality-file", submission=entry["scopeId"], file=entry["fileName"] or "–")


def _card(
    connection: duckdb.DuckDBPyConnection, entry: dict[str, Any], use_case: str | None
) -> dict[str, Any]:
    """What is told of a source, file or site; of a use case, the tests that it asks."""
    from reports.quality_queries import FITNESS, SCORECARD
    from reports.queries import rows

    which = {"scope": entry["scope"], "scopeId": entry["scopeId"]}
    fitness = [row for row in rows(connection, FITNESS) if {key: row[key] for key in which} == which]
    asked = _tests(use_case)
    scores = [score for score in rows(connection, SCORECARD, which) if score["test"] in asked]
    return entry | {"fitness": fitness, "scores": scores}


def _tests(use_case: str | None) -> dict[str, dict[str, Any]]:
    from quality.bdq.registry import registry
    from quality.scorecards import scored_tests

    return {
        label: {
            "guid": test.guid,
            "question": test.question,
            "questionZh": test.questionZh,
            "useCases": sorted(test.useCases),
        }
        for label, test in registry().items()
        if label in scored_tests() and (use_case is None or use_case in test.useCases)
    }


def _show(settings: Settings, card: dict[str, Any]) -> None:
    from quality.scorecards import purposes
    from reports.quality_page import is_never_filled, terms_of

    title = words(
        settings,
        f"quality-{card['scope']}",
        name=card["fileName"] or card["scopeId"],
        records=card["records"],
    )
    click.secho(title, bold=True)
    for row in card["fitness"]:
        purpose = purposes()[row["purpose"]].text.in_language(settings.language)
        say(
            settings, "quality-fitness", purpose=purpose, good=row["good"], not_good=row["notGood"],
            not_known=row["notKnown"],
        )  # fmt: skip
    empty = [score for score in card["scores"] if is_never_filled(score)]
    failed = [
        score
        for score in card["scores"]
        if (score["notCompliant"] or score["notCompliantWritten"]) and score not in empty
    ]
    if failed:
        say(settings, "quality-failed", shown=min(len(failed), TESTS_SHOWN), tests=len(failed))
        for line in _lines(settings, failed[:TESTS_SHOWN]):
            click.echo(line)
    if empty:
        say(
            settings,
            "quality-never-filled",
            terms=", ".join(sorted({term for score in empty for term in terms_of(score["test"])})),
        )
    click.echo()


def _lines(settings: Settings, scores: list[dict[str, Any]]) -> Iterator[str]:
    from quality.bdq.registry import registry

    for score in scores:
        test = registry()[score["test"]]
        yield words(
            settings, "quality-line", written=_percent(score["shareWritten"]), read=_percent(score["share"]),
            not_compliant=score["notCompliant"], not_asked=score["prerequisitesNotMet"],
            question=test.questionZh if settings.language == "zh" else test.question, test=test.label,
        )  # fmt: skip


def _percent(share: float | None) -> str:
    """In per cent, rounded down: a hundred is said only where nothing failed."""
    return "    –" if share is None else f"{math.floor(1000 * share) / 10:5.1f}"
