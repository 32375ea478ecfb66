"""Entry point of the `parkwatch` command: its options and the tree of its commands, in the user's language."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from pipelines.cli import acknowledging, checking, columns, export, files, results, runs, setup, templates
from pipelines.settings import Settings, read_settings
from store.catalogue import Language, text
from store.errors import ParkwatchError
from store.home import Home

DATUMS = ("WGS84", "CGCS2000", "GCJ-02", "BD-09")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
EXISTING_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
ANY_PATH = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
DAY_OR_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a ParkwatchError ends it with what is wrong, why, the remedy and its exit code."""
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

    def say(rule: str) -> str:
        return text("pipelines", rule).in_language(settings.language)

    def command(
        name: str, callback: Callable[..., Any], *params: click.Parameter, key: str = ""
    ) -> click.Command:
        return click.Command(name, callback=callback, help=say(f"help-{key or name}"), params=list(params))

    def option(names: list[str], key: str, **attributes: Any) -> click.Option:
        return click.Option(names, help=say(f"option-{key}"), **attributes)

    group = click.Group(
        "parkwatch",
        help=say("help"),
        callback=_remember_options,
        params=[
            option(["--home"], "home", type=ANY_PATH),
            option(["--region"], "region", type=ANY_PATH),
            option(["--lang"], "lang", type=click.Choice(LANGUAGES)),
        ],
        context_settings={"obj": settings, "help_option_names": ["-h", "--help"]},
    )
    many_files = click.Argument(["files"], nargs=-1, required=True, type=EXISTING_FILE)
    mapping = option(["--mapping"], "mapping", type=EXISTING_FILE)
    profile = option(["--profile"], "profile")
    protocol = option(["--protocol"], "protocol")
    datum = option(["--datum"], "datum", type=click.Choice(DATUMS, case_sensitive=False))
    known_since = option(["--known-since"], "known-since", type=DAY_OR_MOMENT)
    for entry in (
        command("demo", runs.demo, option(["--out"], "demo-out", type=ANY_PATH)),
        command("init", setup.init),
        command("doctor", setup.doctor),
        command(
            "check", checking.check, many_files, mapping, profile, protocol, datum,
            option(["--json", "json_out"], "check-json", type=ANY_PATH),
            option(["--csv", "csv_out"], "check-csv", type=ANY_PATH),
            option(["--html", "html_out"], "check-html", type=ANY_PATH),
            option(["--annotated", "annotated_out"], "check-annotated", type=ANY_PATH),
        ),
        command(
            "acknowledge", acknowledging.acknowledge, click.Argument(["file"], type=EXISTING_FILE),
            profile, protocol, datum,
            option(["--rule"], "acknowledge-rule", required=True),
            option(["--line", "lines"], "acknowledge-line", type=int, multiple=True),
            option(["--value"], "acknowledge-value"), option(["--all", "all_rows"], "acknowledge-all", is_flag=True),
            option(["--reason"], "acknowledge-reason", required=True), option(["--by"], "acknowledge-by"),
        ),
        command(
            "acknowledgements", acknowledging.acknowledgements, option(["--withdraw"], "acknowledgements-withdraw"),
            option(["--reason"], "acknowledge-reason"), option(["--by"], "acknowledge-by"),
        ),
        command(
            "submit", files.submit, many_files, mapping, profile, protocol, datum, known_since,
            option(["--replaces"], "replaces"), option(["--from", "received_from"], "from"),
        ),
        command(
            "columns", columns.columns, click.Argument(["file"], required=False, type=EXISTING_FILE), profile,
            option(["--set", "settings_made"], "columns-set", multiple=True),
            option(["--constant", "constants"], "columns-constant", multiple=True),
            option(["--accept-guesses"], "columns-accept-guesses", is_flag=True),
            option(["--save"], "columns-save"),
            option(["--export"], "columns-export", type=ANY_PATH),
            option(["--import-profile"], "columns-import-profile", type=EXISTING_FILE),
            option(["--list", "list_profiles"], "columns-list", is_flag=True),
            option(["--json", "json_out"], "columns-json", type=ANY_PATH),
        ),
        command(
            "template", templates.template, click.Argument(["protocol"], required=False),
            click.Argument(["out"], required=False, type=ANY_PATH),
        ),
        command("run", runs.run, option(["--as-of"], "as-of", type=DAY)),
        command(
            "export", export.export, click.Argument(["out"], type=ANY_PATH),
            option(["--submission"], "export-submission"),
        ),
        command("report", results.report, option(["--out"], "report-out", type=ANY_PATH)),
        command("warnings", results.warnings, option(["--json", "as_json"], "json", is_flag=True)),
        command("up", runs.up, option(["--port"], "port", type=click.IntRange(1, 65535), default=3000)),
        command("rebuild", runs.rebuild),
    ):  # fmt: skip
        group.add_command(entry)
    gbif = click.Group("gbif", help=say("help-gbif"))
    gbif.add_command(command("import", files.gbif_import, many_files, known_since, key="gbif-import"))
    group.add_command(gbif)
    region = click.Group("region", help=say("help-region"))
    region.add_command(
        command("new", setup.region_new, click.Argument(["folder"], type=ANY_PATH), key="region-new")
    )
    region.add_command(command("check", setup.region_check, key="region-check"))
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
