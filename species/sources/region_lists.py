"""Region lists: the species lists of the region read into one form, from CSV or a Darwin Core Archive.

What the lists together say about a taxon belongs to `species.index` and `species.status`.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from defusedxml.ElementTree import fromstring as checked_xml
from dwca.descriptors import ArchiveDescriptor, DataFileDescriptor

from species.errors import ListError
from species.written.scientific_names import ScientificName, read_scientific_name
from store.region import SpeciesList

REQUIRED_COLUMNS = {"scientificName", "sureness", "source"}
SEPARATOR = " | "
TERM = "http://rs.tdwg.org/dwc/terms/"
IS_INVASIVE = "http://rs.gbif.org/terms/1.0/isInvasive"
MAX_ARCHIVE_IN_BYTES = 500 << 20


@dataclass(frozen=True)
class ListedTaxon:
    """One row of one list: the name, what it is accepted as, other names, and what the list says."""

    listID: str
    name: ScientificName
    scientificName: str
    acceptedName: ScientificName
    synonyms: tuple[str, ...] = ()
    vernacularNameZh: str | None = None
    vernacularNameEn: str | None = None
    aliases: tuple[str, ...] = ()
    code: str | None = None
    taxonRank: str | None = None
    kingdom: str | None = None
    phylum: str | None = None
    classis: str | None = None
    order: str | None = None
    family: str | None = None
    taxonGroup: str | None = None
    value: str | None = None
    sensitivityClass: str | None = None
    listDate: str | None = None
    listOrder: str | None = None
    localRelevance: str | None = None
    condition: str | None = None
    place: str | None = None
    pathway: str | None = None
    validFrom: str | None = None
    validTo: str | None = None
    note: str | None = None
    sureness: str = "unconfirmed"
    source: str = ""


def read_list(species_list: SpeciesList) -> list[ListedTaxon]:
    """Read one list of the region; ListError names the file, the line and the remedy."""
    if species_list.format == "dwca":
        return list(_read_archive(species_list))
    return list(_read_csv(species_list))


def _read_csv(species_list: SpeciesList) -> Iterator[ListedTaxon]:
    path = species_list.path
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise ListError("error-list-encoding", path=path) from cause
    reader = csv.DictReader(text.splitlines())
    missing = REQUIRED_COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise ListError("error-list-columns", path=path, missing=", ".join(sorted(missing)))
    for row in reader:
        cells = {key: value.strip() for key, value in row.items() if key and value and value.strip()}
        written = cells.get("canonicalName") or cells.get("scientificName", "")
        name = read_scientific_name(written)
        if name is None:
            raise ListError("error-list-name", path=path, line=reader.line_num, name=written)
        accepted = read_scientific_name(cells.get("acceptedName", "")) or name
        yield ListedTaxon(
            listID=species_list.id,
            name=name,
            scientificName=cells["scientificName"],
            acceptedName=accepted,
            synonyms=_split(cells.get("synonyms")),
            aliases=_split(cells.get("aliases")),
            classis=cells.get("class"),
            **{
                key: cells[key]
                for key in (
                    "vernacularNameZh", "vernacularNameEn", "code", "taxonRank", "kingdom", "phylum", "order",
                    "family", "taxonGroup", "value", "sensitivityClass", "listDate", "listOrder",
                    "localRelevance", "condition", "place", "pathway", "validFrom", "validTo", "note", "sureness",
                    "source",
                )
                if key in cells
            },
        )  # fmt: skip


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(SEPARATOR.strip()) if part.strip()) if cell else ()


def _read_archive(species_list: SpeciesList) -> Iterator[ListedTaxon]:
    """A checklist archive such as GRIIS: taxa, their invasiveness (SpeciesProfile), their presence."""
    try:
        with zipfile.ZipFile(species_list.path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_ARCHIVE_IN_BYTES:
                raise ValueError("too large")
            xml = archive.read("meta.xml")
            checked_xml(xml)
            descriptor = ArchiveDescriptor(xml.decode("utf-8"))
            if descriptor.core.type != TERM + "Taxon":
                raise ValueError(f"its core is {descriptor.core.type}")
            taxa = _rows(archive, descriptor.core)
            invasive = {
                row["id"]
                for extension in descriptor.extensions
                for row in _rows(archive, extension)
                if row.get(IS_INVASIVE, "").strip().lower() in ("invasive", "true", "yes")
            }
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as cause:
        raise ListError("error-list-archive", path=species_list.path, cause=cause) from cause
    for row in taxa:
        listed = _archive_taxon(species_list, row, row["id"] in invasive)
        if listed is not None:
            yield listed


def _archive_taxon(species_list: SpeciesList, row: dict[str, str], is_invasive: bool) -> ListedTaxon | None:
    written = row.get(TERM + "scientificName", "")
    name = read_scientific_name(written)
    if name is None:  # a checklist may hold viruses and placeholders: they name no plant or animal of ours
        return None
    return ListedTaxon(
        listID=species_list.id,
        name=name,
        scientificName=written,
        acceptedName=read_scientific_name(row.get(TERM + "acceptedNameUsage", "")) or name,
        taxonRank=row.get(TERM + "taxonRank", "").lower() or None,
        kingdom=row.get(TERM + "kingdom") or None,
        phylum=row.get(TERM + "phylum") or None,
        classis=row.get(TERM + "class") or None,
        order=row.get(TERM + "order") or None,
        family=row.get(TERM + "family") or None,
        value="invasive" if is_invasive else "introduced",
        sureness="high",
        source=species_list.citation,
    )


def _rows(archive: zipfile.ZipFile, part: DataFileDescriptor) -> list[dict[str, str]]:
    """The rows of one file of an archive by term; `id` is the key of the core row."""
    text = archive.read(part.file_location).decode(part.file_encoding)
    reader = csv.reader(
        text.splitlines(), delimiter=part.fields_terminated_by, quotechar=part.fields_enclosed_by or None,
        quoting=csv.QUOTE_MINIMAL if part.fields_enclosed_by else csv.QUOTE_NONE,
    )  # fmt: skip
    rows = list(reader)[part.lines_to_ignore :]
    key = part.id_index if part.represents_corefile else part.coreid_index
    return [
        {field["term"]: row[field["index"]] for field in part.fields if (field["index"] or 0) < len(row)}
        | {"id": row[key]}
        for row in rows
        if len(row) > key
    ]
