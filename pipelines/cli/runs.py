"""Commands that work: run, rebuild, demo, up."""

from __future__ import annotations

import dataclasses
import sys
from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.results import show_warnings
from pipelines.cli.talk import progress_bar, say
from pipelines.settings import Settings
from store.home import Home


@click.pass_obj
def run(settings: Settings, as_of: datetime | None) -> None:
    from pipelines.running import run_monitoring

    settings.home.must_exist()
    if as_of is not None:
        settings = dataclasses.replace(settings, report_day=as_of.date().isoformat())
    with progress_bar(settings, "progress-running") as progress:
        run_monitoring(settings, progress)
    _tell_what_is_published(settings)


@click.pass_obj
def rebuild(settings: Settings) -> None:
    from pipelines.running import rebuild as rebuild_all

    settings.home.must_exist()
    with progress_bar(settings, "progress-rebuilding") as progress:
        rebuild_all(settings, progress)
    _tell_what_is_published(settings)


@click.pass_obj
def demo(settings: Settings, out: Path | None) -> None:
    from pipelines.demo import run_demo

    settings = dataclasses.replace(settings, home=Home((out or settings.home.path / "demo").absolute()))
    say(settings, "demo-begins", path=settings.home.path)
    with progress_bar(settings, "progress-running") as progress:
        run_demo(settings, progress)
    show_warnings(settings)
    _tell_what_is_published(settings)


@click.pass_obj
def up(settings: Settings, port: int) -> None:
    from pipelines.supervisor import keep_running, services

    say(settings, "up-begins", port=port)
    keep_running(services(settings, port), lambda rule, name: say(settings, rule, name=name))
    say(settings, "up-ended")


def _tell_what_is_published(settings: Settings) -> None:
    from store.generations import current_generation, read_manifest

    generation = current_generation(settings.home)
    tables = read_manifest(generation)["tables"]
    accepted = tables["core_occurrence"]
    say(
        settings, "run-done",
        records=accepted + tables["core_quarantine"], accepted=accepted, warnings=tables["out_warning"],
        report=next(iter(sorted(generation.glob("report-*.html"))), generation),
    )  # fmt: skip
    sys.stdout.flush()
