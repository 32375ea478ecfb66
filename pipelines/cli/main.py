"""Entry point of the `parkwatch` command and its global options."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipelines.doctor import examine
from pipelines.settings import Settings, read_settings
from store.catalogue import Language, text
from store.errors import ParkwatchError
from store.home import Home
from store.region import read_region
from store.skeleton import write_skeleton

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a ParkwatchError ends it with its message, its remedy and its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    settings = read_settings()
    language = _asked_language(given) or settings.language
    settings = dataclasses.replace(settings, language=language)
    try:
        build_command(settings)(given)
    except ParkwatchError as cause:
        click.echo(cause.in_language(language), err=True)
        sys.exit(cause.exit_code)


def _asked_language(arguments: Sequence[str]) -> Language | None:
    """The language given by --lang, known before the help texts are built."""
    for number, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and number + 1 < len(arguments):
            value = arguments[number + 1]
        for language in LANGUAGES:
            if value == language:
                return language
    return None


def build_command(settings: Settings) -> click.Group:
    """The command tree with its help in the user's language."""

    def say(rule: str, **values: object) -> str:
        return text("pipelines", rule, **values).in_language(settings.language)

    group = click.Group(
        "parkwatch",
        help=say("help"),
        callback=_remember_options,
        params=[
            click.Option(["--home"], type=click.Path(path_type=Path), help=say("option-home")),
            click.Option(["--region"], type=click.Path(path_type=Path), help=say("option-region")),
            click.Option(["--lang"], type=click.Choice(LANGUAGES), help=say("option-lang")),
        ],
        context_settings={"obj": settings, "help_option_names": ["-h", "--help"]},
    )
    group.add_command(click.Command("init", callback=init, help=say("help-init")))
    group.add_command(click.Command("doctor", callback=doctor, help=say("help-doctor")))
    region = click.Group("region", help=say("help-region"))
    region.add_command(
        click.Command(
            "new",
            callback=region_new,
            help=say("help-region-new"),
            params=[click.Argument(["folder"], type=click.Path(path_type=Path))],
        )
    )
    region.add_command(click.Command("check", callback=region_check, help=say("help-region-check")))
    group.add_command(region)
    return group


@click.pass_context
def _remember_options(
    context: click.Context, home: Path | None, region: Path | None, lang: str | None
) -> None:
    settings: Settings = context.obj
    if home is not None:
        settings = dataclasses.replace(settings, home=Home(home.absolute()))
    if region is not None:
        settings = dataclasses.replace(settings, region_folder=region.absolute())
    context.obj = settings


@click.pass_obj
def init(settings: Settings) -> None:
    settings.home.create()
    _say(settings, "init-done", path=settings.home.path)


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
    _say(settings, "region-new-done", path=folder)


@click.pass_obj
def region_check(settings: Settings) -> None:
    region = read_region(settings.region_folder)
    name = region.nameZh if settings.language == "zh" else region.nameEn
    _say(
        settings,
        "region-summary",
        name=name,
        divisions=len(region.divisions),
        sites=len(region.sites),
        lists=len(region.lists),
    )


def _say(settings: Settings, rule: str, **values: object) -> None:
    click.echo(text("pipelines", rule, **values).in_language(settings.language))
