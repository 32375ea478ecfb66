"""Commands that take files: check, submit, gbif import."""

from __future__ import annotations

import getpass
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitoring.problems import LINES_SHOWN, Cause, Problem, Totals
from pipelines.cli.talk import progress_bar, say, words
from pipelines.settings import Settings
from surveys.errors import UnreadableFile

if TYPE_CHECKING:
    from monitoring.inspection import Inspection

ORIGIN = "command"
COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
NOTHING_READ = Totals(0, 0, 0, 0)


@click.pass_obj
def check(
    settings: Settings,
    files: Sequence[Path],
    mapping: Path | None,
    datum: str | None,
    json_out: Path | None,
    csv_out: Path | None,
) -> None:
    """Inspect files and end with 0 where all rows are fine, 1 where some are not, 2 where a file is unreadable."""
    from reports.problems.as_csv import write_problem_csv
    from reports.problems.as_json import write_problem_json

    reading = _reading(mapping, datum)
    inspected = [_inspect(settings, path, reading) for path in files]
    problems = [problem for found, _ in inspected for problem in found]
    totals = [counted for _, counted in inspected if counted is not None]
    if json_out is not None:
        added = (
            Totals(*(sum(column) for column in zip(*map(astuple, totals), strict=True)))
            if totals
            else NOTHING_READ
        )
        write_problem_json(added, problems, json_out)
    if csv_out is not None:
        write_problem_csv(problems, csv_out)
    if len(totals) < len(inspected):
        sys.exit(2)
    sys.exit(1 if any(counted.quarantined for counted in totals) else 0)


def _inspect(
    settings: Settings, path: Path, reading: dict[str, object] | None
) -> tuple[Sequence[Problem], Totals | None]:
    """Print what would become of a file; its problems, and its totals where it can be read."""
    from monitoring.inspection import inspect_survey, unreadable
    from store.region import read_region

    region = read_region(settings.region_folder)
    with tempfile.TemporaryDirectory(prefix="parkwatch-check-") as scratch:
        home = settings.home if settings.home.archive.is_dir() else None
        today = region.today().date()
        try:
            with inspect_survey(path, path.name, region, today, Path(scratch), reading, home) as found:
                _show_tables(settings, path, found)
                say(settings, "check-totals", **asdict(found.totals))
                for cause in found.causes():
                    _show_cause(settings, cause)
                click.echo()
                return list(found.problems()), found.totals
        except UnreadableFile as refusal:
            click.echo(refusal.in_language(settings.language), err=True)
            return [unreadable(refusal, path.name)], None


def _show_cause(settings: Settings, cause: Cause) -> None:
    problem = cause.example
    column = f"{problem.column} ({problem.header})" if problem.column else None
    about_rows = "check-where" if column else "check-where-line"
    rule = about_rows if cause.lines else "check-where-file"
    lines = ", ".join(map(str, cause.lines)) + ("…" if cause.count > LINES_SHOWN else "")
    where = words(
        settings, f"{rule}-on-sheet" if problem.sheet and cause.lines else rule,
        file=problem.file, sheet=problem.sheet, lines=lines, column=column, rows=cause.count,
    )  # fmt: skip
    mark = click.style("●", fg=COLOURS[problem.severity])
    click.echo(f"{mark} {where} {problem.message.in_language(settings.language)}")
    click.echo(f"    → {problem.fix.in_language(settings.language)}")


def _show_tables(settings: Settings, path: Path, found: Inspection) -> None:
    """What was found in the file: its tables, what each column is read as, what was stated above them."""
    say(settings, "check-head", file=path.name, encoding=found.survey.encoding or "Excel/ODS")
    for table in found.survey.tables:
        rule = "check-table-on-sheet" if table.sheet else "check-table"
        say(settings, rule, sheet=table.sheet, line=table.table.header_line)
        for column in table.columns:
            if column.header:
                read_as = "check-column" if column.term else "check-column-kept"
                rule = "check-column-across" if column.isAcross else read_as
                say(settings, rule, letter=column.letter, header=column.header, term=column.term)
        for term, value in table.stated.items():
            say(settings, "check-stated", term=term, value=value)


@click.pass_obj
def submit(
    settings: Settings,
    files: Sequence[Path],
    mapping: Path | None,
    datum: str | None,
    known_since: datetime | None,
    replaces: str | None,
    received_from: str | None,
) -> None:
    from assets.intake import take_survey
    from pipelines.running import load_survey_file, prepare_home

    prepare_home(settings.home)
    known_since = _in_local_time(settings, known_since)
    for path in files:
        receipt, is_new = take_survey(
            settings.home, path, received_from=received_from or getpass.getuser(), origin=ORIGIN,
            known_since=known_since, replaces=replaces, reading=_reading(mapping, datum),
        )  # fmt: skip
        if is_new:
            with progress_bar(settings, "progress-loading") as progress:
                load_survey_file(settings, receipt.submissionId, progress)
        rule = "submit-known" if not is_new else "submit-replaces" if receipt.replaces else "submit-done"
        say(settings, rule, file=path.name, submission=receipt.submissionId, replaces=receipt.replaces)
    say(settings, "submit-next")


@click.pass_obj
def gbif_import(settings: Settings, files: Sequence[Path], known_since: datetime | None) -> None:
    from assets.intake import take_gbif
    from pipelines.running import load_gbif_files, prepare_home
    from store.warehouse import open_warehouse

    prepare_home(settings.home)
    known_since = _in_local_time(settings, known_since)
    taken = [
        take_gbif(
            settings.home, path, received_from=getpass.getuser(), origin=ORIGIN, known_since=known_since
        )[0]
        for path in files
    ]  # fmt: skip
    with progress_bar(settings, "progress-judging") as progress:
        load_gbif_files(settings, progress)
    with open_warehouse(settings.home, settings.lock_wait_in_seconds) as connection:
        for receipt in taken:
            row = connection.execute(
                "SELECT rowsRead, accepted, quarantined, rejected FROM out_source WHERE submissionId = ?",
                [receipt.submissionId],
            ).fetchone()
            read, accepted, quarantined, rejected = row or (0, 0, 0, 0)
            say(
                settings, "gbif-totals",
                file=receipt.fileName, read=read, accepted=accepted, quarantined=quarantined, rejected=rejected,
            )  # fmt: skip


def _in_local_time(settings: Settings, moment: datetime | None) -> datetime | None:
    """A moment given without a zone is meant in the region's own time."""
    from store.region import read_region

    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=read_region(settings.region_folder).timeZone)


def _reading(mapping: Path | None, datum: str | None) -> dict[str, object] | None:
    """What the giver says about a file: a mapping, and the datum of a file that does not name it."""
    if mapping is None and datum is None:
        return None
    from surveys.columns import Mapping, read_mapping

    said = read_mapping(mapping) if mapping else Mapping()
    constants = said.constants | ({"verbatimSRS": datum} if datum else {})
    return Mapping(said.columns, constants).as_reading()
