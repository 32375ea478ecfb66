"""The commands `acknowledge` and `acknowledgements`: problems that a person lets stand, and why."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitoring.problems import Problem
from pipelines.cli.checking import look_at
from pipelines.cli.reading import reading_of
from pipelines.cli.talk import say, words
from pipelines.settings import Settings

if TYPE_CHECKING:
    from monitoring.inspection import Inspection


@click.pass_obj
def acknowledge(
    settings: Settings,
    file: Path,
    profile: str | None,
    protocol: str | None,
    datum: str | None,
    rule: str,
    lines: Sequence[int],
    value: str | None,
    all_rows: bool,
    reason: str,
    by: str | None,
) -> None:
    """Find the problems meant in the file and remember that they are let stand."""
    from quality import acknowledgements as decisions

    settings.home.must_exist()
    if not (lines or value is not None or all_rows):
        raise click.UsageError(words(settings, "acknowledge-which"))
    with ExitStack() as opened:
        found = look_at(settings, file, reading_of(settings, None, profile, protocol, datum), opened)
        if isinstance(found, Problem):
            raise click.exceptions.Exit(2)
        meant = list(dict.fromkeys(_meant(found, rule, lines, value)))
    if not meant:
        raise click.UsageError(words(settings, "acknowledge-none", file=file.name, problem=rule))
    decision = decisions.acknowledge(settings.home, rule, file.name, meant, reason, by or getpass.getuser())
    say(settings, "acknowledged", problem=rule, count=len(meant), decision=decision.decisionId)


def _meant(
    found: Inspection, rule: str, lines: Sequence[int], value: str | None
) -> Iterator[tuple[str | None, str | None]]:
    """Record and value of the problems of a rule, on these lines and with this value where any are given."""
    from monitoring.file_problems import file_problems
    from monitoring.flagged_cells import cells_in_file_order

    if not lines:
        for problem in file_problems(found.survey, found.fileName):
            if problem.rule == rule and value in (None, problem.value):
                yield None, problem.value
    for cell in cells_in_file_order(found.connection):
        if cell.test == rule and (not lines or cell.line in lines) and value in (None, cell.value):
            yield cell.recordId, cell.value


@click.pass_obj
def acknowledgements(settings: Settings, withdraw: str | None, reason: str | None, by: str | None) -> None:
    """List what is let stand, or take one decision back."""
    from quality.acknowledgements import KIND
    from store import decisions

    settings.home.must_exist()
    standing = [decision for decision in decisions.decisions(settings.home, KIND) if not decision.withdrawn]
    if withdraw is not None:
        chosen = next((decision for decision in standing if decision.decisionId == withdraw), None)
        if chosen is None:
            raise click.UsageError(words(settings, "acknowledgement-unknown", decision=withdraw))
        decisions.withdraw(settings.home, chosen, by or getpass.getuser(), reason or "")
        say(settings, "acknowledgement-withdrawn", decision=withdraw)
        return
    for decision in standing:
        say(
            settings, "acknowledgement-line", decision=decision.decisionId, problem=decision.content["rule"],
            count=len(decision.content["problems"]), file=decision.content["fileName"], by=decision.decidedBy,
            reason=decision.reason,
        )  # fmt: skip
    if not standing:
        say(settings, "acknowledgements-none")
