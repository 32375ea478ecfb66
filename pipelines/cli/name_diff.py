"""The command `names diff`: what two states of names and lists differ in, and what that concerns."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from species.changes import Change

CURRENT, REGION = "current", "region"
CHANGES_SHOWN = 20
HEADER = (
    "变动 kind", "名称 name", "原来 formerly", "现在 nowadays", "记录 records", "首批行 first lines", "预警 warnings",
    "决定 decision",
)  # fmt: skip
PAIRS = """
SELECT DISTINCT verbatimScientificName, verbatimVernacularName FROM (
    SELECT verbatimScientificName, verbatimVernacularName FROM core_occurrence
    UNION ALL SELECT verbatimScientificName, verbatimVernacularName FROM core_quarantine)
ORDER BY ALL
"""


@click.pass_obj
def diff(settings: Settings, old: str, new: str, csv_out: Path | None, json_out: Path | None) -> None:
    """Compare two states; nothing is kept. Ends with 0 whether anything differs or not."""
    import duckdb

    from species.changes import find_changes
    from store.generations import DATABASE, current_generation

    with tempfile.TemporaryDirectory(prefix="parkwatch-diff-") as folder, duckdb.connect() as connection:
        pairs = _published_pairs(settings)
        former = _attach(connection, _state(settings, old, Path(folder) / "former.duckdb", pairs), "former")
        latter = _attach(connection, _state(settings, new, Path(folder) / "latter.duckdb", pairs), "latter")
        published = None
        if settings.home.current.exists():
            published = _attach(connection, current_generation(settings.home) / DATABASE, "published")
        changes = list(find_changes(connection, former, latter, published))
    if json_out is not None:
        document = [asdict(change) | {"changeId": change.change_id} for change in changes]
        json_out.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    if csv_out is not None:
        from reports.excel_csv import write_excel_csv

        write_excel_csv(HEADER, map(_cells, changes), csv_out)
    _show(settings, old, new, changes)


def _state(
    settings: Settings, text: str, target: Path, pairs: Sequence[tuple[str | None, str | None]]
) -> Path:
    """The database of a state: that of the current generation, or one built in `target`."""
    from species.states import build_state, with_list, with_version
    from store.generations import DATABASE, current_generation
    from store.region import read_region

    home = settings.home if settings.home.archive.is_dir() else None
    if text == CURRENT:
        return current_generation(settings.home) / DATABASE
    region = read_region(settings.region_folder)
    versions: dict[str, str] = {}
    if text != REGION:
        if Path(text).is_file():
            region = with_list(region, Path(text))
        else:
            versions = with_version(home, text)
    build_state(target, region, home, pairs, region.today().date(), versions)
    return target


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> str:
    """The name under which a database is attached for reading; a file can be attached only once."""
    attached = connection.execute("SELECT database_name FROM duckdb_databases() WHERE path = ?", [str(path)])
    if known := attached.fetchone():
        return str(known[0])
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
    return name


def _published_pairs(settings: Settings) -> list[tuple[str | None, str | None]]:
    """Every pair of names that published records carry."""
    from store.generations import current_generation, open_generation

    if not settings.home.current.exists():
        return []
    with open_generation(current_generation(settings.home)) as connection:
        return connection.execute(PAIRS).fetchall()


def _show(settings: Settings, old: str, new: str, changes: Sequence[Change]) -> None:
    """How many changes of each kind, and the first of them; those that concern warnings and records come first."""
    say(settings, "diff-head" if changes else "diff-none", old=old, new=new, count=len(changes))
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    for kind, number in sorted(counts.items()):
        click.echo(f"  {number:>7}  {words(settings, f'change-{kind}')}")
    ordered = sorted(changes, key=lambda change: (-len(change.warningIds), -change.records))
    for change in ordered[:CHANGES_SHOWN]:
        say(
            settings, "diff-line", kind=words(settings, f"change-{change.kind}"), name=change.name,
            formerly=change.formerly or "—", nowadays=change.nowadays or "—",
        )  # fmt: skip
        if change.records:
            say(settings, "diff-records", records=change.records, lines=_lines(change))
        if change.warningIds:
            say(settings, "diff-warnings", warnings=", ".join(change.warningIds))
    if len(changes) > CHANGES_SHOWN:
        say(settings, "diff-more", shown=CHANGES_SHOWN)
    concerned = {warning for change in changes for warning in change.warningIds}
    records = sum(change.records for change in changes if change.kind == "records")
    say(settings, "diff-sum", records=records, warnings=len(concerned))


def _cells(change: Change) -> tuple[object, ...]:
    return (
        change.kind, change.name, change.formerly, change.nowadays, change.records, _lines(change),
        ", ".join(change.warningIds), change.decisionId,
    )  # fmt: skip


def _lines(change: Change) -> str:
    return "; ".join(f"{example['file']}:{example['line']}" for example in change.examples)
