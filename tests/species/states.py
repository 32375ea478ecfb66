"""States of names for tests: small databases with the tables of an index, written out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from species.written.scientific_names import name_key
from store.warehouse import migrate

LIST = "a-list"


def write_state(
    path: Path,
    taxa: Mapping[str, Sequence[str]],
    listed: Iterable[str] = (),
    matched: Mapping[str, str | None] | None = None,
    decided: Iterable[str] = (),
    records: Mapping[str, int] | None = None,
) -> Path:
    """Taxa by accepted name with their synonyms and Chinese names; listed ones; records by written name."""
    with duckdb.connect(str(path)) as connection:
        migrate(connection, path)
        for name, others in taxa.items():
            write_taxon(connection, name, others, name in set(listed))
        for text, taxon in (matched or {}).items():
            connection.execute(
                "INSERT INTO core_name_match VALUES (?, ?, NULL, ?, 100, ?, NULL, NULL, NULL, false, NULL, NULL, ?, [])",
                [f"{text}\x1f", text, "EXACT" if taxon else "NONE", taxon and f"pw:{taxon}",
                 "d-1" if text in set(decided) else None],
            )  # fmt: skip
        for text, count in (records or {}).items():
            for number in range(count):
                write_record(connection, f"{text}-{number}", text, number, (matched or {}).get(text))
        if records:
            connection.execute(
                "INSERT INTO out_source (submissionId, kind, fileName, sha256, knownSince, rowsRead, accepted, quarantined, "
                "rejected) VALUES ('s', 'survey', '调查.csv', 'x', now()::TIMESTAMP, 9, 9, 0, 0)"
            )
    return path


def write_taxon(
    connection: duckdb.DuckDBPyConnection, name: str, others: Sequence[str], is_listed: bool
) -> None:
    taxon = f"pw:{name}"
    connection.execute(
        "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, speciesName, taxonRank, nameSource) "
        "VALUES ($id, $name, $name, $name, 'species', $list)", {"id": taxon, "name": name, "list": LIST},
    )  # fmt: skip
    for other in (name, *others):
        kind = "accepted" if other == name else "synonym" if other.isascii() else "vernacular"
        connection.execute(
            "INSERT INTO core_name (nameKey, name, nameKind, taxonID, nameSource) VALUES (?, ?, ?, ?, ?)",
            [name_key(other), other, kind, taxon, LIST],
        )
    if is_listed:
        connection.execute(
            "INSERT INTO core_listing (taxonID, listID, listKind, official, listTitleZh, listTitleEn, value, sureness, "
            "source) VALUES (?, ?, 'alien', true, '名录', 'list', 'invasive', 'high', 'x')", [taxon, LIST],
        )  # fmt: skip
    connection.execute(
        "INSERT INTO out_species_status (taxonID, speciesName, scientificName, status, establishmentMeans, "
        "officiallyListed, listIDs, knownEstablished, sureness, source) VALUES ($id, $name, $name, $status, 'introduced', "
        "$listed, [], false, 'high', 'x')",
        {"id": taxon, "name": name, "status": "invasive" if is_listed else "unknown", "listed": is_listed},
    )


def write_record(
    connection: duckdb.DuckDBPyConnection, record: str, text: str, number: int, taxon: str | None
) -> None:
    """An accepted record; one without a taxon waits in quarantine."""
    connection.execute(
        "INSERT INTO core_record (rowId, recordId, source, submissionId, line, firstSeen, occurrenceStatus, "
        "verbatimScientificName, taxonID, matchType, withinRegion, siteIDs) VALUES (?, ?, 'survey', 's', ?, "
        "now()::TIMESTAMP, 'detected', ?, ?, 'EXACT', true, [])",
        [number, record, number + 2, text, taxon and f"pw:{taxon}"],
    )
    if not taxon:
        connection.execute("INSERT INTO core_held VALUES (?, 'quarantined', [])", [number])


def write_warning(
    connection: duckdb.DuckDBPyConnection,
    warning: str,
    taxon: str,
    evidence: Iterable[str],
    held: str | None = None,
) -> None:
    """A warning that a taxon is new to the region, resting on the records of these ids."""
    connection.execute(
        "INSERT INTO out_warning VALUES (?, 'new-to-region', ?, ?, NULL, 'region', 'testville', '试验市', 'Testville', "
        "'orange', false, '2026-06-01', TIMESTAMP '2026-06-12', NULL, NULL, 1, "
        """'[{"rule": "new-to-region", "zh": "首次", "en": "first"}]', ?, ?)""",
        [warning, f"pw:{taxon}", taxon, json.dumps([{"recordId": record} for record in evidence]), held],
    )
