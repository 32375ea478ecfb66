"""Lists, names and status of Datong's own lists, in a real warehouse."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from species.errors import ListError
from species.index.build import build_index
from species.matching.names import match_names
from species.sources.region_lists import read_list
from species.status.answers import build_status
from store.region import Region, SpeciesList, read_region
from store.warehouse import open_in_memory
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def datong() -> Region:
    return read_region(ROOT / "regions" / "datong")


@pytest.fixture(scope="module")
def taxa(datong: Region, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_in_memory() as connection:
        gbif = connection.sql(
            "SELECT '7', 'Solanum rostratum f. albiflorum Nobody', 'Solanum rostratum', 'FORM', 'Plantae', "
            "NULL, NULL, NULL, 'Solanaceae', 'Solanum' UNION ALL "
            "SELECT '8', 'Bombus terrestris (L.)', 'Bombus terrestris', 'SPECIES', 'Animalia', NULL, NULL, NULL, "
            "'Apidae', 'Bombus' UNION ALL "
            "SELECT '9', 'Conyza canadensis (L.) Cronquist', 'Erigeron canadensis', 'SPECIES', 'Plantae', NULL, "
            "NULL, NULL, 'Asteraceae', 'Conyza'"
        )
        build_index(connection, datong, gbif=gbif)
        build_status(connection, datong, date(2026, 6, 30))
        yield connection


def match(
    taxa: duckdb.DuckDBPyConnection, scientific: str | None, vernacular: str | None
) -> tuple[str | None, str]:
    match_names(taxa, [(scientific, vernacular)])
    found = taxa.execute("SELECT taxonID, matchType FROM core_name_match").fetchone()
    assert found is not None
    return found


def status(taxa: duckdb.DuckDBPyConnection, taxon_id: str) -> tuple[object, ...]:
    row = taxa.execute(
        "SELECT status, officiallyListed, knownEstablished, establishmentMeans FROM out_species_status "
        "WHERE taxonID = ?",
        [taxon_id],
    ).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("scientific", "vernacular", "taxon"),
    [
        ("Solanum rostratum Dunal", None, "pw:solanum-rostratum"),
        (None, "黄花刺茄", "pw:solanum-rostratum"),
        ("Conyza canadensis", None, "pw:erigeron-canadensis"),
        (None, " 小蓬草　", "pw:erigeron-canadensis"),
        ("solanum rostratum", "随便", "pw:solanum-rostratum"),
        ("Bombus terrestris", None, "gbif:8"),
    ],
)
def test_a_taxon_is_found_by_name_synonym_and_chinese_name(
    taxa: duckdb.DuckDBPyConnection, scientific: str | None, vernacular: str | None, taxon: str
) -> None:
    assert match(taxa, scientific, vernacular) == (taxon, "EXACT")


def test_a_chinese_name_of_two_species_is_ambiguous_until_the_scientific_name_settles_it(
    taxa: duckdb.DuckDBPyConnection,
) -> None:
    assert match(taxa, None, "长刺蒺藜草") == (None, "AMBIGUOUS")
    assert match(taxa, "Cenchrus longispinus", "长刺蒺藜草")[0] == "pw:cenchrus-longispinus"


def test_a_name_on_no_list_matches_nothing(taxa: duckdb.DuckDBPyConnection) -> None:
    assert match(taxa, "Nomen nudum", "张三草") == (None, "NONE")


def test_a_synonym_that_gbif_brings_makes_no_second_taxon(taxa: duckdb.DuckDBPyConnection) -> None:
    assert taxa.execute("SELECT count(*) FROM core_taxon WHERE taxonID = 'gbif:9'").fetchone() == (0,)


def test_native_introduced_and_invasive_are_three_answers(taxa: duckdb.DuckDBPyConnection) -> None:
    assert status(taxa, "pw:solanum-rostratum") == ("invasive", True, False, "introduced")
    assert status(taxa, "pw:erigeron-canadensis") == ("invasive", True, True, "introduced")
    assert status(taxa, "pw:ulmus-pumila") == ("native", False, False, "native")
    assert status(taxa, "pw:oenothera-biennis")[:2] == ("introduced", False)


def test_a_species_on_no_list_is_unknown_and_never_native(taxa: duckdb.DuckDBPyConnection) -> None:
    assert status(taxa, "gbif:8") == ("unknown", False, False, "uncertain")


def test_a_form_of_a_listed_species_shares_its_listing(taxa: duckdb.DuckDBPyConnection) -> None:
    assert status(taxa, "gbif:7")[:2] == ("invasive", True)


def test_every_status_carries_source_and_sureness(taxa: duckdb.DuckDBPyConnection) -> None:
    unsourced = "SELECT count(*) FROM out_species_status WHERE status IN ('native', 'introduced', 'invasive') AND source = ''"
    assert taxa.execute(unsourced).fetchone() == (0,)


def a_list(path: Path, template: SpeciesList) -> SpeciesList:
    return dataclasses.replace(template, path=path)


def test_a_list_without_its_columns_is_refused_by_name(datong: Region, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name\nUlmus pumila\n", encoding="utf-8")
    with pytest.raises(ListError, match="scientificName"):
        read_list(a_list(path, datong.lists[0]))


def test_a_row_without_a_scientific_name_is_refused_with_its_line(datong: Region, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("scientificName,sureness,source\nUlmus pumila,high,x\n榆树,high,x\n", encoding="utf-8")
    with pytest.raises(ListError, match="line 3"):
        read_list(a_list(path, datong.lists[0]))


@pytest.mark.cases
def test_a_griis_archive_is_read_with_its_invasive_mark(datong: Region, cases: Path) -> None:
    template = dataclasses.replace(datong.lists[0], format="dwca")
    listed = read_list(a_list(cases / "names" / "griis" / "griis_sweden_1.2.zip", template))
    values = {row.name.canonicalName: row.value for row in listed}
    assert len(listed) > 2_000
    assert (values["Abies alba"], values["Abies balsamea"]) == ("invasive", "introduced")


@pytest.mark.cases
def test_an_occurrence_archive_is_no_checklist(datong: Region, cases: Path) -> None:
    template = dataclasses.replace(datong.lists[0], format="dwca")
    with pytest.raises(ListError, match="Occurrence"):
        read_list(a_list(cases / "gbif" / "gbif_alert_download.zip", template))
