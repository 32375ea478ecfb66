"""Commands that prepare: init, doctor, region new, region check."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipelines.cli.talk import say
from pipelines.doctor import examine
from pipelines.settings import Settings
from store.region import read_region
from store.skeleton import write_skeleton


@click.pass_obj
def init(settings: Settings) -> None:
    from pipelines.running import prepare_home

    prepare_home(settings.home)
    say(settings, "init-done", path=settings.home.path)


@click.pass_obj
def doctor(settings: Settings) -> None:
    findings = list(examine(settings))
    for finding in findings:
        mark = click.style("✓", fg="green") if finding.well else click.style("✗", fg="red")
        click.echo(f"{mark} {finding.what.in_language(settings.language)}")
        if not finding.well:
            click.echo(f"  → {finding.remedy.in_language(settings.language)}")
    sys.exit(0 if all(finding.well for finding in findings) else 3)


@click.pass_obj
def region_new(settings: Settings, folder: Path) -> None:
    write_skeleton(folder)
    say(settings, "region-new-done", path=folder)


@click.pass_obj
def region_check(settings: Settings) -> None:
    region = read_region(settings.region_folder)
    name = region.nameZh if settings.language == "zh" else region.nameEn
    say(
        settings,
        "region-summary",
        name=name,
        divisions=len(region.divisions),
        sites=len(region.sites),
        lists=len(region.lists),
    )
