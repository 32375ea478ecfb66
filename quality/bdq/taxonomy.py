"""Taxonomy: whether the taxa that a record names are known to the list of names at hand, and as what.

How names are compared with the list belongs to the list (`names_in_index`), comparing the words of one name with each
other to `name_parts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quality.bdq.authorities import KnownTaxon, NameAuthority
from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    compliant_if,
    external_prerequisites_not_met,
    filled_in,
    internal_prerequisites_not_met,
    not_amended,
    value_of,
)

# What the standard names as its default stands here for the list at hand.
AUTHORITIES = ("GBIF Backbone Taxonomy", "https://doi.org/10.15468/39omei")
NAME, NAME_ID = "dwc:scientificName", "dwc:scientificNameID"
PARTS = (
    "genericName",
    "specificEpithet",
    "infraspecificEpithet",
    "scientificNameAuthorship",
    "cultivarEpithet",
)
RANKS = (
    "kingdom",
    "phylum",
    "class",
    "order",
    "superfamily",
    "family",
    "subfamily",
    "tribe",
    "subtribe",
    "genus",
)
KNOWN_RANKS = ("kingdom", "phylum", "class", "order", "family", "genus")


def found_at_rank(rank: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        names = _names(asked)
        if names is None:
            return external_prerequisites_not_met("no list of names is available")
        value = value_of(terms, f"dwc:{rank}")
        if not value:
            return internal_prerequisites_not_met(f"dwc:{rank} is bdqval:Empty")
        return compliant_if(names.has_name_at_rank(value, rank), f"names of the rank {rank}")

    return test


def name_found(terms: Terms, asked: Asked) -> Response:
    names = _names(asked)
    if names is None:
        return external_prerequisites_not_met("no list of names is available")
    value = value_of(terms, NAME)
    if not value:
        return internal_prerequisites_not_met(f"{NAME} is bdqval:Empty")
    return compliant_if(bool(names.taxa_named(value)), "names with and without authorship")


def taxon_unambiguous(terms: Terms, asked: Asked) -> Response:
    names = _names(asked)
    if names is None:
        return external_prerequisites_not_met("no list of names is available")
    identifier = value_of(terms, NAME_ID)
    if not identifier and not _written_name(terms):
        return internal_prerequisites_not_met("neither an identifier nor any part of a name is given")
    taxa = names.taxa_with_id(identifier) if identifier else _fitting_taxa(names, terms)
    return compliant_if(len(taxa) == 1, f"{len(taxa)} taxa fit")


def classification_consistent(terms: Terms, asked: Asked) -> Response:
    """Consistent with one taxon that the lowest name known stands for; what no list says contradicts nothing."""
    names = _names(asked)
    if names is None:
        return external_prerequisites_not_met("no list of names is available")
    given = {rank: value_of(terms, f"dwc:{rank}") for rank in RANKS if value_of(terms, f"dwc:{rank}")}
    if not given:
        return internal_prerequisites_not_met("no higher taxon is given")
    for rank in reversed(KNOWN_RANKS):
        taxa = (
            [taxon for taxon in names.taxa_named(given.get(rank, "")) if taxon.taxonRank == rank]
            if rank in given
            else []
        )
        if taxa:
            return compliant_if(any(_agrees(taxon, given) for taxon in taxa), f"against the {rank}")
    return compliant_if(False, "none of the higher taxa is known")


def name_id_from_taxon(terms: Terms, asked: Asked) -> Response:
    names = _names(asked)
    if names is None:
        return external_prerequisites_not_met("no list of names is available")
    if value_of(terms, NAME_ID) or not _written_name(terms):
        return internal_prerequisites_not_met("an identifier is given, or no name")
    taxa = _fitting_taxa(names, terms)
    if len(taxa) != 1:
        return not_amended(f"{len(taxa)} taxa fit")
    return filled_in({NAME_ID: taxa[0].taxonID}, "the one taxon of this name")


def name_from_name_id(terms: Terms, asked: Asked) -> Response:
    names = _names(asked)
    if names is None:
        return external_prerequisites_not_met("no list of names is available")
    identifier = value_of(terms, NAME_ID)
    if not identifier or value_of(terms, NAME):
        return internal_prerequisites_not_met("no identifier is given, or a name is")
    taxa = names.taxa_with_id(identifier.strip(EMPTY_CHARACTERS))
    if len(taxa) != 1:
        return not_amended(f"{len(taxa)} taxa have this identifier")
    return filled_in({NAME: _full_name(taxa[0])}, "the name of the one taxon with this identifier")


def _names(asked: Asked) -> NameAuthority | None:
    return asked.names if asked.reaches(AUTHORITIES) else None


def _written_name(terms: Terms) -> str:
    """The scientific name, or failing that its parts in order."""
    parts = (value_of(terms, f"dwc:{part}") for part in PARTS)
    return value_of(terms, NAME) or " ".join(filter(None, parts))


def _fitting_taxa(names: NameAuthority, terms: Terms) -> Sequence[KnownTaxon]:
    """The taxa of the name given; of several those that the authorship, the rank and the higher taxa given fit."""
    taxa = names.taxa_named(_written_name(terms))
    authorship, rank = (value_of(terms, f"dwc:{term}") for term in ("scientificNameAuthorship", "taxonRank"))
    if len(taxa) > 1 and authorship:
        taxa = [
            taxon for taxon in taxa if _letters(taxon.scientificNameAuthorship) == _letters(authorship)
        ] or taxa
    if len(taxa) > 1 and rank:
        taxa = [taxon for taxon in taxa if taxon.taxonRank == rank.casefold()]
    given = {rank: value_of(terms, f"dwc:{rank}") for rank in KNOWN_RANKS if value_of(terms, f"dwc:{rank}")}
    return [taxon for taxon in taxa if _agrees(taxon, given)] if len(taxa) > 1 and given else taxa


def _agrees(taxon: KnownTaxon, given: Mapping[str, str]) -> bool:
    known = taxon.classification
    return all(known.get(rank, value).casefold() == value.casefold() for rank, value in given.items())


def _full_name(taxon: KnownTaxon) -> str:
    authorship = taxon.scientificNameAuthorship
    return (
        taxon.scientificName
        if taxon.scientificName.endswith(authorship)
        else f"{taxon.scientificName} {authorship}"
    )


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


TESTS: Mapping[str, BdqFunction] = {
    **{f"VALIDATION_{rank.upper()}_FOUND": found_at_rank(rank) for rank in KNOWN_RANKS},
    "VALIDATION_SCIENTIFICNAME_FOUND": name_found,
    "VALIDATION_TAXON_UNAMBIGUOUS": taxon_unambiguous,
    "VALIDATION_CLASSIFICATION_CONSISTENT": classification_consistent,
    "AMENDMENT_SCIENTIFICNAMEID_FROM_TAXON": name_id_from_taxon,
    "AMENDMENT_SCIENTIFICNAME_FROM_SCIENTIFICNAMEID": name_from_name_id,
}
