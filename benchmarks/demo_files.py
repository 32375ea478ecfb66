"""The demo's survey and GBIF files: how sightings are written down, each file in the habits of its team.

What is seen, where and when belongs to `demo_story`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.invented import Sighting
from surveys.values.datums import wgs84_to_gcj02

NOTICE = "虚构演示数据，不是真实观测 Invented demonstration data, no real observations"
ZIP_MOMENT = (2026, 1, 1, 0, 0, 0)
DATASET_KEY = "00000000-0000-4000-8000-000000000000"
FIRST_GBIF_ID = 9_000_000_000
LICENSE = "CC0_1_0"
SIMPLE_CSV = (
    "gbifID", "datasetKey", "occurrenceID", "kingdom", "phylum", "class", "order", "family", "genus", "species",
    "infraspecificEpithet", "taxonRank", "scientificName", "verbatimScientificName",
    "verbatimScientificNameAuthorship", "countryCode", "locality", "stateProvince", "occurrenceStatus",
    "individualCount", "publishingOrgKey", "decimalLatitude", "decimalLongitude",
    "coordinateUncertaintyInMeters", "coordinatePrecision", "elevation", "elevationAccuracy", "depth",
    "depthAccuracy", "eventDate", "day", "month", "year", "taxonKey", "speciesKey", "basisOfRecord",
    "institutionCode", "collectionCode", "catalogNumber", "recordNumber", "identifiedBy", "dateIdentified",
    "license", "rightsHolder", "recordedBy", "typeStatus", "establishmentMeans", "lastInterpreted", "mediaType",
    "issue",
)  # fmt: skip

Row = dict[str, str]


@dataclass
class SurveyFile:
    """One survey file being written: its columns in order and how each says what it says."""

    name: str
    columns: dict[str, Callable[[Sighting, int], str]]
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\n"
    title_rows: int = 1
    rows: list[Row | None] = field(default_factory=list)

    def add(self, sighting: Sighting) -> int:
        """Write a sighting down; returns its place among the rows."""
        self.rows.append({header: say(sighting, len(self.rows) + 1) for header, say in self.columns.items()})
        return len(self.rows) - 1

    def line_of(self, place: int) -> int:
        """The line of the file on which a row stands."""
        return self.title_rows + 2 + place

    def content(self) -> bytes:
        titles = [NOTICE, "填表：某某  审核：某某"][: self.title_rows]
        lines = [*titles, self.delimiter.join(self.columns)]
        lines += [
            "" if row is None else self.delimiter.join(map(_cell(self.delimiter), row.values()))
            for row in self.rows
        ]
        return (self.newline.join(lines) + self.newline).encode(self.encoding)


def _cell(delimiter: str) -> Callable[[str], str]:
    def quoted(text: str) -> str:
        if delimiter in text or '"' in text:
            return '"' + text.replace('"', '""') + '"'
        return text

    return quoted


def degrees_minutes_seconds(degrees: float, letter: str) -> str:
    seconds = round(degrees * 36_000)
    return f"{seconds // 36_000}°{seconds // 600 % 60:02d}′{seconds % 600 / 10:04.1f}″{letter}"


def in_gcj02(sighting: Sighting) -> tuple[float, float]:
    return wgs84_to_gcj02(sighting.longitude, sighting.latitude)


def gbif_row(sighting: Sighting, number: int, interpreted: str) -> Row:
    """A sighting as GBIF would give it out; the identifiers lie beyond any that GBIF has given."""
    species = sighting.species
    key = str(900_000_000 + sum(ord(letter) * place for place, letter in enumerate(species.canonicalName, 1)))
    values = {
        "gbifID": str(FIRST_GBIF_ID + number), "datasetKey": DATASET_KEY, "occurrenceID": f"INVENTED:{number}",
        "kingdom": species.kingdom, "family": species.family, "genus": species.canonicalName.split()[0],
        "species": species.canonicalName, "taxonRank": "SPECIES", "scientificName": species.scientificName,
        "verbatimScientificName": species.canonicalName, "countryCode": "CN", "locality": "invented",
        "stateProvince": "Shanxi", "occurrenceStatus": "PRESENT", "individualCount": str(sighting.count),
        "publishingOrgKey": DATASET_KEY, "decimalLatitude": f"{sighting.latitude:.6f}",
        "decimalLongitude": f"{sighting.longitude:.6f}", "coordinateUncertaintyInMeters": "30.0",
        "eventDate": sighting.day.isoformat(), "day": str(sighting.day.day), "month": str(sighting.day.month),
        "year": str(sighting.day.year), "taxonKey": key, "speciesKey": key, "basisOfRecord": "HUMAN_OBSERVATION",
        "institutionCode": "INVENTED", "collectionCode": "INVENTED", "catalogNumber": str(number),
        "license": LICENSE, "lastInterpreted": interpreted,
    }  # fmt: skip
    return {column: values.get(column, "") for column in SIMPLE_CSV}


def simple_csv_zip(name: str, rows: Sequence[Row]) -> bytes:
    return _zip({f"{name}.csv": _tab_separated(rows)})


def darwin_core_archive(rows: Sequence[Row]) -> bytes:
    """A download in Darwin Core Archive form, saying in each of its documents that it is invented."""
    term = "http://rs.tdwg.org/dwc/terms/"
    own = {"gbifID": "http://rs.gbif.org/terms/1.0/", "license": "http://purl.org/dc/terms/"}
    fields = "\n".join(
        f'    <field index="{index}" term="{own.get(column, term)}{column}"/>'
        for index, column in enumerate(SIMPLE_CSV)
    )
    meta = f"""<archive xmlns="http://rs.tdwg.org/dwc/text/" metadata="metadata.xml">
  <core encoding="UTF-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n" fieldsEnclosedBy=""
        ignoreHeaderLines="1" rowType="{term}Occurrence">
    <files><location>occurrence.txt</location></files>
    <id index="0"/>
{fields}
  </core>
</archive>
"""
    metadata = f"""<eml:eml xmlns:eml="eml://ecoinformatics.org/eml-2.1.1" packageId="invented" system="parkwatch">
  <dataset><alternateIdentifier>doi:10.0000/invented</alternateIdentifier><title>{NOTICE}</title>
  <intellectualRights><para>CC0 1.0; invented</para></intellectualRights></dataset>
  <additionalMetadata><metadata><gbif>
    <citation>Parkwatch demo generator: {NOTICE}</citation>
  </gbif></metadata></additionalMetadata>
</eml:eml>
"""
    return _zip({
        "meta.xml": meta, "metadata.xml": metadata, "citations.txt": f"{NOTICE}\n", "rights.txt": f"{NOTICE}\n",
        f"dataset/{DATASET_KEY}.xml": metadata, "occurrence.txt": _tab_separated(rows),
    })  # fmt: skip


def _tab_separated(rows: Sequence[Row]) -> str:
    return "\n".join(["\t".join(SIMPLE_CSV), *("\t".join(row.values()) for row in rows)]) + "\n"


def _zip(files: dict[str, str]) -> bytes:
    """A zip without the clock in it: its bytes depend on the content (and the zlib at hand) alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in files.items():
            member = zipfile.ZipInfo(name, ZIP_MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, text.encode())
    return buffer.getvalue()


def write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
