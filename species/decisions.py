"""Decisions of people on names: what a written pair of names means, or that it means no taxon; the last one counts.

A decision names its taxon by id and by name, so that it still holds where a source renames the taxon. Keeping decisions
belongs to `store.decisions`, applying them to `matching`, telling what waits for one to `queue`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from species.matching import SEPARATOR
from species.written.scientific_names import name_key
from store.decisions import Decision, decide, decisions
from store.home import Home

KIND = "name"
TAXA_NAMED = """
SELECT DISTINCT taxon.taxonID, taxon.scientificName, taxon.canonicalName
FROM core_taxon AS taxon LEFT JOIN core_name AS name USING (taxonID)
WHERE taxon.taxonID = $text OR name.nameKey = $key OR name.name = $text
ORDER BY taxon.scientificName, taxon.taxonID
"""


@dataclass(frozen=True)
class NameDecision:
    """What one written pair of names means; without a taxonID it means no taxon. decidedAt is UTC, ISO 8601."""

    nameText: str
    verbatimScientificName: str | None
    verbatimVernacularName: str | None
    taxonID: str | None
    scientificName: str | None
    by: str
    reason: str
    decidedAt: str
    decisionId: str


@dataclass(frozen=True)
class TaxonNamed:
    """A taxon of the index that an id or a name leads to."""

    taxonID: str
    scientificName: str
    canonicalName: str


def name_text(scientific_name: str | None, vernacular_name: str | None) -> str:
    """The two names of a record as one text, as `core_name_match.nameText` has them."""
    return f"{scientific_name or ''}{SEPARATOR}{vernacular_name or ''}"


def decide_name(
    home: Home,
    pairs: Iterable[tuple[str | None, str | None]],
    taxon: TaxonNamed | None,
    reason: str,
    by: str,
) -> Decision:
    """Remember what written pairs (scientific name, vernacular name) mean; None: no taxon."""
    content = {
        "pairs": [list(pair) for pair in pairs],
        "taxonID": taxon and taxon.taxonID,
        "scientificName": taxon and taxon.canonicalName,
    }
    return decide(home, KIND, by, reason, content)


def name_decisions(home: Home | None) -> list[NameDecision]:
    """What every decided pair means now, in the order decided; of several decisions on a pair the last counts."""
    latest: dict[str, NameDecision] = {}
    for decision in decisions(home, KIND) if home else ():
        if decision.withdrawn:
            continue
        for scientific_name, vernacular_name in decision.content["pairs"]:
            text = name_text(scientific_name, vernacular_name)
            latest.pop(text, None)
            latest[text] = NameDecision(
                text, scientific_name or None, vernacular_name or None, decision.content["taxonID"],
                decision.content["scientificName"], decision.decidedBy, decision.reason, decision.decidedAt,
                decision.decisionId,
            )  # fmt: skip
    return list(latest.values())


def resolve(
    connection: duckdb.DuckDBPyConnection, decided: Sequence[NameDecision]
) -> tuple[list[NameDecision], list[NameDecision]]:
    """Decisions that hold in this index, each with the taxonID it has here; and those whose taxon is gone.

    A taxon that lost its id is found by its name where the name leads to exactly one.
    """
    known = {taxonID for (taxonID,) in connection.execute("SELECT taxonID FROM core_taxon").fetchall()}
    standing, gone = [], []
    for decision in decided:
        if decision.taxonID is None or decision.taxonID in known:
            standing.append(decision)
            continue
        named = find_taxa(connection, decision.scientificName or "")
        if len(named) == 1:
            standing.append(dataclasses.replace(decision, taxonID=named[0].taxonID))
        else:
            gone.append(decision)
    return standing, gone


def find_taxa(connection: duckdb.DuckDBPyConnection, text: str) -> list[TaxonNamed]:
    """The taxa that an id, a scientific name or any other name leads to; one whose id it is stands alone."""
    if not text.strip():
        return []
    values = {"text": text.strip(), "key": name_key(text)}
    found = [TaxonNamed(*row) for row in connection.execute(TAXA_NAMED, values).fetchall()]
    return [taxon for taxon in found if taxon.taxonID == text.strip()] or found
