"""Merging: the sources in order of precedence, brought under one set of accepted taxa.

A name that a source of higher precedence knows keeps the taxon it has there. Within one source a name of two taxa
stays a name of two taxa. The same sources give the same taxa and names in whatever order their rows come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from species.sources.usages import NameUsage, SourceContent
from species.written.authorship import agreement
from species.written.chinese_names import chinese_key, split_names
from species.written.scientific_names import ScientificName, read_scientific_name

SPECIES_RANKS = (
    "species", "subspecies", "variety", "form", "subvariety", "subform", "convariety", "lusus", "proles", "monstrosity",
    "cultivar",
)  # fmt: skip
FILLED = (
    "kingdom", "phylum", "classis", "order", "family", "taxonGroup", "vernacularNameZh", "vernacularNameEn",
    "scientificNameAuthorship",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taxon:
    """An accepted taxon, as core_taxon has it."""

    taxonID: str
    scientificName: str
    canonicalName: str
    scientificNameAuthorship: str | None
    speciesName: str | None
    taxonRank: str
    genus: str | None
    nameSource: str
    sourceTaxonID: str | None = None
    kingdom: str | None = None
    phylum: str | None = None
    classis: str | None = None
    order: str | None = None
    family: str | None = None
    taxonGroup: str | None = None
    vernacularNameZh: str | None = None
    vernacularNameEn: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that leads to a taxon, as core_name has it."""

    nameKey: str
    stemKey: str | None
    name: str
    nameKind: str
    authorship: str | None
    taxonRank: str | None
    taxonID: str
    nameSource: str


@dataclass
class MergedNames:
    """All taxa and names so far; sources are added in order of precedence."""

    taxa: dict[str, Taxon] = field(default_factory=dict)
    names: dict[tuple[str, str, str], Name] = field(default_factory=dict)  # nameKey, is scientific, taxonID
    unresolved: list[tuple[str, str, str]] = field(default_factory=list)  # sourceID, usageID, name
    usage_taxa: dict[str, dict[str, str]] = field(default_factory=dict)  # sourceID: usageID: taxonID
    _leads: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def known(self, key: str, kind: str) -> set[str]:
        """The taxa that a name of the sources so far leads to."""
        return self._leads.get((key, _family_of_kind(kind)), set())

    def add_taxon(self, taxon: Taxon) -> None:
        """A new taxon; one known already only gains what it lacks."""
        before = self.taxa.get(taxon.taxonID)
        lacking = {name: getattr(taxon, name) for name in FILLED if before and getattr(before, name) is None}
        self.taxa[taxon.taxonID] = replace(before, **lacking) if before else taxon

    def add_name(self, name: Name) -> None:
        kind = _family_of_kind(name.nameKind)
        if name.nameKey:
            self.names.setdefault((name.nameKey, kind, name.taxonID), name)

    def settle(self) -> None:
        """What has been added counts as known from here on: for the next source."""
        for key, kind, taxonID in self.names:
            self._leads[key, kind].add(taxonID)

    def add_scientific(
        self, written: ScientificName, kind: str, taxonID: str, source: str, authorship: str | None = None
    ) -> None:
        cultivar = f" '{written.cultivarEpithet}'" if written.cultivarEpithet else ""
        self.add_name(
            Name(written.cultivar_key or written.name_key, None if cultivar else written.stem_key,
                 written.canonicalName + cultivar, kind, authorship or written.authorship,
                 "cultivar" if cultivar else written.rank, taxonID, source)
        )  # fmt: skip

    def add_vernacular(self, text: str | None, taxonID: str, source: str, kind: str = "vernacular") -> None:
        """A Chinese or English name or a code; one that means another taxon in a source before is left to it."""
        for name in split_names(text) if kind == "vernacular" else [text] if text else []:
            key = chinese_key(name)
            if not (known := self.known(key, kind)) or taxonID in known:
                self.add_name(Name(key, None, name, kind, None, None, taxonID, source))


def _family_of_kind(kind: str) -> str:
    return "scientific" if kind in ("accepted", "synonym") else "vernacular"


def taxon_id(canonical_name: str) -> str:
    """The id of a taxon that the region's lists name: pw:solanum-rostratum."""
    return "pw:" + canonical_name.lower().replace(".", "").replace(" ", "-")


def merge_source(merged: MergedNames, source: str, content: SourceContent) -> None:
    """One imported source: its accepted usages first, then its synonyms."""
    usages = {usage.usageID: usage for usage in sorted(content.usages, key=lambda u: u.usageID)}
    usages |= _named_only(usages)
    names = {usage_id: read_usage(usage) for usage_id, usage in usages.items()}
    taxa: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for usage_id, usage in usages.items():
        if (name := names[usage_id]) and _is_accepted(usage, name):
            taxa[usage_id] = _place_accepted(merged, source, usage, name)
            by_name.setdefault(name.canonicalName, taxa[usage_id])
    for usage_id, usage in usages.items():
        name = names[usage_id]
        taxonID = taxa.get(usage_id) or _accepted_taxon(merged, usage, usages, taxa, by_name)
        if name is None or taxonID is None or _is_cut_short(name, merged.taxa[taxonID]):
            merged.unresolved.append((source, usage_id, usage.scientificName))
            continue
        taxa[usage_id] = taxonID
        if not _is_accepted(usage, name):
            _add_synonym(merged, name, usage, taxonID, source)
        for text in (*usage.vernacularNamesZh, *usage.vernacularNamesEn):
            merged.add_vernacular(text, taxonID, source)
        for _, text in content.vernacularNames.get(usage_id, ()):
            merged.add_vernacular(text, taxonID, source)
    merged.usage_taxa[source] = taxa
    merged.settle()


def _is_accepted(usage: NameUsage, name: ScientificName) -> bool:
    """Accepted, or a synonym of its own name whose author is only written otherwise."""
    if usage.is_accepted or usage.acceptedID:
        return usage.is_accepted
    accepted = read_scientific_name(usage.acceptedName or "")
    return accepted is not None and accepted.canonicalName == name.canonicalName


def _is_cut_short(name: ScientificName, taxon: Taxon) -> bool:
    """A bare genus as the synonym of a species: its epithet got lost."""
    return name.rank == "genus" and taxon.taxonRank in SPECIES_RANKS


def _named_only(usages: Mapping[str, NameUsage]) -> dict[str, NameUsage]:
    """Accepted names that a source gives beside its synonyms and not as usages of their own."""
    listed = {name.canonicalName for usage in usages.values() if (name := read_usage(usage))}
    found: dict[str, NameUsage] = {}
    for usage in usages.values():
        accepted = read_scientific_name(usage.acceptedName or "")
        if accepted and usage.acceptedName and not usage.acceptedID and accepted.canonicalName not in listed:
            usage_id = f"={accepted.canonicalName}"
            found.setdefault(usage_id, NameUsage(
                usage_id, usage.acceptedName, kingdom=usage.kingdom, phylum=usage.phylum, classis=usage.classis,
                order=usage.order, family=usage.family,
            ))  # fmt: skip
    return found


def read_usage(usage: NameUsage) -> ScientificName | None:
    name = read_scientific_name(usage.scientificName)
    return replace(name, authorship=usage.authorship) if name and usage.authorship else name


def _place_accepted(merged: MergedNames, source: str, usage: NameUsage, name: ScientificName) -> str:
    """The taxon of an accepted usage: one that a source before knows by this name, or a new one."""
    taxonID = _known_before(merged, usage, name) or f"{source}:{usage.usageID}"
    rank = "cultivar" if name.cultivarEpithet else usage.taxonRank or name.rank
    cultivar = f" '{name.cultivarEpithet}'" if name.cultivarEpithet else ""
    canonical_name = name.canonicalName + cultivar
    merged.add_taxon(
        Taxon(
            taxonID=taxonID,
            scientificName=f"{_displayed(usage, name)} {name.authorship or ''}".strip(),
            canonicalName=canonical_name,
            scientificNameAuthorship=name.authorship,
            speciesName=name.binomial if rank in SPECIES_RANKS else None,
            taxonRank=rank,
            genus=name.genus if rank in ("genus", *SPECIES_RANKS) else None,
            nameSource=source,
            sourceTaxonID=usage.usageID,
            kingdom=usage.kingdom,
            phylum=usage.phylum,
            classis=usage.classis,
            order=usage.order,
            family=usage.family,
            vernacularNameZh=next(iter(usage.vernacularNamesZh), None),
            vernacularNameEn=next(iter(usage.vernacularNamesEn), None),
        )
    )
    kind = "accepted" if merged.taxa[taxonID].canonicalName == canonical_name else "synonym"
    merged.add_scientific(name, kind, taxonID, source)
    return taxonID


def _displayed(usage: NameUsage, name: ScientificName) -> str:
    """The name as its source writes it, hybrid sign and marker of rank among it, without the authorship."""
    written = usage.scientificName
    if name.authorship and written.endswith(name.authorship):
        written = written[: -len(name.authorship)]
    return written.strip() or name.canonicalName


def _known_before(merged: MergedNames, usage: NameUsage, name: ScientificName) -> str | None:
    """The one taxon that sources before know by this name, unless it is another plant or animal of the same name."""
    known = sorted(merged.known(name.cultivar_key or name.name_key, "accepted"))
    same = [taxon for taxon in known if _may_be(merged.taxa[taxon], usage, name)]
    return same[0] if len(same) == 1 else None


def _may_be(taxon: Taxon, usage: NameUsage, name: ScientificName) -> bool:
    if taxon.kingdom and usage.kingdom and taxon.kingdom != usage.kingdom:
        return False
    other_family = bool(taxon.family and usage.family and taxon.family != usage.family)
    return not (other_family and agreement(taxon.scientificNameAuthorship, name.authorship) == 0.0)


def _accepted_taxon(
    merged: MergedNames,
    usage: NameUsage,
    usages: Mapping[str, NameUsage],
    taxa: Mapping[str, str],
    by_name: Mapping[str, str],
) -> str | None:
    """The taxon at the end of a chain of synonyms; None where it leads nowhere or round in a circle."""
    seen: set[str] = set()
    while usage.usageID not in taxa:
        if usage.usageID in seen:
            return None
        seen.add(usage.usageID)
        if usage.acceptedID is None or usage.acceptedID not in usages:
            accepted = read_scientific_name(usage.acceptedName or "")
            if accepted is None:
                return None
            known = [
                t
                for t in sorted(merged.known(accepted.name_key, "accepted"))
                if _may_be(merged.taxa[t], usage, accepted)
            ]
            return by_name.get(accepted.canonicalName) or (known[0] if len(known) == 1 else None)
        usage = usages[usage.acceptedID]
    return taxa[usage.usageID]


def _add_synonym(
    merged: MergedNames, name: ScientificName, usage: NameUsage, taxonID: str, source: str
) -> None:
    """A synonym that sources before take for another taxon is left to them."""
    known = {t for t in merged.known(name.name_key, "synonym") if _may_be(merged.taxa[t], usage, name)}
    if not known or taxonID in known:
        merged.add_scientific(name, "synonym", taxonID, source)


def add_higher_taxa(merged: MergedNames, contents: Mapping[str, SourceContent]) -> None:
    """A taxon for every genus and family of the classification that no source names itself."""
    zh = _chinese_of_higher(contents)
    found: dict[tuple[str, str], dict[str, Taxon]] = defaultdict(dict)
    for taxon in sorted(merged.taxa.values(), key=lambda t: t.taxonID):
        for rank, name in (("genus", taxon.genus), ("family", taxon.family)):
            if name and taxon.taxonRank != rank and len(name.split()) == 1:
                found[rank, name].setdefault(taxon.kingdom or "", taxon)
    for (rank, name), by_kingdom in sorted(found.items()):
        written = read_scientific_name(name)
        if written is None:
            continue
        kingdoms = sorted(by_kingdom)
        if (
            "" in kingdoms and len(kingdoms) > 1
        ):  # of an unstated kingdom it is taken for the first stated one
            kingdoms = [kingdom for kingdom in kingdoms if kingdom]
        known = {merged.taxa[t].kingdom or "" for t in merged.known(written.name_key, "accepted")}
        for kingdom in kingdoms:
            if kingdom in known or "" in known:
                continue
            below = by_kingdom[kingdom]
            taxonID = taxon_id(name) + (f"-{kingdom.lower()}" if len(kingdoms) > 1 else "")
            chinese = zh.get((rank, name))
            merged.add_taxon(
                Taxon(
                    taxonID, name, name, None, None, rank, name if rank == "genus" else None, below.nameSource,
                    kingdom=below.kingdom, phylum=below.phylum, classis=below.classis, order=below.order,
                    family=below.family, taxonGroup=below.taxonGroup, vernacularNameZh=chinese,
                )
            )  # fmt: skip
            merged.add_name(
                Name(
                    written.name_key,
                    written.stem_key,
                    name,
                    "accepted",
                    None,
                    rank,
                    taxonID,
                    below.nameSource,
                )
            )
            merged.add_vernacular(chinese, taxonID, below.nameSource)
    merged.settle()


def _chinese_of_higher(contents: Mapping[str, SourceContent]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for content in contents.values():
        for usage in content.usages:
            if usage.genus and usage.genusZh:
                found.setdefault(("genus", usage.genus), usage.genusZh)
            if usage.family and usage.familyZh:
                found.setdefault(("family", usage.family), usage.familyZh)
    return found
