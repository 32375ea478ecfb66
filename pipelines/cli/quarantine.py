"""The commands `quarantine …`: which records wait for a person and why, and what is decided on them."""

from __future__ import annotations

import csv
import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings
from store.catalogue import catalogue

WAITING = """
SELECT record.recordId, record.submissionId, source.fileName, record.sheet, record.line, record.source, record.taxonID,
    coalesce(record.verbatimScientificName, record.verbatimVernacularName, '') AS name, record.tests,
    (SELECT list({'test': test, 'value': value, 'suggestion': suggestion} ORDER BY test) FROM core_flag AS flag
     WHERE flag.rowId = record.rowId AND severity = 'error') AS flags
FROM core_quarantine AS record LEFT JOIN out_source AS source USING (submissionId)
WHERE disposition = 'quarantined' AND ($submission IS NULL OR submissionId = $submission)
ORDER BY source.fileName, record.sheet, record.line
"""
SHOWN = 40


@click.pass_obj
def waiting(settings: Settings, submission: str | None, csv_out: Path | None) -> None:
    """List the published records that wait, with what holds each of them back."""
    rows = _waiting(settings, submission)
    if csv_out is not None:
        with csv_out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["recordId", "fileName", "sheet", "line", "name", "why", "remedy"])
            for row in rows:
                told = [_told(settings, flag) for flag in row["flags"]]
                writer.writerow(
                    [row["recordId"], row["fileName"], row["sheet"], row["line"], row["name"],
                     "; ".join(why for why, _ in told), "; ".join(remedy for _, remedy in told)]
                )  # fmt: skip
        say(settings, "quarantine-csv", file=csv_out, count=len(rows))
        return
    for row in rows[:SHOWN]:
        place = words(
            settings, "quarantine-row", file=row["fileName"] or row["source"], sheet=row["sheet"] or "",
            line=row["line"], name=row["name"], record=row["recordId"],
        )  # fmt: skip
        click.secho(place, bold=True)
        for flag in row["flags"]:
            why, remedy = _told(settings, flag)
            click.echo(f"    {why} → {remedy}")
    say(
        settings,
        "quarantine-count" if rows else "quarantine-none",
        count=len(rows),
        shown=min(len(rows), SHOWN),
    )


@click.pass_obj
def accept(settings: Settings, records: Sequence[str], reason: str, by: str | None) -> None:
    """Let records in, in spite of the tests that hold them back now."""
    from quality.record_decisions import TO_BE_CORRECTED, decide_record

    found = {row["recordId"]: row for row in _waiting(settings, None)}
    _require_known(settings, records, found)
    wrong = [record for record in records if set(TO_BE_CORRECTED) & set(found[record]["tests"])]
    if wrong:
        raise click.UsageError(words(settings, "quarantine-wrong", records=", ".join(wrong)))
    nameless = [record for record in records if found[record]["taxonID"] is None]
    if nameless:
        raise click.UsageError(words(settings, "quarantine-nameless", records=", ".join(nameless)))
    for record in records:
        decision = decide_record(
            settings.home, record, "accept", reason, by or getpass.getuser(), tests=found[record]["tests"]
        )
        say(settings, "quarantine-accepted", record=record, decision=decision.decisionId)


@click.pass_obj
def reject(settings: Settings, records: Sequence[str], reason: str, by: str | None) -> None:
    """Keep records out, whether they wait or were accepted."""
    from quality.record_decisions import decide_record

    found = {row["recordId"]: row for row in _waiting(settings, None)}
    _require_known(settings, [record for record in records if not _is_accepted(settings, record)], found)
    for record in records:
        decision = decide_record(settings.home, record, "reject", reason, by or getpass.getuser())
        say(settings, "quarantine-rejected", record=record, decision=decision.decisionId)


@click.pass_obj
def correct(settings: Settings, record: str, cells: Sequence[str], reason: str, by: str | None) -> None:
    """Correct cells of a survey record; what was written is kept beside it."""
    from quality.record_decisions import decide_record
    from store.warehouse import open_warehouse
    from surveys.columns import TERMS
    from surveys.corrected_cells import written_cells

    settings.home.must_exist()
    said = dict(cell.partition("=")[::2] for cell in cells)
    unknown = [term for term in said if term not in TERMS]
    if unknown or any("=" not in cell for cell in cells):
        raise click.UsageError(
            words(settings, "quarantine-terms", terms=", ".join(unknown), known=", ".join(TERMS))
        )
    with open_warehouse(settings.home) as connection:
        row = written_cells(connection, record)
    if row is None:
        raise click.UsageError(words(settings, "quarantine-no-row", record=record))
    corrections = {term: (row[term], text.strip() or None) for term, text in said.items()}
    decision = decide_record(
        settings.home, record, "correct", reason, by or getpass.getuser(), corrections=corrections
    )
    for term, (before, after) in corrections.items():
        say(
            settings,
            "quarantine-corrected",
            record=record,
            term=term,
            before=before or "–",
            after=after or "–",
        )
    say(settings, "quarantine-decision", decision=decision.decisionId)


@click.pass_obj
def decisions(settings: Settings, withdraw: str | None, reason: str | None, by: str | None) -> None:
    """List what was decided on records, or take one decision back."""
    from quality.record_decisions import KIND
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
        content = decision.content
        changes = ", ".join(f"{term}={after}" for term, (_, after) in content["corrections"].items())
        say(
            settings, f"quarantine-decided-{content['verdict']}", decision=decision.decisionId,
            record=content["recordId"], changes=changes, day=decision.decidedAt[:10], by=decision.decidedBy,
            reason=decision.reason,
        )  # fmt: skip
    if not standing:
        say(settings, "quarantine-no-decisions")


def _waiting(settings: Settings, submission: str | None) -> list[dict[str, Any]]:
    from reports.queries import rows
    from store.generations import current_generation, open_generation

    settings.home.must_exist()
    with open_generation(current_generation(settings.home)) as connection:
        return rows(connection, WAITING, {"submission": submission})


def _is_accepted(settings: Settings, record: str) -> bool:
    from store.generations import current_generation, open_generation

    with open_generation(current_generation(settings.home)) as connection:
        found = connection.execute("SELECT 1 FROM core_occurrence WHERE recordId = ?", [record]).fetchone()
    return found is not None


def _require_known(settings: Settings, records: Sequence[str], found: dict[str, Any]) -> None:
    unknown = [record for record in records if record not in found]
    if unknown:
        raise click.UsageError(words(settings, "quarantine-unknown", records=", ".join(unknown)))


def _told(settings: Settings, flag: dict[str, Any]) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    entry = catalogue("quality")[flag["test"]]
    values = {key: flag[key] or "" for key in ("value", "suggestion")}
    language = settings.language
    return entry[language].format(**values), entry[f"{language}_remedy"].format(**values)
