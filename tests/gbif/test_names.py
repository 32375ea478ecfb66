"""The taxa that GBIF rows name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.intake import take_gbif
from gbif.loading import load_gbif
from gbif.names import gbif_names
from store.home import Home
from store.warehouse import open_warehouse


def names(home: Home, path: Path) -> list[dict[str, str | None]]:
    receipt, _ = take_gbif(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_gbif(connection, home, receipt)
        relation = gbif_names(connection)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def test_a_taxon_is_named_once_with_its_classification(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "gbifID\ttaxonKey\tscientificName\tspecies\ttaxonRank\tkingdom\torder\n"
        "1\t9\tUlmus pumila L.\tUlmus pumila\tSPECIES\tPlantae\tRosales\n"
        "2\t9\tUlmus pumila L.\tUlmus pumila\tSPECIES\tPlantae\tRosales\n"
        "3\t8\t\tAbies alba\tSPECIES\tPlantae\tPinales\n"
        "4\t\tno key\t\t\t\t\n",
        encoding="utf-8",
    )
    fir, elm = names(home, path)
    assert (fir["taxonKey"], fir["scientificName"]) == ("8", "Abies alba")
    assert (elm["species"], elm["taxonRank"], elm["kingdom"]) == ("Ulmus pumila", "species", "Plantae")
    assert list(elm) == [
        "taxonKey", "scientificName", "species", "taxonRank", "kingdom", "phylum", "class", "order", "family", "genus",
    ]  # fmt: skip


@pytest.mark.cases
def test_swedens_bumblebees_are_twenty_six_species_and_one_subspecies(home: Home, cases: Path) -> None:
    found = names(home, cases / "gbif" / "bombus_sweden.tsv")
    assert len({name["species"] for name in found if name["species"]}) == 26
    assert len([name for name in found if name["species"]]) == 27
