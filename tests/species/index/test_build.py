"""The index made of the region's lists and imported checklists."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from species.index.build import build_index
from species.sources.importing import import_names
from store.home import Home
from store.region import Region, read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT

HEADER = "taxonID,scientificName,scientificNameAuthorship,acceptedNameUsageID,kingdom,family,genus,vernacularName\n"
ROWS = [
    "1,Populus wilsonii,C. K. Schneid.,,Plantae,Salicaceae,Populus,椅杨\n",
    "2,Populus macrophylla,Nobody,3,Plantae,Salicaceae,Populus,\n",
    "3,Populus grandifolia,Nobody,1,Plantae,Salicaceae,Populus,\n",
    "4,Populus circularis,Nobody,5,Plantae,Salicaceae,Populus,\n",
    "5,Populus rotunda,Nobody,4,Plantae,Salicaceae,Populus,\n",
    "6,Populus perdita,Nobody,99,Plantae,Salicaceae,Populus,\n",
    "7,Ulmus pumila,L.,,Plantae,Ulmaceae,Ulmus,家榆\n",
    "8,Ulmus manshurica,Nakai,7,Plantae,Ulmaceae,Ulmus,\n",
    "9,Eichhornia crassipes,(Mart.) Solms,,Plantae,Pontederiaceae,Eichhornia,布袋莲\n",
    "10,Prunella vulgaris,L.,,Plantae,Lamiaceae,Prunella,夏枯草\n",
    '11,Prunella collaris,"(Scopoli, 1769)",,Animalia,Prunellidae,Prunella,领岩鹨\n',
]


@pytest.fixture
def region() -> Region:
    return read_region(ROOT / "regions" / "datong")


def imported(home: Home, folder: Path, rows: list[str], source: str = "checklist", **said: str) -> None:
    path = folder / f"{source}.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    import_names(home, [path], source, **said)


def taxon_of(connection: duckdb.DuckDBPyConnection, key: str) -> list[str]:
    found = connection.execute(
        "SELECT DISTINCT taxonID FROM core_name WHERE nameKey = ? ORDER BY 1", [key]
    ).fetchall()
    return [taxon for (taxon,) in found]


def contents(connection: duckdb.DuckDBPyConnection) -> list[list[tuple]]:
    return [
        connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
        for table in ("core_taxon", "core_name", "core_listing")
    ]


def test_a_chain_of_synonyms_leads_to_its_end_and_a_circle_nowhere(
    home: Home, tmp_path: Path, region: Region
) -> None:
    imported(home, tmp_path, ROWS)
    with open_in_memory() as connection:
        build_index(connection, region, home)
        assert taxon_of(connection, "populus macrophylla") == ["checklist:1"]
        for lost in ("populus circularis", "populus rotunda", "populus perdita"):
            assert taxon_of(connection, lost) == []
        row = connection.execute(
            "SELECT unresolved, taxa FROM core_name_source WHERE sourceID = 'checklist'"
        ).fetchone()
        assert row is not None and row[0] == 3
        lost = connection.execute("SELECT scientificName FROM core_name_unresolved ORDER BY ALL").fetchall()
        assert lost == [("Populus circularis",), ("Populus perdita",), ("Populus rotunda",)]


def test_a_name_that_a_list_of_the_region_knows_keeps_its_taxon(
    home: Home, tmp_path: Path, region: Region
) -> None:
    imported(home, tmp_path, ROWS)
    with open_in_memory() as connection:
        build_index(connection, region, home)
        assert taxon_of(connection, "ulmus pumila") == ["pw:ulmus-pumila"]
        assert taxon_of(connection, "ulmus manshurica") == ["pw:ulmus-pumila"]
        assert taxon_of(connection, "家榆") == ["pw:ulmus-pumila"]
        assert taxon_of(connection, "eichhornia crassipes") == ["pw:pontederia-crassipes"]
        assert taxon_of(connection, "布袋莲") == ["pw:pontederia-crassipes"]


def test_one_genus_name_in_two_kingdoms_is_two_genera(home: Home, tmp_path: Path, region: Region) -> None:
    imported(home, tmp_path, ROWS)
    with open_in_memory() as connection:
        build_index(connection, region, home)
        genera = connection.execute(
            "SELECT kingdom FROM core_taxon WHERE canonicalName = 'Prunella' ORDER BY 1"
        )
        assert genera.fetchall() == [("Animalia",), ("Plantae",)]
        assert taxon_of(connection, "prunella vulgaris") != taxon_of(connection, "prunella collaris")


def test_the_order_of_rows_makes_no_difference(home: Home, tmp_path: Path, region: Region) -> None:
    imported(home, tmp_path, ROWS)
    shuffled = ROWS.copy()
    random.Random(3).shuffle(shuffled)
    other = Home(tmp_path / "other").create()
    imported(other, tmp_path, shuffled)
    with open_in_memory() as one, open_in_memory() as two:
        build_index(one, region, home)
        build_index(two, region, other)
        assert contents(one) == contents(two)


def test_an_unchanged_index_is_not_built_again_and_a_file_serves_the_next(
    home: Home, tmp_path: Path, region: Region
) -> None:
    imported(home, tmp_path, ROWS)
    with open_in_memory() as connection:
        assert build_index(connection, region, home).changed
        assert not build_index(connection, region, home).changed
        before = contents(connection)
    (kept,) = (home.path / "names").glob("index-*.duckdb")
    stamp = kept.stat().st_mtime_ns
    with open_in_memory() as connection:
        assert build_index(connection, region, home).changed
        assert contents(connection) == before
    assert kept.stat().st_mtime_ns == stamp


def test_a_new_version_counts_and_an_older_one_can_be_asked_for(
    home: Home, tmp_path: Path, region: Region
) -> None:
    imported(home, tmp_path, ROWS, version="1")
    imported(home, tmp_path, [*ROWS, "12,Populus nova,Nobody,1,Plantae,Salicaceae,Populus,\n"], version="2")
    with open_in_memory() as connection:
        build_index(connection, region, home)
        assert taxon_of(connection, "populus nova") == ["checklist:1"]
        build_index(connection, region, home, versions={"checklist": "1"})
        assert taxon_of(connection, "populus nova") == []


def test_what_gbif_alone_names_becomes_a_taxon_of_its_own(region: Region) -> None:
    with open_in_memory() as connection:
        gbif = connection.sql(
            "SELECT '8', 'Bombus terrestris (L.)', 'Bombus terrestris', 'SPECIES', 'Animalia', NULL, NULL, NULL, "
            "'Apidae', 'Bombus' UNION ALL "
            "SELECT '9', 'Conyza canadensis (L.) Cronquist', 'Erigeron canadensis', 'SPECIES', 'Plantae', NULL, "
            "NULL, NULL, 'Asteraceae', 'Conyza'"
        )
        build_index(connection, region, gbif=gbif)
        assert taxon_of(connection, "bombus terrestris") == ["gbif:8"]
        assert taxon_of(connection, "conyza canadensis") == ["pw:erigeron-canadensis"]


def test_every_synonym_resolves_and_every_name_has_its_source(
    home: Home, tmp_path: Path, region: Region
) -> None:
    imported(home, tmp_path, ROWS)
    with open_in_memory() as connection:
        build_index(connection, region, home)
        for query in (
            "SELECT * FROM core_name WHERE taxonID NOT IN (SELECT taxonID FROM core_taxon)",
            "SELECT * FROM core_taxon WHERE taxonID NOT IN (SELECT taxonID FROM core_name)",
            "SELECT * FROM core_name WHERE nameSource NOT IN (SELECT sourceID FROM core_name_source)",
        ):
            assert connection.execute(query).fetchall() == []
