"""The command `check`: what would become of survey files, told at the terminal and written to files.

What a problem is and says is decided in `monitoring`; handing files in belongs to `files`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitoring.problems import LINES_SHOWN, Cause, Problem, Totals, make_visible
from pipelines.cli.reading import reading_of
from pipelines.cli.talk import say, words
from pipelines.settings import Settings
from surveys.errors import UnreadableFile

if TYPE_CHECKING:
    from monitoring.difference import Difference
    from monitoring.inspection import Inspection

COLOURS = {"fatal": "red", "error": "red", "warning": "yellow", "info": "blue"}
CAUSES_SHOWN = 30
CHANGES_SHOWN = 10
PREVIEW_WIDTH = 100
NOTHING_READ = Totals(0, 0, 0, 0)


@click.pass_obj
def check(
    settings: Settings,
    files: Sequence[Path],
    mapping: Path | None,
    profile: str | None,
    protocol: str | None,
    datum: str | None,
    json_out: Path | None,
    csv_out: Path | None,
    html_out: Path | None,
    annotated_out: Path | None,
) -> None:
    """Inspect files and end with 0 where all is well, 1 where a problem is open, 2 where a file is unreadable."""
    if len(files) > 1 and (html_out or annotated_out):
        raise click.UsageError(words(settings, "check-one-file"))
    reading = reading_of(settings, mapping, profile, protocol, datum)
    with ExitStack() as opened:
        looked_at = [look_at(settings, path, reading, opened) for path in files]
        for found in looked_at:
            if not isinstance(found, Problem):
                show(settings, found)
        _write_lists(looked_at, json_out, csv_out)
        if html_out:
            _write_page(settings, looked_at[0], html_out)
        if annotated_out and not isinstance(looked_at[0], Problem):
            from reports.problems.as_workbook import write_annotated_workbook

            write_annotated_workbook(looked_at[0], files[0], annotated_out)
        unreadable = any(isinstance(found, Problem) for found in looked_at)
        is_open = any(not isinstance(found, Problem) and found.open_problems for found in looked_at)
    sys.exit(2 if unreadable else 1 if is_open else 0)


def look_at(
    settings: Settings, path: Path, reading: Mapping[str, object] | None, opened: ExitStack
) -> Inspection | Problem:
    """The inspection of a file, open as long as `opened` is; or why the file cannot be read, told on stderr."""
    try:
        return inspected(settings, path, reading, opened)
    except UnreadableFile as refusal:
        from monitoring.file_problems import unreadable

        click.echo(refusal.in_language(settings.language), err=True)
        return unreadable(refusal, path.name)


def inspected(
    settings: Settings, path: Path, reading: Mapping[str, object] | None, opened: ExitStack
) -> Inspection:
    """The inspection of a file, open as long as `opened` is; raises UnreadableFile where it cannot be read.

    The file is read before anything else is loaded: a hostile one is refused with little memory in use.
    """
    from surveys.opening import open_survey
    from surveys.profiles import saved_profiles

    home = settings.home if settings.home.archive.is_dir() else None
    read = [open_survey(path, path.name, reading, saved_profiles(home)[0] if home else ())]

    from monitoring.inspection import inspect_survey
    from store.region import read_region

    scratch = opened.enter_context(tempfile.TemporaryDirectory(prefix="parkwatch-check-"))
    region = read_region(settings.region_folder)
    today = region.today().date()
    return (
        opened.enter_context(  # taken out of the list, so that its rows can be let go of once they are loaded
            inspect_survey(path, path.name, region, today, Path(scratch), reading, home, read.pop())
        )
    )


def _write_lists(
    looked_at: Sequence[Inspection | Problem], json_out: Path | None, csv_out: Path | None
) -> None:
    from reports.problems.as_csv import write_problem_csv
    from reports.problems.as_json import write_problem_json

    def problems() -> Iterator[Problem]:
        for found in looked_at:
            if isinstance(found, Problem):
                yield found
            else:
                yield from found.problems()

    if json_out is not None:
        counted = [astuple(found.totals) for found in looked_at if not isinstance(found, Problem)]
        totals = Totals(*map(sum, zip(*counted, strict=True))) if counted else NOTHING_READ
        write_problem_json(totals, problems(), json_out)
    if csv_out is not None:
        write_problem_csv(problems(), csv_out)


def _write_page(settings: Settings, found: Inspection | Problem, path: Path) -> None:
    from reports.problems.as_html import write_problem_page, write_unreadable_page

    if isinstance(found, Problem):
        write_unreadable_page(found, path, settings.language)
    else:
        write_problem_page(found, path, settings.language)


def show(settings: Settings, found: Inspection) -> None:
    """The whole inspection at the terminal: how the file was read, what became of its rows, what is to be mended."""
    _show_tables(settings, found)
    show_totals(settings, found)
    shown = 0
    for cause in found.causes(CAUSES_SHOWN + 1):
        if cause.example.acknowledged is None and shown < CAUSES_SHOWN:
            _show_cause(settings, cause)
        shown += cause.example.acknowledged is None
    if shown > CAUSES_SHOWN:
        say(settings, "check-more-causes", shown=CAUSES_SHOWN)
    if found.settled_problems:
        say(settings, "check-acknowledged", count=found.settled_problems)
    click.echo()


def show_totals(settings: Settings, found: Inspection) -> None:
    say(settings, "check-totals", **asdict(found.totals))
    if found.difference:
        _show_difference(settings, found.difference)
    if not found.open_problems:
        say(settings, "check-clean", file=found.fileName)


def _show_difference(settings: Settings, difference: Difference) -> None:
    say(
        settings, "check-difference", previous=difference.previous, received=difference.receivedAt[:10],
        added=difference.added, changed=difference.changed, removed=difference.removed, same=difference.same,
    )  # fmt: skip
    for row in difference.first_rows(CHANGES_SHOWN):
        say(
            settings, f"check-{row.kind}", line=row.line, header=row.header or row.term or "",
            before=row.before or "", after=row.after or "",
        )  # fmt: skip


def _show_cause(settings: Settings, cause: Cause) -> None:
    problem = cause.example
    column = f"{problem.column} ({make_visible(problem.header or '')})" if problem.column else None
    about_rows = "check-where" if column else "check-where-line"
    rule = about_rows if cause.lines else "check-where-file"
    lines = ", ".join(map(str, cause.lines)) + ("…" if cause.count > LINES_SHOWN else "")
    where = words(
        settings, f"{rule}-on-sheet" if problem.sheet and cause.lines else rule,
        file=problem.file, sheet=make_visible(problem.sheet), lines=lines, column=column, rows=cause.count,
    )  # fmt: skip
    mark = click.style(words(settings, f"severity-{problem.severity}"), fg=COLOURS[problem.severity])
    click.echo(f"{mark} {where} {problem.message.in_language(settings.language)}")
    click.echo(f"    {problem.why.in_language(settings.language)}")
    click.echo(f"    → {problem.fix.in_language(settings.language)}")
    if problem.suggestion and problem.value:
        say(settings, "check-suggestion", before=problem.value, after=make_visible(problem.suggestion))


def _show_tables(settings: Settings, found: Inspection) -> None:
    """What was found in the file: its first rows, its tables, what each column is read as, what was stated above."""
    say(settings, "check-head", file=found.fileName, encoding=found.survey.encoding or "Excel/ODS")
    for _, line, cells in found.survey.preview:
        shown = " | ".join(make_visible(cell) for cell in cells if cell)
        click.echo(f"  {line:>4}  {shown[:PREVIEW_WIDTH]}{'…' if len(shown) > PREVIEW_WIDTH else ''}")
    for table in found.survey.tables:
        rule = "check-table-on-sheet" if table.sheet else "check-table"
        say(settings, rule, sheet=make_visible(table.sheet), line=table.table.header_line)
        for column in table.columns:
            if column.header:
                read_as = "check-column" if column.term else "check-column-kept"
                rule = "check-column-across" if column.isAcross else read_as
                say(
                    settings, rule, letter=column.letter, header=make_visible(column.header), term=column.term
                )
        for term, value in table.stated.items():
            say(settings, "check-stated", term=term, value=make_visible(value))
