"""Command that gives records away: export."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.talk import say
from pipelines.settings import Settings


@click.pass_obj
def export(settings: Settings, out: Path, submission: str | None) -> None:
    from reports.darwin_core import write_darwin_core
    from store.generations import current_generation, open_generation

    settings.home.must_exist()
    with open_generation(current_generation(settings.home)) as connection:
        records = write_darwin_core(connection, out, submission)
    say(settings, "export-done", file=out, records=records)
