"""Building: the sources of names into core_taxon, core_name, core_name_source, core_listing and core_statement.

Nothing is done where nothing has changed since the tables were filled. What the region's lists and the imported sources
make together is kept as a file in the home, so that a check of one survey need not work it out again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from species.index.gbif_taxa import SOURCE as GBIF
from species.index.gbif_taxa import gbif_taxa
from species.index.lists import accepted_on_lists, merge_lists
from species.index.merging import (
    MergedNames,
    Name,
    Taxon,
    add_higher_taxa,
    merge_source,
)
from species.sources.importing import StoredSource, read_stored, stored_sources
from species.sources.region_lists import read_list
from species.sources.usages import SourceContent
from species.status.statements import write_statements
from species.status.vocabularies import is_value
from species.written.scientific_names import name_key
from store.archive import hash_file
from store.home import Home
from store.region import Region
from store.warehouse import CONFIG, migrate, migrations, note_build, open_in_memory, transaction

KEPT_INDEXES = 3  # a comparison of two versions needs both
FORMAT = 3  # to be raised when the same sources make another index
TABLES = (
    "core_taxon", "core_name", "core_name_source", "core_name_unresolved", "core_listing", "core_statement",
)  # fmt: skip
COLUMN_OF = {"classis": "class"}
BREADTH_OF_PROVINCE, BREADTH_OF_COUNTRY, BREADTH_OF_WORLD = 3, 4, 5
SURENESS_OF_SOURCE = "medium"


@dataclass(frozen=True)
class IndexBuilt:
    """How many taxa and names the index holds, and whether it had to be built."""

    taxa: int
    names: int
    changed: bool
    fingerprint: str


def build_index(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    home: Home | None = None,
    gbif: duckdb.DuckDBPyRelation | None = None,
    versions: Mapping[str, str] | None = None,
) -> IndexBuilt:
    """Fill the tables from the region's lists, the sources imported into the home, and the names GBIF brings.

    `gbif`: one row per name (taxonKey, scientificName, species, taxonRank, kingdom … genus). `versions`: of some
    sources another version than the newest.
    """
    stored = stored_sources(home, versions) if home else []
    gbif_rows = sorted(gbif.fetchall(), key=repr) if gbif else []
    base = _fingerprint(region, stored)
    fingerprint = _digest(base, gbif_rows)
    before = connection.execute("SELECT indexFingerprint FROM meta_name_index").fetchone()
    changed = before != (fingerprint,)
    if changed:
        kept = _kept_index(region, home, stored, base) if home and stored else None
        with _attached(connection, kept), transaction(connection):
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            if kept:
                for table in TABLES:
                    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM kept_index.{table}")
            else:
                _insert_tables(connection, _index_of_lists(region, base))
            _add_gbif(connection, gbif_rows)
            connection.execute("DELETE FROM meta_name_index")
            connection.execute("INSERT INTO meta_name_index VALUES (?)", [fingerprint])
            for table in TABLES:
                note_build(connection, table)
    taxa, names = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,) for table in TABLES[:2]
    )
    return IndexBuilt(taxa[0], names[0], changed, fingerprint)


def _fingerprint(region: Region, stored: Sequence[StoredSource]) -> str:
    """What the index rests on but for GBIF's names: two that are equal make the same tables."""
    lists = [
        [*(str(value) for key, value in asdict(each).items() if key != "path"), hash_file(each.path)]
        for each in region.lists
    ]
    return _digest(
        FORMAT,
        migrations()[-1][0],
        region.countryCode,
        region.province,
        lists,
        [each.stamp for each in stored],
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=False).encode()).hexdigest()[:32]


def _kept_index(region: Region, home: Home, stored: Sequence[StoredSource], base: str) -> Path:
    """The index file of these lists and sources, made now where it is not there yet; the last few are kept."""
    path = home.path / "names" / f"index-{base}.duckdb"
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        with duckdb.connect(str(unfinished), config=CONFIG) as connection:
            migrate(connection, unfinished)
            _fill(connection, region, home, stored)
        unfinished.replace(path)
    kept = sorted(path.parent.glob("index-*.duckdb"), key=lambda file: file.stat().st_mtime_ns)
    for old in kept[:-KEPT_INDEXES]:
        old.unlink(missing_ok=True)
    return path


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path | None) -> Iterator[None]:
    if path is None:
        yield
        return
    connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS kept_index (READ_ONLY)")
    try:
        yield
    finally:
        connection.execute("DETACH kept_index")


@functools.lru_cache(maxsize=4)
def _index_of_lists(region: Region, _base: str) -> Mapping[str, pa.Table]:
    """The index of the region's lists alone, made once a process while they stay as they are."""
    with open_in_memory() as connection:
        _fill(connection, region, None, ())
        return {table: connection.table(table).to_arrow_table() for table in TABLES}


def _insert_tables(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    for name, rows in tables.items():
        connection.register("index_rows", rows)
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM index_rows")
        connection.unregister("index_rows")


def _fill(
    connection: duckdb.DuckDBPyConnection, region: Region, home: Home | None, stored: Sequence[StoredSource]
) -> None:
    listed = [(species_list, read_list(species_list)) for species_list in region.lists]
    contents = {each.source.sourceID: read_stored(home, each) for each in stored if home}
    merged = MergedNames()
    merge_lists(merged, listed)
    for source, content in contents.items():
        merge_source(merged, source, content)
    add_higher_taxa(merged, contents)
    _insert(connection, "core_taxon", Taxon, merged.taxa.values())
    _insert(connection, "core_name", Name, merged.names.values())
    write_statements(connection, region, listed, accepted_on_lists(listed).get)
    for each in stored:
        source = each.source.sourceID
        _insert_statements(connection, region, each, contents[source], merged.usage_taxa[source])
    _note_sources(connection, region, stored, merged)


def _insert_statements(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    stored: StoredSource,
    content: SourceContent,
    taxa: Mapping[str, str],
) -> None:
    """What a source says of places that hold the region; of the rest of the world it is not asked."""
    columns = (
        "taxonID", "sourceID", "place", "placeBreadth", "question", "answer", "sureness", "verbatim", "source",
    )  # fmt: skip
    places = {
        region.countryCode: BREADTH_OF_COUNTRY,
        region.province: BREADTH_OF_PROVINCE,
        "*": BREADTH_OF_WORLD,
    }
    rows = {
        (
            taxa[said.usageID], stored.source.sourceID, said.place, places[said.place], said.question, said.answer,
            SURENESS_OF_SOURCE, said.verbatim, stored.source.titleEn,
        )
        for said in content.statements
        if said.usageID in taxa and said.place in places and is_value(said.question, said.answer)
    }  # fmt: skip
    _insert_rows(connection, "core_statement", columns, sorted(rows, key=repr))


def _note_sources(
    connection: duckdb.DuckDBPyConnection, region: Region, stored: Sequence[StoredSource], merged: MergedNames
) -> None:
    sources = [
        (each.id, "list", each.version, each.title_zh, each.title_en, each.citation, each.license)
        for each in region.lists
    ]
    sources += [
        (s.sourceID, s.kind, s.version, s.titleZh, s.titleEn, s.citation, s.license)
        for s in (each.source for each in stored)
    ]
    columns = (
        "sourceID", "kind", "version", "titleZh", "titleEn", "citation", "license", "precedence", "taxa", "names",
        "unresolved",
    )  # fmt: skip
    lost = Counter(source for source, _, _ in merged.unresolved)
    _insert_rows(
        connection, "core_name_unresolved", ("sourceID", "usageID", "scientificName"), merged.unresolved
    )
    _insert_rows(connection, "core_name_source", columns, [
        (*source, precedence, 0, 0, lost[source[0]])
        for precedence, source in enumerate(sources, start=1)
    ])  # fmt: skip
    connection.execute(
        "UPDATE core_name_source SET "
        "taxa = (SELECT count(*) FROM core_taxon WHERE nameSource = sourceID), "
        "names = (SELECT count(*) FROM core_name WHERE nameSource = sourceID)"
    )


def _add_gbif(connection: duckdb.DuckDBPyConnection, rows: Sequence[tuple[Any, ...]]) -> None:
    keys = {name_key(row[1] or row[2]) for row in rows if row[1] or row[2]}
    known = connection.execute(
        "SELECT DISTINCT nameKey FROM core_name "
        "WHERE nameKind IN ('accepted', 'synonym') AND list_contains($keys, nameKey)",
        {"keys": sorted(keys)},
    ).fetchall()
    taxa, names = gbif_taxa(rows, {key for (key,) in known})
    _insert(connection, "core_taxon", Taxon, taxa)
    _insert(connection, "core_name", Name, names)
    if taxa:
        connection.execute(
            "INSERT INTO core_name_source SELECT $source, 'gbif', '', 'GBIF 记录中的名称', 'Names in GBIF records', "
            "'GBIF.org', 'as each dataset states', 1000, $taxa, $names, 0",
            {"source": GBIF, "taxa": len(taxa), "names": len(names)},
        )


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    kind: type[Taxon] | type[Name],
    rows: Iterable[Taxon | Name],
) -> None:
    columns = [COLUMN_OF.get(each.name, each.name) for each in fields(kind)]
    _insert_rows(connection, table, columns, [_values(row) for row in rows])


def _values(row: Taxon | Name) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in row.__slots__)


def _insert_rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    if not rows:
        return
    arrow = pa.table(
        {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
    )
    connection.register("new_rows", arrow)
    try:
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
    finally:
        connection.unregister("new_rows")
