"""118,770 real quadrat rows, read through a mapping file, against an independent count."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.intake import take_survey
from store.generations import current_generation, open_generation
from store.home import Home
from surveys.profiles import read_profile
from tests.conftest import ROOT
from tests.running import run

pytestmark = pytest.mark.cases
REGION = ROOT / "tests" / "regions" / "portal"


def species_of(cases: Path) -> pd.DataFrame:
    """The plants known to species: code, genus and species."""
    plants = pd.read_csv(
        cases / "surveys" / "portal" / "Portal_plant_species.csv", dtype=str, keep_default_na=False
    )
    to_species = ~plants["species"].str.match(r"^sp\d*\.?$|^$") & (plants["genus"] != "Unknown")
    plants["binomial"] = (plants["genus"] + " " + plants["species"]).where(to_species)
    return plants


def write_list(cases: Path, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["scientificName", "taxonRank", "code", "value", "sureness", "source"])
        for plant in species_of(cases).itertuples():
            known = isinstance(plant.binomial, str)
            name, rank = (plant.binomial, "species") if known else (plant.genus, "genus")
            writer.writerow([name, rank, plant.speciescode, "native", "high", "PortalData"])


@pytest.fixture(scope="module")
def published(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("portal")
    shutil.copytree(REGION, folder / "region")
    write_list(cases, folder / "region" / "species.csv")
    home = Home(folder / "home").create()
    take_survey(
        home, cases / "surveys" / "portal" / "Portal_plant_quadrats.csv", received_from="test", origin="test",
        reading=read_profile(REGION / "mapping.toml").mapping.as_reading(),
    )  # fmt: skip
    run(home, folder / "region", date(2025, 1, 31))
    with open_generation(current_generation(home)) as connection:
        yield connection


def test_every_row_read_is_accepted_quarantined_or_rejected(published: duckdb.DuckDBPyConnection) -> None:
    row = published.execute("SELECT rowsRead, accepted, quarantined, rejected FROM out_source").fetchone()
    assert row is not None
    assert row[0] == 118_770 == sum(row[1:])


def test_yearly_richness_equals_an_independent_count(
    published: duckdb.DuckDBPyConnection, cases: Path
) -> None:
    quadrats = pd.read_csv(
        cases / "surveys" / "portal" / "Portal_plant_quadrats.csv", dtype=str, keep_default_na=False
    )
    seen = quadrats[quadrats["abundance"] != "0"]
    merged = seen.merge(species_of(cases), left_on="species", right_on="speciescode")
    independent = merged.groupby("year")["binomial"].nunique().to_dict()
    ours = dict(
        published.execute(
            "SELECT period, species FROM out_site_indicator WHERE placeKind = 'site' AND length(period) = 4"
        ).fetchall()
    )
    assert ours == independent


def test_a_year_without_a_day_stays_a_year(published: duckdb.DuckDBPyConnection) -> None:
    months = published.execute("SELECT count(*) FROM core_occurrence WHERE month IS NOT NULL").fetchone()
    assert months == (0,)
