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
    firstEventDate, firstSeen, decimalLatitude, decimalLongitude, recordCount, heldSince, reasons, evidence
FROM out_warning
ORDER BY CASE level WHEN 'red' THEN 1 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 3 ELSE 4 END,
    kind, scientificName, placeID
"""
NOTICES = """
SELECT warningId, kind, day, scientificName, placeZh, placeEn, zh, en
FROM out_notice ORDER BY day DESC, warningId, kind, noticeId
"""


@click.pass_obj
def report(settings: Settings, out: Path | None) -> None:
    settings.home.must_exist()
    generation = current_generation(settings.home)
    for path in sorted(generation.glob("*.html")):
        if out is None:
            click.echo(path)
        else:
            beside = out.with_name(
                path.name
            )  # the species pages are reached from the report by their own name
            target = out / path.name if out.is_dir() else out if path.name.startswith("report-") else beside
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
    """The warnings of the current generation, most pressing first, as plain data, each with its notices."""
    notices = read_notices(settings)
    return [
        _plain(row) | {"notices": [notice for notice in notices if notice["warningId"] == row["warningId"]]}
        for row in _rows(settings, WARNINGS)
    ]


def read_notices(settings: Settings) -> list[dict[str, Any]]:
    """What changes of names, lists and decisions did to warnings, those that ended among them, latest first."""
    return [row | {"day": row["day"].isoformat()} for row in _rows(settings, NOTICES)]


def _rows(settings: Settings, sql: str) -> list[dict[str, Any]]:
    with open_generation(current_generation(settings.home)) as connection:
        result = connection.execute(sql)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    held_since = row.pop("heldSince")
    place = {
        "placeID": row.pop("placeID"), "placeKind": row.pop("placeKind"),
        "zh": row.pop("placeZh"), "en": row.pop("placeEn"),
    }  # fmt: skip
    first_seen = row["firstSeen"].isoformat() + "Z"
    loaded = {"reasons": json.loads(row["reasons"]), "evidence": json.loads(row["evidence"])}
    loaded["heldSince"] = held_since.isoformat() if held_since else None
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
        for notice in warning["notices"]:
            click.echo(f"    ! {notice['day']} {notice[settings.language]}")
    _show_ended(settings, {warning["warningId"] for warning in found})


def _show_ended(settings: Settings, still_open: set[str]) -> None:
    """Warnings that a change of names, lists or decisions ended: none vanishes unsaid."""
    ended = [notice for notice in read_notices(settings) if notice["warningId"] not in still_open]
    if ended:
        say(settings, "warnings-ended", count=len({notice["warningId"] for notice in ended}))
    for notice in ended:
        place = notice["placeZh"] if settings.language == "zh" else notice["placeEn"]
        click.echo(f"  {notice['day']} {notice['warningId']} {notice['scientificName']} · {place}")
        click.echo(f"    ! {notice[settings.language]}")
