"""Entry point of the `parkwatch` command: its options and the tree of its commands, in the user's language."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from pipelines.cli import (
    acknowledging,
    checking,
    columns,
    diversity,
    export,
    files,
    gbif,
    gbif_downloads,
    name_decisions,
    name_diff,
    name_matching,
    name_queue,
    quality,
    quarantine,
    results,
    runs,
    setup,
    status,
    templates,
)
from pipelines.cli import names as name_sources
from pipelines.settings import Settings, read_settings
from store.catalogue import Language, text
from store.errors import ParkwatchError
from store.home import Home

DATUMS = ("WGS84", "CGCS2000", "GCJ-02", "BD-09")
GBIF_FORMATS = ("SIMPLE_CSV", "DWCA", "SIMPLE_PARQUET", "SPECIES_LIST")
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
            "quality", quality.quality,
            option(["--submission"], "quality-submission"),
            option(["--use-case"], "quality-use-case", type=click.Choice(quality.USE_CASES)),
            option(["--json", "as_json"], "quality-json", is_flag=True),
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
        command(
            "status", status.status, click.Argument(["name"], required=False), option(["--place"], "status-place"),
            option(["--date", "on"], "status-date", type=DAY),
            option(["--json", "json_out"], "status-json", type=ANY_PATH),
            option(["--set", "decision"], "status-set"), option(["--withdraw"], "acknowledgements-withdraw"),
            option(["--reason"], "acknowledge-reason"), option(["--by"], "acknowledge-by"),
        ),
        command(
            "diversity", diversity.diversity, click.Argument(["matrix"], type=EXISTING_FILE),
            option(["--long"], "diversity-long", is_flag=True), option(["--out"], "diversity-out", type=ANY_PATH),
            option(["--coverage"], "diversity-coverage", type=float),
            option(["--replicates"], "diversity-replicates", type=click.IntRange(0, 100_000), default=200),
        ),
        command("up", runs.up, option(["--port"], "port", type=click.IntRange(1, 65535), default=3000)),
        command("rebuild", runs.rebuild),
    ):  # fmt: skip
        group.add_command(entry)
    gbif_group = click.Group("gbif", help=say("help-gbif"))
    files_or_folders = click.Argument(
        ["files"], nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
    )
    for entry in (
        command("sync", gbif.sync, key="gbif-sync"),
        command(
            "import", gbif.import_files, files_or_folders, known_since,
            option(["--replaces"], "gbif-replaces"), key="gbif-import",
        ),
        command(
            "request", gbif_downloads.request,
            option(["--format", "form"], "gbif-format", type=click.Choice(GBIF_FORMATS), default=GBIF_FORMATS[0]),
            option(["--sql"], "gbif-sql", type=EXISTING_FILE), key="gbif-request",
        ),
        command(
            "fetch", gbif_downloads.fetch, click.Argument(["key"], required=False),
            option(["--no-wait"], "gbif-no-wait", is_flag=True), key="gbif-fetch",
        ),
        command("snapshots", gbif.snapshots, key="gbif-snapshots"),
        command(
            "diff", gbif.diff, click.Argument(["former"]), click.Argument(["latter"]),
            option(["--csv", "csv_out"], "gbif-diff-csv", type=ANY_PATH), key="gbif-diff",
        ),
    ):  # fmt: skip
        gbif_group.add_command(entry)
    group.add_command(gbif_group)
    region = click.Group("region", help=say("help-region"))
    region.add_command(
        command("new", setup.region_new, click.Argument(["folder"], type=ANY_PATH), key="region-new")
    )
    region.add_command(command("check", setup.region_check, key="region-check"))
    group.add_command(region)
    waiting = click.Group("quarantine", help=say("help-quarantine"))
    records = click.Argument(["records"], nargs=-1, required=True)
    why = (option(["--reason"], "quarantine-reason", required=True), option(["--by"], "acknowledge-by"))
    for entry in (
        command(
            "list", quarantine.waiting, option(["--submission"], "quality-submission"),
            option(["--csv", "csv_out"], "quarantine-csv", type=ANY_PATH), key="quarantine-list",
        ),
        command("accept", quarantine.accept, records, *why, key="quarantine-accept"),
        command("reject", quarantine.reject, records, *why, key="quarantine-reject"),
        command(
            "correct", quarantine.correct, click.Argument(["record"]),
            option(["--set", "cells"], "quarantine-set", multiple=True, required=True), *why,
            key="quarantine-correct",
        ),
        command(
            "decisions", quarantine.decisions, option(["--withdraw"], "acknowledgements-withdraw"),
            option(["--reason"], "acknowledge-reason"), option(["--by"], "acknowledge-by"),
            key="quarantine-decisions",
        ),
    ):  # fmt: skip
        waiting.add_command(entry)
    group.add_command(waiting)
    names = click.Group("names", help=say("help-names"))
    for entry in (
        command(
            "import", name_sources.import_names, many_files,
            option(["--source"], "names-source", required=True), option(["--profile"], "names-profile"),
            option(["--title-zh"], "names-title-zh"), option(["--title-en"], "names-title-en"),
            option(["--version"], "names-version"), option(["--citation"], "names-citation"),
            option(["--license"], "names-license"), key="names-import",
        ),
        command("list", name_sources.list_names, key="names-list"),
        command(
            "match", name_matching.match, click.Argument(["file"], type=EXISTING_FILE),
            option(["--column"], "match-column", required=True),
            option(["--out"], "match-out", required=True, type=ANY_PATH), key="names-match",
        ),
        command(
            "decide", name_decisions.decide, click.Argument(["name"]),
            option(["--vernacular"], "decide-vernacular"), option(["--taxon"], "decide-taxon"),
            option(["--none"], "decide-none", is_flag=True),
            option(["--reason"], "acknowledge-reason", required=True), option(["--by"], "acknowledge-by"),
            key="names-decide",
        ),
        command(
            "decisions", name_decisions.decisions, option(["--withdraw"], "acknowledgements-withdraw"),
            option(["--reason"], "acknowledge-reason"), option(["--by"], "acknowledge-by"), key="names-decisions",
        ),
        command(
            "queue", name_queue.queue, option(["--csv", "csv_out"], "queue-csv", type=ANY_PATH), key="names-queue",
        ),
        command(
            "gbif", name_queue.gbif, option(["--refresh"], "gbif-refresh", is_flag=True), key="names-gbif",
        ),
        command(
            "diff", name_diff.diff, click.Argument(["old"]), click.Argument(["new"]),
            option(["--csv", "csv_out"], "diff-csv", type=ANY_PATH),
            option(["--json", "json_out"], "diff-json", type=ANY_PATH), key="names-diff",
        ),
    ):  # fmt: skip
        names.add_command(entry)
    group.add_command(names)
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
