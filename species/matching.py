"""Matching: which taxon the name of a record means, once per distinct pair of names.

The scientific name decides where there is one; the Chinese name, an alias or a code otherwise. A name that leads
to two taxa is AMBIGUOUS and leads to none, unless the other name of the same record settles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from species.near_names import near_names
from species.scientific_names import loose_key, name_key, read_scientific_name
from store.engine import keep

MATCH_SCHEMA = {
    "nameText": "string", "taxonID": "string", "matchType": "string", "matchedName": "string",
}  # fmt: skip
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class TaxonMatch:
    """matchType in GBIF's words: EXACT, HIGHERRANK (only the genus is known), AMBIGUOUS or NONE.

    `matchedName` is the listed name, of AMBIGUOUS all of them; of NONE the one that was probably meant: a proposal.
    """

    taxonID: str | None
    matchType: str
    matchedName: str | None = None


NO_MATCH = TaxonMatch(None, "NONE")


class NameIndex:
    """Every name that leads to a taxon, by its key."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """`rows`: nameKey, name, taxonID."""
        self._taxa: Mapping[str, dict[str, str]] = defaultdict(dict)
        for key, name, taxon in rows:
            self._taxa[key].setdefault(taxon, name)

    def match(self, scientific_name: str | None, vernacular_name: str | None) -> TaxonMatch:
        """The taxon that the two names of a record mean together."""
        by_science = self._taxa_of(scientific_name)
        by_vernacular = self._taxa_of(vernacular_name)
        agreed = {taxon: name for taxon, name in by_science.items() if taxon in by_vernacular}
        for candidates in (agreed, by_science, by_vernacular):
            if len(candidates) == 1:
                taxon, name = next(iter(candidates.items()))
                return TaxonMatch(taxon, "EXACT", name)
            if len(candidates) > 1:
                return TaxonMatch(None, "AMBIGUOUS", " | ".join(sorted(candidates.values())))
        return self._genus_of(scientific_name)

    def _taxa_of(self, text: str | None) -> dict[str, str]:
        if not text:
            return {}
        return self._taxa.get(name_key(text)) or self._taxa.get(loose_key(text)) or {}

    def _genus_of(self, text: str | None) -> TaxonMatch:
        name = read_scientific_name(text) if text else None
        found = self._taxa.get(loose_key(name.genus), {}) if name and name.isOpen else {}
        if len(found) == 1:
            taxon, matched = next(iter(found.items()))
            return TaxonMatch(taxon, "HIGHERRANK", matched)
        return NO_MATCH


def name_text(records: Any) -> Any:
    """The two names of a record as one text, by which its match is found again (Ibis)."""
    written = records.verbatimScientificName.fill_null("")
    return written + SEPARATOR + records.verbatimVernacularName.fill_null("")


def match_names(engine: Any, records: Any) -> Any:
    """One row per distinct pair of names of standard records: nameText, taxonID, matchType, matchedName."""
    names = (
        engine.table("core_name").select("nameKey", "name", "taxonID").order_by("taxonID", "name").execute()
    )
    index = NameIndex(names.itertuples(index=False, name=None))
    texts = records.select(nameText=name_text(records)).distinct().execute()["nameText"]
    matches = {text: index.match(*_names_in(text)) for text in texts}
    unknown = {text: next(filter(None, _names_in(text)), "") for text, m in matches.items() if m is NO_MATCH}
    near = near_names(unknown.values(), names["name"].tolist()) if unknown else {}
    matched = [
        (text, match.taxonID, match.matchType, match.matchedName or near.get(unknown.get(text, "")))
        for text, match in matches.items()
    ]
    return keep(engine, "tmp_name_match", matched, MATCH_SCHEMA)


def _names_in(text: str) -> tuple[str | None, str | None]:
    """The scientific and the common name of a `name_text`."""
    scientific_name, _, vernacular_name = text.partition(SEPARATOR)
    return scientific_name or None, vernacular_name or None
