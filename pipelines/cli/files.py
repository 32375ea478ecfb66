"""Commands that take files: check, submit, gbif import."""

from __future__ import annotations

import getpass
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.talk import progress_bar, say, words
from pipelines.settings import Settings

ORIGIN = "command"
COLOURS = {"error": "red", "warning": "yellow", "reject": "cyan", "info": "blue"}


@click.pass_obj
def check(settings: Settings, files: Sequence[Path], mapping: Path | None) -> None:
    worst = 0
    for path in files:
        worst = max(worst, _show_inspection(settings, path, mapping))
    sys.exit(worst)


def _show_inspection(settings: Settings, path: Path, mapping: Path | None) -> int:
    """Print what would become of a file; 1 where rows would be held back."""
    from monitoring.inspection import inspect_survey
    from store.region import read_region

    region = read_region(settings.region_folder)
    with tempfile.TemporaryDirectory(prefix="parkwatch-check-") as scratch:
        extensions = settings.home.extensions if settings.home.extensions.is_dir() else Path(scratch)
        found = inspect_survey(path, path.name, region, region.today().date(), extensions, _reading(mapping))
    say(settings, "check-head", file=path.name, encoding=found.encoding, line=found.header_line)
    for column in found.columns:
        if column.header:
            rule = "check-column" if column.term else "check-column-kept"
            say(settings, rule, letter=column.letter, header=column.header, term=column.term)
    say(
        settings, "check-totals",
        read=found.read, accepted=found.accepted, quarantined=found.quarantined, rejected=found.rejected,
    )  # fmt: skip
    for problem in found.problems:
        mark = click.style("●", fg=COLOURS[problem.severity])
        more = "…" if problem.rows > len(problem.lines) else ""
        where = words(
            settings, "check-where" if problem.column else "check-where-line",
            lines=", ".join(map(str, problem.lines)) + more, column=problem.column, rows=problem.rows,
        )  # fmt: skip
        click.echo(f"{mark} {where} {problem.message.in_language(settings.language)}")
        click.echo(f"    → {problem.remedy.in_language(settings.language)}")
    click.echo()
    return 1 if found.quarantined else 0


@click.pass_obj
def submit(
    settings: Settings,
    files: Sequence[Path],
    mapping: Path | None,
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
            known_since=known_since, replaces=replaces, reading=_reading(mapping),
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


def _reading(mapping: Path | None) -> dict[str, object] | None:
    if mapping is None:
        return None
    from surveys.columns import read_mapping

    return read_mapping(mapping).as_reading()
