"""Darwin Core Archives of checklists, such as GRIIS: a Taxon core with vernacular names, distributions and profiles.

What stands where is said by meta.xml alone. Occurrence archives belong to `gbif`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring as checked_xml
from dwca.descriptors import ArchiveDescriptor, DataFileDescriptor

from species.sources.packages import Package
from species.sources.usages import NameUsage, SourceContent, SourceStatement, distinct_usages

TAXON = "http://rs.tdwg.org/dwc/terms/Taxon"
ROW_TYPES = {
    "VernacularName": "http://rs.gbif.org/terms/1.0/VernacularName",
    "Distribution": "http://rs.gbif.org/terms/1.0/Distribution",
    "SpeciesProfile": "http://rs.gbif.org/terms/1.0/SpeciesProfile",
}
CHINESE = ("zh", "zho", "chi", "chinese", "中文", "cmn")
ENGLISH = ("en", "eng", "english")
NOTHING = ("", "null", "none", "na", "n/a")
MEANS = {
    "alien": "introduced", "introduced": "introduced", "exotic": "introduced", "non-native": "introduced",
    "naturalised": "introduced", "naturalized": "introduced", "invasive": "introduced", "native": "native",
    "endemic": "nativeEndemic", "cryptogenic": "uncertain", "cryptogenic|uncertain": "uncertain",
    "uncertain": "uncertain",
}  # fmt: skip
PRESENCE = {"present": "present", "common": "present", "rare": "present", "irregular": "present", "absent": "absent",
            "excluded": "absent", "doubtful": "uncertain"}  # fmt: skip
MOST_CELLS_IN_BYTES = 10 << 20
WITHOUT_ENCODING = re.compile(r"<(core|extension)\b(?![^>]*\bencoding=)")  # UTF-8 then, says the text guide


def read_darwin_core(path: Path, file_name: str) -> SourceContent:
    """The content of a checklist archive; NameSourceError where it is none."""
    package = Package(path, file_name)
    meta = package.find("meta.xml")
    if meta is None:
        raise package.broken("no meta.xml")
    try:
        descriptor = ArchiveDescriptor(WITHOUT_ENCODING.sub(r'<\1 encoding="UTF-8"', package.read_xml(meta)))
        core = descriptor.core
    except (AttributeError, TypeError, ValueError, KeyError) as cause:
        raise package.broken(f"meta.xml: {cause}") from cause
    if core.type != TAXON:
        raise package.broken(f"core {core.type}")
    folder = meta.rpartition("/")[0]
    extensions = {part.type: part for part in descriptor.extensions}
    rows = {
        name: list(_rows(package, folder, extensions[kind])) if kind in extensions else []
        for name, kind in ROW_TYPES.items()
    }
    usages = [usage for row in _rows(package, folder, core) if (usage := _usage(row))]
    title, citation, license = _metadata(package, descriptor)
    return SourceContent(
        usages=distinct_usages(usages),
        statements=list(dict.fromkeys(_statements(rows["Distribution"], rows["SpeciesProfile"]))),
        vernacularNames=_vernacular_names(rows["VernacularName"]),
        citation=citation,
        license=license,
        title=title,
    )


def _rows(package: Package, folder: str, part: DataFileDescriptor) -> Iterator[Mapping[str, str]]:
    """The rows of one file of the archive by the last word of their terms; `id` is the key of the core row."""
    name = f"{folder}/{part.file_location}" if folder else part.file_location
    if name not in package.names:
        raise package.broken(f"no {name}")
    text = package.read_text(name, part.file_encoding or "utf-8")
    enclosed = part.fields_enclosed_by or None
    csv.field_size_limit(MOST_CELLS_IN_BYTES)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=part.fields_terminated_by or "\t", quotechar=enclosed,
        quoting=csv.QUOTE_MINIMAL if enclosed else csv.QUOTE_NONE,
    )  # fmt: skip
    key = part.id_index if part.represents_corefile else part.coreid_index
    places = {
        field["term"].rpartition("/")[2]: field["index"]
        for field in part.fields
        if field["index"] is not None
    }
    defaults = {
        field["term"].rpartition("/")[2]: field["default"] for field in part.fields if field["default"]
    }
    try:
        for number, row in enumerate(reader):
            if number < part.lines_to_ignore or not any(row):
                continue
            if key is None or key >= len(row):
                raise package.broken(f"{name}: {number + 1}")
            found = {term: row[place].strip() for term, place in places.items() if place < len(row)}
            filled = {term: text for term, text in found.items() if text.lower() not in NOTHING}
            yield defaults | filled | {"id": row[key].strip()}
    except csv.Error as cause:
        raise package.broken(f"{name}: {cause}") from cause


def _usage(row: Mapping[str, str]) -> NameUsage | None:
    name = row.get("scientificName")
    if not name or not row["id"]:
        return None
    usage_id = row.get("taxonID") or row["id"]
    accepted_id, accepted_name = row.get("acceptedNameUsageID"), row.get("acceptedNameUsage")
    authorship = row.get("scientificNameAuthorship")
    return NameUsage(
        usageID=row["id"],
        scientificName=name,
        acceptedID=accepted_id if accepted_id != usage_id else None,
        acceptedName=accepted_name if accepted_name and accepted_name != name and not accepted_id else None,
        authorship=authorship if authorship and authorship not in name else None,
        taxonRank=row.get("taxonRank", "").lower() or None,
        kingdom=row.get("kingdom"),
        phylum=row.get("phylum"),
        classis=row.get("class"),
        order=row.get("order"),
        family=row.get("family"),
        genus=row.get("genus"),
        vernacularNamesEn=(row["vernacularName"],) if row.get("vernacularName") else (),
    )


def _vernacular_names(rows: list[Mapping[str, str]]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        language = row.get("language", "").lower()
        if name := row.get("vernacularName"):
            code = (
                "zh" if language.startswith(CHINESE) else "en" if language.startswith(ENGLISH) else language
            )
            found[row["id"]].append((code, name))
    return dict(found)


def _statements(
    distributions: list[Mapping[str, str]], profiles: list[Mapping[str, str]]
) -> Iterator[SourceStatement]:
    places: dict[str, list[str]] = defaultdict(list)
    for row in distributions:
        place = (row.get("countryCode") or row.get("locationID") or "*").upper()
        places[row["id"]].append(place)
        written = row.get("establishmentMeans", "")
        if means := MEANS.get(written.lower()):
            yield SourceStatement(row["id"], "establishmentMeans", means, place, written)
        if degree := row.get("degreeOfEstablishment"):
            yield SourceStatement(row["id"], "degreeOfEstablishment", degree, place, degree)
        if pathway := row.get("pathway"):
            yield SourceStatement(row["id"], "pathway", pathway, place, pathway)
        if presence := PRESENCE.get(row.get("occurrenceStatus", "").lower()):
            yield SourceStatement(row["id"], "occurrenceStatus", presence, place, row["occurrenceStatus"])
    for row in profiles:
        written = row.get("isInvasive", "")
        if written.lower() in ("invasive", "true", "yes"):
            for place in places.get(row["id"], ["*"]):
                yield SourceStatement(
                    row["id"], "degreeOfEstablishment", "invasive", place, f"isInvasive: {written}"
                )


def _metadata(package: Package, descriptor: ArchiveDescriptor) -> tuple[str | None, str | None, str | None]:
    """Title, citation and licence as the EML states them."""
    name = package.find(Path(descriptor.metadata_filename or "eml.xml").name, "eml.xml")
    if name is None:
        return None, None, None
    root = checked_xml(package.read_xml(name))
    title = _text(root, "dataset/title")
    link = root.find(".//intellectualRights//ulink")
    license = link.get("url") if link is not None else _text(root, ".//intellectualRights")
    return title, _text(root, ".//additionalMetadata//citation") or title, license


def _text(root: Element, path: str) -> str | None:
    found = root.find(path)
    return " ".join("".join(found.itertext()).split()) or None if found is not None else None
