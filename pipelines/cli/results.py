"""Commands that show what is published: report, warnings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from pipelines.cli.talk import LEVEL_COLOURS, say, words
from pipelines.settings import Settings
from store.generations import current_generation, open_generation

WARNINGS = """
SELECT warningId, scientificName, vernacularName, kind, placeKind, placeID, placeZh, placeEn, level, late,
    firstEventDate, firstSeen, decimalLatitude, decimalLongitude, recordCount, reasons, evidence
FROM out_warning
ORDER BY CASE level WHEN 'red' THEN 1 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 3 ELSE 4 END,
    kind, scientificName, placeID
"""


@click.pass_obj
def report(settings: Settings, out: Path | None) -> None:
    settings.home.must_exist()
    generation = current_generation(settings.home)
    for path in sorted(generation.glob("*.html")):
        if out is None:
            click.echo(path)
        else:
            target = out / path.name if out.is_dir() else out
            shutil.copyfile(path, target)
            say(settings, "report-copied", path=target)


@click.pass_obj
def warnings(settings: Settings, as_json: bool) -> None:
    settings.home.must_exist()
    if as_json:
        click.echo(json.dumps(read_warnings(settings), ensure_ascii=False, indent=1))
    else:
        show_warnings(settings)


def read_warnings(settings: Settings) -> list[dict[str, Any]]:
    """The warnings of the current generation, most pressing first, as plain data."""
    with open_generation(current_generation(settings.home)) as connection:
        result = connection.execute(WARNINGS)
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return [_plain(row) for row in rows]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    place = {
        "placeID": row.pop("placeID"), "placeKind": row.pop("placeKind"),
        "zh": row.pop("placeZh"), "en": row.pop("placeEn"),
    }  # fmt: skip
    first_seen = row["firstSeen"].isoformat() + "Z"
    loaded = {"reasons": json.loads(row["reasons"]), "evidence": json.loads(row["evidence"])}
    return row | {"place": place, "firstSeen": first_seen} | loaded


def show_warnings(settings: Settings) -> None:
    found = read_warnings(settings)
    say(settings, "warnings-head" if found else "warnings-none", count=len(found))
    for warning in found:
        level = click.style(
            words(settings, f"level-{warning['level']}"), fg=LEVEL_COLOURS[warning["level"]], bold=True
        )
        say(
            settings, "warning-line",
            level=level, vernacular=warning["vernacularName"] or warning["scientificName"],
            scientific=warning["scientificName"], place=warning["place"][settings.language],
            kind=words(settings, f"kind-{warning['kind']}"),
        )  # fmt: skip
        for reason in warning["reasons"]:
            click.echo(f"    · {reason[settings.language]}")
