"""The command `status`: what a species is here, line by line, who says so, and what people decide about it."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from store.home import Home
    from store.region import Region


@click.pass_obj
def status(
    settings: Settings,
    name: str | None,
    place: str | None,
    on: datetime | None,
    json_out: Path | None,
    decision: str | None,
    withdraw: str | None,
    reason: str | None,
    by: str | None,
) -> None:
    """Explain a name; ends with 1 where it means no taxon or several. Without a name: the decisions there are."""
    from species.index.build import build_index
    from store.region import read_region
    from store.warehouse import open_in_memory

    region = read_region(settings.region_folder)
    home = settings.home if settings.home.archive.is_dir() else None
    if withdraw is not None or name is None:
        _decisions(settings, withdraw, reason, by)
        return
    where = _place(region, place)
    day = on.date() if on else region.today().date()
    with open_in_memory() as connection:
        build_index(connection, region, home)
        if decision is not None:
            _decide(settings, connection, region, name, decision, where, reason, by)
        is_answered = _explain(settings, connection, region, home, name, where, day, json_out)
    sys.exit(0 if is_answered else 1)


def _explain(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    home: Home | None,
    name: str,
    place: str,
    day: date,
    json_out: Path | None,
) -> bool:
    from species.decisions import name_decisions
    from species.status.answers import add_decisions
    from species.status.explanation import explain

    add_decisions(connection, region, home)
    explained = explain(connection, region, name.strip(), place, day, name_decisions(home))
    for line in explained.lines:
        click.echo(line.in_language(settings.language))
    if json_out is not None:
        document = json.dumps(explained.facts, ensure_ascii=False, indent=1, default=str)
        json_out.write_text(document, encoding="utf-8")
    return explained.isAnswered


def _place(region: Region, text: str | None) -> str:
    from species.errors import StatusError
    from species.status.places import find_place

    found = find_place(text, region) if text else region.id
    if found is None:
        raise StatusError("error-status-place", place=text)
    return found


def _decide(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    name: str,
    decision: str,
    place: str,
    reason: str | None,
    by: str | None,
) -> None:
    from species.decisions import find_taxa
    from species.status.decisions import decide_status

    settings.home.must_exist()
    question, equals, answer = decision.partition("=")
    if not equals or not reason:
        raise click.UsageError(words(settings, "status-set-how"))
    found = find_taxa(connection, name)
    if len(found) != 1:
        listed = "\n".join(f"  {taxon.taxonID}  {taxon.scientificName}" for taxon in found)
        rule = "decide-ambiguous" if found else "decide-unknown"
        raise click.UsageError(words(settings, rule, name=name, taxa=listed))
    made = decide_status(
        settings.home,
        region,
        found[0],
        question.strip(),
        answer.strip(),
        place,
        reason,
        by or getpass.getuser(),
    )
    say(
        settings,
        "status-decided",
        name=found[0].scientificName,
        place=place,
        said=decision,
        decision=made.decisionId,
    )


def _decisions(settings: Settings, withdraw: str | None, reason: str | None, by: str | None) -> None:
    from species.status.decisions import KIND
    from store import decisions as kept

    settings.home.must_exist()
    standing = [decision for decision in kept.decisions(settings.home, KIND) if not decision.withdrawn]
    if withdraw is not None:
        chosen = next((decision for decision in standing if decision.decisionId == withdraw), None)
        if chosen is None:
            raise click.UsageError(words(settings, "acknowledgement-unknown", decision=withdraw))
        kept.withdraw(settings.home, chosen, by or getpass.getuser(), reason or "")
        say(settings, "acknowledgement-withdrawn", decision=withdraw)
        return
    for decision in standing:
        said: dict[str, Any] = dict(decision.content)
        say(
            settings, "status-decision-line", decision=decision.decisionId, name=said["scientificName"],
            place=said["place"], question=said["question"], answer=said["answer"], by=decision.decidedBy,
            day=decision.decidedAt[:10], reason=decision.reason,
        )  # fmt: skip
    if not standing:
        say(settings, "status-decisions-none")
