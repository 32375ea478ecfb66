"""The region's lists, all of one precedence, as the first of the merged sources.

Reading the lists belongs to `species.sources.region_lists`, the imported sources to `merging`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from species.index.merging import SPECIES_RANKS, MergedNames, Taxon, taxon_id
from species.sources.region_lists import ListedTaxon
from species.written.scientific_names import read_scientific_name
from store.region import SpeciesList


def merge_lists(merged: MergedNames, listed: Sequence[tuple[SpeciesList, Sequence[ListedTaxon]]]) -> None:
    """The region's lists, all of one precedence: the accepted name on which they together agree."""
    redirects = _redirects(listed)
    for species_list, row in _rows_of(listed):
        accepted = accepted_name(row.acceptedName.canonicalName, redirects)
        if (taxon := _taxon_of(species_list, row, accepted)) is None:
            continue
        source = species_list.id
        merged.add_taxon(taxon)
        for canonical, kind in ((accepted, "accepted"), (row.name.canonicalName, "synonym"), *(
            (synonym, "synonym") for synonym in row.synonyms
        )):  # fmt: skip
            if name := read_scientific_name(canonical):
                author = row.name.authorship if name.canonicalName == row.name.canonicalName else None
                merged.add_scientific(name, kind, taxon.taxonID, source, author)
        for vernacular in (row.vernacularNameZh, *row.aliases, row.vernacularNameEn):
            merged.add_vernacular(vernacular, taxon.taxonID, source)
        merged.add_vernacular(row.code, taxon.taxonID, source, "code")
    merged.settle()


def _rows_of(
    listed: Sequence[tuple[SpeciesList, Sequence[ListedTaxon]]],
) -> Iterable[tuple[SpeciesList, ListedTaxon]]:
    return ((species_list, row) for species_list, rows in listed for row in rows)


def _redirects(listed: Sequence[tuple[SpeciesList, Sequence[ListedTaxon]]]) -> dict[str, str]:
    """Synonym to accepted name, as any list has it."""
    redirects: dict[str, str] = {}
    for _, row in _rows_of(listed):
        accepted = row.acceptedName.canonicalName
        for synonym in (row.name, *map(read_scientific_name, row.synonyms)):
            if synonym is not None and synonym.canonicalName != accepted:
                redirects.setdefault(synonym.canonicalName, accepted)
    return redirects


def accepted_name(canonical_name: str, redirects: Mapping[str, str]) -> str:
    """The end of a chain of synonyms; of a circle the name where it closes."""
    seen = set()
    while canonical_name in redirects and canonical_name not in seen:
        seen.add(canonical_name)
        canonical_name = redirects[canonical_name]
    return canonical_name


def accepted_on_lists(listed: Sequence[tuple[SpeciesList, Sequence[ListedTaxon]]]) -> dict[str, str]:
    """Every name of the lists to the taxonID it leads to."""
    redirects = _redirects(listed)
    return {
        name: taxon_id(accepted_name(name, redirects))
        for _, row in _rows_of(listed)
        for name in (row.name.canonicalName, row.acceptedName.canonicalName)
    }


def _taxon_of(species_list: SpeciesList, row: ListedTaxon, accepted: str) -> Taxon | None:
    name = read_scientific_name(accepted)
    if name is None:
        return None
    is_accepted = row.name.canonicalName == accepted
    rank = row.taxonRank if is_accepted and row.taxonRank else name.rank
    return Taxon(
        taxonID=taxon_id(accepted),
        scientificName=row.scientificName if is_accepted else accepted,
        canonicalName=accepted,
        scientificNameAuthorship=row.name.authorship if is_accepted else None,
        speciesName=name.binomial if rank in SPECIES_RANKS else None,
        taxonRank=rank,
        genus=name.genus,
        nameSource=species_list.id,
        kingdom=row.kingdom,
        phylum=row.phylum,
        classis=row.classis,
        order=row.order,
        family=row.family,
        taxonGroup=row.taxonGroup,
        vernacularNameZh=row.vernacularNameZh,
        vernacularNameEn=row.vernacularNameEn,
    )
