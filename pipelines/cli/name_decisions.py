"""The commands `names decide` and `names decisions`: what people say a written name means, and why."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pipelines.cli.talk import say, words
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from species.decisions import TaxonNamed

PAIRS_READ = """
SELECT verbatimScientificName, verbatimVernacularName FROM core_name_match
WHERE $name IN (verbatimScientificName, verbatimVernacularName)
    AND ($vernacular IS NULL OR verbatimVernacularName = $vernacular)
ORDER BY nameText
"""


@click.pass_obj
def decide(
    settings: Settings,
    name: str,
    vernacular: str | None,
    taxon: str | None,
    none: bool,
    reason: str,
    by: str | None,
) -> None:
    """Remember what a written name means; it holds from the next check, upload and run on."""
    from species.decisions import decide_name

    settings.home.must_exist()
    if none == (taxon is not None):
        raise click.UsageError(words(settings, "decide-which"))
    meant = _taxon_meant(settings, taxon) if taxon is not None else None
    pairs = _pairs(settings, name.strip(), vernacular.strip() if vernacular else None)
    decision = decide_name(settings.home, pairs, meant, reason, by or getpass.getuser())
    for scientific_name, vernacular_name in pairs:
        written = " · ".join(filter(None, (scientific_name, vernacular_name)))
        if meant is None:
            say(settings, "decided-none", name=written, decision=decision.decisionId)
        else:
            say(
                settings, "decided", name=written, taxon=meant.scientificName, id=meant.taxonID,
                decision=decision.decisionId,
            )  # fmt: skip


@click.pass_obj
def decisions(settings: Settings, withdraw: str | None, reason: str | None, by: str | None) -> None:
    """List what was decided about names, or take one decision back."""
    from species.decisions import KIND
    from store import decisions as kept

    settings.home.must_exist()
    standing = [decision for decision in kept.decisions(settings.home, KIND) if not decision.withdrawn]
    if withdraw is not None:
        chosen = next((decision for decision in standing if decision.decisionId == withdraw), None)
        if chosen is None:
            raise click.UsageError(words(settings, "acknowledgement-unknown", decision=withdraw))
        kept.withdraw(settings.home, chosen, by or getpass.getuser(), reason or "")
        say(settings, "acknowledgement-withdrawn", decision=withdraw)
        return
    for decision in standing:
        written = "; ".join(" · ".join(filter(None, pair)) for pair in decision.content["pairs"])
        rule = "decision-line" if decision.content["taxonID"] else "decision-line-none"
        say(
            settings, rule, decision=decision.decisionId, name=written, id=decision.content["taxonID"],
            taxon=decision.content["scientificName"], by=decision.decidedBy, day=decision.decidedAt[:10],
            reason=decision.reason,
        )  # fmt: skip
    if not standing:
        say(settings, "decisions-none")


def _taxon_meant(settings: Settings, text: str) -> TaxonNamed:
    """The one taxon that an id or a name means, in what is published or else in what the sources say now."""
    from species.decisions import find_taxa

    for opened in (_published, _index):
        with opened(settings) as connection:
            found = find_taxa(connection, text) if connection else []
        if len(found) > 1:
            listed = "\n".join(f"  {taxon.taxonID}  {taxon.scientificName}" for taxon in found)
            raise click.UsageError(words(settings, "decide-ambiguous", name=text, taxa=listed))
        if found:
            return found[0]
    raise click.UsageError(words(settings, "decide-unknown", name=text))


def _pairs(settings: Settings, name: str, vernacular: str | None) -> list[tuple[str | None, str | None]]:
    """The pairs of names that records carry; where none does, the pair as it is given."""
    with _published(settings) as connection:
        if connection:
            found = connection.execute(PAIRS_READ, {"name": name, "vernacular": vernacular}).fetchall()
            if found:
                return found
    if vernacular is not None:
        return [(name, vernacular)]
    return [(name, None)] if name.isascii() else [(None, name), (name, None)]


@contextmanager
def _published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The current generation; None where nothing has been published yet."""
    from store.generations import current_generation, open_generation

    if not settings.home.current.exists():
        yield None
        return
    with open_generation(current_generation(settings.home)) as connection:
        yield connection


@contextmanager
def _index(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every name that the region's lists and the imported sources know now."""
    from species.index.build import build_index
    from store.region import read_region
    from store.warehouse import open_in_memory

    with open_in_memory() as connection:
        build_index(connection, read_region(settings.region_folder), settings.home)
        yield connection
