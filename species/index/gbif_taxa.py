"""GBIF's taxa: what GBIF records name and no source before knows; the taxon id is GBIF's own key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from species.index.merging import SPECIES_RANKS, Name, Taxon
from species.written.scientific_names import name_key, read_scientific_name
from species.written.spelling import stem

SOURCE = "GBIF"
Row = tuple[
    Any, ...
]  # taxonKey, scientificName, species, taxonRank, kingdom, phylum, class, order, family, genus


def gbif_taxa(rows: Iterable[Row], known_keys: set[str]) -> tuple[list[Taxon], list[Name]]:
    """Taxa and names of GBIF's rows whose names are not among the known keys."""
    taxa: dict[str, Taxon] = {}
    names: dict[str, Name] = {}
    for row in rows:
        if not row[0] or not (written := row[1] or row[2]):
            continue
        key = name_key(written)
        if key in known_keys or key in names:
            continue
        taxon = _taxon(row, written)
        taxa.setdefault(taxon.taxonID, taxon)
        names[key] = Name(
            key, stem(key), taxon.canonicalName, "accepted", taxon.scientificNameAuthorship, taxon.taxonRank,
            taxon.taxonID, SOURCE,
        )  # fmt: skip
    return list(taxa.values()), list(names.values())


def _taxon(row: Row, written: str) -> Taxon:
    taxon_key, _, species, rank, kingdom, phylum, classis, order, family, genus = row
    name = read_scientific_name(written)
    taxon_rank = (rank or (name.rank if name else "unranked")).lower()
    binomial = species or (name.binomial if name else None)
    return Taxon(
        taxonID=f"gbif:{taxon_key}",
        scientificName=written,
        canonicalName=name.canonicalName if name else written,
        scientificNameAuthorship=name.authorship if name else None,
        speciesName=binomial if taxon_rank in SPECIES_RANKS else None,
        taxonRank=taxon_rank,
        genus=genus or (name.genus if name else None),
        nameSource=SOURCE,
        sourceTaxonID=str(taxon_key),
        kingdom=kingdom,
        phylum=phylum,
        classis=classis,
        order=order,
        family=family,
    )
