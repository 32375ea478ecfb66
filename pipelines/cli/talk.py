"""Talking to the person at the terminal: texts in their language, progress on long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.settings import Settings
from store.catalogue import text

Told = Callable[[str, int, int], None]  # as pipelines.running.Progress, which is slow to import
LEVEL_COLOURS = {"red": "bright_red", "orange": "yellow", "yellow": "bright_yellow", "blue": "bright_blue"}


def words(settings: Settings, rule: str, **values: object) -> str:
    return text("pipelines", rule, **values).in_language(settings.language)


def say(settings: Settings, rule: str, **values: object) -> None:
    click.echo(words(settings, rule, **values))


@contextmanager
def progress_bar(settings: Settings, rule: str) -> Iterator[Told]:
    """A bar on stderr that names the step at work; silent where nobody watches."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[step]}"), console=console, transient=True, disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with bar:
        task = bar.add_task(words(settings, rule), total=None, step="")

        def told(step: str, done: int, steps: int) -> None:
            bar.update(task, completed=done, total=steps, step=step)

        yield told
