"""ColDP: checklists in the Catalogue of Life Data Package format (v1), as a zip.

NameUsage alone, or Name with Taxon and Synonym; VernacularName and Distribution beside them.
Source: https://github.com/CatalogueOfLife/coldp
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from species.sources.darwin_core import CHINESE, ENGLISH, MEANS, MOST_CELLS_IN_BYTES
from species.sources.packages import Package
from species.sources.usages import NameUsage, SourceContent, SourceStatement, distinct_usages

ACCEPTED = ("accepted", "provisionally accepted", "")
Row = Mapping[str, str]


def is_coldp(names: list[str]) -> bool:
    stems = {Path(name).stem.lower() for name in names}
    return "nameusage" in stems or {"name", "taxon"} <= stems


def read_coldp(path: Path, file_name: str) -> SourceContent:
    """The content of a ColDP archive; NameSourceError where it is none."""
    package = Package(path, file_name)
    usages = [usage for row in _rows(package, "NameUsage") if (usage := _usage(row))]
    if not usages:
        usages = list(_of_names(package))
    metadata = _metadata(package)
    return SourceContent(
        usages=distinct_usages(usages),
        statements=list(dict.fromkeys(_statements(package))),
        vernacularNames=_vernacular_names(package),
        title=metadata.get("title"),
        citation=metadata.get("citation") or metadata.get("title"),
        license=metadata.get("license"),
    )


def _rows(package: Package, entity: str) -> Iterator[Row]:
    """The rows of one entity; column names in lower case without a prefix (col:ID is id)."""
    name = package.find(*(f"{entity}.{ending}" for ending in ("tsv", "csv", "txt")))
    if name is None:
        return
    csv.field_size_limit(MOST_CELLS_IN_BYTES)
    text = package.read_text(name)
    if name.lower().endswith(".csv"):
        reader = csv.reader(io.StringIO(text, newline=""))
    else:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        header = [column.rpartition(":")[2].strip().lower() for column in next(reader, [])]
        for row in reader:
            yield {column: cell.strip() for column, cell in zip(header, row, strict=False) if cell.strip()}
    except csv.Error as cause:
        raise package.broken(f"{name}: {cause}") from cause


def _usage(row: Row) -> NameUsage | None:
    if not row.get("id") or not row.get("scientificname"):
        return None
    is_synonym = row.get("status", "").lower() not in ACCEPTED
    return NameUsage(
        usageID=row["id"],
        scientificName=row["scientificname"],
        acceptedID=row.get("parentid") if is_synonym else None,
        acceptedName="?" if is_synonym and not row.get("parentid") else None,
        authorship=row.get("authorship"),
        taxonRank=row.get("rank", "").lower() or None,
        kingdom=row.get("kingdom"),
        phylum=row.get("phylum"),
        classis=row.get("class"),
        order=row.get("order"),
        family=row.get("family"),
        genus=row.get("genus") or row.get("genericname"),
    )


def _of_names(package: Package) -> Iterator[NameUsage]:
    """Name, Taxon and Synonym joined: a usage is known by the id of its taxon, or of its name as a synonym."""
    names = {row["id"]: row for row in _rows(package, "Name") if "id" in row}
    for taxon in _rows(package, "Taxon"):
        name = names.get(taxon.get("nameid", ""))
        if (
            name
            and "id" in taxon
            and (usage := _usage({**taxon, **name, "id": taxon["id"], "status": "accepted"}))
        ):
            yield usage
    for synonym in _rows(package, "Synonym"):
        name = names.get(synonym.get("nameid", ""))
        if name and (taxon_id := synonym.get("taxonid")):
            row = {**name, "id": f"{name['id']}={taxon_id}", "status": "synonym", "parentid": taxon_id}
            if usage := _usage(row):
                yield usage


def _vernacular_names(package: Package) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(package, "VernacularName"):
        if (taxon := row.get("taxonid")) and (name := row.get("name")):
            language = row.get("language", "").lower()
            code = (
                "zh" if language.startswith(CHINESE) else "en" if language.startswith(ENGLISH) else language
            )
            found[taxon].append((code, name))
    return dict(found)


def _statements(package: Package) -> Iterator[SourceStatement]:
    for row in _rows(package, "Distribution"):
        taxon, place = row.get("taxonid"), (row.get("areaid") or row.get("area") or "*").upper()
        written = row.get("establishmentmeans") or row.get("status") or ""
        if not taxon:
            continue
        if means := MEANS.get(written.lower()):
            yield SourceStatement(taxon, "establishmentMeans", means, place.rpartition(":")[2], written)
        if degree := row.get("degreeofestablishment"):
            yield SourceStatement(taxon, "degreeOfEstablishment", degree, place.rpartition(":")[2], degree)
        if pathway := row.get("pathway"):
            yield SourceStatement(taxon, "pathway", pathway, place.rpartition(":")[2], pathway)


def _metadata(package: Package) -> dict[str, str]:
    name = package.find("metadata.yaml", "metadata.yml")
    if name is None:
        return {}
    try:
        document = yaml.safe_load(package.read_text(name))
    except (yaml.YAMLError, RecursionError) as cause:
        raise package.broken(f"{name}: {cause}") from cause
    if not isinstance(document, dict):
        return {}
    return {key: str(value) for key, value in document.items() if isinstance(value, str | int | float)}
