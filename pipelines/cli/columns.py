"""The command `columns`: what the columns of a file are read as; a person says it once, a profile remembers it."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitoring.problems import make_visible
from pipelines.cli.talk import say, words
from pipelines.settings import Settings
from surveys.errors import UnreadableFile

if TYPE_CHECKING:
    from surveys.columns import Column
    from surveys.opening import SurveyFile
    from surveys.profiles import Profile
    from surveys.read_table import ReadTable

SAMPLES_SHOWN = 3
SAMPLE_ROWS = 300
LONGEST_SAMPLE = 24
SKIP = ("s", "skip", "跳过")


@click.pass_obj
def columns(
    settings: Settings,
    file: Path | None,
    profile: str | None,
    settings_made: Sequence[str],
    constants: Sequence[str],
    accept_guesses: bool,
    save: str | None,
    export: Path | None,
    import_profile: Path | None,
    list_profiles: bool,
    json_out: Path | None,
) -> None:
    """Show the columns of a file, take in what is said about them, and keep it where a name is given."""
    from surveys.profiles import find_profile

    said = _take_in(settings, import_profile, save) if import_profile else None
    if list_profiles:
        _show_saved(settings)
    if file is None:
        if not (list_profiles or import_profile):
            raise click.UsageError(words(settings, "columns-no-file"))
        return
    said = find_profile(settings.home, profile) if profile else said
    survey, said = _opened(settings, file, said)
    survey, said = _corrected(settings, file, survey, said, settings_made, constants, accept_guesses)
    _show_tables(settings, file, survey)
    if sys.stdin.isatty() and sys.stdout.isatty():
        survey, said, save = _asked(settings, file, survey, said, save)
    if json_out is not None:
        json_out.write_text(
            json.dumps(_as_json(file, survey), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    _keep(settings, survey, said, None if import_profile else save, export)


def _opened(settings: Settings, file: Path, said: Profile | None) -> tuple[SurveyFile, Profile]:
    """The file as read with a profile, which may be one that it is recognised by."""
    from surveys.opening import open_to_explain
    from surveys.profiles import Profile, saved_profiles

    reading = said.mapping.as_reading() if said else None
    survey = open_to_explain(file, file.name, reading, saved_profiles(settings.home)[0])
    return survey, said or survey.recognised or Profile("")


def _corrected(
    settings: Settings,
    file: Path,
    survey: SurveyFile,
    said: Profile,
    settings_made: Sequence[str],
    constants: Sequence[str],
    accept_guesses: bool,
) -> tuple[SurveyFile, Profile]:
    from surveys.corrections import with_best_guesses, with_constant, with_setting

    corrected = said
    for setting in settings_made:
        corrected = with_setting(corrected, survey, setting)
    for setting in constants:
        corrected = with_constant(corrected, setting)
    if accept_guesses:
        if corrected != said:
            survey, _ = _opened(settings, file, corrected)
        corrected = with_best_guesses(corrected, survey)
    return (survey, said) if corrected == said else _opened(settings, file, corrected)


def _asked(
    settings: Settings, file: Path, survey: SurveyFile, said: Profile, save: str | None
) -> tuple[SurveyFile, Profile, str | None]:
    """Ask once for every unknown header, then for a name under which to remember the answers."""
    from surveys.corrections import open_columns, with_column

    answered = said
    for column in open_columns(survey):
        if term := _answer(settings, column):
            answered = with_column(answered, column.header, term)
    if answered == said:
        return survey, said, save
    survey, answered = _opened(settings, file, answered)
    name = save or click.prompt(words(settings, "columns-ask-name"), default="", show_default=False)
    return survey, answered, name.strip() or None


def _answer(settings: Settings, column: Column) -> str | None:
    """The term a person chooses: Enter for the best guess, a number, a term or common header, or to skip."""
    from surveys.corrections import term_meant

    rule = "columns-ask" if column.guesses else "columns-ask-without-guess"
    while True:
        written = click.prompt(
            words(settings, rule, letter=column.letter, header=make_visible(column.header)),
            default="",
            show_default=False,
        ).strip()
        if written.lower() in SKIP or (not written and not column.guesses):
            return None
        if not written:
            return column.guesses[0].term
        if written.isdecimal() and 1 <= int(written) <= len(column.guesses):
            return column.guesses[int(written) - 1].term
        try:
            return term_meant(written)
        except UnreadableFile as refusal:
            click.echo(refusal.in_language(settings.language), err=True)


def _keep(
    settings: Settings, survey: SurveyFile, said: Profile, save: str | None, export: Path | None
) -> None:
    from surveys.corrections import with_decisions
    from surveys.profiles import save_profile, write_profile

    if save is None and export is None:
        return
    name = save or said.name or (export.stem if export else "")
    signed = replace(
        with_decisions(said, survey), name=name, title=said.title or name, createdBy=getpass.getuser(),
        createdAt=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    if save is not None:
        save_profile(settings.home, signed)
        say(settings, "columns-saved", name=name)
    if export is not None:
        write_profile(signed, export)
        say(settings, "columns-exported", path=export)


def _take_in(settings: Settings, path: Path, save: str | None) -> Profile:
    """Keep a profile that somebody shared; one of the same name with other contents is replaced only where asked."""
    from surveys.profiles import read_profile, save_profile, saved_profiles

    shared = read_profile(path)
    shared = replace(shared, name=save or shared.name)
    same_name = [known for known in saved_profiles(settings.home)[0] if known.name == shared.name]
    if save is None and same_name and same_name[0].mapping != shared.mapping:
        raise UnreadableFile("error-profile-exists", name=shared.name)
    save_profile(settings.home, shared)
    say(settings, "columns-saved", name=shared.name)
    return shared


def _show_saved(settings: Settings) -> None:
    from surveys.profiles import saved_profiles

    profiles, refused = saved_profiles(settings.home)
    for known in profiles:
        say(
            settings, "columns-profile", name=known.name, columns=len(known.columns), constants=len(known.constants),
            by=known.createdBy or "—", at=known.createdAt[:10] or "—",
        )  # fmt: skip
    for refusal in refused:
        click.echo(refusal.in_language(settings.language), err=True)
    if not profiles and not refused:
        say(settings, "columns-no-profiles")


def _show_tables(settings: Settings, file: Path, survey: SurveyFile) -> None:
    say(settings, "check-head", file=file.name, encoding=survey.encoding or "Excel/ODS")
    if survey.recognised:
        say(settings, "columns-recognised", profile=survey.recognised.name)
    for read in survey.tables:
        rule = "check-table-on-sheet" if read.sheet else "check-table"
        say(settings, rule, sheet=read.sheet, line=read.table.header_line)
        for column in read.columns:
            if column.header:
                _show_column(settings, read, column)
        for term, value in read.stated.items():
            say(settings, "check-stated", term=term, value=value)


def _show_column(settings: Settings, read: ReadTable, column: Column) -> None:
    from surveys.terms import label_of

    shown = column.term or column.alsoMeans
    label = label_of(shown).in_language(settings.language) if shown else ""
    rule = "columns-across" if column.isAcross else f"columns-by-{column.by}"
    say(
        settings, rule, letter=column.letter, header=make_visible(column.header), term=shown, label=label,
        samples=" | ".join(_samples(read, column)) or "—",
    )  # fmt: skip
    for number, guess in enumerate(column.guesses, start=1):
        say(
            settings, "columns-guess", number=number, term=guess.term, score=guess.score,
            label=label_of(guess.term).in_language(settings.language),
            reason=guess.reason.in_language(settings.language),
        )  # fmt: skip


def _samples(read: ReadTable, column: Column) -> list[str]:
    cells = (
        text.split(read.table.delimiter)[column.position - 1 : column.position]
        for text in read.table.lines["text"].slice(0, SAMPLE_ROWS).to_pylist()
    )
    distinct = dict.fromkeys(cell[0].strip() for cell in cells if cell and cell[0].strip())
    return [make_visible(text[:LONGEST_SAMPLE]) for text in list(distinct)[:SAMPLES_SHOWN]]


def _as_json(file: Path, survey: SurveyFile) -> dict[str, Any]:
    """What is shown, as plain data: per table its columns with term, label, what it rests on, samples and guesses."""
    return {
        "file": file.name,
        "profile": survey.mapping.profile,
        "constants": survey.mapping.constants,
        "tables": [
            {
                "sheet": read.sheet,
                "headerLine": read.table.header_line,
                "stated": read.stated,
                "columns": [_column_as_json(read, column) for column in read.columns if column.header],
            }
            for read in survey.tables
        ],
    }


def _column_as_json(read: ReadTable, column: Column) -> dict[str, Any]:
    from surveys.terms import label_of

    return {
        "letter": column.letter,
        "header": column.header,
        "term": column.term,
        "label": label_of(column.term).as_dict() if column.term else None,
        "by": "across" if column.isAcross else column.by,
        "alsoMeans": column.alsoMeans,
        "unit": column.unit,
        "samples": _samples(read, column),
        "guesses": [
            {
                "term": guess.term,
                "score": guess.score,
                "label": label_of(guess.term).as_dict(),
                "reason": guess.reason.as_dict(),
            }
            for guess in column.guesses
        ],
    }
