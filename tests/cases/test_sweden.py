"""10,000 real GBIF records of Swedish bumblebees through the whole job, against an independent count."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.intake import take_gbif
from store.generations import current_generation, open_generation
from store.home import Home
from tests.conftest import ROOT
from tests.running import run

pytestmark = pytest.mark.cases
GRIIS = "griis_sweden_1.2.zip"


@pytest.fixture(scope="module")
def published(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("sweden")
    shutil.copytree(ROOT / "tests" / "regions" / "sweden", folder / "region")
    shutil.copyfile(cases / "names" / "griis" / GRIIS, folder / "region" / GRIIS)
    home = Home(folder / "home").create()
    take_gbif(home, cases / "gbif" / "bombus_sweden.tsv", received_from="test", origin="test")
    run(home, folder / "region", date(2019, 6, 30))
    with open_generation(current_generation(home)) as connection:
        yield connection


@pytest.fixture(scope="module")
def counted(cases: Path) -> pd.DataFrame:
    return pd.read_csv(cases / "gbif" / "bombus_sweden.tsv", sep="\t", dtype=str, quoting=3)


def test_every_row_read_is_accepted_quarantined_or_rejected(published: duckdb.DuckDBPyConnection) -> None:
    row = published.execute("SELECT rowsRead, accepted, quarantined, rejected FROM out_source").fetchone()
    assert row is not None
    assert row[0] == 10_000 == sum(row[1:])


def test_the_species_are_those_of_the_file(
    published: duckdb.DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    """27 taxa of species rank or below in 26 species: B. pascuorum is also there as subsp. pallidofacies."""
    rows = published.execute(
        "SELECT count(DISTINCT taxonID), count(DISTINCT speciesName) FROM core_occurrence "
        "JOIN core_taxon USING (taxonID) WHERE speciesName IS NOT NULL"
    ).fetchone()
    named = counted[counted["species"].notna()]
    assert rows == (named["scientificName"].nunique(), named["species"].nunique()) == (27, 26)


def test_monthly_counts_equal_an_independent_count(
    published: duckdb.DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    ours = dict(
        published.execute(
            "SELECT period, records FROM out_site_indicator WHERE placeKind = 'region' AND length(period) = 7"
        ).fetchall()
    )
    day = pd.to_datetime(counted["eventDate"].str[:10])
    assert ours == day.dt.strftime("%Y-%m").value_counts().to_dict()


def test_monthly_species_equal_an_independent_count(
    published: duckdb.DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    ours = dict(
        published.execute(
            "SELECT period, species FROM out_site_indicator WHERE placeKind = 'region' AND length(period) = 7"
        ).fetchall()
    )
    month = pd.to_datetime(counted["eventDate"].str[:10]).dt.strftime("%Y-%m")
    assert ours == counted.groupby(month)["species"].nunique().to_dict()


def test_the_cube_holds_every_detected_record_once(published: duckdb.DuckDBPyConnection) -> None:
    assert published.execute("SELECT sum(occurrences) FROM out_cube").fetchone() == (10_000,)


def test_no_name_of_a_person_is_published(
    published: duckdb.DuckDBPyConnection, counted: pd.DataFrame
) -> None:
    people = set(counted["recordedBy"].dropna()) | set(counted["identifiedBy"].dropna())
    published_texts = published.execute("SELECT COLUMNS(*)::VARCHAR FROM core_occurrence").df()
    assert not people & set(published_texts.to_numpy().ravel())
