"""The commands `names queue` and `names gbif`: the names that wait for a person, and what GBIF says about them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from pipelines.cli.talk import progress_bar, say, words
from pipelines.settings import Settings

NAMES_SHOWN = 30
HEADER = (
    "学名 scientificName", "中文名 vernacularName", "原因 why", "名录物种 concernsListed", "待定记录 recordsWaiting",
    "记录 records", "matchType", "confidence", "目前物种 taxonID", "建议 proposedTaxonID", "建议名 proposedName",
    "候选 candidates", "GBIF matchType", "GBIF confidence", "GBIF acceptedScientificName", "GBIF taxonID",
    "文件 file", "工作表 sheet", "行 line", "说明", "reasons",
)  # fmt: skip


@click.pass_obj
def queue(settings: Settings, csv_out: Path | None) -> None:
    """Show the names that wait, most urgent first; all of them in a CSV file."""
    waiting = read_queue(settings)
    if csv_out is not None:
        from reports.excel_csv import write_excel_csv

        write_excel_csv(HEADER, map(_cells, waiting), csv_out)
        say(settings, "queue-written", count=len(waiting), file=csv_out)
        return
    say(settings, "queue-head" if waiting else "queue-none", count=len(waiting))
    for row in waiting[:NAMES_SHOWN]:
        _show(settings, row)
    if len(waiting) > NAMES_SHOWN:
        say(settings, "queue-more", shown=NAMES_SHOWN)
    if waiting:
        say(settings, "queue-how")


@click.pass_obj
def gbif(settings: Settings, refresh: bool) -> None:
    """Ask GBIF about the scientific names that wait; ends with 3 where there is no way to GBIF."""
    from gbif.backbone import ask_backbone, backbone_answers
    from species.queue import names_for_gbif

    names = names_for_gbif(read_queue(settings))
    if not names:
        say(settings, "gbif-nothing")
        return
    with progress_bar(settings, "progress-gbif") as told:
        asked = ask_backbone(
            names, settings.home.gbif_answers, settings.gbif, refresh=refresh,
            progress=lambda done, whole: told(names[min(done, len(names) - 1)], done, whole),
        )  # fmt: skip
    answers = {answer.name: answer for answer in backbone_answers(settings.home.gbif_answers)}
    found = sum(answers[name].matchType != "NONE" for name in names)
    say(settings, "gbif-asked", asked=asked, names=len(names), found=found)
    for name in names[:NAMES_SHOWN]:
        said = answers[name]
        if said.matchType != "NONE":
            say(
                settings, "gbif-line", name=name, match_type=said.matchType, confidence=said.confidence,
                accepted=said.acceptedScientificName or said.scientificName,
            )  # fmt: skip
    sys.stdout.flush()


def read_queue(settings: Settings) -> list[dict[str, Any]]:
    """The queue of the current generation, in order, its JSON read."""
    from species.queue import COLUMNS, IN_ORDER
    from store.generations import current_generation, open_generation

    settings.home.must_exist()
    with open_generation(current_generation(settings.home)) as connection:
        found = connection.execute(IN_ORDER).fetchall()
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
    for row in rows:
        for column in ("candidates", "reasons", "gbifProposal"):
            row[column] = json.loads(row[column]) if row[column] else None
    return rows


def _show(settings: Settings, row: dict[str, Any]) -> None:
    written = " · ".join(filter(None, (row["verbatimScientificName"], row["verbatimVernacularName"])))
    mark = click.style("!", fg="red", bold=True) if row["concernsListed"] else " "
    line = words(
        settings, "queue-line" if row["exampleFile"] else "queue-line-no-file", name=written, records=row["records"],
        waiting=row["recordsWaiting"], file=row["exampleFile"], line=row["exampleLine"],
    )  # fmt: skip
    click.echo(f"{mark} {line}")
    for reason in row["reasons"]:
        click.echo(f"    {reason[settings.language]}")
    for candidate in row["candidates"]:
        names = " · ".join(filter(None, (candidate["scientificName"], candidate["vernacularNameZh"])))
        click.echo(f"    → {candidate['taxonID']}  {names}")


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    said = row["gbifProposal"] or {}
    candidates = "; ".join(f"{one['scientificName']} ({one['taxonID']})" for one in row["candidates"])
    return (
        row["verbatimScientificName"], row["verbatimVernacularName"], row["why"], row["concernsListed"],
        row["recordsWaiting"], row["records"], row["matchType"], row["confidence"], row["taxonID"],
        row["proposedTaxonID"], row["proposedName"], candidates, said.get("matchType"), said.get("confidence"),
        said.get("acceptedScientificName"), said.get("taxonID"), row["exampleFile"], row["exampleSheet"],
        row["exampleLine"], " ".join(reason["zh"] for reason in row["reasons"]),
        " ".join(reason["en"] for reason in row["reasons"]),
    )  # fmt: skip
