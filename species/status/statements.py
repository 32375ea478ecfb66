"""Statements: what the region's lists and people say of a taxon at a place, one row per question.

Lists fill core_listing and core_statement; statements of imported sources are added by `species.index`. What all of
them amount to belongs to `answers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from species.errors import ListError
from species.sources.region_lists import ListedTaxon
from species.status.places import breadth_of
from species.status.vocabularies import NONE, NOT_LISTED, is_value, meaning
from store.region import Region, SpeciesList
from store.warehouse import note_build

IN_FORCE = re.compile(r"in force (\d{4}-\d{2}-\d{2})")
DAY = re.compile(r"(\d{4}-\d{2})(-\d{2})?")
STATEMENT_SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("taxonID", "sourceID", "place")), ("placeBreadth", pa.int32()),
    *((name, pa.string()) for name in (
        "question", "answer", "validFrom", "validTo", "condition", "sureness", "verbatim", "source")),
])  # fmt: skip
LISTING_SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("taxonID", "listID", "listKind")), ("official", pa.bool_()),
    *((name, pa.string()) for name in (
        "listTitleZh", "listTitleEn", "listDate", "listOrder", "value", "sensitivityClass", "localRelevance", "note",
        "sureness", "source")),
])  # fmt: skip

# What an official list brings about on its day; where a species comes from it only states.
DATED = ("listing", "protectionLevel")

Listed = Sequence[tuple[SpeciesList, Sequence[ListedTaxon]]]


def write_statements(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    listed: Listed,
    taxon_of: Callable[[str], str | None],
) -> None:
    """Rebuild core_listing and core_statement from the region's lists; `taxon_of` gives the id of a canonical name."""
    statements: list[dict[str, Any]] = []
    listings: dict[tuple[str, str], dict[str, Any]] = {}
    breadths = Breadths(region)
    for species_list, rows in listed:
        for row in rows:
            taxonID = taxon_of(row.acceptedName.canonicalName) or taxon_of(row.name.canonicalName)
            if taxonID is None:
                continue
            listings.setdefault((taxonID, species_list.id), _listing(taxonID, species_list, row))
            statements += _of_row(taxonID, species_list, row, breadths)
    _replace(connection, "core_listing", LISTING_SCHEMA, listings.values())
    _replace(connection, "core_statement", STATEMENT_SCHEMA, statements)


class Breadths:
    """How wide places are, each worked out once: a region's outline takes longer than all its statements."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._known: dict[str, int] = {}

    def of(self, place: str) -> int:
        if place not in self._known:
            self._known[place] = breadth_of(place, self.region)
        return self._known[place]


def statement(
    taxonID: str, sourceID: str, place: str, breadths: Breadths, question: str, answer: str, **more: Any
) -> dict[str, Any]:
    """One row of core_statement."""
    said = dict.fromkeys(STATEMENT_SCHEMA.names) | {"sureness": "unconfirmed", "source": ""} | more
    return said | {
        "taxonID": taxonID, "sourceID": sourceID, "place": place, "placeBreadth": breadths.of(place),
        "question": question, "answer": answer,
    }  # fmt: skip


def add_statements(connection: duckdb.DuckDBPyConnection, statements: Iterable[dict[str, Any]]) -> None:
    rows = list(statements)
    if rows:
        connection.register("new_rows", pa.Table.from_pylist(rows, STATEMENT_SCHEMA))
        connection.execute("INSERT INTO core_statement BY NAME SELECT * FROM new_rows")
        connection.unregister("new_rows")


def _of_row(
    taxonID: str, species_list: SpeciesList, row: ListedTaxon, breadths: Breadths
) -> Iterator[dict[str, Any]]:
    place = row.place or species_list.place or breadths.region.countryCode
    is_accepted = row.name.canonicalName == row.acceptedName.canonicalName
    more = {
        "validFrom": _valid_from(species_list, row),
        "validTo": _checked_day(species_list, row, "validTo", row.validTo),
        "condition": _checked(species_list, row, "condition", row.condition),
        "sureness": row.sureness, "source": row.source, "verbatim": None if is_accepted else row.scientificName,
    }  # fmt: skip
    for question, answer in _answers(species_list, row):
        since = more["validFrom"] if row.validFrom or question in DATED else None
        yield statement(
            taxonID, species_list.id, place, breadths, question, answer, **more | {"validFrom": since}
        )  # fmt: skip


def _answers(species_list: SpeciesList, row: ListedTaxon) -> Iterator[tuple[str, str]]:
    """Questions with what a row of a list answers to them."""
    if species_list.kind == "protected":
        if row.value:
            yield "protectionLevel", NONE if row.value == NOT_LISTED else row.value
    elif row.value:
        said = meaning(species_list.kind, row.value)
        if said is None:
            raise ListError(
                "error-list-value", path=species_list.path, name=row.scientificName, column="value",
                value=row.value,
            )  # fmt: skip
        yield from said.items()
    if species_list.kind == "alien":
        yield "listing", row.value or "introduced"
    if row.sensitivityClass:
        yield (
            "sensitivityClass",
            _checked(species_list, row, "sensitivityClass", row.sensitivityClass) or NONE,
        )
    if row.pathway:
        yield "pathway", _checked(species_list, row, "pathway", row.pathway) or ""


def _checked(species_list: SpeciesList, row: ListedTaxon, question: str, value: str | None) -> str | None:
    if value and not is_value(question, value):
        raise ListError(
            "error-list-value", path=species_list.path, name=row.scientificName, column=question, value=value
        )
    return value


def _checked_day(species_list: SpeciesList, row: ListedTaxon, column: str, value: str | None) -> str | None:
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError as cause:
        raise ListError(
            "error-list-value", path=species_list.path, name=row.scientificName, column=column, value=value
        ) from cause


def _valid_from(species_list: SpeciesList, row: ListedTaxon) -> str | None:
    """Since when a row holds: as it says, else the day its official list came into force (the first of a month)."""
    if row.validFrom:
        return _checked_day(species_list, row, "validFrom", row.validFrom)
    if not species_list.official:
        return None
    for text in (row.listDate, species_list.version):
        if text and (found := IN_FORCE.search(text)):
            return found[1]
        if text and (found := DAY.search(text)):
            return found[0] if found[2] else f"{found[1]}-01"
    return None


def _listing(taxonID: str, species_list: SpeciesList, row: ListedTaxon) -> dict[str, Any]:
    return {
        "taxonID": taxonID, "listID": species_list.id, "listKind": species_list.kind,
        "official": species_list.official, "listTitleZh": species_list.title_zh, "listTitleEn": species_list.title_en,
        "listDate": row.listDate, "listOrder": row.listOrder, "value": row.value,
        "sensitivityClass": row.sensitivityClass, "localRelevance": row.localRelevance, "note": row.note,
        "sureness": row.sureness, "source": row.source,
    }  # fmt: skip


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema, rows: Iterable[dict[str, Any]]
) -> None:
    connection.execute(f"DELETE FROM {table}")
    connection.register("new_rows", pa.Table.from_pylist(list(rows), schema))
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
    connection.unregister("new_rows")
    note_build(connection, table)
