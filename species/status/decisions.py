"""Decisions of people on status: what a taxon is at a place, before all lists; the last one counts.

Keeping decisions belongs to `store.decisions`; a decision names its taxon by id and by name, as those on names do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from species.decisions import TaxonNamed, find_taxa
from species.errors import StatusError
from species.status.places import is_known
from species.status.statements import Breadths, statement
from species.status.vocabularies import QUESTIONS, is_value, values_of
from store.decisions import Decision, decide, decisions
from store.home import Home
from store.region import Region

KIND = "status"
SOURCE = "decision"
DECIDABLE = tuple(question for question in QUESTIONS if question != "listing")


def decide_status(
    home: Home,
    region: Region,
    taxon: TaxonNamed,
    question: str,
    answer: str,
    place: str,
    reason: str,
    by: str,
) -> Decision:
    """Remember a decision; StatusError where the question, the answer or the place is none."""
    if question not in DECIDABLE:
        raise StatusError("error-status-question", question=question, known=", ".join(DECIDABLE))
    if not is_value(question, answer):
        raise StatusError(
            "error-status-value", question=question, value=answer, known=", ".join(values_of(question))
        )
    if not is_known(place, region):
        raise StatusError("error-status-place", place=place)
    content = {
        "taxonID": taxon.taxonID, "scientificName": taxon.canonicalName, "place": place, "question": question,
        "answer": answer,
    }  # fmt: skip
    return decide(home, KIND, by, reason, content)


def decision_statements(
    connection: duckdb.DuckDBPyConnection, region: Region, home: Home | None
) -> Iterator[dict[str, Any]]:
    """The decisions that stand, as statements about the taxa of this index."""
    breadths = Breadths(region)
    latest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for decision in decisions(home, KIND) if home else ():
        if decision.withdrawn:
            continue
        said = decision.content
        found = find_taxa(connection, said["taxonID"]) or find_taxa(connection, said["scientificName"])
        if len(found) == 1:
            key = (found[0].taxonID, said["place"], said["question"])
            latest[key] = statement(
                found[0].taxonID, SOURCE, said["place"], breadths, said["question"], said["answer"], sureness="high",
                source=f"{decision.decidedBy}: {decision.reason}", verbatim=decision.decisionId,
            )  # fmt: skip
    yield from latest.values()
