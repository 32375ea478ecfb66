"""Taxa: the region's lists and the names GBIF brings, joined into one set of accepted taxa and their names.

Fills core_taxon, core_name and core_listing. What a record's name matches belongs to `matching`; what a taxon's
listings amount to belongs to `status`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from species.checklists import ListedTaxon, read_list
from species.scientific_names import loose_key, name_key, read_scientific_name
from store.region import Region, SpeciesList
from store.warehouse import note_build, transaction

TAXON_COLUMNS = (
    "taxonID", "scientificName", "canonicalName", "speciesName", "taxonRank", "kingdom", "phylum", "class",
    "order", "family", "genus", "taxonGroup", "vernacularNameZh", "vernacularNameEn", "nameSource",
)  # fmt: skip
NAME_COLUMNS = ("nameKey", "name", "nameKind", "taxonID", "nameSource")
LISTING_COLUMNS = (
    "taxonID", "listID", "listKind", "official", "listTitleZh", "listTitleEn", "listDate", "listOrder", "value",
    "sensitivityClass", "localRelevance", "note", "sureness", "source",
)  # fmt: skip
SPECIES_RANKS = ("species", "subspecies", "variety", "form")


def build_taxa(
    connection: duckdb.DuckDBPyConnection, region: Region, gbif_names: duckdb.DuckDBPyRelation
) -> int:
    """Rebuild core_taxon, core_name and core_listing; returns the number of taxa.

    `gbif_names`: one row per name GBIF brings (taxonKey, scientificName, species, taxonRank, kingdom … genus).
    A name that a list knows keeps the list's taxon; only the others become taxa of their own.
    """
    listed = [(species_list, read_list(species_list)) for species_list in region.lists]
    index = _ListIndex(listed)
    taxa, names = index.taxa(), index.names()
    more_taxa, more_names = _gbif_taxa(gbif_names.fetchall(), {name["nameKey"] for name in names})
    with transaction(connection):
        _replace(connection, "core_taxon", TAXON_COLUMNS, [*taxa, *more_taxa])
        _replace(connection, "core_name", NAME_COLUMNS, [*names, *more_names])
        _replace(connection, "core_listing", LISTING_COLUMNS, index.listings())
    return len(taxa) + len(more_taxa)


def taxon_id(canonical_name: str) -> str:
    """The id of a taxon the lists name: pw:solanum-rostratum."""
    return "pw:" + canonical_name.lower().replace(".", "").replace(" ", "-")


class _ListIndex:
    """All rows of all lists, under the accepted name on which the lists together agree."""

    def __init__(self, listed: Sequence[tuple[SpeciesList, Sequence[ListedTaxon]]]) -> None:
        self.listed = listed
        self.redirects = self._redirects()

    def _rows(self) -> Iterable[tuple[SpeciesList, ListedTaxon, str]]:
        for species_list, rows in self.listed:
            for row in rows:
                yield species_list, row, self._accepted(row.acceptedName.canonicalName)

    def _redirects(self) -> dict[str, str]:
        """Synonym to accepted name, as any list has it."""
        redirects: dict[str, str] = {}
        for _, rows in self.listed:
            for row in rows:
                accepted = row.acceptedName.canonicalName
                for synonym in (row.name, *map(read_scientific_name, row.synonyms)):
                    if synonym is not None and synonym.canonicalName != accepted:
                        redirects.setdefault(synonym.canonicalName, accepted)
        return redirects

    def _accepted(self, canonical_name: str) -> str:
        seen = set()
        while canonical_name in self.redirects and canonical_name not in seen:
            seen.add(canonical_name)
            canonical_name = self.redirects[canonical_name]
        return canonical_name

    def taxa(self) -> list[dict[str, Any]]:
        """One row per accepted name; the first list that says something wins."""
        taxa: dict[str, dict[str, Any]] = {}
        for species_list, row, accepted in self._rows():
            name = read_scientific_name(accepted)
            if name is None:
                continue
            written = row.scientificName if row.name.canonicalName == accepted else accepted
            rank = row.taxonRank if row.name.canonicalName == accepted and row.taxonRank else name.rank
            facts = {
                "taxonID": taxon_id(accepted), "scientificName": written, "canonicalName": accepted,
                "speciesName": name.binomial if rank in SPECIES_RANKS else None, "taxonRank": rank,
                "kingdom": row.kingdom, "phylum": row.phylum, "class": row.classis, "order": row.order,
                "family": row.family, "genus": name.genus, "taxonGroup": row.taxonGroup,
                "vernacularNameZh": row.vernacularNameZh, "vernacularNameEn": row.vernacularNameEn,
                "nameSource": species_list.id,
            }  # fmt: skip
            known = taxa.setdefault(accepted, facts)
            for key, value in facts.items():
                if known[key] is None:
                    known[key] = value
        return list(taxa.values())

    def names(self) -> list[dict[str, Any]]:
        """One row per distinct name and taxon."""
        names: dict[tuple[str, str], dict[str, Any]] = {}

        def add(text: str | None, kind: str, accepted: str, source: str) -> None:
            if not text:
                return
            key = name_key(text) if kind in ("accepted", "synonym") else loose_key(text)
            entry = {
                "nameKey": key, "name": text, "nameKind": kind, "taxonID": taxon_id(accepted),
                "nameSource": source,
            }  # fmt: skip
            names.setdefault((key, entry["taxonID"]), entry)

        for species_list, row, accepted in self._rows():
            add(accepted, "accepted", accepted, species_list.id)
            add(row.name.canonicalName, "synonym", accepted, species_list.id)
            for synonym in row.synonyms:
                add(synonym, "synonym", accepted, species_list.id)
            for vernacular in (row.vernacularNameZh, *row.aliases, row.vernacularNameEn):
                add(vernacular, "vernacular", accepted, species_list.id)
            add(row.code, "code", accepted, species_list.id)
        return list(names.values())

    def listings(self) -> list[dict[str, Any]]:
        listings: dict[tuple[str, str], dict[str, Any]] = {}
        for species_list, row, accepted in self._rows():
            key = (taxon_id(accepted), species_list.id)
            listings.setdefault(key, {
                "taxonID": key[0], "listID": species_list.id, "listKind": species_list.kind,
                "official": species_list.official, "listTitleZh": species_list.title_zh,
                "listTitleEn": species_list.title_en, "listDate": row.listDate, "listOrder": row.listOrder,
                "value": row.value, "sensitivityClass": row.sensitivityClass,
                "localRelevance": row.localRelevance, "note": row.note, "sureness": row.sureness,
                "source": row.source,
            })  # fmt: skip
        return list(listings.values())


def _gbif_taxa(
    rows: Iterable[tuple[Any, ...]], known_keys: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Taxa and names for what GBIF names and no list knows; the taxon id is GBIF's own key."""
    taxa: dict[str, dict[str, Any]] = {}
    names: dict[str, dict[str, Any]] = {}
    for (
        taxon_key, scientific_name, species, rank, kingdom, phylum, classis, order, family, genus,
    ) in rows:  # fmt: skip
        written = scientific_name or species
        if not written or not taxon_key:
            continue
        key = name_key(written)
        if key in known_keys or key in names:
            continue
        name = read_scientific_name(written)
        taxon_rank = (rank or (name.rank if name else "unranked")).lower()
        taxonID = f"gbif:{taxon_key}"
        taxa.setdefault(taxonID, {
            "taxonID": taxonID, "scientificName": written,
            "canonicalName": name.canonicalName if name else written,
            "speciesName": (species or (name.binomial if name else None)) if taxon_rank in SPECIES_RANKS else None,
            "taxonRank": taxon_rank, "kingdom": kingdom, "phylum": phylum, "class": classis, "order": order,
            "family": family, "genus": genus or (name.genus if name else None), "taxonGroup": None,
            "vernacularNameZh": None, "vernacularNameEn": None, "nameSource": "GBIF",
        })  # fmt: skip
        names[key] = {
            "nameKey": key, "name": written, "nameKind": "accepted", "taxonID": taxonID, "nameSource": "GBIF",
        }  # fmt: skip
    return list(taxa.values()), list(names.values())


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    connection.execute(f"DELETE FROM {table}")
    if rows:
        arrow = pa.table({column: [row[column] for row in rows] for column in columns})
        connection.register("new_rows", arrow)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
        connection.unregister("new_rows")
    note_build(connection, table)
