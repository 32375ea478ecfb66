"""The command `names match`: anyone's list of names in, the taxa they mean out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings

MATCHED = (
    "matchType", "confidence", "taxonId", "scientificName", "acceptedScientificName", "vernacularName", "rank",
    "family", "kingdom", "note",
)  # fmt: skip
SHOWN = """
SELECT
    verbatimScientificName AS written, matchType, confidence, match.taxonID, matchedName,
    taxon.scientificName, vernacularNameZh, taxon.taxonRank, family, kingdom, reasons, identificationQualifier,
    cultivarEpithet, waitsForPerson
FROM core_name_match AS match LEFT JOIN core_taxon AS taxon USING (taxonID)
"""
LEFT_BY_INPUT = "_input"


@click.pass_obj
def match(settings: Settings, file: Path, column: str, out: Path) -> None:
    """Match the names of one column; the input's columns are kept, those of the match follow."""
    from reports.excel_csv import write_excel_csv
    from species.sources.tables import read_table

    table = read_table(file, file.name)
    if column not in table.column_names:
        raise click.UsageError(
            words(settings, "match-no-column", column=column, columns=", ".join(table.column_names))
        )
    cells = [None if cell is None else str(cell) for cell in table.column(column).to_pylist()]
    matches = _match(settings, cells)
    header = [name + LEFT_BY_INPUT if name in MATCHED else name for name in table.column_names]
    inputs = zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True)
    rows = ([*row, *matches[cell]] for row, cell in zip(inputs, cells, strict=True))
    write_excel_csv([*header, *MATCHED], rows, out)
    counted = Counter(matches[cell][0] for cell in cells)
    say(settings, "match-written", rows=len(cells), file=out)
    for match_type, count in counted.most_common():
        say(settings, "match-count", match_type=match_type, count=count)


def _match(settings: Settings, cells: list[str | None]) -> dict[str | None, tuple[Any, ...]]:
    """The columns of the match for every distinct cell."""
    from species.decisions import name_decisions
    from species.index.build import build_index
    from species.matching.names import match_names
    from store.region import read_region
    from store.warehouse import open_in_memory

    home = settings.home if settings.home.archive.is_dir() else None
    with open_in_memory() as connection:
        build_index(connection, read_region(settings.region_folder), home)
        match_names(connection, [(cell, None) for cell in set(cells) if cell], name_decisions(home))
        rows = connection.execute(SHOWN).fetchall()
    found = {row[0]: _columns(settings, row) for row in rows}
    empty = ("NONE", 0, *[None] * 7, words(settings, "match-empty"))
    return {cell: found.get(cell, empty) for cell in set(cells)}


def _columns(settings: Settings, row: tuple[Any, ...]) -> tuple[Any, ...]:
    (
        _,
        match_type,
        confidence,
        taxon,
        matched,
        scientific,
        zh,
        rank,
        family,
        kingdom,
        reasons,
        doubt,
        cultivar,
        waits,
    ) = row
    notes = [_reason(settings, reason) for reason in reasons]
    if waits or match_type in ("AMBIGUOUS", "NONE"):
        notes += [matched] if matched else []
        matched = None
    notes += [f"'{cultivar}'"] if cultivar else []
    notes += [doubt] if doubt else []
    return match_type, confidence, taxon, matched, scientific, zh, rank, family, kingdom, "; ".join(notes)


def _reason(settings: Settings, rule: str) -> str:
    from store.catalogue import text

    return text("species", rule).in_language(settings.language)
