"""The command that takes survey files in: submit. Looking at one first belongs to `checking`, GBIF files to `gbif`."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.checking import inspected, show_totals
from pipelines.cli.reading import reading_of
from pipelines.cli.talk import progress_bar, say
from pipelines.settings import Settings

ORIGIN = "command"


@click.pass_obj
def submit(
    settings: Settings,
    files: Sequence[Path],
    mapping: Path | None,
    profile: str | None,
    protocol: str | None,
    datum: str | None,
    known_since: datetime | None,
    replaces: str | None,
    received_from: str | None,
) -> None:
    from assets.intake import take_survey
    from pipelines.running import load_survey_file, prepare_home

    prepare_home(settings.home)
    known_since = in_local_time(settings, known_since)
    reading = reading_of(settings, mapping, profile, protocol, datum)
    for path in files:
        with ExitStack() as opened:
            show_totals(settings, inspected(settings, path, reading, opened))
        receipt, is_new = take_survey(
            settings.home, path, received_from=received_from or getpass.getuser(), origin=ORIGIN,
            known_since=known_since, replaces=replaces, reading=reading,
        )  # fmt: skip
        if is_new:
            with progress_bar(settings, "progress-loading") as progress:
                load_survey_file(settings, receipt.submissionId, progress)
        rule = "submit-known" if not is_new else "submit-replaces" if receipt.replaces else "submit-done"
        say(settings, rule, file=path.name, submission=receipt.submissionId, replaces=receipt.replaces)
    say(settings, "submit-next")


def in_local_time(settings: Settings, moment: datetime | None) -> datetime | None:
    """A moment given without a zone is meant in the region's own time."""
    from store.region import read_region

    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=read_region(settings.region_folder).timeZone)
